"""Threads that are not there, or not in the state that a request needs."""

from domain.errors.base import InternalError, InvalidRequest


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


class UnreadableThread(InternalError):
    """A rollout file from which no thread can be read."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(
            f"failed to read thread: thread-store internal error: failed to read thread {path}: {reason}"
        )


class UnknownHistoryMode(InternalError):
    """A log in a dialect that this program does not know."""

    def __init__(self) -> None:
        super().__init__("failed to read thread: its log has an unknown history mode")


class OrdinalsUsedUp(InternalError):
    """A log in which a line has so great an ordinal that none is left for those behind it."""

    def __init__(self, last: int) -> None:
        super().__init__(f"the thread cannot go on: a line of its log has the ordinal {last}")


class ThreadNotFound(InvalidRequest):
    """A command for a thread that is neither stored nor begun."""

    def __init__(self, thread_id: str) -> None:
        super().__init__(f"thread not found: {thread_id}")


class RolloutNotFound(InvalidRequest):
    """A command for a stored thread, where no live one has this id."""

    def __init__(self, thread_id: str) -> None:
        super().__init__(f"no rollout found for thread id {thread_id}")


class ArchivedRolloutNotFound(InvalidRequest):
    """A command for an archived thread, where none has this id."""

    def __init__(self, thread_id: str) -> None:
        super().__init__(f"no archived rollout found for thread id {thread_id}")


class EphemeralGoal(InvalidRequest):
    """A goal for a thread that is never stored."""

    def __init__(self, thread_id: str) -> None:
        super().__init__(f"ephemeral thread does not support goals: {thread_id}")


class ThreadWithoutHead(InternalError):
    """A change of the facts of a thread whose log tells none."""

    def __init__(self, thread_id: str) -> None:
        super().__init__(f"failed to update thread metadata: the rollout of {thread_id} has no session_meta")


class EphemeralMetadata(InvalidRequest):
    """Something to be remembered of a thread that is never stored."""

    def __init__(self, thread_id: str) -> None:
        super().__init__(f"ephemeral thread does not support metadata updates: {thread_id}")


class RollbackFailed(InvalidRequest):
    """A loaded thread without the file that its turns would be taken from."""

    def __init__(self, path: str) -> None:
        super().__init__(
            "failed to load thread history for rollback replay: invalid thread-store request: "
            f"failed to resolve rollout path `{path}`: No such file or directory (os error 2)"
        )


class PathNotResolved(InvalidRequest):
    """A rollout path that leads nowhere, and why."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"failed to resolve rollout path `{path}`: {reason}")


class StalePath(InvalidRequest):
    """A loaded thread that is asked for by another file than its own."""

    def __init__(self, thread_id: str, requested: str, active: str) -> None:
        super().__init__(
            f"cannot resume running thread {thread_id} with stale path: "
            f"requested `{requested}`, active `{active}`"
        )


class AlreadyRunning(InvalidRequest):
    """A loaded thread that should go on from another history."""

    def __init__(self, thread_id: str) -> None:
        super().__init__(f"cannot resume thread {thread_id} with history while it is already running")


class UnreadableUnarchived(InternalError):
    """A thread that was restored and has nothing to show."""

    def __init__(self, path: str) -> None:
        super().__init__(
            "failed to unarchive thread: thread-store internal error: "
            f"failed to read unarchived thread {path}"
        )


class StoredAlready(InvalidRequest):
    """A thread that cannot be discarded, because there is a file of it."""

    def __init__(self, thread_id: str) -> None:
        super().__init__(f"thread {thread_id} is stored and cannot be discarded; use thread/archive")
