"""`threadstore app-server proxy`: bytes between standard input and output and the control socket.

For `ssh HOST threadstore app-server proxy`: whoever is at the other end speaks WebSocket through it.
"""

import os
import signal
from collections.abc import Callable
from pathlib import Path
from queue import SimpleQueue
from socket import AF_UNIX, SOCK_STREAM, socket
from threading import Thread

import click

from api.doors.listen import control_socket
from api.doors.reasons import os_reason
from domain.errors import RelayFailed, SocketPathTooLong, SocketUnconnected, StartRefused
from tools.options import home_root
from tools.settings import ignored_settings_options
from tools.usage import Plain, file_path, once

READ_SIZE = 64 * 1024
"""Bytes asked for at once: what a pipe holds."""


@click.command("proxy", cls=Plain)
@once(
    "--sock",
    "socket_path",
    metavar="SOCKET_PATH",
    read=file_path,
    help="The socket to connect to.  [default: the control socket of the home]",
)
@ignored_settings_options
@click.pass_context
def command(context: click.Context, socket_path: str | None) -> None:
    """Pass bytes between standard input and output and the control socket of a server.

    Ends when either side ends.
    """
    path = Path(socket_path) if socket_path is not None else control_socket(root_of(context))
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    with connect(path, SocketUnconnected) as peer:
        relay(0, 1, peer)


def root_of(context: click.Context) -> Path:
    """The home that `app-server` was given, or else the user's."""
    return context.obj if isinstance(context.obj, Path) else home_root(None)


def connect(path: Path, refusal: Callable[[str, str], StartRefused]) -> socket:
    """A connection to the socket at this path; this refusal where there is none."""
    peer = socket(AF_UNIX, SOCK_STREAM)
    try:
        peer.connect(os.fspath(path))
    except OSError as error:
        peer.close()
        # What Python refuses by itself has no number: a path that no socket can have.
        reason = os_reason(error) if error.errno else str(SocketPathTooLong())
        raise refusal(str(path), reason) from None
    return peer


def relay(source: int, sink: int, peer: socket) -> None:
    """Pass on bytes both ways until one of the sides ends; RelayFailed when one takes no more."""
    ended: SimpleQueue[OSError | None] = SimpleQueue()

    def outwards() -> None:
        while data := os.read(source, READ_SIZE):
            peer.sendall(data)

    def inwards() -> None:
        while data := peer.recv(READ_SIZE):
            _write(sink, data)

    for work in (outwards, inwards):
        Thread(target=_watched, args=(work, ended), daemon=True).start()
    failure = ended.get()
    if failure is not None:
        raise RelayFailed(os_reason(failure))


def _watched(work: Callable[[], None], ended: "SimpleQueue[OSError | None]") -> None:
    try:
        work()
    except OSError as failure:
        ended.put(failure)
    else:
        ended.put(None)


def _write(sink: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(sink, rest) :]
