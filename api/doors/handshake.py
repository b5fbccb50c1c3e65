"""The handshake of one connection without I/O: bytes in, a verdict out."""

from dataclasses import dataclass

from api.doors.admission import Admission
from api.doors.head import Fault, HeadBuffer
from api.doors.reply import switching


@dataclass(frozen=True, slots=True)
class Granted:
    """Frames may begin: what is replied, and what came behind the request already."""

    reply: bytes
    rest: bytes


@dataclass(frozen=True, slots=True)
class Denied:
    """The connection ends: what is replied; empty for nothing."""

    reply: bytes


Verdict = Granted | Denied


class Handshake:
    """Waits for a whole request, then asks the rules of the door."""

    def __init__(self, admission: Admission, peer: str) -> None:
        self._admission = admission
        self._peer = peer
        self._buffer = HeadBuffer()

    def feed(self, data: bytes) -> Verdict | None:
        """The verdict once the request is whole; None while more may follow."""
        head = self._buffer.feed(data)
        if head is None:
            return None
        if isinstance(head, Fault):
            return Denied(self._admission.fault(head))
        refusal = self._admission.refusal(head, self._peer)
        if refusal is not None:
            return Denied(refusal)
        return Granted(switching(head.value("sec-websocket-key")), self._buffer.rest())
