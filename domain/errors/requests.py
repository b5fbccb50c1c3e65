"""Messages and parameters that cannot be served as they stand."""

from collections.abc import Iterable

from domain.errors.base import InvalidRequest, ThreadstoreError
from domain.limits import MESSAGE_SIZE_MAX


class InvalidThreadId(InvalidRequest):
    """A text that is no thread id, and why."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"invalid thread id: {reason}")


class InvalidCursor(InvalidRequest):
    """A cursor that does not read."""

    def __init__(self, text: str) -> None:
        super().__init__(f"invalid cursor: {text}")


class AnchorGone(InvalidRequest):
    """A cursor whose turn or item is no longer part of the thread."""

    def __init__(self, what: str) -> None:
        super().__init__(f"invalid cursor: anchor {what} is no longer present")


class TurnNotFound(InvalidRequest):
    """The thread has no turn of this id."""

    def __init__(self, turn_id: str) -> None:
        super().__init__(f"turn not found: {turn_id}")


class MessageTooLong(InvalidRequest):
    """A message over the size limit."""

    def __init__(self) -> None:
        super().__init__(f"Invalid request: a message may have at most {MESSAGE_SIZE_MAX} bytes")


class UnusableClientName(InvalidRequest):
    """A client name that could not stand in an HTTP header."""

    def __init__(self, name: str) -> None:
        super().__init__(f"Invalid clientInfo.name: '{name}'. Must be a valid HTTP header value.")


class NotServed(ThreadstoreError):
    """A method of the protocol that this server does not serve; `because` is what the server does not do.

    -32601, although release 0.131.0 answers -32600 to methods that it does not know: by this code clients
    tell that asking again, or otherwise, is of no use.
    """

    code = -32601

    def __init__(self, method: str, because: str = "runs no model") -> None:
        super().__init__(f"{method} is not served: this server stores threads and {because}")


class UnreadableParams(InvalidRequest):
    """Parameters that do not read as those of their method, and why."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"Invalid request: {reason}")


class UnknownMethod(InvalidRequest):
    """A request for a method that the protocol does not have; tells those that it has."""

    def __init__(self, method: str, known: Iterable[str]) -> None:
        names = ", ".join(f"`{name}`" for name in known)
        super().__init__(f"Invalid request: unknown variant `{method}`, expected one of {names}")


class NotInitialized(InvalidRequest):
    """A request before `initialize` succeeded."""

    def __init__(self) -> None:
        super().__init__("Not initialized")


class AlreadyInitialized(InvalidRequest):
    """A second `initialize` on one connection."""

    def __init__(self) -> None:
        super().__init__("Already initialized")


class NeedsExperimentalApi(InvalidRequest):
    """A method or field for clients that asked for the experimental API, from one that did not."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} requires experimentalApi capability")


class NotUtf8(InvalidRequest):
    """A message with an id whose bytes are not UTF-8."""

    code = -32700

    def __init__(self) -> None:
        super().__init__("the message is not UTF-8")


class NotCombined(InvalidRequest):
    """Two fields of a request that exclude each other."""

    def __init__(self, field: str, other: str) -> None:
        super().__init__(f"`{field}` cannot be combined with `{other}`")


class MustNotBeEmpty(InvalidRequest):
    """A field that has to hold something."""

    def __init__(self, field: str) -> None:
        super().__init__(f"{field} must not be empty")


class InvalidPosition(InvalidRequest):
    """A text that is no position of a change journal."""

    def __init__(self, text: str) -> None:
        super().__init__(f"invalid position: {text}")


class PositionGone(InvalidRequest):
    """A position of another index, or one that is no longer kept: whoever has it lists anew."""

    def __init__(self, text: str) -> None:
        super().__init__(f"position {text} is gone: list the threads and subscribe without a position")
        self.data = {"reason": "position_gone"}


class TooManySubscriptions(InvalidRequest):
    """One subscription more than a connection may have."""

    def __init__(self, most: int) -> None:
        super().__init__(f"a connection may have at most {most} subscriptions to changes")


class NotOfThreadStore(ThreadstoreError):
    """A name under `threadStore/` that is no method; says what there is instead."""

    code = -32601

    def __init__(self, method: str, instead: str) -> None:
        super().__init__(f"{method} is not a method of this store: {instead}")
