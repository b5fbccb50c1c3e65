"""WebSocket frames of any shape, right and wrong, and a connection that sends them."""

import asyncio
import struct
from contextlib import suppress
from random import Random

from tests.end_to_end.doors import TOKEN

TEXT, BINARY, CLOSE, PING = 1, 2, 8, 9
HANDSHAKE = (
    "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OUFCQ0RFRg==\r\n"
    f"Authorization: Bearer {TOKEN}\r\n\r\n"
).encode()
SHORT_MAX, MIDDLE_MAX = 125, 0xFFFF


def frame(opcode: int, payload: bytes, *, is_last: bool = True, flags: int = 0) -> bytes:
    """A frame as a client sends it; its mask changes nothing."""
    first = (0x80 if is_last else 0) | flags | opcode
    size = len(payload)
    if size <= SHORT_MAX:
        head = struct.pack("!BB", first, 0x80 | size)
    elif size <= MIDDLE_MAX:
        head = struct.pack("!BBH", first, 0x80 | SHORT_MAX + 1, size)
    else:
        head = struct.pack("!BBQ", first, 0x80 | SHORT_MAX + 2, size)
    return head + bytes(4) + payload


def wrong_frame(random: Random) -> bytes:
    """A frame that no client should send."""
    noise = random.randbytes(random.randrange(200))
    return random.choice(
        [
            noise,
            frame(random.randrange(3, 8), noise),
            frame(TEXT, noise, flags=0x40),
            frame(TEXT, b"\xff\xfe" + noise),
            frame(PING, bytes(126)),
            frame(0, noise),
            frame(CLOSE, b"\x00"),
            frame(TEXT, noise, is_last=False) + frame(TEXT, noise),
            struct.pack("!BBQ", 0x81, 0xFF, 1 << 62) + noise,
            b"\x81\x05hello",
        ]
    )


class Raw:
    """A connection without manners; a server that ends it ends the attack."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    @classmethod
    async def to(cls, address: str) -> "Raw":
        """Connect, and say nothing yet."""
        if address.startswith("unix://"):
            return cls(*await asyncio.open_unix_connection(address.removeprefix("unix://")))
        host, port = address.removeprefix("ws://").rsplit(":", 1)
        return cls(*await asyncio.open_connection(host, int(port)))

    async def upgrade(self) -> None:
        """Shake hands."""
        await self.send(HANDSHAKE)
        await self.reader.readuntil(b"\r\n\r\n")

    async def send(self, data: bytes) -> None:
        """Send bytes as they are."""
        self.writer.write(data)
        await self.writer.drain()

    async def leave(self) -> None:
        """Cut the connection."""
        self.writer.transport.abort()
        with suppress(OSError):
            await self.writer.wait_closed()
