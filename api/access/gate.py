"""The gate of a door: who may come in, told from the headers of the handshake."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Refusal:
    """What somebody is told who may not come in: an HTTP status and a text."""

    status: int
    body: str


class Gate(Protocol):
    """Decides about each handshake by itself; nothing of the credentials is kept or told."""

    @property
    def is_open(self) -> bool:
        """Whether everybody is let in, so that only this machine may be listened to."""

    def refusal(self, authorization: Sequence[str], peer: str) -> Refusal | None:
        """Why this handshake is refused; None lets it in.

        `authorization` holds the values of all headers of that name, in order; `peer` is the address that
        asks, without its port.
        """


class OpenGate:
    """Lets everybody in."""

    @property
    def is_open(self) -> bool:
        """Always."""
        return True

    def refusal(self, authorization: Sequence[str], peer: str) -> Refusal | None:
        """Never."""
        del authorization, peer
        return None
