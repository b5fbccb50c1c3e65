"""A server that says what a test tells it to say."""

import asyncio
import json

from api.client.calls import Payload
from api.client.wires import WireEnded


class ScriptedWire:
    """The server's side in the hands of a test."""

    def __init__(self) -> None:
        self.sent: asyncio.Queue[Payload] = asyncio.Queue()
        self.is_closed = False
        self._lines: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._end: str | None = None

    async def begin(self) -> "ScriptedWire":
        """This wire, open."""
        return self

    async def send(self, message: bytes) -> None:
        """Keep it for the test."""
        if self._end is not None:
            raise WireEnded("its input is closed")
        self.sent.put_nowait(json.loads(message))

    async def receive(self) -> bytes:
        """What the test said."""
        line = await self._lines.get()
        if line is None:
            raise WireEnded(self._end)
        return line

    async def close(self) -> None:
        """Note it."""
        self.is_closed = True

    def say(self, message: Payload | bytes) -> None:
        """Say something to the client."""
        self._lines.put_nowait(message if isinstance(message, bytes) else json.dumps(message).encode())

    def go(self, reason: str) -> None:
        """Go away."""
        self._end = reason
        self._lines.put_nowait(None)

    async def answer(self, result: Payload | None = None) -> Payload:
        """Answer the next request; the request."""
        request = await self.sent.get()
        self.say({"id": request["id"], "result": result or {}})
        return request
