"""The door on a port: WebSocket over TCP, and the two addresses that tell whether the service is well."""

from collections.abc import Callable
from ipaddress import IPv6Address, ip_address
from socket import AF_INET, AF_INET6, SO_REUSEADDR, SOCK_STREAM, SOL_SOCKET, socket

from api.access.gate import Gate
from api.doors.admission import TcpAdmission
from api.doors.bounds import Bounds
from api.doors.door import BACKLOG, Door
from api.doors.listen import Tcp
from api.doors.reasons import os_reason
from api.doors.stopping import Stop
from api.service import Service
from domain.errors import AccessControlMissing, ListenFailed

BANNER = """\
codex app-server (WebSockets)
  listening on: ws://{address}
  readyz: http://{address}/readyz
  healthz: http://{address}/healthz
  note: {note}"""

LOOPBACK_NOTE = "binds localhost only (use SSH port-forwarding for remote access)"
REMOTE_NOTE = "websocket auth is required for non-localhost listeners"


async def serve_tcp(
    service: Service,
    listen: Tcp,
    gate: Gate,
    stop: Stop,
    tell: Callable[[str], None],
    *,
    handed: socket | None = None,
    bounds: Bounds | None = None,
) -> None:
    """Serve on a port until it is asked to stop; `tell` is given the banner, a line at a time.

    A socket that was handed over takes the place of `listen`. ListenFailed when the system refuses the
    address, AccessControlMissing when others can reach it and the gate is open.
    """
    if handed is not None:
        listen = Tcp(*handed.getsockname()[:2])
    is_local = is_loopback(listen.host)
    if gate.is_open and not is_local:
        raise AccessControlMissing(str(listen))
    with handed or bind_tcp(listen) as listener:
        address = str(Tcp(*listener.getsockname()[:2]))
        door = Door(service, TcpAdmission(gate, is_loopback=is_local), bounds or Bounds())
        banner = BANNER.format(address=address, note=LOOPBACK_NOTE if is_local else REMOTE_NOTE)
        await door.serve(listener, stop, lambda: _tell_lines(banner, tell), _nothing)


def bind_tcp(listen: Tcp) -> socket:
    """A socket that listens on this port; ListenFailed when the system refuses it."""
    is_six = ip_address(listen.host).version == 6  # noqa: PLR2004 - the IP version
    listener = socket(AF_INET6 if is_six else AF_INET, SOCK_STREAM)
    try:
        listener.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
        listener.bind((listen.host, listen.port))
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        raise ListenFailed(os_reason(error)) from None
    return listener


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches an address; one of IPv4 in IPv6 counts as reached by others."""
    address = ip_address(host.partition("%")[0])
    is_mapped = isinstance(address, IPv6Address) and address.ipv4_mapped is not None
    return address.is_loopback and not is_mapped


def _tell_lines(text: str, tell: Callable[[str], None]) -> None:
    for line in text.splitlines():
        tell(line)


def _nothing() -> None:
    """Nothing of a port stays behind."""
