"""Stopping: the first request to stop lets what is at work be finished, a second one does not."""

import asyncio
import signal
from collections.abc import Coroutine, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from domain.limits import STOP_SECONDS

SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


class Stop:
    """Whether to stop, and how soon; shared by everything that has to end. Belongs to the running loop."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._asked = asyncio.Event()
        self._urgent = asyncio.Event()
        self._asked_at = 0.0
        self._heeded: list[signal.Signals] = []

    @property
    def is_asked(self) -> bool:
        """Whether to stop."""
        return self._asked.is_set()

    @property
    def is_urgent(self) -> bool:
        """Whether to stop at once."""
        return self._urgent.is_set()

    @property
    def seconds_left(self) -> float:
        """How long stopping may still take; none once it is urgent."""
        if self.is_urgent:
            return 0.0
        spent = self._loop.time() - self._asked_at if self.is_asked else 0.0
        return max(0.0, STOP_SECONDS - spent)

    def ask(self) -> None:
        """Ask to stop; asked again, it is urgent."""
        if self.is_asked:
            self._urgent.set()
        else:
            self._asked_at = self._loop.time()
            self._asked.set()

    async def wait(self) -> None:
        """Wait until it is asked to stop."""
        await self._asked.wait()

    async def within(self, seconds: float, work: Iterable[Coroutine[Any, Any, None]]) -> None:
        """Wait for all of this, but no longer than so, and not once it is urgent; the rest is cancelled."""
        tasks = [asyncio.create_task(each) for each in work]
        together = asyncio.create_task(_all(tasks))
        urgent = asyncio.create_task(_happens(self._urgent))
        await asyncio.wait({together, urgent}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        for task in (*tasks, urgent):
            task.cancel()
        await together

    @contextmanager
    def on_signals(self) -> Iterator[None]:
        """Inside, each of the signals asks to stop; after two of them the next has its usual effect.

        Who starts a server to outlive its terminal (`nohup`) has it ignore that this is gone: that stays.
        """
        self._heeded = [each for each in SIGNALS if not _is_to_be_ignored(each)]
        for each in self._heeded:
            self._loop.add_signal_handler(each, self._on_signal)
        try:
            yield
        finally:
            self._release()

    def _on_signal(self) -> None:
        self.ask()
        if self.is_urgent:
            self._release()

    def _release(self) -> None:
        for each in self._heeded:
            self._loop.remove_signal_handler(each)


def _is_to_be_ignored(number: signal.Signals) -> bool:
    return number == signal.SIGHUP and signal.getsignal(number) == signal.SIG_IGN


async def _all(tasks: list["asyncio.Task[None]"]) -> None:
    """Whatever becomes of each of them."""
    await asyncio.gather(*tasks, return_exceptions=True)


async def _happens(event: asyncio.Event) -> None:
    await event.wait()
