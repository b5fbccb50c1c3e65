"""The doors of the server: how it is told to open one, and how a client comes in by it.

With THREADSTORE_CODEX set the real server stands behind them too; THREADSTORE_LONG opens one door more.
"""

import asyncio
import os
import re
import sys
import tempfile
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from signal import SIGTERM

from asyncinotify import Inotify, Mask

from api.client.client import Client
from api.client.hello import Hello
from api.client.wires import Wire
from api.client.wires.process import start
from tests.conformance.server import environment_for, server_command
from tests.properties.scale import times_longer
from tests.reference.sealed import CODEX, PROXIES

START_S = 30.0
END_S = 20.0
TOKEN = "a token that only the tests know"
LISTENING = re.compile(rb"listening on: (ws://\S+)")
HELLO = Hello("tests", "1")


@dataclass(frozen=True, slots=True)
class Program:
    """A server's program: the command that serves, without where it listens."""

    name: str
    command: tuple[str, ...]


OURS = Program("ours", server_command())
REAL = Program("the real one", (CODEX, "app-server"))
PROGRAMS = (OURS, REAL) if CODEX else (OURS,)


def environment(home: Path) -> dict[str, str]:
    """An environment that knows this home and no way out."""
    nowhere = dict(setting.split("=", 1) for setting in PROXIES)
    return environment_for(home) | nowhere | {"no_proxy": "127.0.0.1"}


@dataclass(frozen=True, slots=True)
class Door:
    """One of the doors. `options` are those of the command, given a folder for what they need."""

    name: str
    options: Callable[[Path], Sequence[str]]
    is_shared: bool = True
    """Whether several clients may come in to one server."""
    token: str | None = None


def _with_token(folder: Path) -> Sequence[str]:
    file = folder / "token"
    file.touch(mode=0o600)
    file.write_text(TOKEN)
    return "--listen", "ws://127.0.0.1:0", "--ws-auth", "capability-token", "--ws-token-file", str(file)


STDIO = Door("stdio", lambda _folder: ("--listen", "stdio://"), is_shared=False)
UNIX = Door("unix", lambda folder: ("--listen", f"unix://{folder / 'socket'}"))
WEBSOCKET = Door("websocket", lambda _folder: ("--listen", "ws://127.0.0.1:0"))
GUARDED = Door("websocket with a token", _with_token, token=TOKEN)
DOORS = (STDIO, UNIX, WEBSOCKET, GUARDED) if times_longer() > 1 else (STDIO, UNIX, GUARDED)
"""Those that are tested: the one with a token is the one without, and a question more."""


@dataclass(slots=True)
class Served:
    """A home that is served behind a door; over stdio each client has a server of its own."""

    home: Path
    door: Door
    address: str
    program: Program
    settings: Mapping[str, str]
    options: Sequence[str] = ()
    processes: list[Process] = field(default_factory=list)

    def client(self, hello: Hello | None = HELLO) -> Client:
        """One more client."""
        if self.door is STDIO:
            return Client(self._start, hello)
        return Client.at(self.address, self.door.token, hello)

    @property
    def process(self) -> Process:
        """The server; over stdio that of the last client."""
        return self.processes[-1]

    async def stop(self) -> int:
        """Ask the server to end, as a service manager does; its exit status."""
        with suppress(ProcessLookupError):
            self.process.send_signal(SIGTERM)
        return await asyncio.wait_for(self.process.wait(), END_S)

    async def _start(self) -> Wire:
        command = (*self.program.command, *STDIO.options(self.home), *self.options)
        wire = await start(command, {**environment(self.home), **self.settings}, self.home)
        self.processes.append(wire.process)
        return wire


@asynccontextmanager
async def served(
    home: Path,
    door: Door,
    program: Program = OURS,
    options: Sequence[str] = (),
    settings: Mapping[str, str] | None = None,
) -> AsyncIterator[Served]:
    """A server behind this door, ready for clients; it is ended afterwards."""
    if door is STDIO:
        yield Served(home, door, "", program, dict(settings or {}), options)
        return
    with tempfile.TemporaryDirectory(prefix="door-") as name:  # a socket's path has to be short
        folder = Path(name)
        process = await asyncio.create_subprocess_exec(
            *(*program.command, *door.options(folder), *options),
            stdin=DEVNULL,
            stdout=DEVNULL,
            stderr=PIPE,
            env={**environment(home), **(settings or {})},
            cwd=home,
        )
        try:
            async with asyncio.timeout(START_S):
                address = await (_bound(folder / "socket") if door is UNIX else _told(process))
            telling = asyncio.create_task(_pass_on(process))
            yield Served(home, door, address, program, dict(settings or {}), options, [process])
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()
        await telling


async def _bound(socket: Path) -> str:
    """The address of the socket, once it is there."""
    with Inotify() as watch:
        watch.add_watch(socket.parent, Mask.CREATE | Mask.MOVED_TO)
        while not socket.exists():
            await watch.get()
    return f"unix://{socket}"


async def _told(process: Process) -> str:
    """The address that the server tells on its standard error."""
    assert process.stderr is not None
    said = b""
    while line := await process.stderr.readline():
        said += line
        found = LISTENING.search(line)
        if found is not None:
            return found[1].decode()
    raise AssertionError(said.decode())


async def _pass_on(process: Process) -> None:
    """Read what the server says, so that it never waits for a reader; a failing test shows it."""
    assert process.stderr is not None
    while line := await process.stderr.readline():
        os.write(sys.stderr.fileno(), line)
