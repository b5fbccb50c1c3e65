"""What a server does between requests: watch the home, fill the index, fold what others append.

Filling goes newest first, list rows before turns, much of it in worker processes. Requests never wait for it:
what they need and is not there yet they read themselves.
"""

import asyncio
import logging
import sqlite3
from asyncio import AbstractEventLoop, run_coroutine_threadsafe
from collections.abc import Coroutine, Iterable
from contextlib import suppress
from threading import Event

from eventsourcing.persistence import PersistenceError

from api.files import Files
from api.filling.batches import Kind
from api.filling.work import Work
from api.filling.workers import Shard, Workers
from api.indexing.filling_lock import FillingLock
from api.indexing.keeper import IndexKeeper
from api.indexing.reconciler import Reconciler
from api.indexing.vanished import settle_vanished
from domain.errors import StaleIndex, ThreadstoreError
from domain.limits import CHANGES_PAUSE_SECONDS, FILLING_POLL_SECONDS, SURVEY_SECONDS
from domain.log import RolloutPlace
from rollout.finding.home import Home
from rollout.watching.watch import Watch, open_watch

LOG = logging.getLogger("threadstore")

PASSING = (OSError, ThreadstoreError, StaleIndex, sqlite3.Error, PersistenceError)
"""What may go wrong with a file or the index; the next request that needs it tells, and tries again."""


class Background:
    """The work of one server on its home."""

    def __init__(
        self,
        home: Home,
        files: Files,
        keeper: IndexKeeper,
        reconciler: Reconciler,
        worker_count: int,
    ) -> None:
        self._home = home
        self._files = files
        self._keeper = keeper
        self._reconciler = reconciler
        self._worker_count = worker_count
        self._watch: Watch | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._told = asyncio.Event()
        self._to_fold: dict[str, RolloutPlace] = {}
        self._has_to_fold = asyncio.Event()
        self._found: dict[str, RolloutPlace] = {}
        self._has_vanished = False
        self._stopping = Event()
        self.filled = asyncio.Event()
        """Set when everything that was there at the start is indexed."""
        self.rested = asyncio.Event()
        """Set when what came meanwhile is indexed too: from then on only changes are looked at."""

    def start(self) -> None:
        """Begin, behind what the event loop has to do first."""
        self._reconciler.changed = self._note
        self._reconciler.found = self._note_found
        self._reconciler.lost = self.wake
        self._begin(self._run())
        self._begin(self._fold_changes())

    def wake(self) -> None:
        """There is something to look at."""
        self._told.set()

    async def close(self) -> None:
        """Stop, whatever is being done."""
        self._stopping.set()
        if self._watch is not None:
            self._unlisten(self._watch)
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)

    def _begin(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: "asyncio.Task[None]") -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            LOG.error("the background stopped", exc_info=task.exception())

    # -- watching -------------------------------------------------------------------------------

    async def _run(self) -> None:
        self._watch = await self._files.run(open_watch, self._home)
        self._reconciler.follow(self._watch)
        self._listen(self._watch)
        await self._fill()
        self.filled.set()
        await self._fold_rest()
        self.rested.set()
        while True:
            if await self._is_index_replaced(SURVEY_SECONDS):
                await self._fill()
                await self._fold_rest()
            else:
                await self._survey()

    async def _is_index_replaced(self, timeout_s: float) -> bool:
        """Whether another index is begun within this time: it wants to be filled again."""
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):
                await self._keeper.replaced.wait()
        was_replaced = self._keeper.replaced.is_set()
        self._keeper.replaced.clear()
        return was_replaced

    def _listen(self, watch: Watch) -> None:
        self._await_news(watch)
        self._begin(self._ask_the_watch(watch))  # also one that tells: it may have gone deaf
        self._begin(self._hear_the_watch(watch))

    def _await_news(self, watch: Watch) -> None:
        """Be woken by the next news, once: the loop would turn all the time until they are heard."""
        descriptor = watch.descriptor()
        if descriptor is not None and not self._stopping.is_set():
            asyncio.get_running_loop().add_reader(descriptor, self._take_news, descriptor)

    def _take_news(self, descriptor: int) -> None:
        asyncio.get_running_loop().remove_reader(descriptor)
        self._told.set()

    def _unlisten(self, watch: Watch) -> None:
        descriptor = watch.descriptor()
        if descriptor is not None:
            asyncio.get_running_loop().remove_reader(descriptor)
        watch.close()

    async def _ask_the_watch(self, watch: Watch) -> None:
        while True:
            await asyncio.sleep(watch.interval_s)
            self._told.set()

    async def _hear_the_watch(self, watch: Watch) -> None:
        while True:
            await self._told.wait()
            self._told.clear()
            with suppress(*PASSING):
                await self._reconciler.listen()
            await asyncio.sleep(CHANGES_PAUSE_SECONDS)
            self._await_news(watch)

    async def _survey(self) -> None:
        for archived in (False, True):
            with suppress(*PASSING):
                await self._reconciler.survey(archived=archived)
        await self._settle_vanished()

    # -- filling --------------------------------------------------------------------------------

    async def _fill(self) -> None:
        """Index all that is there; of several servers on a home one does it."""
        places: list[RolloutPlace] = []
        for archived in (False, True):
            with suppress(*PASSING):
                places += await self._reconciler.survey(archived=archived)
        async with FillingLock(self._home.index, FILLING_POLL_SECONDS):
            try:
                work = await self._keeper.work(places)
                if work.is_much and self._worker_count:
                    loop = asyncio.get_running_loop()
                    await asyncio.to_thread(self._work, work, loop)
                    work = await self._keeper.work(places)
            except PASSING:
                LOG.warning("the index could not be filled; it will be as it is needed", exc_info=True)
                return
            for archived in (False, True):
                with suppress(*PASSING):
                    await self._reconciler.read_all(archived=archived)
            await self._fold([*work.unfolded, *work.changed])
            await self._settle_vanished()

    def _work(self, work: Work, loop: AbstractEventLoop) -> None:
        """On a thread of its own: have workers make shards, and the writer merge them."""
        with Workers(self._worker_count, self._home.root) as workers:
            for shard in workers.shards(work.batches()):
                if self._stopping.is_set():
                    return
                run_coroutine_threadsafe(self._take(shard), loop).result()

    async def _take(self, shard: Shard) -> None:
        if shard.path is None:
            return
        with suppress(*PASSING):
            await self._keeper.merge(shard.path)
            if shard.batch.kind is Kind.HEADS:
                self._reconciler.is_read(shard.batch.places)

    # -- folding --------------------------------------------------------------------------------

    def _note_found(self, places: list[RolloutPlace]) -> None:
        if self.filled.is_set():
            self._note(places, [])
        else:  # most of them are filled in with all the others
            self._found |= {place.path: place for place in places}

    async def _fold_rest(self) -> None:
        """Fold what was found while the index was filled, and was not among what is filled in."""
        found, self._found = list(self._found.values()), {}
        with suppress(*PASSING):
            work = await self._keeper.work(found)
            await self._fold([*work.unfolded, *work.changed])

    def _note(self, places: list[RolloutPlace], gone: list[str]) -> None:
        self._to_fold |= {place.path: place for place in places}
        for path in gone:
            self._to_fold.pop(path, None)
        self._has_vanished |= bool(gone)
        if places or gone:
            self._has_to_fold.set()

    async def _fold_changes(self) -> None:
        while True:
            await self._has_to_fold.wait()
            self._has_to_fold.clear()
            while self._to_fold:
                path = next(iter(self._to_fold))
                await self._fold([self._to_fold.pop(path)])
            await asyncio.sleep(CHANGES_PAUSE_SECONDS)
            if self._has_vanished:
                self._has_vanished = False
                await self._settle_vanished()

    async def _settle_vanished(self) -> None:
        with suppress(*PASSING):
            await settle_vanished(self._files, self._keeper)

    async def _fold(self, places: Iterable[RolloutPlace]) -> None:
        for place in places:
            with suppress(*PASSING):
                await self._keeper.catch_up(place)
