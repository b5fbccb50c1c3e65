"""Lines over standard input and output of a server that is started for them."""

import asyncio
from asyncio.subprocess import PIPE, Process
from collections.abc import Mapping, Sequence
from contextlib import suppress
from os import PathLike
from typing import IO

from api.client.wires import WireEnded
from domain.errors import ServerUnreachable
from domain.limits import ANSWER_SIZE_MAX, SERVER_END_SECONDS


class ProcessWire:
    """The pipes of a server process."""

    def __init__(self, process: Process) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self.process = process
        self._input, self._output = process.stdin, process.stdout

    async def send(self, message: bytes) -> None:
        """Write a line, and wait until there is room for more."""
        try:
            self._input.write(message + b"\n")
            await self._input.drain()
        except (ConnectionError, RuntimeError):
            raise WireEnded("its input is closed") from None

    async def receive(self) -> bytes:
        """The next line."""
        try:
            line = await self._output.readline()
        except ValueError:
            raise WireEnded(f"it sent a line of more than {ANSWER_SIZE_MAX} bytes") from None
        if not line.endswith(b"\n"):
            raise WireEnded(f"it ended with status {await self.process.wait()}")
        return line

    async def close(self) -> None:
        """Close its input, which ends it; kill it when that is not enough."""
        self._input.close()
        draining = asyncio.create_task(self._output.read())  # a full pipe would keep it from ending
        try:
            await asyncio.wait_for(self.process.wait(), SERVER_END_SECONDS)
        except TimeoutError:
            self.process.kill()
            await self.process.wait()
        with suppress(ConnectionError):
            await self._input.wait_closed()
        await draining


async def start(
    command: Sequence[str],
    environment: Mapping[str, str] | None = None,
    working_directory: str | PathLike[str] | None = None,
    errors: IO[bytes] | None = None,
) -> ProcessWire:
    """Start a server; what it writes to standard error goes to a file, or where ours goes."""
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=PIPE,
            stdout=PIPE,
            stderr=errors,
            env=environment,
            cwd=working_directory,
            limit=ANSWER_SIZE_MAX,
        )
    except OSError as error:
        raise ServerUnreachable(command[0], error.strerror or str(error)) from None
    return ProcessWire(process)
