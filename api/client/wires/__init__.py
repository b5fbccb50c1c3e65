"""What carries a client's lines to a server and back.

A wire is a few calls: `send` and `receive` whole messages, `close`. Opening one is a function without
arguments, so that a client can be described before anything is started.
"""

from collections.abc import Awaitable, Callable
from typing import Protocol


class WireEnded(Exception):
    """The other side has gone; the text says how."""


class Wire(Protocol):
    """One open conversation."""

    async def send(self, message: bytes) -> None:
        """Send a message, without a line feed; WireEnded when nobody is there any more."""

    async def receive(self) -> bytes:
        """The next message; WireEnded at the end."""

    async def close(self) -> None:
        """End the conversation, and what was started for it."""


Open = Callable[[], Awaitable[Wire]]
"""Begins a conversation; ServerUnreachable when that is not possible."""
