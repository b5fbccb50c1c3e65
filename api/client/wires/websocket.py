"""A text frame a message, over TCP or a Unix socket."""

import asyncio
from contextlib import suppress
from os import PathLike
from typing import Any

from websockets.asyncio.client import ClientConnection, connect, unix_connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus, InvalidURI

from api.client.wires import WireEnded
from domain.errors import ServerUnreachable
from domain.limits import ANSWER_SIZE_MAX, SERVER_END_SECONDS

UNIX_REQUEST = "ws://localhost/rpc"
"""What the official client asks for on a Unix socket."""

SETTINGS: dict[str, Any] = {
    "compression": None,
    "max_size": ANSWER_SIZE_MAX,
    "ping_interval": None,
    "close_timeout": SERVER_END_SECONDS,
}
"""No extension, no pings: answers may be long, and a server that is gone is noticed without."""


class WebSocketWire:
    """An open WebSocket connection."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection

    async def send(self, message: bytes) -> None:
        """Send a text frame."""
        try:
            await self.connection.send(message, text=True)
        except ConnectionClosed as end:
            raise WireEnded(_how(end)) from None

    async def receive(self) -> bytes:
        """The next text frame."""
        try:
            return await self.connection.recv(decode=False)
        except ConnectionClosed as end:
            raise WireEnded(_how(end)) from None

    async def close(self) -> None:
        """Say goodbye; what is still said until the answer to that is read, since it stands before it."""
        closing = asyncio.create_task(self.connection.close())
        with suppress(ConnectionClosed):
            while True:
                await self.connection.recv(decode=False)
        await closing


async def open_tcp(url: str, token: str | None = None) -> WebSocketWire:
    """Connect to `ws://HOST:PORT`; the token goes into the handshake. No proxy is ever used."""
    headers = {"Authorization": f"Bearer {token}"} if token is not None else {}
    return await _open(
        url,
        connect(
            url,
            additional_headers=headers,
            proxy=None,
            **SETTINGS,
        ),
    )


async def open_unix(path: str | PathLike[str]) -> WebSocketWire:
    """Connect to the socket at this path."""
    return await _open(
        f"unix://{path}",
        unix_connect(str(path), UNIX_REQUEST, **SETTINGS),
    )


async def _open(address: str, connecting: connect) -> WebSocketWire:
    try:
        return WebSocketWire(await connecting)
    except (OSError, InvalidHandshake, InvalidURI) as error:
        raise ServerUnreachable(address, _why(error)) from None


def _why(error: Exception) -> str:
    """What a person is told: of a refused handshake the server's own words."""
    if isinstance(error, InvalidStatus):
        words = bytes(error.response.body or b"").decode(errors="replace").strip()
        return f"status {error.response.status_code}{f', {words}' if words else ''}"
    return (error.strerror if isinstance(error, OSError) else None) or str(error) or type(error).__name__


def _how(end: ConnectionClosed) -> str:
    received = end.rcvd
    if received is None:
        return "the connection was cut"
    return f"the connection was closed ({received.code}{f', {received.reason}' if received.reason else ''})"
