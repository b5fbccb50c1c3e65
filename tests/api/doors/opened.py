"""Doors that are open for a test, and clients that speak to them byte by byte."""

import asyncio
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
from websockets.frames import Frame, Opcode

from api.access.gate import Gate, OpenGate, Refusal
from api.doors.bounds import Bounds
from api.doors.listen import Tcp
from api.doors.stopping import Stop
from api.doors.tcp import serve_tcp
from api.doors.unix import serve_unix
from api.service import Service
from tests.api.clients import PATIENCE_S, service_on

Json = dict[str, Any]

KINDS = ("tcp", "unix")
UPGRADE = {
    "Host": "127.0.0.1",
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}
UNWANTED = ["remoteControl/status/changed", "configWarning"]

QUICK = Bounds(close_seconds=0.2, answers_seconds=0.3, goodbye_seconds=0.1)
"""Bounds for tests whose clients do not behave."""


@dataclass
class Opened:
    """An open door: where it is, and what is behind it."""

    service: Service
    stop: Stop
    address: Path | tuple[str, int]
    banner: list[str] = field(default_factory=list)
    callers: list["Caller"] = field(default_factory=list)

    async def connect(self, *, buffer_size: int | None = None) -> "Caller":
        """Somebody who has connected; with a small buffer for one who reads slowly."""
        family = socket.AF_UNIX if isinstance(self.address, Path) else socket.AF_INET
        caller = socket.socket(family, socket.SOCK_STREAM)
        caller.setblocking(False)  # noqa: FBT003 - its only parameter
        if buffer_size is not None:
            caller.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer_size)
        address = str(self.address) if isinstance(self.address, Path) else self.address
        try:
            await asyncio.get_running_loop().sock_connect(caller, address)
        except OSError:
            caller.close()
            raise
        self.callers.append(Caller(*await asyncio.open_connection(sock=caller, limit=2**16)))
        return self.callers[-1]

    async def greeted(self, *, buffer_size: int | None = None, **capabilities: object) -> "Caller":
        """A client that has shaken hands, both ways."""
        caller = await self.connect(buffer_size=buffer_size)
        await caller.upgrade()
        await caller.greet(**capabilities)
        return caller


class Caller:
    """The other end of a socket."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self.frames: list[tuple[int, bool, int]] = []
        """Opcode, whether it is the last, and size of the frames of the last message."""

    def write(self, data: bytes) -> None:
        """Send bytes."""
        self._writer.write(data)

    def finish(self) -> None:
        """Send no more."""
        self._writer.write_eof()

    async def written(self) -> None:
        """Wait until the bytes are on their way."""
        await asyncio.wait_for(self._writer.drain(), PATIENCE_S)

    async def rest(self) -> bytes:
        """All that comes until the end."""
        try:
            return await asyncio.wait_for(self._reader.read(), PATIENCE_S)
        except ConnectionError:
            return b""

    async def exchange(self, data: bytes) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body of the answer to these bytes, up to its end."""
        self.write(data)
        return read_reply(await self.rest())

    async def upgrade(self) -> None:
        """Ask for frames, and be granted them."""
        self.write(request())
        head = await asyncio.wait_for(self._reader.readuntil(b"\r\n\r\n"), PATIENCE_S)
        assert head.startswith(b"HTTP/1.1 101 "), head

    def send_frame(self, opcode: int, data: bytes = b"", *, is_last: bool = True) -> None:
        """Send one frame."""
        self.write(Frame(Opcode(opcode), data, is_last).serialize(mask=True))

    def send(self, message: object) -> None:
        """Send a message."""
        self.send_frame(Opcode.TEXT, orjson.dumps(message))

    async def frame(self) -> tuple[int, bool, bytes]:
        """The next frame: opcode, whether it is the last of its message, payload."""
        return await asyncio.wait_for(self._frame(), PATIENCE_S)

    async def receive(self) -> Json:
        """The next message; pings and pongs among its frames are only noted."""
        parts: list[bytes] = []
        self.frames = []
        while True:
            opcode, is_last, data = await self.frame()
            assert opcode != Opcode.CLOSE, data
            self.frames.append((opcode, is_last, len(data)))
            if opcode in {Opcode.TEXT, Opcode.CONT}:
                parts.append(data)
                if is_last:
                    message: Json = orjson.loads(b"".join(parts))
                    return message

    async def call(self, method: str, request_id: int = 1, **params: object) -> Json:
        """The answer to a request, whatever is told before it."""
        self.send({"id": request_id, "method": method, "params": params})
        while "method" in (message := await self.receive()):
            pass
        return message

    async def greet(self, **capabilities: object) -> None:
        """Shake hands; what is told of the server itself is not wanted."""
        info = {"name": "tests", "version": "1"}
        capabilities = {"optOutNotificationMethods": UNWANTED} | capabilities
        assert "result" in await self.call("initialize", 0, clientInfo=info, capabilities=capabilities)

    async def goodbye(self) -> int | None:
        """The code of the close frame that comes, behind whatever else; None when there is none."""
        try:
            while True:
                opcode, _, data = await self.frame()
                if opcode == Opcode.CLOSE:
                    return int.from_bytes(data[:2])
        except (asyncio.IncompleteReadError, ConnectionError):
            return None

    def hang_up(self) -> None:
        """Close without a word."""
        self._writer.transport.abort()

    async def close(self) -> None:
        """Close what is still open."""
        self._writer.close()
        with suppress(OSError):
            await self._writer.wait_closed()

    async def _frame(self) -> tuple[int, bool, bytes]:
        first, size = await self._reader.readexactly(2)
        wide = {126: 2, 127: 8}.get(size, 0)
        if wide:
            size = int.from_bytes(await self._reader.readexactly(wide))
        return first & 0x0F, bool(first & 0x80), await self._reader.readexactly(size)


class Refusing:
    """A gate that refuses all who are not on its list, and notes who asked."""

    is_open = False

    def __init__(self, *known: str) -> None:
        self.known = known
        self.asked: list[tuple[list[str], str]] = []

    def refusal(self, authorization: Sequence[str], peer: str) -> Refusal | None:
        """By the header as a whole."""
        self.asked.append((list(authorization), peer))
        return None if list(authorization) == list(self.known) else Refusal(401, "who are you")


def request(method: str = "GET", path: str = "/", headers: Json | None = None, **more: str) -> bytes:
    """A request for frames; a header given as None is left out, `_` in a name stands for `-`."""
    merged: Json = UPGRADE | (headers or {}) | {name.replace("_", "-"): value for name, value in more.items()}
    lines = [f"{name}: {value}\r\n" for name, value in merged.items() if value is not None]
    return (f"{method} {path} HTTP/1.1\r\n" + "".join(lines) + "\r\n").encode("latin-1")


def read_reply(data: bytes) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of a reply."""
    head, _, body = data.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    return int(first.split(" ")[1]), dict(line.split(": ", 1) for line in lines), body


@asynccontextmanager
async def opened(
    kind: str, root: Path, bounds: Bounds | None = None, gate: Gate | None = None
) -> AsyncIterator[Opened]:
    """A door of this kind, open on the home below this folder."""
    home = root / "home"
    home.mkdir(exist_ok=True)
    service, stop = service_on(home, lasting=False), Stop()
    banner: asyncio.Queue[str] = asyncio.Queue()
    if kind == "tcp":
        listen = Tcp("127.0.0.1", 0)
        serving = asyncio.create_task(
            serve_tcp(service, listen, gate or OpenGate(), stop, banner.put_nowait, bounds=bounds)
        )
        lines = [await asyncio.wait_for(banner.get(), PATIENCE_S) for _ in range(5)]
        port = int(lines[1].rpartition(":")[2])
        door = Opened(service, stop, ("127.0.0.1", port), lines)
    else:
        path = root / "door" / "s"
        serving = asyncio.create_task(serve_unix(service, path, stop, bounds=bounds))
        door = Opened(service, stop, path)
        await file_at(path)
    try:
        yield door
    finally:
        for caller in door.callers:
            await caller.close()
        stop.ask()
        await asyncio.wait_for(serving, PATIENCE_S)
        await service.close()


async def file_at(path: Path) -> None:
    """Wait until there is a file."""
    async with asyncio.timeout(PATIENCE_S):
        while not path.exists():  # noqa: ASYNC110 - the file is the only sign
            await asyncio.sleep(0.001)
