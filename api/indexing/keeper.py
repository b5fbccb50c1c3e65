"""The index of a home at work: one thread that writes it, a few connections that read it.

An index is disposable. When its file is deleted or replaced while we run, or turns out to be damaged,
another one is begun and everything asked of the old one is asked again: rows of two indexes never meet,
because each answer says of which index (`epoch`) it is. Where none can be kept one in memory serves, until
one can.
"""

import asyncio
import logging
import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from eventsourcing.persistence import PersistenceError

from api.filling.work import Work
from api.indexing.held_index import FAULTS, HeldIndex
from api.indexing.index import IndexUnusable, open_kept
from api.indexing.readers import Readers
from domain.changes import ChangeKind
from domain.errors import StaleIndex
from domain.limits import INDEX_RETRY_SECONDS, INDEX_RETRY_SECONDS_MAX
from domain.log import HomeLog, RolloutPlace
from projections.coverage import coverage
from projections.indexer import Indexed, Indexer
from projections.plans import Plan, run_here
from projections.shards import merge
from projections.store import IndexStore
from projections.threads import Outdated, ThreadList

Answer = TypeVar("Answer")
PlanOf = Callable[[int], Plan[Answer]]

LOG = logging.getLogger("threadstore")


@dataclass(frozen=True, slots=True)
class Kept:
    """A file as the index of this epoch has it."""

    indexed: Indexed
    epoch: int


class IndexKeeper:
    """Keeps the index at a path; opened at the first use, so that starting costs nothing."""

    def __init__(self, path: Path, log: HomeLog) -> None:
        self._held = HeldIndex(path, self._notice, self._begun)
        self._path = path
        self._log = log
        self._writer = ThreadPoolExecutor(1, "index")
        self._readers: Readers | None = None
        self._opening = asyncio.Lock()
        self._retiring: set[asyncio.Task[None]] = set()
        self.written: list[Callable[[], None]] = []
        """Called on the event loop behind whatever may have added to the journal of changes."""
        self.noticed: list[Callable[[str], None]] = []
        """Called on the event loop with a sentence when the index could not be used."""
        self.replaced = asyncio.Event()
        """Set when another index was begun; whoever fills it again clears it."""
        self._loop: asyncio.AbstractEventLoop | None = None
        self._retrying: asyncio.Task[None] | None = None
        self._retry_s = INDEX_RETRY_SECONDS
        self._retry_at_s = 0.0

    @property
    def epoch(self) -> int:
        """Which index it is: rows of two are never mixed."""
        return self._held.epoch

    @property
    def is_private(self) -> bool:
        """Whether the index is one in memory, because none can be kept."""
        return self._held.is_private

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

    async def renew_rows(self, places: Sequence[RolloutPlace], gone: Sequence[str] = ()) -> list[str]:
        """Bring the list rows of these files up to date, and drop those of paths where none is."""
        return await self._write(self._renew_rows, places, gone)

    async def note_searched(self, found: Sequence[tuple[str, int]]) -> None:
        """The logs at these paths do not restate their heads up to these sizes."""
        if found:
            await self._write(self._note_searched, found)

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
        return await self._read(await self._current_readers(), plan)

    async def ask_of(self, kept: Kept, place: RolloutPlace, plan_of: PlanOf[Answer]) -> Answer:
        """Answer a plan about a file; StaleIndex when the index is another one by now.

        Where an unfinished last line has a say, the writer answers, in a transaction that it rolls back.
        """
        if kept.indexed.tail_counts:
            return await self._write(self._ask_with_tail, place, plan_of)
        readers = await self._current_readers()
        if readers.epoch != kept.epoch:
            raise StaleIndex
        return await self._read(readers, plan_of(kept.indexed.file_id))

    async def mend(self, epoch: int, fault: BaseException) -> None:
        """See to it that a fault of the index of this epoch is not met again, unless that was done already.

        A damaged one is set aside and another begun; one that cannot be used is done without for a while.
        """
        await self._write(self._held.mend, epoch, fault)

    async def close(self) -> None:
        """Close everything."""
        if self._retrying is not None:
            self._retrying.cancel()
        if self._readers is not None:
            await self._readers.close()
        if self._retiring:
            await asyncio.wait(self._retiring)
        await self._write(self._held.close)
        self._writer.shutdown()

    async def _read(self, readers: Readers, plan: Plan[Answer]) -> Answer:
        try:
            return await readers.ask(plan)
        except sqlite3.Error as fault:
            await self.mend(readers.epoch, fault)
            raise

    async def _current_readers(self) -> Readers:
        async with self._opening:
            if self._readers is None or self._readers.epoch != self.epoch or not self._held.is_untouched():
                address, epoch = await self._write(self._address)
                if self._readers is None or self._readers.epoch != epoch:
                    former, self._readers = self._readers, await Readers.open(address, epoch)
                    self._retire(former)
            return self._readers

    def _retire(self, readers: Readers | None) -> None:
        """Close these behind the plans that run on them; nobody waits for it."""
        if readers is not None:
            task = asyncio.get_running_loop().create_task(readers.close())
            self._retiring.add(task)
            task.add_done_callback(self._retiring.discard)

    def _change(self, work: Callable[..., Answer], *arguments: object) -> Awaitable[Answer]:
        done = self._write(work, *arguments)
        done.add_done_callback(self._tell_written)
        return done

    def _tell_written(self, _done: object) -> None:
        for tell in self.written:
            tell()

    def _write(self, work: Callable[..., Answer], *arguments: object) -> "asyncio.Future[Answer]":
        self._loop = asyncio.get_running_loop()
        if self._held.is_private:
            self._retry_soon(self._loop)
        return self._loop.run_in_executor(self._writer, partial(self._guarded, work, *arguments))

    def _retry_soon(self, loop: asyncio.AbstractEventLoop) -> None:
        """Try from time to time whether an index can be kept by now; nobody waits for it."""
        if loop.time() >= self._retry_at_s and self._retrying is None:
            self._retrying = loop.create_task(self._retry(loop))

    async def _retry(self, loop: asyncio.AbstractEventLoop) -> None:
        try:
            store = await asyncio.to_thread(open_kept, self._path, self._notice)
            await loop.run_in_executor(self._writer, self._held.begin, store)
        except (IndexUnusable, *FAULTS) as fault:
            LOG.debug("the index cannot be kept yet: %s", fault)
        finally:
            self._retry_s = min(2 * self._retry_s, INDEX_RETRY_SECONDS_MAX)
            self._retry_at_s = loop.time() + self._retry_s
            self._retrying = None

    def _tell_noticed(self, sentence: str) -> None:
        for tell in self.noticed:
            tell(sentence)

    # -- on the writer's thread ---------------------------------------------------------------

    def _guarded(self, work: Callable[..., Answer], *arguments: object) -> Answer:
        """Do this; the next to ask does not meet the same fault of the index."""
        try:
            return work(*arguments)
        except (sqlite3.Error, PersistenceError) as fault:
            self._held.mend(self.epoch, fault)
            raise

    def _index(self) -> IndexStore:
        return self._held.current()

    def _begun(self, store: IndexStore) -> None:
        if self._loop is None:
            return
        if store.is_private:
            self._retry_at_s = self._loop.time() + self._retry_s
        if self.epoch > 1:
            self._loop.call_soon_threadsafe(self.replaced.set)

    def _notice(self, sentence: str) -> None:
        """Tell of an index that could not be used; from any thread."""
        LOG.warning("%s", sentence)
        if self._loop is not None:
            with suppress(RuntimeError):  # the loop has ended: nobody is there to be told
                self._loop.call_soon_threadsafe(self._tell_noticed, sentence)

    def _address(self) -> tuple[str, int]:
        return self._index().address, self.epoch

    def _catch_up(self, place: RolloutPlace) -> Kept | None:
        store = self._index()
        threads = ThreadList(store, self._log)
        indexed, may_have_more = Indexer(store, self._log).step(
            place.path, place.thread_id, lambda cursor: threads.renew(cursor, [place])
        )
        return None if may_have_more else Kept(indexed, self.epoch)

    def _compare(self, places: Sequence[RolloutPlace], archived: bool) -> Outdated:  # noqa: FBT001
        return ThreadList(self._index(), self._log).compare(places, archived=archived)

    def _renew_rows(self, places: Sequence[RolloutPlace], gone: Sequence[str]) -> list[str]:
        store = self._index()
        threads = ThreadList(store, self._log)
        with store.writing() as cursor:
            threads.drop(cursor, gone)
            threads.renew(cursor, places)
        return sorted(threads.outdated)

    def _note_searched(self, found: Sequence[tuple[str, int]]) -> None:
        store = self._index()
        with store.writing() as cursor:
            ThreadList(store, self._log).note_searched(cursor, found)

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
