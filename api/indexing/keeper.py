"""The index of a home at work: one thread that writes it, a few connections that read it.

An index is disposable. When its file is deleted or replaced while we run, or turns out to be damaged,
another one is begun and everything asked of the old one is asked again: rows of two indexes never meet,
because each answer says of which index (`epoch`) it is.
"""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from api.filling.work import Work
from api.indexing.index import open_index, set_aside
from api.indexing.readers import Readers
from domain.changes import ChangeKind
from domain.errors import StaleIndex
from domain.log import Log, RolloutPlace
from projections.coverage import coverage
from projections.indexer import Indexed, Indexer
from projections.plans import Plan, run_here
from projections.shards import merge
from projections.store import IndexStore
from projections.threads import Outdated, ThreadList

Answer = TypeVar("Answer")
PlanOf = Callable[[int], Plan[Answer]]


@dataclass(frozen=True, slots=True)
class Kept:
    """A file as the index of this epoch has it."""

    indexed: Indexed
    epoch: int


class IndexKeeper:
    """Keeps the index at a path; opened at the first use, so that starting costs nothing."""

    def __init__(self, path: Path, log: Log) -> None:
        self.epoch = 0
        self._path = path
        self._log = log
        self._writer = ThreadPoolExecutor(1, "index")
        self._store: IndexStore | None = None
        self._readers: Readers | None = None
        self._opening = asyncio.Lock()
        self._retired: list[Readers] = []
        self.written: list[Callable[[], None]] = []
        """Called on the event loop behind whatever may have added to the journal of changes."""

    # -- asked from the event loop ------------------------------------------------------------

    async def catch_up(self, place: RolloutPlace) -> Kept:
        """The rows of one file as of now; of a long one a part at a time, so that others get their turn."""
        kept = None
        while kept is None:
            kept = await self._change(self._catch_up, place)
        return kept

    async def compare(self, places: Sequence[RolloutPlace], *, archived: bool) -> Outdated:
        """Hold the list rows of one folder against these files, all there are."""
        return await self._write(self._compare, places, archived)

    async def renew_rows(self, places: Sequence[RolloutPlace], gone: Sequence[str] = ()) -> None:
        """Bring the list rows of these files up to date, and drop those of paths where none is."""
        await self._write(self._renew_rows, places, gone)

    async def complete_list(self, epoch: int, *, archived: bool) -> bool:
        """Note that every file of one folder has had its list row once; False when in another index."""
        return await self._write(self._complete_list, epoch, archived)

    async def merge(self, shard: Path) -> int:
        """Take over the rows of a shard; tells of how many files."""
        return await self._change(self._merge, shard)

    async def work(self, places: Sequence[RolloutPlace]) -> Work:
        """What is to be done to index these files."""
        return await self._write(self._work, places)

    async def forget(self, path: str) -> None:
        """Drop the rows of one file: it is folded anew at the next look."""
        await self._change(self._forget, path, ChangeKind.REWRITTEN)

    async def remove(self, path: str) -> None:
        """Drop what is known of a file that is gone, unless there is one again."""
        await self._change(self._remove, path)

    async def ask_now(self, plan: Plan[Answer]) -> Answer:
        """Answer a plan from the index that lies at the path now, also when it was replaced a moment ago."""
        return await self._write(self._ask, plan)

    async def ask(self, plan: Plan[Answer]) -> Answer:
        """Answer a plan that no one file decides."""
        return await (await self._current_readers()).ask(plan)

    async def ask_of(self, kept: Kept, place: RolloutPlace, plan_of: PlanOf[Answer]) -> Answer:
        """Answer a plan about a file; StaleIndex when the index is another one by now.

        Where an unfinished last line has a say, the writer answers, in a transaction that it rolls back.
        """
        if kept.indexed.tail_counts:
            return await self._write(self._ask_with_tail, place, plan_of)
        readers = await self._current_readers()
        if readers.epoch != kept.epoch:
            raise StaleIndex
        return await readers.ask(plan_of(kept.indexed.file_id))

    async def renew(self, epoch: int) -> None:
        """Set the damaged index of this epoch aside, unless that was done already; another is begun."""
        await self._write(self._renew, epoch)

    async def close(self) -> None:
        """Close everything."""
        for readers in (*self._retired, *filter(None, [self._readers])):
            await readers.close()
        await self._write(self._close)
        self._writer.shutdown()

    async def _current_readers(self) -> Readers:
        async with self._opening:
            if self._readers is None or self._readers.epoch != self.epoch:
                path, epoch = await self._write(self._place)
                if self._readers is not None:
                    self._retired.append(self._readers)  # a plan may be running on it
                self._readers = await Readers.open(path, epoch)
            return self._readers

    def _change(self, work: Callable[..., Answer], *arguments: object) -> Awaitable[Answer]:
        done = self._write(work, *arguments)
        done.add_done_callback(self._tell_written)
        return done

    def _tell_written(self, _done: object) -> None:
        for tell in self.written:
            tell()

    def _write(self, work: Callable[..., Answer], *arguments: object) -> "asyncio.Future[Answer]":
        return asyncio.get_running_loop().run_in_executor(self._writer, work, *arguments)

    # -- on the writer's thread ---------------------------------------------------------------

    def _index(self) -> IndexStore:
        if self._store is not None and not self._store.is_in_place():
            self._close()
        if self._store is None:
            self._store = open_index(self._path)
            self.epoch += 1
        return self._store

    def _place(self) -> tuple[Path, int]:
        return self._index().path, self.epoch

    def _catch_up(self, place: RolloutPlace) -> Kept | None:
        store = self._index()
        threads = ThreadList(store, self._log)
        indexed, may_have_more = Indexer(store, self._log).step(
            place.path, place.thread_id, lambda cursor: threads.renew(cursor, [place])
        )
        return None if may_have_more else Kept(indexed, self.epoch)

    def _compare(self, places: Sequence[RolloutPlace], archived: bool) -> Outdated:  # noqa: FBT001
        return ThreadList(self._index(), self._log).compare(places, archived=archived)

    def _renew_rows(self, places: Sequence[RolloutPlace], gone: Sequence[str]) -> None:
        store = self._index()
        threads = ThreadList(store, self._log)
        with store.writing() as cursor:
            threads.drop(cursor, gone)
            threads.renew(cursor, places)

    def _complete_list(self, epoch: int, archived: bool) -> bool:  # noqa: FBT001
        store = self._index()
        if self.epoch != epoch:
            return False
        ThreadList(store, self._log).complete(archived=archived)
        return True

    def _merge(self, shard: Path) -> int:
        return merge(self._index(), shard, self._log)

    def _work(self, places: Sequence[RolloutPlace]) -> Work:
        return Work.of(places, coverage(self._index()))

    def _forget(self, path: str, kind: ChangeKind) -> None:
        store = self._index()
        with store.writing() as cursor:
            file = store.catalogue.file_at(cursor, path)
            if file is not None:
                store.forget(cursor, file.file_id, kind)

    def _remove(self, path: str) -> None:
        if self._log.state_of(path) is None:
            self._forget(path, ChangeKind.REMOVED)

    def _ask(self, plan: Plan[Answer]) -> Answer:
        with self._index().writing() as cursor:
            return run_here(plan, cursor)

    def _ask_with_tail(self, place: RolloutPlace, plan_of: PlanOf[Answer]) -> Answer:
        def ask(cursor: sqlite3.Cursor, file_id: int) -> Answer:
            return run_here(plan_of(file_id), cursor)

        return Indexer(self._index(), self._log).with_tail(place.path, place.thread_id, ask)

    def _renew(self, epoch: int) -> None:
        if epoch == self.epoch and self._store is not None:
            self._close()
            set_aside(self._path)

    def _close(self) -> None:
        if self._store is not None:
            self._store.close()
            self._store = None
