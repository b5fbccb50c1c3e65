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
    │   ├── UnfitDynamicTool
    │   ├── ConfigurationRefused
    │   ├── UnfitOverride
    │   ├── NotCombined
    │   ├── UnknownEnvironment
    │   ├── EnvironmentTwice
    │   ├── MustNotBeEmpty
    │   ├── NoActiveTurn
    │   ├── NoElicitation
    │   ├── InputTooLarge          -32602   more text than a turn takes
    │   ├── NotUtf8                -32700   a message in another encoding
    │   ├── ActiveWriter
    │   ├── ThreadNotFound
    │   ├── RolloutNotFound
    │   ├── ArchivedRolloutNotFound
    │   ├── RolloutElsewhere
    │   ├── UndatedRollout
    │   ├── IrregularRollout
    │   ├── NameTaken
    │   ├── GoalsDisabled
    │   ├── EphemeralGoal
    │   ├── LongObjective
    │   ├── UnfitBudget
    │   ├── NoGoal
    │   ├── TooFewTurns
    │   ├── UnfitItem
    │   ├── UnfitRolloutItem
    │   ├── VersionConflict
    │   ├── InvalidPosition
    │   ├── PositionGone
    │   ├── StoredAlready
    │   ├── TooManySubscriptions
    │   ├── EmptyGitInfo
    │   ├── EphemeralMetadata
    │   ├── UnfitResponseItem
    │   ├── RollbackFailed
    │   ├── PathNotResolved
    │   ├── StalePath
    │   ├── AlreadyRunning
    │   ├── NoModel
    │   └── HeadMissing
    ├── NotServed                 -32601   known, but not served here
    ├── NotOfThreadStore          -32601   part of what harnesses ask of a store, but not under this name
    ├── HomeMissing               -32603   there is nothing to serve
    └── InternalError             -32603   a file or the index could not be read
        ├── UnreadableThread
        ├── UnreadableFolder
        ├── IndexFailed
        ├── MoveFailed
        ├── UnreadableUnarchived
        ├── ForkFailed
        ├── ThreadWithoutHead
        ├── ThreadContended
        ├── ShuttingDown
        └── AppendFailed

A class takes the facts and writes its own sentence. Codes and sentences are those of release 0.131.0
where a client of it could meet them.
"""

from collections.abc import Iterable

from domain.limits import INPUT_CHARACTERS_MAX, MESSAGE_SIZE_MAX, OBJECTIVE_LENGTH_MAX


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


class WatchRefused(Exception):
    """Folders that the kernel cannot tell changes of, and why; they are looked at instead."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path} cannot be watched: {reason}")


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
        self.path, self.reason = path, reason
        self.is_indeterminate = is_indeterminate
        if is_indeterminate:
            self.data = {"indeterminate": True}

    def as_indeterminate(self) -> "AppendFailed":
        """The same failure where some of the lines may be there."""
        return AppendFailed(self.path, self.reason, is_indeterminate=True)


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


class RolloutElsewhere(InvalidRequest):
    """A file to be moved that does not lie below the folder it would be moved from, links resolved."""

    def __init__(self, path: str, folder: str) -> None:
        super().__init__(f"rollout path `{path}` must be in {folder} directory")


class UndatedRollout(InvalidRequest):
    """A file to be moved whose name is not that of a rollout file."""

    def __init__(self, path: str) -> None:
        super().__init__(f"rollout path `{path}` missing filename timestamp")


class IrregularRollout(InvalidRequest):
    """A link, folder, pipe or device where a file is to be moved."""

    def __init__(self, path: str) -> None:
        super().__init__(f"rollout path `{path}` is not a regular file")


class NameTaken(InvalidRequest):
    """A move onto a name that something has already; nothing is ever overwritten."""

    def __init__(self, path: str, target: str) -> None:
        super().__init__(f"rollout path `{path}` cannot be moved: `{target}` exists already")


class MoveFailed(InternalError):
    """A file that could not be moved; it is where and as it was unless `is_indeterminate`."""

    def __init__(self, verb: str, reason: str, *, is_indeterminate: bool = False) -> None:
        super().__init__(
            f"failed to {verb} thread: thread-store internal error: failed to {verb} thread: {reason}"
        )
        self.is_indeterminate = is_indeterminate
        if is_indeterminate:
            self.data = {"indeterminate": True}


class ForkFailed(InternalError):
    """A copy of a thread's log that could not be made; nothing of it is there unless `is_indeterminate`."""

    def __init__(self, path: str, reason: str, *, is_indeterminate: bool = False) -> None:
        super().__init__(
            f"failed to fork thread: thread-store internal error: failed to write {path}: {reason}"
        )
        self.is_indeterminate = is_indeterminate
        if is_indeterminate:
            self.data = {"indeterminate": True}


class GoalsDisabled(InvalidRequest):
    """A goal method where the configuration does not switch goals on."""

    def __init__(self) -> None:
        super().__init__("goals feature is disabled")


class EphemeralGoal(InvalidRequest):
    """A goal for a thread that is never stored."""

    def __init__(self, thread_id: str) -> None:
        super().__init__(f"ephemeral thread does not support goals: {thread_id}")


class LongObjective(InvalidRequest):
    """An objective over the limit."""

    def __init__(self) -> None:
        super().__init__(f"goal objective must be at most {OBJECTIVE_LENGTH_MAX} characters")


class UnfitBudget(InvalidRequest):
    """A token budget below 1."""

    def __init__(self) -> None:
        super().__init__("goal budgets must be positive when provided")


class NoGoal(InvalidRequest):
    """A change of a goal that there is not."""

    def __init__(self, thread_id: str) -> None:
        super().__init__(f"cannot update goal for thread {thread_id}: no goal exists")


class TooFewTurns(InvalidRequest):
    """A rollback of no turn at all."""

    def __init__(self) -> None:
        super().__init__("numTurns must be >= 1")


class UnfitItem(InvalidRequest):
    """An item that cannot stand in a log as one line, and why."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"the item cannot be stored: {reason}")


class ThreadWithoutHead(InternalError):
    """A change of the facts of a thread whose log tells none."""

    def __init__(self, thread_id: str) -> None:
        super().__init__(f"failed to update thread metadata: the rollout of {thread_id} has no session_meta")


class ThreadContended(InternalError):
    """A save for which other writers of the thread left no room; nothing was written."""

    def __init__(self, thread_id: str, tries: int) -> None:
        super().__init__(f"thread {thread_id}: others wrote first, {tries} times in a row; try again")


class ShuttingDown(InternalError):
    """A command that came after the end was begun; nothing was written."""

    def __init__(self) -> None:
        super().__init__("the server is shutting down")


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


class UnfitDynamicTool(InvalidRequest):
    """A dynamic tool that the model's API would not take, and why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)


class ConfigurationRefused(InvalidRequest):
    """Settings, of the home or of a request, with which no thread can be run; `reason` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"failed to load configuration: {reason}")
        self.reason = reason


class UnfitOverride(InvalidRequest):
    """A setting on the command line that is not `key=value`."""

    def __init__(self, text: str, reason: str) -> None:
        super().__init__(f"{reason}: {text}")


class NotCombined(InvalidRequest):
    """Two fields of a request that exclude each other."""

    def __init__(self, field: str, other: str) -> None:
        super().__init__(f"`{field}` cannot be combined with `{other}`")


class UnknownEnvironment(InvalidRequest):
    """An execution environment that this server does not have."""

    def __init__(self, environment_id: str) -> None:
        super().__init__(f"unknown turn environment id `{environment_id}`")


class EnvironmentTwice(InvalidRequest):
    """An execution environment that is named twice."""

    def __init__(self, environment_id: str) -> None:
        super().__init__(f"duplicate turn environment id `{environment_id}`")


class MustNotBeEmpty(InvalidRequest):
    """A field that has to hold something."""

    def __init__(self, field: str) -> None:
        super().__init__(f"{field} must not be empty")


class NoActiveTurn(InvalidRequest):
    """Steering or interrupting (`deed`) where nothing runs."""

    def __init__(self, deed: str) -> None:
        super().__init__(f"no active turn to {deed}")


class NoElicitation(InvalidRequest):
    """One elicitation less where there is none."""

    def __init__(self) -> None:
        super().__init__("out-of-band elicitation count is already zero")


class InputTooLarge(InvalidRequest):
    """The texts of a turn's input, over the limit together."""

    code = -32602

    def __init__(self, characters: int) -> None:
        super().__init__(f"Input exceeds the maximum length of {INPUT_CHARACTERS_MAX} characters.")
        self.data = {
            "input_error_code": "input_too_large",
            "max_chars": INPUT_CHARACTERS_MAX,
            "actual_chars": characters,
        }


class EmptyGitInfo(InvalidRequest):
    """A change of git facts that names none."""

    def __init__(self) -> None:
        super().__init__("gitInfo must include at least one field")


class EphemeralMetadata(InvalidRequest):
    """Something to be remembered of a thread that is never stored."""

    def __init__(self, thread_id: str) -> None:
        super().__init__(f"ephemeral thread does not support metadata updates: {thread_id}")


class UnfitResponseItem(InvalidRequest):
    """An item that is no response item, and why."""

    def __init__(self, place: int, reason: str) -> None:
        super().__init__(f"items[{place}] is not a valid response item: {reason}")


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


class NoModel(InvalidRequest):
    """Something that only a model, or a program that acts for one, could do."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} is not possible: this server stores threads and runs no model")


class UnfitRolloutItem(InvalidRequest):
    """An item of a list that cannot stand in a rollout, by its place from 0, and why."""

    def __init__(self, place: int, reason: str) -> None:
        super().__init__(f"items[{place}] is not a valid rollout item: {reason}")


class VersionConflict(InvalidRequest):
    """A change made for another version of a thread than it has; nothing was written."""

    def __init__(self, thread_id: str, expected: int, actual: int) -> None:
        super().__init__(f"thread {thread_id} has version {actual}, not {expected}")
        self.data = {"reason": "version_conflict", "expected": expected, "actual": actual}


class InvalidPosition(InvalidRequest):
    """A text that is no position of a change journal."""

    def __init__(self, text: str) -> None:
        super().__init__(f"invalid position: {text}")


class PositionGone(InvalidRequest):
    """A position of another index, or one that is no longer kept: whoever has it lists anew."""

    def __init__(self, text: str) -> None:
        super().__init__(f"position {text} is gone: list the threads and subscribe without a position")
        self.data = {"reason": "position_gone"}


class StoredAlready(InvalidRequest):
    """A thread that cannot be discarded, because there is a file of it."""

    def __init__(self, thread_id: str) -> None:
        super().__init__(f"thread {thread_id} is stored and cannot be discarded; use thread/archive")


class TooManySubscriptions(InvalidRequest):
    """One subscription more than a connection may have."""

    def __init__(self, most: int) -> None:
        super().__init__(f"a connection may have at most {most} subscriptions to changes")


class NotOfThreadStore(ThreadstoreError):
    """A name under `threadStore/` that is no method; says what there is instead."""

    code = -32601

    def __init__(self, method: str, instead: str) -> None:
        super().__init__(f"{method} is not a method of this store: {instead}")
