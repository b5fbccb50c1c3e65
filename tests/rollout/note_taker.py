"""A process that notes goals of one thread, beside others.

python -m tests.rollout.note_taker HOME WORD COUNT
"""

import sys

from domain.durability import Durability
from domain.notes.goal import GoalChange
from rollout.finding.home import Home
from rollout.recording.notes import open_notes
from tests.rollout.recorders import THREAD


def take(home: Home, word: str, count: int) -> None:
    """Sets the goal that many times."""
    with open_notes(home, Durability.PROCESS) as store:
        for number in range(count):
            store.set_goal(THREAD, GoalChange(f"{word} {number}"), number)


if __name__ == "__main__":
    take(Home.at(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
