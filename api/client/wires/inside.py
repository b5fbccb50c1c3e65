"""A service in this very process: the same lines, no transport."""

import asyncio

from api.client.wires import WireEnded
from api.service import Options, Service
from rollout.finding.home import Home


class InsideWire:
    """A connection to a service that exists for it alone."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._connection = service.connect(self._take)
        self._parts: list[bytes] = []
        self._lines: asyncio.Queue[bytes] = asyncio.Queue()

    async def send(self, message: bytes) -> None:
        """Hand a message over."""
        if self._connection.is_closed:
            raise WireEnded("it was closed")
        await self._connection.receive(message)

    async def receive(self) -> bytes:
        """The next line."""
        return await self._lines.get()

    async def close(self) -> None:
        """Answer what is open, then stop."""
        await self._connection.drain()
        self._connection.close()
        await self._service.close()

    def _take(self, part: bytes) -> None:
        self._parts.append(part)
        if part.endswith(b"\n"):
            self._lines.put_nowait(b"".join(self._parts))
            self._parts = []


async def open_inside(home: Home, options: Options | None = None) -> InsideWire:
    """A service on this home, and a connection to it."""
    return InsideWire(Service(home, options))
