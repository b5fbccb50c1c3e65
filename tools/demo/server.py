"""The program as the demonstration runs it: its commands, and a conversation with its server over stdio."""

import asyncio
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Coroutine, Mapping, Sequence
from types import TracebackType
from typing import Any, Self, TypeVar

from api.client.client import Client
from api.client.hello import Hello
from api.client.wires import Wire
from api.client.wires.process import start
from domain.errors import RequestRefused
from domain.errors import ServerGone as Gone
from tools.demo.errors import CommandFailed, Refused, ServerGone

PROGRAM = (sys.executable, "-m", "tools.cli")
ANSWER_S = 300
"""How long an answer may take: a big home is being indexed meanwhile."""

Payload = dict[str, Any]
T = TypeVar("T")


def run_command(arguments: Sequence[str], settings: Mapping[str, str]) -> list[str]:
    """What a threadstore command prints."""
    done = subprocess.run(  # noqa: S603  our own program
        [*PROGRAM, *arguments], env=os.environ | settings, capture_output=True, check=False
    )
    if done.returncode:
        raise CommandFailed(" ".join(arguments), last_line(done.stderr))
    return done.stdout.decode(errors="replace").splitlines()


def last_line(output: bytes) -> str:
    """The last thing a program said."""
    lines = output.decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else ""


class ShownWire:
    """A wire that shows each line before it is sent."""

    def __init__(self, wire: Wire, shown: Callable[[str], None]) -> None:
        self._wire = wire
        self._shown = shown

    async def send(self, message: bytes) -> None:
        """Show it, and send it."""
        self._shown(message.decode())
        await self._wire.send(message)

    async def receive(self) -> bytes:
        """The next message."""
        return await self._wire.receive()

    async def close(self) -> None:
        """End the conversation."""
        await self._wire.close()


class Server:
    """A server process; `shown` is told each line before it is sent to it."""

    def __init__(self, settings: Mapping[str, str], shown: Callable[[str], None]) -> None:
        self._settings = settings
        self._shown = shown
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115  closed together with the process
        self._runner = asyncio.Runner()
        self._client = Client(self._begin, Hello("demo", "1"))

    def __enter__(self) -> Self:
        try:
            self._told("initialize", self._client.__aenter__())
        except BaseException:
            self._close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._runner.run(self._client.close())
        self._close()

    def ask(self, method: str, params: Payload) -> Payload:
        """The result of a request; Refused when it is answered by an error."""
        return self._told(method, asyncio.wait_for(self._client.request(method, params), ANSWER_S))

    def _told(self, method: str, asking: Coroutine[Any, Any, T]) -> T:
        """What a question gives, its failures in the demonstration's words."""
        try:
            return self._runner.run(asking)
        except RequestRefused as refusal:
            raise Refused(method, str(refusal)) from None
        except (Gone, TimeoutError):
            raise ServerGone(method, self._last_words()) from None

    def _close(self) -> None:
        self._runner.close()
        self._errors.close()

    async def _begin(self) -> Wire:
        command = (*PROGRAM, "app-server")
        wire = await start(command, os.environ | self._settings, errors=self._errors)
        return ShownWire(wire, self._shown)

    def _last_words(self) -> str:
        self._errors.seek(0)
        return last_line(self._errors.read())
