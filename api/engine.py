"""The home at work: finding threads, having the index keep up with them, reading the log.

The event loop decides; folders and files are looked at by a few threads, the index is the keeper's.
"""

import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from eventsourcing.persistence import PersistenceError

from api.configuration.config import Config
from api.feed import Feed
from api.files import Files
from api.filling.workers import usual_worker_count
from api.indexing.background import Background
from api.indexing.keeper import IndexKeeper, Kept, PlanOf
from api.indexing.reconciler import Reconciler
from domain.errors import IndexFailed, StaleIndex, ThreadNotLoaded
from domain.limits import KNOWN_FILES_MAX
from domain.log import FileState, OpenLog, RolloutPlace
from projections.list_query import ListQuery
from projections.plans import Plan
from projections.thread_pages import ThreadPage, path_of_inner_id
from rollout.finding.home import Home

ATTEMPTS = 5
"""How often an answer is begun again because a file or the index changed meanwhile."""

Answer = TypeVar("Answer")
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Current:
    """A thread's file, and its rows as of a moment ago."""

    place: RolloutPlace
    kept: Kept


class Engine:
    """What all answers share."""

    def __init__(self, home: Home, config: Config) -> None:
        self.home = home
        self.config = config
        self.files = Files(home)
        self.keeper = IndexKeeper(home.index, self.files.log)
        self.reconciler = Reconciler(self.files, self.keeper)
        self._known: dict[str, Kept] = {}
        self._background: Background | None = None
        self.feed = Feed(self.keeper, self.files, self.current)

    def start(self) -> None:
        """Watch the home and fill its index from now on; a service for one question does without."""
        if self._background is None:
            workers = usual_worker_count()
            self._background = Background(self.home, self.files, self.keeper, self.reconciler, workers)
            self._background.start()

    async def answer(
        self, thread_id: UUID, plan_of: PlanOf[Found], make: Callable[[OpenLog, Found], Answer]
    ) -> Answer:
        """Ask the index about a thread and make the answer from the log, both as of now.

        The answer is a page: it is made where the index was asked, which saves a hand-over.
        """

        async def once() -> Answer:
            return await self._page(await self.find(thread_id), plan_of, make)

        return await self.steadily(once)

    async def answer_at(
        self, place: RolloutPlace, plan_of: PlanOf[Found], make: Callable[[OpenLog, Found], Answer]
    ) -> Answer:
        """About the thread in a file that was found; its path counts, not what it held then.

        The answer may be long: it is made where nobody who asks the index waits behind it.
        """

        async def once() -> Answer:
            now = await self.files.place(place.path, place.thread_id)
            if now is None:
                raise ThreadNotLoaded(str(place.thread_id))
            return await self._once(now, plan_of, make)

        return await self.steadily(once)

    async def _once(
        self, place: RolloutPlace, plan_of: PlanOf[Found], make: Callable[[OpenLog, Found], Answer]
    ) -> Answer:
        current = await self._kept(place)
        async with self._unless_stale(place):
            found = await self.keeper.ask_of(current.kept, place, plan_of)
            made = self._made(current, found, make)
            return await self.files.read(place.path, made, current.kept.indexed.bases)

    async def _page(
        self, place: RolloutPlace, plan_of: PlanOf[Found], make: Callable[[OpenLog, Found], Answer]
    ) -> Answer:
        """A page, from the index and the log in one go."""
        current = await self._kept(place)

        def whole(file_id: int) -> Plan[Answer]:
            found = yield from plan_of(file_id)
            made = self._made(current, found, make)
            return self.files.read_now(place.path, made, current.kept.indexed.bases)

        async with self._unless_stale(place):
            return await self.keeper.ask_of(current.kept, place, whole)

    @asynccontextmanager
    async def _unless_stale(self, place: RolloutPlace) -> AsyncIterator[None]:
        """Rows that are not those of the file are made anew; StaleIndex all the same."""
        try:
            yield
        except StaleIndex:
            self._known.pop(place.path, None)
            await self.keeper.forget(place.path)
            raise

    def wrote(self, paths: Iterable[str]) -> None:
        """Files were written or moved here: lists look at them before they answer."""
        self.reconciler.tell(paths)
        if self._background is not None:
            self._background.wake()

    async def list_page(
        self, query_of: Callable[[], Awaitable[ListQuery]], *, archived: bool, is_index_only: bool
    ) -> ThreadPage:
        """A page of the list: of the files as they are now, or of what the index knows."""
        page_of = self.reconciler.page_of_index if is_index_only else self.reconciler.page

        async def once() -> ThreadPage:
            return await page_of(query_of, archived=archived)

        return await self.steadily(once)

    async def close(self) -> None:
        """End what was begun."""
        await self.feed.close()
        if self._background is not None:
            await self._background.close()
        await self.keeper.close()
        self.files.close()

    # -- finding ------------------------------------------------------------------------------

    async def current(self, thread_id: UUID) -> Current:
        """The thread's file with its rows up to date; ThreadNotLoaded when there is none."""
        return await self._kept(await self.find(thread_id))

    async def _kept(self, place: RolloutPlace) -> Current:
        kept = self._known.get(place.path)
        if kept is None or not await self._is_current(kept, place):
            if len(self._known) >= KNOWN_FILES_MAX:
                self._known.clear()
            kept = self._known[place.path] = await self.keeper.catch_up(place)
        return Current(place, kept)

    async def _is_current(self, kept: Kept, place: RolloutPlace) -> bool:
        """Whether the rows of a file are those of what is there now."""
        if kept.indexed.state != place.state or kept.epoch != self.keeper.epoch:
            return False
        return not kept.indexed.bases or await self.files.has(kept.indexed.bases)

    async def find(self, thread_id: UUID) -> RolloutPlace:
        """The thread's file; ThreadNotLoaded when there is none."""
        place = await self.files.find(thread_id)
        if place is not None:
            return place
        path = await self.steadily(lambda: self._path_of_inner_id(thread_id))
        place = None if path is None else await self.files.place(path, thread_id)
        place = place or await self.files.nameless_log(thread_id)
        if place is None:
            raise ThreadNotLoaded(str(thread_id))
        return place

    async def _path_of_inner_id(self, thread_id: UUID) -> str | None:
        for archived in (False, True):
            await self.reconciler.read_all(archived=archived)
        return await self.keeper.ask(path_of_inner_id(str(thread_id)))

    async def steadily(self, once: Callable[[], Awaitable[Answer]]) -> Answer:
        """Begin again when a file changed meanwhile; have a damaged index made anew."""
        last: Exception | None = None
        for _ in range(ATTEMPTS):
            epoch = self.keeper.epoch
            try:
                return await once()
            except (StaleIndex, FileNotFoundError) as changed:
                last = changed
            except (sqlite3.Error, PersistenceError) as fault:
                last = fault
                await self.keeper.mend(epoch, fault)
        raise IndexFailed(str(last)) from last

    def _made(
        self, current: Current, found: Found, make: Callable[[OpenLog, Found], Answer]
    ) -> Callable[[OpenLog], Answer]:
        """What is made of the open file; FileNotFoundError when it is another one than was indexed."""

        def made(source: OpenLog) -> Answer:
            if not _is_grown(current.kept.indexed.state, source.state):
                raise FileNotFoundError(current.place.path)
            return make(source, found)

        return made


def _is_grown(known: FileState, now: FileState) -> bool:
    """Whether the file that is open is the one that was indexed, perhaps longer by now."""
    return now.is_same_file(known) and now.size >= known.size
