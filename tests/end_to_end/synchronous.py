"""A server behind a WebSocket door for those who wait for one answer at a time: cases, and measurements."""

import subprocess
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from asyncinotify import Inotify, Mask
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect, unix_connect

from tests.conformance.errors import ServerEnded
from tests.end_to_end.doors import LISTENING, OURS, UNIX, Door, environment

END_S = 5.0


class DoorServer:
    """A server process, and one connection to it; for the conformance runner a `Connection`."""

    def __init__(self, home: Path, door: Door, settings: Mapping[str, str] | None = None) -> None:
        self._stack = ExitStack()
        folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="door-")))
        self.process = subprocess.Popen(
            [*OURS.command, *door.options(folder)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=environment(home) | dict(settings or {}),
            cwd=home,
        )
        self._stack.callback(self._end)
        try:
            self.address = _bound(folder / "socket") if door is UNIX else self._told()
            self._connection = self.connect(door)
        except BaseException:
            self.close()
            raise

    def connect(self, door: Door) -> ClientConnection:
        """One more connection; it lasts as long as the server."""
        settings: dict[str, Any] = {"compression": None, "max_size": None, "ping_interval": None}
        if door is UNIX:
            connecting = unix_connect(self.address.removeprefix("unix://"), **settings)
        else:
            headers = {"Authorization": f"Bearer {door.token}"} if door.token else {}
            connecting = connect(self.address, additional_headers=headers, proxy=None, **settings)
        connection: ClientConnection = self._stack.enter_context(connecting)
        return connection

    def send(self, line: bytes) -> None:
        """Send one message."""
        try:
            self._connection.send(line, text=True)
        except ConnectionClosed as end:
            raise ServerEnded(str(end)) from None

    def receive(self, timeout_s: float) -> bytes | None:
        """The next message, None when none comes in time."""
        try:
            return self._connection.recv(timeout_s, decode=False)
        except TimeoutError:
            return None
        except ConnectionClosed as end:
            raise ServerEnded(str(end)) from None

    def close(self) -> None:
        """Hang up, and end the server."""
        self._stack.close()

    def _end(self) -> None:
        self.process.terminate()
        try:
            self.process.communicate(timeout=END_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.communicate()

    def _told(self) -> str:
        """The address that the server tells on its standard error."""
        assert self.process.stderr is not None
        said = b""
        for line in self.process.stderr:
            said += line
            found = LISTENING.search(line)
            if found is not None:
                return found[1].decode()
        raise ServerEnded(said.decode())


def _bound(socket: Path) -> str:
    """The address of the socket, once it is there."""
    with Inotify() as watch:
        watch.add_watch(socket.parent, Mask.CREATE | Mask.MOVED_TO)
        while not socket.exists():
            watch.sync_get()
    return f"unix://{socket}"
