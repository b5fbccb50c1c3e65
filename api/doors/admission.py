"""Who is let in: the rules of release 0.131.0 for each kind of listener, and the Host rule of ours."""

import os
import re
import struct
from collections.abc import Callable
from ipaddress import ip_address
from socket import AF_UNIX, SO_PEERCRED, SOL_SOCKET
from typing import Protocol

from api.access.gate import Gate
from api.doors.head import Fault, Head
from api.doors.reply import Reply
from api.wire.trust import Trust

HEALTH_PATHS = frozenset({"/readyz", "/healthz"})
FULL = Reply(503, "too many connections")
SILENCE = b""
"""Nothing is said to one who is not let in."""

CREDENTIALS = struct.Struct("3i")
"""Process, user and group, as the kernel tells them of a peer."""


class Peer(Protocol):
    """A connected socket, as far as it is asked about its other end."""

    @property
    def family(self) -> int:
        """The family of its addresses."""

    def getsockopt(self, level: int, option: int, size: int, /) -> bytes:
        """The value of an option."""


class Admission(Protocol):
    """The rules of one listener."""

    trust: Trust

    def knows(self, peer: Peer) -> bool:
        """Whether somebody who just connected may go on at all."""

    def fault(self, fault: Fault) -> bytes:
        """What is said to one whose request is none."""

    def refusal(self, head: Head, peer: str) -> bytes | None:
        """What is said to one who is not let in; None for one who is. `peer` is an address without port."""


class TcpAdmission:
    """A port: pages of a browser are kept out, then the shape is looked at, then the gate is asked."""

    trust = Trust.REMOTE

    def __init__(self, gate: Gate, *, is_loopback: bool) -> None:
        self._gate = gate
        self._is_loopback = is_loopback

    def knows(self, peer: Peer) -> bool:
        """Nothing is known of anybody yet."""
        del peer
        return True

    def fault(self, fault: Fault) -> bytes:
        """As the release answers what is no HTTP, and a head that does not end."""
        return Reply(431 if fault is Fault.TOO_LONG else 400).serialise()

    def refusal(self, head: Head, peer: str) -> bytes | None:
        """The rules in their order: Origin, Host, health, shape, gate."""
        reply = self._of_a_page(head) or _health(head) or misshape(head) or self._at_the_gate(head, peer)
        return None if reply is None else reply.serialise(head.method)

    def _of_a_page(self, head: Head) -> Reply | None:
        """Pages send where they come from; one that rebinds a name to this machine sends that name."""
        is_rebound = self._is_loopback and not all(map(is_local_name, head.values("host")))
        return Reply(403) if is_rebound or head.values("origin") else None

    def _at_the_gate(self, head: Head, peer: str) -> Reply | None:
        refusal = self._gate.refusal(head.values("authorization"), peer)
        return None if refusal is None else Reply(refusal.status, refusal.body)


class UnixAdmission:
    """A socket file: whoever may open it is let in if it is the same user; others get no answer."""

    trust = Trust.USER

    def knows(self, peer: Peer) -> bool:
        """Whether it is a process of our own user."""
        if peer.family != AF_UNIX:
            return False
        credentials = peer.getsockopt(SOL_SOCKET, SO_PEERCRED, CREDENTIALS.size)
        user: int = CREDENTIALS.unpack(credentials)[1]
        return user == os.geteuid()

    def fault(self, fault: Fault) -> bytes:
        """Nothing, as the release does here."""
        del fault
        return SILENCE

    def refusal(self, head: Head, peer: str) -> bytes | None:
        """Nothing but the shape counts here."""
        del peer
        return None if misshape(head) is None else SILENCE


def is_local_name(host: str) -> bool:
    """Whether a Host header names an address, or this machine: nobody else can make such a name lead here."""
    without_port = re.sub(":[0-9]*$", "", host)
    return any(name.lower() == "localhost" or _is_address(name) for name in (host, without_port))


def _is_address(text: str) -> bool:
    try:
        ip_address(text[1:-1] if text.startswith("[") and text.endswith("]") else text)
    except ValueError:
        return False
    return True


def _health(head: Head) -> Reply | None:
    if head.path not in HEALTH_PATHS:
        return None
    return Reply(200) if head.method in {"GET", "HEAD"} else Reply(405, allow="GET,HEAD")


SHAPE: tuple[tuple[Callable[[Head], bool], Reply], ...] = (
    (lambda head: head.method == "GET", Reply(405, "Request method must be `GET`")),
    (
        lambda head: any("upgrade" in value.lower() for value in head.values("connection")),
        Reply(400, "Connection header did not include 'upgrade'"),
    ),
    (
        lambda head: head.value("upgrade").lower() == "websocket",
        Reply(400, "`Upgrade` header did not include 'websocket'"),
    ),
    (
        lambda head: head.value("sec-websocket-version") == "13",
        Reply(400, "`Sec-WebSocket-Version` header did not include '13'"),
    ),
    (lambda head: bool(head.values("sec-websocket-key")), Reply(400, "`Sec-WebSocket-Key` header missing")),
)
"""What makes a request an upgrade, and what is said when it is none; in the order of the release."""


def misshape(head: Head) -> Reply | None:
    """What is wrong with a request as an upgrade."""
    return next((reply for is_met, reply in SHAPE if not is_met(head)), None)
