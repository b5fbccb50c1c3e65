"""The files of a home, looked at and read by a few threads: the event loop never waits for a disk."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import ParamSpec, TypeVar
from uuid import UUID

from domain.log import Bases, OpenLog, RolloutPlace
from rollout.finding.home import Home
from rollout.finding.odd_names import OddNames
from rollout.finding.sessions import Sessions
from rollout.joined.home_log import JoinedLog
from rollout.log import RolloutLog
from rollout.names import NamesFile

FILE_THREADS = 2
"""Threads that look at folders and read files: more would overlap slow disks, and each holds memory."""

Answer = TypeVar("Answer")
Arguments = ParamSpec("Arguments")


class Files:
    """What is asked of the disk."""

    def __init__(self, home: Home) -> None:
        self.log = JoinedLog(RolloutLog(home.plain), find_log=self.find_log)
        self.names = NamesFile(home.names)
        self._sessions = Sessions(home)
        self._odd_names = OddNames(self.log)
        self._looking = Lock()
        self._threads = ThreadPoolExecutor(FILE_THREADS, "files")

    async def find(self, thread_id: UUID) -> RolloutPlace | None:
        """The file to read for this id."""
        return await self.run(self._find, thread_id)

    async def place(self, path: str, thread_id: UUID) -> RolloutPlace | None:
        """What this path is now, for a thread of this id."""
        return await self.run(self._sessions.place, path, thread_id)

    def place_now(self, path: str, thread_id: UUID) -> RolloutPlace | None:
        """The same, at once: for the file of a loaded thread, which was looked at a moment ago."""
        return self._sessions.place(path, thread_id)

    async def listed(self, *, archived: bool) -> list[RolloutPlace]:
        """Every file that lists look at in one folder."""
        return await self.run(self._listed, archived)

    async def listed_places(self, paths: Sequence[str]) -> tuple[list[RolloutPlace], list[str]]:
        """What lists see at these paths now, and those at which they see nothing."""
        return await self.run(self._listed_places, paths)

    async def refresh_names(self) -> NamesFile:
        """The names of threads as of now."""
        await self.run(self.names.refresh)
        return self.names

    async def has(self, bases: Bases) -> bool:
        """Whether what a log goes on from is where it was, and what it was."""
        return await self.run(self.log.renewed, bases) == bases

    async def read(self, path: str, make: Callable[[OpenLog], Answer], bases: Bases = ()) -> Answer:
        """Make something of an open file, together with what it goes on from."""
        return await self.run(self.read_now, path, make, bases)

    def read_now(self, path: str, make: Callable[[OpenLog], Answer], bases: Bases = ()) -> Answer:
        """The same at once, for a thread that may wait for a disk."""
        with self.log.open(path, bases) as source:
            return make(source)

    async def run(
        self, work: Callable[Arguments, Answer], *arguments: Arguments.args, **more: Arguments.kwargs
    ) -> Answer:
        """Do this on one of the threads."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, lambda: work(*arguments, **more))

    def close(self) -> None:
        """End the threads."""
        self._threads.shutdown()

    async def logs_of(self, thread_id: UUID) -> list[RolloutPlace]:
        """The files of all logs of a thread, live or archived, the oldest log first."""
        return await self.run(self._logs_of, thread_id)

    async def nameless_log(self, thread_id: UUID) -> RolloutPlace | None:
        """The log of this thread where no name tells the id."""
        return await self.run(self._nameless_log, thread_id)

    def _nameless_log(self, thread_id: UUID) -> RolloutPlace | None:
        with self._looking:
            path = self._odd_names.log_of(self._sessions.nameless(), thread_id)
        return None if path is None else self._sessions.place(path, thread_id)

    def listed_place(self, path: str) -> RolloutPlace | None:
        """What lists see at this path now; None when that is nothing."""
        return self._sessions.listed_place(path)

    def find_log(self, rollout_id: UUID) -> RolloutPlace | None:
        """The log of this rollout id, for use from any thread."""
        with self._looking:
            return self._sessions.find_log(rollout_id)

    def _logs_of(self, thread_id: UUID) -> list[RolloutPlace]:
        with self._looking:
            return self._sessions.logs_of(thread_id)

    def _find(self, thread_id: UUID) -> RolloutPlace | None:
        with self._looking:
            return self._sessions.find(thread_id)

    def _listed(self, archived: bool) -> list[RolloutPlace]:  # noqa: FBT001 - handed to a thread
        with self._looking:
            return list(self._sessions.listed(archived=archived))

    def _listed_places(self, paths: Iterable[str]) -> tuple[list[RolloutPlace], list[str]]:
        seen = {path: self._sessions.listed_place(path) for path in paths}
        return (
            [place for place in seen.values() if place is not None],
            [path for path, place in seen.items() if place is None],
        )
