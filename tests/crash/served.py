"""A server process that several threads talk to at once, until somebody kills it."""

import json
import os
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from threading import Lock, Thread
from types import TracebackType
from typing import Self

from tests.conformance.server import ROOT, environment_for, server_command
from tests.conformance.values import JsonObject, as_object

ANSWER_S = 60.0
END_S = 20.0
HELLO: JsonObject = {
    "clientInfo": {"name": "crash", "title": "crash", "version": "1"},
    "capabilities": {"experimentalApi": True},
}


class ServerGone(Exception):
    """The server ended before it answered."""


class Refused(Exception):
    """A request that was answered with an error."""

    def __init__(self, method: str, params: JsonObject, error: object) -> None:
        super().__init__(f"{method} {str(params)[:200]}: {error}")


class Served:
    """A process that serves a home, greeted; `call` may be used by any thread."""

    def __init__(self, home: Path, options: Sequence[str] = (), command: Sequence[str] = ()) -> None:
        """Start our own server, or whatever the command starts."""
        self.process = subprocess.Popen(
            [*(command or (*server_command(), "--home", str(home))), *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment_for(home) | {"PYTHONPATH": str(ROOT)},
            cwd=home,
        )
        assert self.process.stdin
        assert self.process.stdout
        self._input, self._output = self.process.stdin, self.process.stdout
        self._sending, self._waiting_lock = Lock(), Lock()
        self._waiting: dict[int, SimpleQueue[JsonObject | None]] = {}
        self._last_id = 0
        self._has_ended = False
        self._reader = Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        self.call("initialize", HELLO)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def call(self, method: str, params: JsonObject) -> JsonObject:
        """The result of a method; Refused when it is an error, ServerGone when none comes any more."""
        answer: SimpleQueue[JsonObject | None] = SimpleQueue()
        with self._waiting_lock:
            if self._has_ended:
                raise ServerGone
            self._last_id += 1
            request_id = self._last_id
            self._waiting[request_id] = answer
        request = {"id": request_id, "method": method, "params": params}
        self._send(json.dumps(request, ensure_ascii=False).encode() + b"\n")
        message = answer.get(timeout=ANSWER_S)
        if message is None:
            raise ServerGone
        if "error" in message:
            raise Refused(method, params, message["error"])
        return as_object(message["result"])

    def kill(self) -> None:
        """End the process as the kernel does when memory runs out: at once, wherever it is."""
        self.process.kill()
        self._reader.join(END_S)

    def close(self) -> None:
        """Close its input, and wait for its end."""
        with suppress(BrokenPipeError, OSError):
            self._input.close()
        try:
            self.process.wait(END_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._reader.join(END_S)
        self._output.close()

    def _send(self, line: bytes) -> None:
        rest = memoryview(line)
        with self._sending:
            try:
                while rest:
                    rest = rest[os.write(self._input.fileno(), rest) :]
            except (BrokenPipeError, ValueError):
                raise ServerGone from None

    def _read(self) -> None:
        for line in self._output:
            if not line.endswith(b"\n"):
                break
            message: JsonObject = json.loads(line)
            request_id = message.get("id")
            if "method" not in message and isinstance(request_id, int):
                with self._waiting_lock:
                    waiting = self._waiting.pop(request_id)
                waiting.put(message)
        with self._waiting_lock:
            self._has_ended = True
            for waiting in self._waiting.values():
                waiting.put(None)
