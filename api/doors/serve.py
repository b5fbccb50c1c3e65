"""Opening the door that is asked for, and closing the service behind the last client."""

import asyncio
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from socket import AF_UNIX, socket

from api.access.gates import open_gate
from api.access.options import Policy
from api.doors.listen import Listen, Off, Stdio, Tcp, Unix
from api.doors.stopping import Stop
from api.service import Options, Service
from domain.errors import AccessControlMissing, NoTransport
from rollout.finding.home import Home

SWITCH_SECONDS = 0.001
"""How long a thread may keep the interpreter from the others, a fifth of the usual: each answer passes
through several, and who asks for little would wait for those who ask for much."""

Tell = Callable[[str], None]
"""Takes a line for whoever runs the service."""


async def serve(home: Home, options: Options, listen: Listen, policy: Policy, tell: Tell) -> None:
    """Serve a home until the client of standard input has gone, or until it is asked to stop.

    A StartRefused when the door cannot be opened. Returns within two seconds after the request to stop, and
    at once after a second one; a disk that does not answer ends the process.
    """
    sys.setswitchinterval(SWITCH_SECONDS)
    stop = Stop()
    with stop.on_signals():
        handed = _handed()
        if isinstance(listen, Off) and handed is None:
            raise NoTransport
        service = Service(home, options)
        keeper = _Doorkeeper(service, policy, stop, tell)
        try:
            await (keeper.open(listen) if handed is None else keeper.open_handed(handed))
        finally:
            await _close(service, stop)


# Each door is read when it is opened: those of sockets take as long as everything else.
# ruff: noqa: PLC0415


@dataclass(frozen=True, slots=True)
class _Doorkeeper:
    """Opens a door and stays until it is closed."""

    service: Service
    policy: Policy
    stop: Stop
    tell: Tell

    async def open(self, listen: Listen) -> None:
        """Serve where it is asked for."""
        if isinstance(listen, Stdio):
            from api.doors.stdio import serve_stdio

            await serve_stdio(self.service, self.stop)
        elif isinstance(listen, Unix):
            from api.doors.unix import serve_unix

            await serve_unix(self.service, listen.path, self.stop)
        elif isinstance(listen, Tcp):
            await self._open_port(listen)

    async def open_handed(self, handed: socket) -> None:
        """Serve on a socket that listens already; it takes the place of what was to be listened on."""
        name = handed.getsockname()
        if handed.family == AF_UNIX:
            from api.doors.unix import serve_unix

            await serve_unix(self.service, Path(str(name)), self.stop, handed=handed)
        else:
            await self._open_port(Tcp(name[0], name[1]), handed)

    async def _open_port(self, listen: Tcp, handed: socket | None = None) -> None:
        from api.doors.tcp import is_loopback, serve_tcp

        gate = open_gate(self.policy, self.tell)
        if gate.is_open and not is_loopback(listen.host):
            raise AccessControlMissing(str(listen))
        await serve_tcp(self.service, listen, gate, self.stop, self.tell, handed=handed)


def _handed() -> socket | None:
    """The socket that a service manager handed over."""
    if "LISTEN_PID" not in os.environ:
        return None
    from api.doors.systemd import handed_socket

    return handed_socket(os.environ)


async def _close(service: Service, stop: Stop) -> None:
    """Close the service; once it is asked to stop, only as long as that may take."""
    closing = asyncio.create_task(service.close())
    asked = asyncio.create_task(stop.wait())
    await asyncio.wait({closing, asked}, return_when=asyncio.FIRST_COMPLETED)
    asked.cancel()
    if not closing.done():
        await stop.within(stop.seconds_left, [_wait_for(closing)])
    if not closing.done():
        # Threads that wait for a disk would keep the interpreter from ending; nobody was told they did it.
        os._exit(0)
    closing.result()


async def _wait_for(task: "asyncio.Task[None]") -> None:
    await asyncio.wait({task})
