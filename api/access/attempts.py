"""Who tried in vain to come in, and how often of late: guessing is slowed down to nothing."""

from collections import OrderedDict, deque
from collections.abc import Callable, Sequence
from ipaddress import IPv6Address, ip_address

from api.access.bearer import UNAUTHORIZED
from api.access.gate import Gate, Refusal
from domain.limits import FAILING_ADDRESSES_MAX, FAILURES_MAX, FAILURES_SECONDS

TOO_MANY = Refusal(429, "too many failed attempts; try again in a minute")

NETWORK_BITS = 64
"""Of an IPv6 address the part that a network has; the rest whoever sits there chooses at will."""

Clock = Callable[[], float]
"""Gives seconds that only go forward."""


class Attempts:
    """The failures of each address in the last minute; bounded, whoever asks."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._failures: OrderedDict[str, deque[float]] = OrderedDict()

    def is_exhausted(self, peer: str) -> bool:
        """Whether this address failed too often to be heard now."""
        failures = self._failures.get(_origin(peer))
        return (
            failures is not None
            and len(failures) == FAILURES_MAX
            and self._clock() - failures[0] < FAILURES_SECONDS
        )

    def fail(self, peer: str) -> None:
        """This address failed once more."""
        origin = _origin(peer)
        self._failures.setdefault(origin, deque(maxlen=FAILURES_MAX)).append(self._clock())
        self._failures.move_to_end(origin)
        if len(self._failures) > FAILING_ADDRESSES_MAX:
            self._failures.popitem(last=False)

    def __len__(self) -> int:
        return len(self._failures)


class PatientGate:
    """A gate that hears nobody who failed too often, whatever he shows now."""

    def __init__(self, gate: Gate, attempts: Attempts) -> None:
        self._gate = gate
        self._attempts = attempts

    @property
    def is_open(self) -> bool:
        """Whether everybody is let in."""
        return self._gate.is_open

    def refusal(self, authorization: Sequence[str], peer: str) -> Refusal | None:
        """Why this handshake is refused; None lets it in."""
        if self._attempts.is_exhausted(peer):
            return TOO_MANY
        refusal = self._gate.refusal(authorization, peer)
        if refusal is not None and refusal.status == UNAUTHORIZED:
            self._attempts.fail(peer)
        return refusal


def _origin(peer: str) -> str:
    """Whom an address stands for: itself, or the network it is in."""
    try:
        address = ip_address(peer)
    except ValueError:
        return peer
    if not isinstance(address, IPv6Address):
        return peer
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(int(address) >> NETWORK_BITS)
