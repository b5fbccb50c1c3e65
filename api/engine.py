"""The home at work: finding threads, having the index keep up with them, reading the log.

The event loop decides; folders and files are looked at by a few threads, the index is the keeper's.
"""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Lock
from typing import TypeVar
from uuid import UUID

from eventsourcing.persistence import PersistenceError

from api.config import Config, read_config
from api.index import is_damage
from api.keeper import IndexKeeper, Kept, PlanOf
from domain.errors import IndexFailed, StaleIndex, ThreadNotLoaded
from domain.log import FileState, OpenLog, RolloutPlace
from projections.plans import Plan
from projections.thread_pages import path_of_inner_id
from rollout.home import Home
from rollout.log import RolloutLog
from rollout.names import NamesFile
from rollout.sessions import Sessions

ATTEMPTS = 5
"""How often an answer is begun again because a file or the index changed meanwhile."""

FILE_THREADS = 2
"""Threads that look at folders and read files: more would overlap slow disks, and each holds memory."""

Answer = TypeVar("Answer")
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Current:
    """A thread's file, and its rows as of a moment ago."""

    place: RolloutPlace
    kept: Kept


class Engine:
    """What all answers share."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.config: Config = read_config(home.root / "config.toml")
        self._names = NamesFile(home.names)
        self._log = RolloutLog()
        self._sessions = Sessions(home)
        self._keeper = IndexKeeper(home.index, self._log)
        self._known: dict[str, Kept] = {}
        self._looking = Lock()
        self._files = ThreadPoolExecutor(FILE_THREADS, "files")

    async def answer(
        self, thread_id: UUID, plan_of: PlanOf[Found], make: Callable[[OpenLog, Found], Answer]
    ) -> Answer:
        """Ask the index about a thread and make the answer from the log, both as of now."""

        async def once() -> Answer:
            current = await self._current(thread_id)
            try:
                found = await self._keeper.ask_of(current.kept, current.place, plan_of)
                return await self._on_files(self._read, current, found, make)
            except StaleIndex:
                self._known.pop(current.place.path, None)
                await self._keeper.forget(current.place.path)
                raise

        return await self._steadily(once)

    async def list_page(self, plan_of: Callable[[], Plan[Answer]], *, archived: bool) -> Answer:
        """Answer a plan about the threads of one folder, after a look at its files."""

        async def once() -> Answer:
            await self._reconcile(archived=archived)
            return await self._keeper.ask(plan_of())

        return await self._steadily(once)

    async def refresh_names(self) -> NamesFile:
        """The names of threads as of now."""
        await self._on_files(self._names.refresh)
        return self._names

    async def close(self) -> None:
        """End what was begun."""
        await self._keeper.close()
        self._files.shutdown()

    # -- finding ------------------------------------------------------------------------------

    async def _current(self, thread_id: UUID) -> Current:
        """The thread's file with its rows up to date; ThreadNotLoaded when there is none."""
        place = await self._find(thread_id)
        kept = self._known.get(place.path)
        if kept is None or kept.indexed.state != place.state or kept.epoch != self._keeper.epoch:
            kept = self._known[place.path] = await self._keeper.catch_up(place)
        return Current(place, kept)

    async def _find(self, thread_id: UUID) -> RolloutPlace:
        place = await self._on_files(self._look, thread_id)
        if place is not None:
            return place
        for archived in (False, True):
            await self._reconcile(archived=archived)
        path = await self._keeper.ask(path_of_inner_id(str(thread_id)))
        place = None if path is None else await self._on_files(self._sessions.place, path, thread_id)
        if place is None:
            raise ThreadNotLoaded(str(thread_id))
        return place

    async def _reconcile(self, *, archived: bool) -> None:
        places = await self._on_files(self._list, archived)
        await self._keeper.reconcile(places, archived=archived)

    async def _steadily(self, once: Callable[[], Awaitable[Answer]]) -> Answer:
        """Begin again when a file changed meanwhile; have a damaged index made anew."""
        last: Exception | None = None
        for _ in range(ATTEMPTS):
            epoch = self._keeper.epoch
            try:
                return await once()
            except (StaleIndex, FileNotFoundError) as changed:
                last = changed
            except (sqlite3.Error, PersistenceError) as fault:
                last = fault
                if is_damage(fault):
                    await self._keeper.renew(epoch)
        raise IndexFailed(str(last)) from last

    def _on_files(self, work: Callable[..., Answer], *arguments: object) -> Awaitable[Answer]:
        return asyncio.get_running_loop().run_in_executor(self._files, work, *arguments)

    # -- on a files' thread -------------------------------------------------------------------

    def _look(self, thread_id: UUID) -> RolloutPlace | None:
        with self._looking:
            return self._sessions.find(thread_id)

    def _list(self, archived: bool) -> list[RolloutPlace]:  # noqa: FBT001 - handed to a thread
        with self._looking:
            return list(self._sessions.listed(archived=archived))

    def _read(self, current: Current, found: Found, make: Callable[[OpenLog, Found], Answer]) -> Answer:
        with self._log.open(current.place.path) as source:
            if not _is_grown(current.kept.indexed.state, source.state):
                raise FileNotFoundError(current.place.path)
            return make(source, found)


def _is_grown(known: FileState, now: FileState) -> bool:
    """Whether the file that is open is the one that was indexed, perhaps longer by now."""
    return now.is_same_file(known) and now.size >= known.size
