"""Text frames over TCP and over a Unix socket, and doors that do not open."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from pathlib import Path

import pytest
from websockets.asyncio.server import Server, ServerConnection, serve, unix_serve
from websockets.http11 import Request, Response

from api.client.wires import WireEnded
from api.client.wires.websocket import WebSocketWire, open_tcp, open_unix
from domain.errors import ServerUnreachable

TOKEN = "the token"


def guard(connection: ServerConnection, request: Request) -> Response | None:
    """Let in who has the token."""
    if request.headers.get("Authorization") == f"Bearer {TOKEN}":
        return None
    return connection.respond(HTTPStatus.UNAUTHORIZED, "missing websocket bearer token")


async def echo(connection: ServerConnection) -> None:
    """Say what was said, and which text frames it came in; `go` ends it."""
    async for message in connection:
        if message == "go":
            await connection.close(1013, "too slow")
            return
        assert isinstance(message, str)
        await connection.send([message[:5], message[5:]] if message else "")


@pytest.fixture
def socket() -> Iterator[Path]:
    """A path that is short enough for a socket."""
    with tempfile.TemporaryDirectory(prefix="wire-") as folder:
        yield Path(folder) / "socket"


@asynccontextmanager
async def tcp() -> AsyncIterator[str]:
    """The address of a guarded echo."""
    async with serve(echo, "127.0.0.1", 0, process_request=guard, max_size=None) as server:
        yield address_of(server)


def address_of(server: Server) -> str:
    """Where a server listens."""
    return f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def exchange(wire: WebSocketWire) -> None:
    """Texts of many sizes come back whole, and the end has a reason."""
    for size in (0, 1, 125, 126, 65_536, 3_000_000):
        sending = asyncio.create_task(wire.send(b"x" * size))
        assert await wire.receive() == b"x" * size
        await sending
    await wire.send(b"go")
    for _ in range(2):
        with pytest.raises(WireEnded, match="1013, too slow"):
            await wire.receive()
    with pytest.raises(WireEnded, match="1013"):
        await wire.send(b"more")
    await wire.close()


async def test_messages_come_and_go_whole_over_tcp(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    async with tcp() as address:
        await exchange(await open_tcp(address, TOKEN))


async def test_messages_come_and_go_whole_over_a_unix_socket(socket: Path) -> None:
    async with unix_serve(echo, str(socket), max_size=None):
        await exchange(await open_unix(socket))


async def test_a_connection_that_is_cut_is_an_end(socket: Path) -> None:
    async def cut(connection: ServerConnection) -> None:
        connection.transport.abort()

    async with unix_serve(cut, str(socket)):
        wire = await open_unix(socket)
        with pytest.raises(WireEnded, match="the connection was cut"):
            await wire.receive()
        await wire.close()


@pytest.mark.parametrize("token", [None, "another"])
async def test_a_refused_token_tells_the_doors_own_words(token: str | None) -> None:
    async with tcp() as address:
        with pytest.raises(ServerUnreachable, match="status 401, missing websocket bearer token") as refusal:
            await open_tcp(address, token)
        assert "another" not in str(refusal.value)


async def test_nobody_there_is_unreachable(socket: Path) -> None:
    with pytest.raises(ServerUnreachable, match="No such file"):
        await open_unix(socket)
    async with tcp() as address:
        pass
    with pytest.raises(ServerUnreachable, match=address):
        await open_tcp(address, TOKEN)


async def test_a_server_of_another_kind_is_unreachable(socket: Path) -> None:
    async def shout(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail\r\n")
        writer.close()
        await writer.wait_closed()

    async with await asyncio.start_unix_server(shout, socket):
        with pytest.raises(ServerUnreachable, match="unix://"):
            await open_unix(socket)
