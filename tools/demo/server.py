"""The program as the demonstration runs it: its commands, and a conversation with its server over stdio."""

import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Any, Self

from tools.demo.errors import CommandFailed, Refused, ServerGone

PROGRAM = (sys.executable, "-m", "tools.cli")
ANSWER_S = 300
"""How long an answer may take: a big home is being indexed meanwhile."""
PATIENCE_S = 5

CLIENT = {"name": "demo", "title": "demo", "version": "1"}

Payload = dict[str, Any]


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


class Server:
    """A server process; `shown` is told each request line before it is sent."""

    def __init__(self, settings: Mapping[str, str], shown: Callable[[str], None]) -> None:
        self._shown = shown
        self._last_id = 0
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115  closed together with the process
        self._process = subprocess.Popen(  # noqa: S603  our own program
            [*PROGRAM, "app-server"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env=os.environ | settings,
        )

    def __enter__(self) -> Self:
        try:
            self.ask("initialize", {"clientInfo": CLIENT, "capabilities": {"experimentalApi": True}})
            self._send({"method": "initialized"})
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def ask(self, method: str, params: Payload) -> Payload:
        """The result of a request; Refused when it is answered by an error."""
        self._last_id += 1
        message = {"id": self._last_id, "method": method, "params": params}
        self._shown(json.dumps(message, separators=(",", ":")))
        watchdog = threading.Timer(ANSWER_S, self._process.kill)
        watchdog.start()
        try:
            self._send(message)
            answer = self._answer(method)
        except BrokenPipeError:
            raise ServerGone(method, self._last_words()) from None
        finally:
            watchdog.cancel()
        if "result" not in answer:
            raise Refused(method, answer.get("error"))
        result: Payload = answer["result"]
        return result

    def close(self) -> None:
        """End the server: close its input, and kill it when that is not enough."""
        try:
            self._process.communicate(timeout=PATIENCE_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.communicate()
        self._errors.close()

    def _send(self, message: Payload) -> None:
        assert self._process.stdin
        self._process.stdin.write(json.dumps(message).encode() + b"\n")
        self._process.stdin.flush()

    def _answer(self, method: str) -> Payload:
        assert self._process.stdout
        for line in self._process.stdout:
            message: Payload = json.loads(line)
            if message.get("id") == self._last_id and "method" not in message:
                return message
        raise ServerGone(method, self._last_words())

    def _last_words(self) -> str:
        self._errors.seek(0)
        return last_line(self._errors.read())
