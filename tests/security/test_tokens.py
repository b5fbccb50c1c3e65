"""A token is seen by nobody: not in answers, not in what the server says, not in the list of processes."""

import asyncio
import hashlib
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from api.client.client import Client
from domain.errors import RequestRefused, ServerUnreachable
from tests.end_to_end.doors import GUARDED, TOKEN, served
from tests.end_to_end.homes import lay_thread, thread_id
from tests.hostile.frames import HANDSHAKE, TEXT, Raw, frame

DIGEST = hashlib.sha256(TOKEN.encode()).hexdigest()

HEADERS = (
    f"Bearer {TOKEN}x",
    f"Basic {TOKEN}",
    f"Bearer {TOKEN}\r\nAuthorization: Bearer {TOKEN}",
    f"Bearer {TOKEN}\r\nOrigin: http://page",
)


def knock(*, path: str = "/", authorization: str = f"Bearer {TOKEN}") -> bytes:
    """An upgrade for this path with this header."""
    return (
        HANDSHAKE.replace(b"GET / ", f"GET {path} ".encode())
        .replace(f"Bearer {TOKEN}".encode(), authorization.encode())
        .replace(b"localhost", b"127.0.0.1")
    )


async def answered(address: str, data: bytes) -> bytes:
    """All that comes back."""
    raw = await Raw.to(address)
    await raw.send(data)
    with suppress(OSError):
        raw.writer.write_eof()
    said = await asyncio.wait_for(raw.reader.read(), 20)
    await raw.leave()
    return said


async def refused(client: Client, method: str, params: dict[str, Any]) -> str:
    """The words of a refusal."""
    with pytest.raises(RequestRefused) as refusal:
        await client.request(method, params)
    return f"{refusal.value} {refusal.value.data}"


def of_process(pid: int) -> str:
    """What everybody sees of a process."""
    seen = [Path(f"/proc/{pid}/{name}").read_bytes() for name in ("cmdline", "comm", "status", "stat")]
    return b"".join(seen).decode()


async def test_a_token_shows_in_no_output_of_a_session(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    lay_thread(tmp_path, 1)
    seen: list[str] = []
    async with served(tmp_path, GUARDED) as server:
        hostile = [
            *(knock(authorization=header) for header in HEADERS),
            knock(path=f"/?token={TOKEN.replace(' ', '%20')}", authorization="none"),
            knock() + frame(TEXT, b"\xff") + b"\x00" * 10,
            knock() + frame(TEXT, b'{"id":1,"method":"' + TOKEN.encode() + b'"}'),
        ]
        seen += [(await answered(server.address, data)).decode("latin-1") for data in hostile]
        with pytest.raises(ServerUnreachable) as unreachable:
            async with Client.at(server.address, f"{TOKEN} too"):
                pass
        async with server.client() as client:
            seen += [str(client.server), str(await client.read(thread_id(1), has_turns=True))]
            seen.append(await refused(client, "thread/read", {"threadId": "none"}))
            seen.append(of_process(server.process.pid))
        await server.stop()
    said = capfd.readouterr()
    seen += [str(unreachable.value), said.out, said.err]
    statuses = [text.split(" ")[1] for text in seen[: len(HEADERS) + 1]]
    assert statuses == ["401", "401", "400", "403", "401"]
    found = [
        text for text in seen if TOKEN in text.replace(f"unknown variant `{TOKEN}`", "") or DIGEST in text
    ]
    assert found == []
    written = [
        path.name for path in tmp_path.rglob("*") if path.is_file() and TOKEN.encode() in path.read_bytes()
    ]
    assert written == []
