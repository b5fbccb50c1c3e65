"""Clients that listen: of a service in this process, and of one in a process of its own."""

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

import orjson

from api.service import Options, Service
from domain.durability import Durability
from rollout.finding.home import Home

Json = dict[str, Any]

PATIENCE_S = 20.0
"""How long anything may take; what takes longer is a failure."""


class Refused(Exception):
    """A request that was answered with an error."""

    def __init__(self, error: Json) -> None:
        super().__init__(error["message"])
        self.code: int = error["code"]
        self.data: Json | None = error.get("data")


class Client:
    """Requests and their answers, and what is told besides."""

    def __init__(self) -> None:
        self.told: list[Json] = []
        self._parts: list[bytes] = []
        self._waiting: dict[int, asyncio.Future[Json]] = {}
        self._count = 0
        self._news = asyncio.Event()

    async def send(self, line: bytes) -> None:
        """Send a line."""
        raise NotImplementedError

    def take(self, part: bytes) -> None:
        """Take a line, or a part of one, from the server."""
        self._parts.append(part)
        if not part.endswith(b"\n"):
            return
        message = orjson.loads(b"".join(self._parts))
        self._parts = []
        if "method" in message:
            self.told.append(message)
            self._news.set()
        else:
            self._waiting.pop(message["id"]).set_result(message)

    async def greet(self, *, experimental: bool = True) -> Self:
        """Shake hands."""
        capabilities = {"experimentalApi": experimental}
        info = {"name": "tests", "version": "1"}
        await self.call("initialize", clientInfo=info, capabilities=capabilities)
        return self

    async def call(self, method: str, **params: object) -> Any:
        """The result of a method; Refused when it is an error."""
        self._count += 1
        self._waiting[self._count] = answer = asyncio.get_running_loop().create_future()
        await self.send(orjson.dumps({"id": self._count, "method": method, "params": params}) + b"\n")
        message = await asyncio.wait_for(answer, PATIENCE_S)
        if "error" in message:
            raise Refused(message["error"])
        return message["result"]

    def params(self, method: str) -> list[Json]:
        """What was told under this name."""
        return [message["params"] for message in self.told if message["method"] == method]

    def changes(self) -> list[Json]:
        """The changes that were told."""
        return self.params("threadStore/changed")

    async def until(self, is_so: Callable[[], bool]) -> None:
        """Wait until what was told makes it so."""
        async with asyncio.timeout(PATIENCE_S):
            while not is_so():
                self._news.clear()
                await self._news.wait()


class ServedClient(Client):
    """A client of a service in this process."""

    def __init__(self, service: Service) -> None:
        super().__init__()
        self.connection = service.connect(self.take)

    async def send(self, line: bytes) -> None:
        """Hand the line over."""
        await self.connection.receive(line.rstrip(b"\n"))


class ProcessClient(Client):
    """A client of a server process of its own."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        super().__init__()
        self._process = process
        self._reading = asyncio.create_task(self._read())

    @classmethod
    async def start(cls, home: Path) -> "ProcessClient":
        """A server on this home, and a client that has shaken hands."""
        process = await asyncio.create_subprocess_exec(
            *(
                sys.executable,
                "-m",
                "tools.cli",
                "app-server",
                "--home",
                str(home),
            ),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=2**26,
        )
        return await cls(process).greet()

    async def send(self, line: bytes) -> None:
        """Write the line."""
        assert self._process.stdin is not None
        self._process.stdin.write(line)
        await self._process.stdin.drain()

    async def kill(self) -> None:
        """End the server in the middle of whatever it does."""
        self._process.kill()
        await self._process.wait()
        await self._reading

    async def _read(self) -> None:
        assert self._process.stdout is not None
        while line := await self._process.stdout.readline():
            if line.endswith(b"\n"):
                self.take(line)


def service_on(home: Path, *, lasting: bool = True) -> Service:
    """A service on this home."""
    return Service(Home.at(home), Options(is_lasting=lasting, durability=Durability.PROCESS))
