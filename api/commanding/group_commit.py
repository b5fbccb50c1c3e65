"""Doing together what waits for the same thing: many requests, one write, one wait for the disk.

The first job of a key begins at once. Jobs that come while it runs wait, and then go all together, in
the order they came. Nothing is held back on purpose: where the disk is slow groups form by themselves,
and where it is fast nobody waits for company. Different keys run side by side on a few threads.
"""

import asyncio
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Generic, TypeVar

from domain.errors import ShuttingDown
from domain.limits import COMMAND_THREADS

Key = TypeVar("Key", bound=Hashable)
Job = TypeVar("Job")
Answer = TypeVar("Answer")

RunBatch = Callable[[Key, Sequence[Job]], Sequence[Answer | Exception]]
"""Does jobs of one key, on a thread of its own; gives each one's answer, or why it failed."""


@dataclass(frozen=True, slots=True)
class _Waiting(Generic[Job, Answer]):
    """A job, and whom to tell."""

    job: Job
    told: "asyncio.Future[Answer]"


class GroupCommit(Generic[Key, Job, Answer]):
    """Runs jobs in groups; for use from one event loop."""

    def __init__(self, run_batch: RunBatch[Key, Job, Answer], name: str = "commands") -> None:
        self._run_batch = run_batch
        self._waiting: dict[Key, list[_Waiting[Job, Answer]]] = {}
        self._running: dict[Key, asyncio.Task[None]] = {}
        self._threads = ThreadPoolExecutor(COMMAND_THREADS, name)
        self._is_closed = False

    async def run(self, key: Key, job: Job) -> Answer:
        """Do a job with those that wait for the same key; gives its answer or raises its failure.

        A caller that is cancelled takes its job back only if it was not begun.
        """
        if self._is_closed:
            raise ShuttingDown
        told: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(key, []).append(_Waiting(job, told))
        if key not in self._running:
            self._running[key] = asyncio.create_task(self._drain(key))
        return await told

    def busy_keys(self) -> list[Key]:
        """The keys for which jobs run or wait."""
        return list(self._running)

    async def close(self) -> None:
        """Finish what was asked for and take nothing more."""
        self._is_closed = True
        while self._running:
            await asyncio.wait(list(self._running.values()))
        self._threads.shutdown()

    async def _drain(self, key: Key) -> None:
        """Run one group after the other until nothing waits."""
        try:
            while waiting := self._waiting.pop(key, None):
                group = [one for one in waiting if not one.told.done()]
                if group:
                    _tell(group, await self._answers(key, [one.job for one in group]))
        finally:
            del self._running[key]

    async def _answers(self, key: Key, jobs: Sequence[Job]) -> Sequence[Answer | Exception]:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, self._run_batch, key, jobs)
        except Exception as failure:  # noqa: BLE001 - everyone in the group is told
            return [failure] * len(jobs)


def _tell(group: Sequence[_Waiting[Job, Answer]], answers: Sequence[Answer | Exception]) -> None:
    for one, answer in zip(group, answers, strict=True):
        if one.told.done():  # its caller has gone
            continue
        if isinstance(answer, Exception):
            one.told.set_exception(answer)
        else:
            one.told.set_result(answer)
