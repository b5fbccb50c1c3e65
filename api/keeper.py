"""The index of a home at work: one thread that writes it, a few connections that read it.

An index is disposable. When its file is deleted or replaced while we run, or turns out to be damaged,
another one is begun and everything asked of the old one is asked again: rows of two indexes never meet,
because each answer says of which index (`epoch`) it is.
"""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from api.index import open_index, set_aside
from api.readers import Readers
from domain.errors import StaleIndex
from domain.log import Log, RolloutPlace
from projections.indexer import Indexed, Indexer
from projections.plans import Plan, run_here
from projections.store import IndexStore
from projections.threads import ThreadList

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

    # -- asked from the event loop ------------------------------------------------------------

    async def catch_up(self, place: RolloutPlace) -> Kept:
        """The rows of one file as of now."""
        return await self._write(self._catch_up, place)

    async def reconcile(self, places: Iterable[RolloutPlace], *, archived: bool) -> None:
        """Make the list rows of one folder those of these files."""
        await self._write(self._reconcile, places, archived)

    async def forget(self, path: str) -> None:
        """Drop the rows of one file: it is folded anew at the next look."""
        await self._write(self._forget, path)

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

    def _write(self, work: Callable[..., Answer], *arguments: object) -> Awaitable[Answer]:
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

    def _catch_up(self, place: RolloutPlace) -> Kept:
        store = self._index()
        indexed = Indexer(store, self._log).catch_up(place.path, place.thread_id)
        ThreadList(store, self._log).refresh(place)
        return Kept(indexed, self.epoch)

    def _reconcile(self, places: Iterable[RolloutPlace], archived: bool) -> None:  # noqa: FBT001
        ThreadList(self._index(), self._log).reconcile(places, archived=archived)

    def _forget(self, path: str) -> None:
        store = self._index()
        with store.writing() as cursor:
            file = store.catalogue.file_at(cursor, path)
            if file is not None:
                store.forget(cursor, file.file_id)

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
