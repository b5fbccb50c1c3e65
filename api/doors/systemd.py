"""What a service manager hands over, and what it is told (sd_listen_fds(3), sd_notify(3)).

A socket is handed over as an open descriptor, so that it listens before we run and while we are replaced. All
of it is told by environment variables, which are taken out so that no child takes them for its own.
"""

import os
import stat
from collections.abc import MutableMapping
from fcntl import F_SETFD, FD_CLOEXEC, fcntl
from socket import AF_INET, AF_INET6, AF_UNIX, SO_ACCEPTCONN, SOCK_DGRAM, SOCK_STREAM, SOL_SOCKET, socket

from domain.errors import UnfitHandedSocket
from domain.limits import HANDED_SOCKETS_MAX

FIRST_DESCRIPTOR = 3
FAMILIES = (AF_UNIX, AF_INET, AF_INET6)
NAME = "threadstore"
"""What the socket is called among several (FileDescriptorName=)."""

VARIABLES = ("LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES")


def handed_socket(environment: MutableMapping[str, str]) -> socket | None:
    """The socket that was handed over to this process, listening; None when there is none.

    Of several it is the one named threadstore. UnfitHandedSocket when it is not clear which, or it is none to
    listen on.
    """
    names = _handed(environment)
    if not names:
        return None
    ours = [place for place, name in enumerate(names) if name == NAME or len(names) == 1]
    if len(ours) != 1:
        raise UnfitHandedSocket(f"there are {len(names)}, and {len(ours)} of them named {NAME}")
    return _open(FIRST_DESCRIPTOR + ours[0])


def notify(state: str) -> None:
    """Tell the service manager, if there is one that wants to know; one that has gone needs no answer."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address.startswith(("/", "@")):
        return
    with socket(AF_UNIX, SOCK_DGRAM) as teller:
        teller.settimeout(0)
        try:
            teller.connect("\0" + address[1:] if address.startswith("@") else address)
            teller.send(state.encode())
        except OSError:
            return


def _handed(environment: MutableMapping[str, str]) -> list[str]:
    """The names of the descriptors that were handed over, empty ones too; they are kept from children."""
    process, count, names = (environment.pop(name, "") for name in VARIABLES)
    if process != str(os.getpid()) or not count:
        return []
    if not count.isascii() or not count.isdigit() or not 0 < int(count[:9]) <= HANDED_SOCKETS_MAX:
        raise UnfitHandedSocket(f"LISTEN_FDS={count} is no number from 1 to {HANDED_SOCKETS_MAX}")
    for descriptor in range(FIRST_DESCRIPTOR, FIRST_DESCRIPTOR + int(count)):
        _keep(descriptor)
    named = names.split(":")[: int(count)]
    return named + [""] * (int(count) - len(named))


def _keep(descriptor: int) -> None:
    try:
        fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    except OSError:
        raise UnfitHandedSocket(f"descriptor {descriptor} is not open") from None


def _open(descriptor: int) -> socket:
    if not stat.S_ISSOCK(os.fstat(descriptor).st_mode):
        raise UnfitHandedSocket(f"descriptor {descriptor} is no socket")
    handed = socket(fileno=descriptor)
    reason = _unfit(handed)
    if reason:
        handed.detach()
        raise UnfitHandedSocket(f"descriptor {descriptor} {reason}")
    return handed


def _unfit(handed: socket) -> str:
    """Why a socket cannot be listened on; empty when it can."""
    if handed.type != SOCK_STREAM or handed.family not in FAMILIES:
        return "is no stream socket of a known family"
    return "" if handed.getsockopt(SOL_SOCKET, SO_ACCEPTCONN) else "is not listening (it takes Accept=no)"
