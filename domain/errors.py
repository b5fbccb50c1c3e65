"""Every failure this program tells a client or a person about.

    ThreadstoreError
    ├── InvalidRequest            -32600   the request, or the state it meets, is wrong
    │   ├── InvalidThreadId
    │   ├── InvalidCursor
    │   ├── AnchorGone
    │   ├── ThreadNotLoaded
    │   ├── NotMaterialized
    │   ├── EphemeralThread
    │   ├── TurnNotFound
    │   ├── UnreadableParams
    │   ├── UnknownMethod
    │   ├── MessageTooLong
    │   ├── UnusableClientName
    │   ├── NotInitialized
    │   ├── AlreadyInitialized
    │   ├── NeedsExperimentalApi
    │   ├── NotUtf8                -32700   a message in another encoding
    │   ├── ActiveWriter
    │   └── HeadMissing
    ├── NotServed                 -32601   known, but not served here
    ├── HomeMissing               -32603   there is nothing to serve
    └── InternalError             -32603   a file or the index could not be read
        ├── UnreadableThread
        ├── UnreadableFolder
        ├── IndexFailed
        └── AppendFailed

A class takes the facts and writes its own sentence. Codes and sentences are those of release 0.131.0
where a client of it could meet them.
"""

from collections.abc import Iterable

from domain.limits import MESSAGE_SIZE_MAX


class ThreadstoreError(Exception):
    """The base of all failures; carries the JSON-RPC code and the exit code of the command line.

    `data` is what the answer tells beside the sentence, as JSON; most failures have none.
    """

    code = -32603
    exit_code = 2
    data: object | None = None


class InvalidRequest(ThreadstoreError):
    """The request cannot be served as it stands."""

    code = -32600


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


class ThreadNotLoaded(InvalidRequest):
    """No file, row or live thread has this id."""

    def __init__(self, thread_id: str) -> None:
        super().__init__(f"thread not loaded: {thread_id}")


class NotMaterialized(InvalidRequest):
    """A started thread that has nothing stored yet."""

    def __init__(self, thread_id: str, what: str) -> None:
        super().__init__(
            f"thread {thread_id} is not materialized yet; {what} is unavailable before first user message"
        )


class EphemeralThread(InvalidRequest):
    """A thread that is never stored."""

    def __init__(self, what: str) -> None:
        super().__init__(f"ephemeral threads do not support {what}")


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
    """A method of the protocol that this server does not serve."""

    code = -32601

    def __init__(self, method: str) -> None:
        super().__init__(f"{method} is not served: this server stores threads and runs no model")


class InternalError(ThreadstoreError):
    """Something outside the request failed: a file, a folder, the index."""


class UnreadableThread(InternalError):
    """A rollout file from which no thread can be read."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(
            f"failed to read thread: thread-store internal error: failed to read thread {path}: {reason}"
        )


class IndexFailed(InternalError):
    """The index could not be brought to answer, also after it was begun anew."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"the index could not be read: {reason}")


class HomeMissing(ThreadstoreError):
    """The folder that should be the home is not there."""

    def __init__(self, path: str) -> None:
        super().__init__(f"the home {path!r} does not exist; name another with --home or CODEX_HOME")


class UnreadableFolder(InternalError):
    """A folder of the home that cannot be listed."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"failed to list threads: thread-store internal error: failed to list threads: {reason}"
        )


class StaleIndex(Exception):
    """The index names rows or ranges that are no more."""


class ActiveWriter(InvalidRequest):
    """Somebody else holds the lock of a rollout file, and does not let go."""

    def __init__(self, path: str) -> None:
        super().__init__(f"{path} already has an active writer")


class HeadMissing(InvalidRequest):
    """An append that would begin a rollout file with something else than its session_meta."""

    def __init__(self, path: str) -> None:
        super().__init__(f"{path} is empty: its first line has to be a session_meta")


class AppendFailed(InternalError):
    """Lines that could not be appended; none of them stays in the file unless `is_indeterminate`."""

    def __init__(self, path: str, reason: str, *, is_indeterminate: bool = False) -> None:
        super().__init__(f"failed to append to {path}: {reason}")
        self.is_indeterminate = is_indeterminate


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
