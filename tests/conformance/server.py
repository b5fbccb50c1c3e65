"""A server to talk to: lines in, lines out.

`Connection` is all that the rest of the harness knows, so that a server inside this process can take
the place of one behind pipes.
"""

import os
import shlex
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from select import select
from types import TracebackType
from typing import Protocol, Self

from tests.conformance.errors import ServerEnded

ROOT = Path(__file__).resolve().parents[2]
OURS = (sys.executable, "-m", "tools.cli", "app-server")
STRAY = ("CODEX_", "THREADSTORE_")
"""Variables of the user's own that would lead a server elsewhere."""
READ_SIZE = 1 << 20
PATIENCE_S = 20.0
"""How long a server may take to end once its input is closed."""


class Connection(Protocol):
    """One client's line to a server."""

    def send(self, line: bytes) -> None:
        """Hand over one message, without its line feed."""

    def receive(self, timeout_s: float) -> bytes | None:
        """The next line from the server, None when none comes in time; ServerEnded at its end."""

    def close(self) -> None:
        """End the conversation, and the server with it."""


Launch = Callable[[Path], Connection]
"""Starts a server on a home."""


def server_command(environment: Mapping[str, str] = os.environ) -> tuple[str, ...]:
    """The command of the server under test: `THREADSTORE_SERVER`, else our own."""
    return tuple(shlex.split(environment.get("THREADSTORE_SERVER", ""))) or OURS


def environment_for(home: Path) -> dict[str, str]:
    """A process environment in which nothing but this home is known."""
    environment = {name: text for name, text in os.environ.items() if not name.startswith(STRAY)}
    search = os.pathsep.join(filter(None, (str(ROOT), environment.get("PYTHONPATH", ""))))
    environment.update(CODEX_HOME=str(home), HOME=str(home), PYTHONPATH=search, RUST_LOG="off", TZ="UTC")
    return environment


def launcher(command: Sequence[str]) -> Launch:
    """Starts the command on a home; `{home}` in it becomes the home's path."""
    return lambda home: ProcessServer([part.replace("{home}", str(home)) for part in command], home)


class ProcessServer:
    """A server process behind pipes."""

    def __init__(self, command: Sequence[str], home: Path, settings: Mapping[str, str] | None = None) -> None:
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115  closed together with the process
        try:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._errors,
                env=environment_for(home) | dict(settings or {}),
                cwd=home,
            )
        except OSError:
            self._errors.close()
            raise
        assert self.process.stdin
        assert self.process.stdout
        self._input, self._output = self.process.stdin, self.process.stdout
        self._pending = bytearray()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def send(self, line: bytes) -> None:
        """Write one line to the server."""
        try:
            self._input.write(line + b"\n")
            self._input.flush()
        except BrokenPipeError:
            raise ServerEnded(self._last_words()) from None

    def receive(self, timeout_s: float) -> bytes | None:
        """The next line the server wrote, None when none comes in time."""
        deadline = time.monotonic() + timeout_s
        searched = 0
        while (cut := self._pending.find(b"\n", searched)) < 0:
            searched = len(self._pending)
            ready, _, _ = select([self._output], [], [], max(0.0, deadline - time.monotonic()))
            if not ready:
                return None
            more = os.read(self._output.fileno(), READ_SIZE)
            if not more:
                raise ServerEnded(self._last_words())
            self._pending += more
        line = bytes(self._pending[:cut])
        del self._pending[: cut + 1]
        return line

    def close(self) -> None:
        """Close the server's input, wait for its end, and kill it when that does not come."""
        with suppress(BrokenPipeError):
            self._input.close()
        try:
            self.process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._output.close()
        self._errors.close()

    def _last_words(self) -> str:
        self._errors.seek(0)
        return self._errors.read().decode(errors="replace").strip()[-2000:]
