"""Filling the index of a whole home: every file that lists look at, the newest first.

List rows come first, then turns. Where there is much to do, worker processes make shards of the files
that are new, and this process merges them; what is known of a file and has changed is folded here.
"""

import os
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass

from api.filling.batches import Kind
from api.filling.work import Work
from api.filling.workers import Shard, Workers
from api.indexing.index import open_index
from domain.changes import ChangeKind
from domain.log import Log, RolloutPlace
from projections.coverage import coverage
from projections.indexer import Indexer
from projections.shards import UnusableShard, merge
from projections.store import IndexStore
from projections.threads import ThreadList
from rollout.finding.home import Home
from rollout.finding.sessions import Sessions, regular_state
from rollout.joined.home_log import JoinedLog
from rollout.log import RolloutLog

Progress = Callable[[int, int], None]
"""Told how many bytes of log are done and how many there are."""

IN_MEMORY = ":memory:"
"""How an index is called that has no file."""


@dataclass(frozen=True, slots=True)
class Filled:
    """What is in the index now, and what that took: seconds (CPU of all processes), the bytes read now."""

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

    @property
    def is_kept(self) -> bool:
        """Whether the index is in a file; one in memory is gone already."""
        return self.index != IN_MEMORY

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

    def note_shard(self, shard: Shard) -> None:
        """So much of a batch was folded by a worker."""
        self.folded += shard.built.folded
        self.unreadable += shard.built.unreadable
        self.pass_over(shard.batch.places)

    def note_left(self, places: Sequence[RolloutPlace]) -> None:
        """Nothing of these files could be folded."""
        self.unreadable += len(places)
        self.pass_over(places)

    def pass_over(self, places: Iterable[RolloutPlace]) -> None:
        """These files need nothing more."""
        self._done += sum(place.state.size for place in places)
        self._progress(self._done, self._total)


def fill(home: Home, progress: Progress, worker_count: int = 0) -> Filled:
    """Build or catch up the index of a home, with so many worker processes where there is much to do."""
    started, cpu_started = time.monotonic(), _cpu_seconds()
    with closing(open_index(home.index)) as store:
        tally = _fill(store, home, progress, worker_count)
        facts = store.count()
        index_bytes = store.compact()
    return Filled(
        files=facts["files"],
        unreadable_files=tally.unreadable,
        lines=facts["lines"],
        bytes=facts["bytes"],
        threads=facts["threads"],
        turns=facts["turns"],
        folded_bytes=tally.folded,
        seconds=round(time.monotonic() - started, 3),
        cpu_seconds=round(_cpu_seconds() - cpu_started, 3),
        index_bytes=index_bytes,
        index=str(store.path),
    )


def _fill(store: IndexStore, home: Home, progress: Progress, worker_count: int) -> _Tally:
    sessions = Sessions(home)
    log = JoinedLog(RolloutLog(home.plain), find_log=sessions.find_log)
    places = {archived: list(sessions.listed(archived=archived)) for archived in (False, True)}
    found = [place for listed in places.values() for place in listed]
    tally = _Tally(sum(place.state.size for place in found), progress)
    work = Work.of(found, coverage(store))
    left = [*work.changed, *work.unfolded]
    if worker_count and work.is_much:
        left = [*work.changed, *_merge_all(store, log, work, Workers(worker_count, home.root), tally)]
    for archived, listed in places.items():
        ThreadList(store, log).reconcile(listed, archived=archived)
    tally.pass_over(work.done)
    Indexer(store, log).catch_up_all(_newest_first(left), tally.note)
    with store.writing() as cursor:  # a file that was replaced lost its row with its turns
        ThreadList(store, log).renew(cursor, work.changed)
    _sweep(store)
    return tally


def _merge_all(
    store: IndexStore, log: Log, work: Work, processes: Workers, tally: _Tally
) -> list[RolloutPlace]:
    """Merge what workers make; gives what they left to be folded here.

    A batch that ended two workers is left alone: what ended them would end this process. Only where no
    worker can work at all is everything done here.
    """
    failed: list[RolloutPlace] = []
    with processes as workers:
        for shard in workers.shards(work.batches()):
            is_merged = _merge(store, log, shard)
            if shard.batch.kind is Kind.TURNS and is_merged:
                tally.note_shard(shard)
            elif shard.batch.kind is Kind.TURNS:
                failed += shard.batch.places
        if workers.is_useless:
            return failed
    tally.note_left(failed)
    return []


def _merge(store: IndexStore, log: Log, shard: Shard) -> bool:
    """Merge one shard; tells whether there was one that could be."""
    if shard.path is None:
        return False
    try:
        merge(store, shard.path, log)
    except UnusableShard:
        return False
    return True


def _newest_first(places: Iterable[RolloutPlace]) -> list[RolloutPlace]:
    return sorted(places, key=lambda place: place.state.mtime_ns, reverse=True)


def _cpu_seconds() -> float:
    """CPU seconds of this process and of those that it started and that have ended."""
    return sum(os.times()[:4])


def _sweep(store: IndexStore) -> None:
    """Drop the rows of files that are gone."""
    with store.writing() as cursor:
        for file in store.catalogue.files(cursor):
            if regular_state(file.path) is None:
                store.forget(cursor, file.file_id, ChangeKind.REMOVED)
