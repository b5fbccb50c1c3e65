"""Filling the index of a whole home: every file that lists look at, the newest first."""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass

from api.index import open_index
from domain.log import RolloutPlace
from projections.indexer import Indexer
from projections.store import IndexStore
from projections.threads import ThreadList
from rollout.home import Home
from rollout.log import RolloutLog
from rollout.sessions import Sessions, regular_state

Progress = Callable[[int, int], None]
"""Told how many bytes of log are done and how many there are."""


@dataclass(frozen=True, slots=True)
class Filled:
    """What is in the index now, and what that took: seconds, and the bytes read this time."""

    files: int
    unreadable_files: int
    lines: int
    bytes: int
    threads: int
    turns: int
    folded_bytes: int
    seconds: float
    cpu_seconds: float
    index_bytes: int
    index: str

    def facts(self) -> dict[str, object]:
        """The facts by name."""
        return asdict(self)


class _Tally:
    """Counts what is folded, and tells the progress: known bytes of a file count when it is done."""

    def __init__(self, total: int, progress: Progress) -> None:
        self.folded = 0
        self.unreadable = 0
        self._done = 0
        self._of_file = 0
        self._total = total
        self._progress = progress
        progress(0, total)

    def note(self, place: RolloutPlace, new: int, is_all: bool) -> None:  # noqa: FBT001 - told by the indexer
        """So much of this file was folded."""
        self.folded += new
        self._of_file += new
        if is_all or not new:
            self.unreadable += not is_all
            self._done += place.state.size
            self._of_file = 0
        self._progress(self._done + self._of_file, self._total)


def fill(home: Home, progress: Progress) -> Filled:
    """Build or catch up the index of a home."""
    started, cpu_started = time.monotonic(), time.process_time()
    log, sessions, store = RolloutLog(), Sessions(home), open_index(home.index)
    try:
        places = _list(ThreadList(store, log), sessions)
        tally = _Tally(sum(place.state.size for place in places), progress)
        Indexer(store, log).catch_up_all(places, tally.note)
        _sweep(store)
        facts = store.count()
        index_bytes = store.compact()
    finally:
        store.close()
    return Filled(
        files=facts["files"],
        unreadable_files=tally.unreadable,
        lines=facts["lines"],
        bytes=facts["bytes"],
        threads=facts["threads"],
        turns=facts["turns"],
        folded_bytes=tally.folded,
        seconds=round(time.monotonic() - started, 3),
        cpu_seconds=round(time.process_time() - cpu_started, 3),
        index_bytes=index_bytes,
        index=str(store.path),
    )


def _list(threads: ThreadList, sessions: Sessions) -> list[RolloutPlace]:
    """Make the list rows; gives the files, newest first."""
    places: list[RolloutPlace] = []
    for archived in (False, True):
        found = list(sessions.listed(archived=archived))
        threads.reconcile(found, archived=archived)
        places += found
    return sorted(places, key=lambda place: place.state.mtime_ns, reverse=True)


def _sweep(store: IndexStore) -> None:
    """Drop the rows of files that are gone."""
    with store.writing() as cursor:
        for file in store.catalogue.files(cursor):
            if regular_state(file.path) is None:
                store.forget(cursor, file.file_id)
