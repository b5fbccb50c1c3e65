"""The server connects to nobody: no telemetry, no look for updates, whatever a client does."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conformance.server import ROOT
from tests.end_to_end.doors import DOORS, GUARDED, STDIO, Door, Served, environment, served
from tests.end_to_end.homes import thread_id
from tests.properties.scale import times_longer

WATCHED = Path(__file__).parent / "watched"
OWN = "socket.getaddrinfo 127.0.0.1"
"""What listening on an address looks up: the address itself."""


WATCHED_DOORS = DOORS if times_longer() > 1 else (STDIO, GUARDED)


def watched(notes: Path) -> dict[str, str]:
    """Settings under which a Python notes whom it connects to."""
    return {"ADDRESSES": str(notes), "PYTHONPATH": os.pathsep.join((str(WATCHED), str(ROOT)))}


async def typical(server: Served) -> None:
    """What clients do all day."""
    async with server.client() as client:
        rows = [row async for row in client.threads()]
        for row in rows:
            await client.read(row["id"], has_turns=True)
            assert [turn async for turn in client.turns(row["id"], view="full")]
        await client.request("thread/resume", {"threadId": thread_id(0)})
        await client.request("thread/name/set", {"threadId": thread_id(0), "name": "a name"})
        fork = (await client.request("thread/fork", {"threadId": thread_id(1)}))["thread"]["id"]
        await client.request("thread/archive", {"threadId": fork})
        await client.request("thread/start", {"cwd": str(server.home)})
        await client.request("threadStore/subscribe", {})
        await client.request("thread/list", {"searchTerm": "question"})


@pytest.mark.parametrize(
    "door", DOORS if times_longer() > 1 else (STDIO, GUARDED), ids=lambda door: door.name
)
async def test_a_server_connects_to_nobody(home: Path, door: Door) -> None:
    notes = home / "addresses"
    notes.touch()
    async with served(home, door, settings=watched(notes)) as server:
        await typical(server)
    assert set(notes.read_text().splitlines()) <= {OWN}


def test_a_connection_would_be_noted(tmp_path: Path) -> None:
    notes = tmp_path / "addresses"
    connecting = "import socket; socket.socket().connect_ex(('127.0.0.1', 9))"
    subprocess.run([sys.executable, "-c", connecting], check=True, env=environment(tmp_path) | watched(notes))
    assert notes.read_text() == "socket.connect ('127.0.0.1', 9)\n"
