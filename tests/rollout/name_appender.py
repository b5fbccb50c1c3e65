"""A process that names threads, and tells each name as soon as it is acknowledged.

python -m tests.rollout.name_appender HOME WORD COUNT SIZE
"""

import sys
from uuid import UUID

from domain.durability import Durability
from rollout.finding.home import Home
from rollout.writing.naming import NameEntry, append_names


def append(home: Home, word: str, count: int, size: int) -> None:
    """Gives that many threads of its own names of that size."""
    for number in range(count):
        entry = NameEntry(UUID(int=number), f"{word} {number} ".ljust(size, "."), number)
        append_names(home, [entry], Durability.PROCESS)
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    append(Home.at(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
