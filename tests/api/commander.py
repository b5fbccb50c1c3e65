"""A process that commands threads beside others.

python -m tests.api.commander HOME NAME COUNT reading|writing

Adds COUNT messages, each with a text of its own, to the threads of the home in some order, now and then
several by one command. With `writing` it keeps a catalogue of its own, else it reads the service's.
Tells the texts that were acknowledged.
"""

import sys
from random import Random
from uuid import UUID

from api.commanding.store import open_store
from api.indexing.index_view import IndexView
from domain.durability import Durability
from domain.thread.application import ThreadStore
from rollout.finding.home import Home
from rollout.finding.sessions import Sessions

NOW = "2026-05-01T12:00:00.000Z"
TOGETHER_MAX = 4


def threads_of(home: Home) -> list[UUID]:
    """The home's threads."""
    return sorted(place.thread_id for place in Sessions(home).listed(archived=False))


def store_of(home: Home, mode: str) -> ThreadStore:
    """The store of that mode."""
    if mode == "reading":
        return open_store(home, IndexView(home.index), Durability.PROCESS)
    settings = {"PERSISTENCE_MODULE": "rollout.recording.factory", "ROLLOUT_DURABILITY": "process"}
    return ThreadStore(settings | {"ROLLOUT_HOME": str(home.root)})


def command(folder: str, name: str, count: int, mode: str) -> None:
    """Add so many messages."""
    home = Home.at(folder)
    threads, random = threads_of(home), Random(name)
    with store_of(home, mode) as store:
        texts = [f"{name} {number}" for number in range(count)]
        while texts:
            together = [texts.pop() for _ in range(min(len(texts), random.randint(1, TOGETHER_MAX)))]
            items = [("event_msg", {"type": "user_message", "message": text}) for text in together]
            store.append(random.choice(threads), items, NOW)
            sys.stdout.write("".join(f"{text}\n" for text in together))


if __name__ == "__main__":
    command(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4])
