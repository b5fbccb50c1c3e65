"""Our server inside this process: the same lines over the same connection, without a start a case."""

import asyncio
import queue
import threading
from collections.abc import Coroutine
from functools import cache
from pathlib import Path
from typing import Any

from api.service import Options, Service
from api.wire.connection import Connection
from rollout.finding.home import Home

PATIENCE_S = 30.0


_BEGINNING = threading.Lock()


def _loop() -> asyncio.AbstractEventLoop:
    """An event loop in a thread of its own, for all servers of this process: one, whoever asks first."""
    with _BEGINNING:
        return _begun_loop()


@cache
def _begun_loop() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="inside servers", daemon=True).start()
    return loop


def _wait(work: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run_coroutine_threadsafe(work, _loop()).result(PATIENCE_S)


class InsideServer:
    """One service and one connection to it."""

    def __init__(self, home: Path) -> None:
        self._lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._parts: list[bytes] = []
        self._service = Service(
            Home.at(home), Options(is_lasting=True, working_directory=str(home), user_home=str(home))
        )
        self._connection = _wait(self._connect())

    def send(self, line: bytes) -> None:
        """Hand over one message."""
        _wait(self._connection.receive(line))

    def receive(self, timeout_s: float) -> bytes | None:
        """The next line of the server, None when none comes in time."""
        try:
            return self._lines.get(timeout=timeout_s)
        except queue.Empty:
            return None

    def close(self) -> None:
        """End the service."""
        _wait(self._close())

    def _take(self, part: bytes) -> None:
        self._parts.append(part)
        if part.endswith(b"\n"):
            self._lines.put(b"".join(self._parts))
            self._parts = []

    async def _connect(self) -> Connection:
        return self._service.connect(self._take)

    async def _close(self) -> None:
        await self._connection.drain()
        self._connection.close()
        await self._service.close()
