"""Doors of a server in a process of its own: its signals, and what it leaves behind."""

import asyncio
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.api.clients import PATIENCE_S
from tests.api.doors.asked import METHOD
from tests.api.doors.opened import Caller
from tests.conformance.server import ROOT, environment_for

Process = asyncio.subprocess.Process


@asynccontextmanager
async def started(root: Path, listen: str) -> AsyncIterator[tuple[Process, str]]:
    """A server that is ready, and what it said until then."""
    home = root / "home"
    home.mkdir(exist_ok=True)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(root / "manager"))
        manager.settimeout(PATIENCE_S)
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tools.cli", "app-server", "--listen", listen),
            cwd=ROOT,
            env=environment_for(home) | {"NOTIFY_SOCKET": str(root / "manager")},
            stderr=asyncio.subprocess.PIPE,
        )
        assert process.stderr is not None
        try:
            said = b"" if listen.startswith("unix") else await process.stderr.readuntil(b"note: ")
            assert await asyncio.to_thread(manager.recv, 100) == b"READY=1"
            yield process, said.decode()
        finally:
            (root / "manager").unlink()
            if process.returncode is None:
                process.kill()
            await process.communicate()


async def greeted(root: Path, said: str) -> Caller:
    """A client of the server."""
    if said:
        port = int(said.split("listening on: ws://127.0.0.1:")[1].partition("\n")[0])
        caller = Caller(*await asyncio.open_connection("127.0.0.1", port))
    else:
        caller = Caller(*await asyncio.open_unix_connection(str(root / "s")))
    await caller.upgrade()
    await caller.greet()
    return caller


def url(kind: str, root: Path) -> str:
    """Where to listen."""
    return "ws://127.0.0.1:0" if kind == "tcp" else f"unix://{root}/s"


@pytest.mark.parametrize(
    ("kind", "number"), [("tcp", signal.SIGTERM), ("unix", signal.SIGINT), ("unix", signal.SIGHUP)]
)
async def test_a_signal_ends_it_with_a_goodbye_and_without_traces(
    tmp_path: Path, kind: str, number: signal.Signals
) -> None:
    async with started(tmp_path, url(kind, tmp_path)) as (process, said):
        caller = await greeted(tmp_path, said)
        caller.send({"id": 1, "method": METHOD, "params": {}})
        assert (await caller.receive())["id"] == 1
        process.send_signal(number)
        assert await caller.goodbye() == 1001
        assert await asyncio.wait_for(process.wait(), PATIENCE_S) == 0
        await caller.close()
    assert not (tmp_path / "s").exists()


async def test_one_that_was_killed_is_followed_by_the_next(tmp_path: Path) -> None:
    for _ in range(2):
        async with started(tmp_path, url("unix", tmp_path)) as (process, said):
            caller = await greeted(tmp_path, said)
            process.kill()
            await process.wait()
            assert await caller.goodbye() is None
            await caller.close()
        assert (tmp_path / "s").is_socket()
