"""The door on a socket file: WebSocket for programs of the same user, guarded by the file's mode."""

import asyncio
from pathlib import Path
from socket import socket

from api.doors.admission import UnixAdmission
from api.doors.bounds import Bounds
from api.doors.door import Door
from api.doors.socket_file import listen_at
from api.doors.stopping import Stop
from api.service import Service


async def serve_unix(
    service: Service,
    path: Path,
    stop: Stop,
    *,
    handed: socket | None = None,
    bounds: Bounds | None = None,
) -> None:
    """Serve at this path until it is asked to stop; nothing is printed, the file is the sign of readiness.

    A socket that was handed over takes the place of `path`, and its file stays. Errors as `listen_at`.
    """
    door = Door(service, UnixAdmission(), bounds or Bounds())
    if handed is not None:
        with handed:
            await door.serve(handed, stop, _say_nothing, _say_nothing)
        return
    file = await asyncio.to_thread(listen_at, path)
    with file.listener:
        await door.serve(file.listener, stop, _say_nothing, file.remove)


def _say_nothing() -> None:
    """The file says it."""
