"""What failures say, and their codes (jsonrpc.md, thread-history.md, 7, thread-list.md, 1 and 9)."""

import inspect
import re

import pytest

from domain import errors
from domain.errors import (
    ActiveWriter,
    AlreadyInitialized,
    AlreadyRunning,
    AnchorGone,
    AppendFailed,
    ArchivedRolloutNotFound,
    ConfigurationRefused,
    ConfigurationUnfit,
    ConfigurationUnread,
    CursorBeyond,
    EmptyGitInfo,
    EnvironmentTwice,
    EphemeralGoal,
    EphemeralMetadata,
    EphemeralThread,
    ForkFailed,
    GoalsDisabled,
    HeadMissing,
    HomeMissing,
    IndexFailed,
    InputTooLarge,
    InternalError,
    InvalidCursor,
    InvalidPosition,
    InvalidRequest,
    InvalidThreadId,
    IrregularRollout,
    ListenFailed,
    LongObjective,
    MessageTooLong,
    MoveFailed,
    MustNotBeEmpty,
    NameTaken,
    NeedsChatgptAccount,
    NeedsExperimentalApi,
    NoActiveTurn,
    NoElicitation,
    NoGoal,
    NoModel,
    NoRollback,
    NotCombined,
    NotificationsLost,
    NotInitialized,
    NotMaterialized,
    NotOfThreadStore,
    NotPacked,
    NotServed,
    NotUtf8,
    OrdinalsUsedUp,
    PackingFailed,
    PathNotResolved,
    PositionGone,
    RepairRunning,
    RequestRefused,
    RollbackFailed,
    RolloutElsewhere,
    RolloutNotFound,
    ServerGone,
    ServerUnreachable,
    ShuttingDown,
    SocketFolderOpen,
    SocketFolderUnfit,
    SocketInUse,
    SocketPathTaken,
    SocketPathTooLong,
    StaleIndex,
    StalePath,
    StartRefused,
    StoredAlready,
    ThreadContended,
    ThreadNotFound,
    ThreadNotLoaded,
    ThreadstoreError,
    ThreadWithoutHead,
    TooFewTurns,
    TooManySubscriptions,
    TurnNotFound,
    UndatedRollout,
    UnfitAccessOptions,
    UnfitBudget,
    UnfitDynamicTool,
    UnfitHandedSocket,
    UnfitItem,
    UnfitOverride,
    UnfitResponseItem,
    UnfitRolloutItem,
    UnfitServerAddress,
    UnknownEnvironment,
    UnknownHistoryMode,
    UnknownMethod,
    UnknownRun,
    UnreadableFolder,
    UnreadableParams,
    UnreadableThread,
    UnreadableUnarchived,
    UnusableClientName,
    VersionConflict,
    WrongUsage,
)
from tests.domain.start_errors import OF_THE_START

REPLAY = "failed to load thread history for rollback replay: invalid thread-store request: "
STORE = "thread-store internal error: "

OF_THE_REFERENCE: list[tuple[ThreadstoreError, int, str]] = [
    *OF_THE_START,
    (UnfitDynamicTool("why"), -32600, "why"),
    (ConfigurationRefused("why"), -32600, "failed to load configuration: why"),
    (NotCombined("a", "b"), -32600, "`a` cannot be combined with `b`"),
    (UnknownEnvironment("x"), -32600, "unknown turn environment id `x`"),
    (EnvironmentTwice("x"), -32600, "duplicate turn environment id `x`"),
    (MustNotBeEmpty("command"), -32600, "command must not be empty"),
    (NoActiveTurn("steer"), -32600, "no active turn to steer"),
    (NoElicitation(), -32600, "out-of-band elicitation count is already zero"),
    (InvalidThreadId("invalid length"), -32600, "invalid thread id: invalid length"),
    (InvalidCursor("{x"), -32600, "invalid cursor: {x"),
    (InvalidCursor(""), -32600, "invalid cursor: "),
    (AnchorGone("turn"), -32600, "invalid cursor: anchor turn is no longer present"),
    (ThreadNotLoaded("t"), -32600, "thread not loaded: t"),
    (
        NotMaterialized("t", "thread/turns/list"),
        -32600,
        "thread t is not materialized yet; thread/turns/list is unavailable before first user message",
    ),
    (
        NotMaterialized("t", "includeTurns"),
        -32600,
        "thread t is not materialized yet; includeTurns is unavailable before first user message",
    ),
    (ThreadNotFound("t"), -32600, "thread not found: t"),
    (TooFewTurns(), -32600, "numTurns must be >= 1"),
    (NoRollback("t"), -32600, "thread t has a paginated history, which cannot be rolled back"),
    (OrdinalsUsedUp(7), -32603, "the thread cannot go on: a line of its log has the ordinal 7"),
    (UnknownHistoryMode(), -32603, "failed to read thread: its log has an unknown history mode"),
    (RolloutNotFound("t"), -32600, "no rollout found for thread id t"),
    (ArchivedRolloutNotFound("t"), -32600, "no archived rollout found for thread id t"),
    (RolloutElsewhere("/p", "sessions"), -32600, "rollout path `/p` must be in sessions directory"),
    (UndatedRollout("/p"), -32600, "rollout path `/p` missing filename timestamp"),
    (
        MoveFailed("archive", "Is a directory (os error 21)"),
        -32603,
        f"failed to archive thread: {STORE}failed to archive thread: Is a directory (os error 21)",
    ),
    (
        ForkFailed("/p", "No space left on device (os error 28)"),
        -32603,
        f"failed to fork thread: {STORE}failed to write /p: No space left on device (os error 28)",
    ),
    (GoalsDisabled(), -32600, "goals feature is disabled"),
    (EphemeralGoal("t"), -32600, "ephemeral thread does not support goals: t"),
    (LongObjective(), -32600, "goal objective must be at most 4000 characters"),
    (UnfitBudget(), -32600, "goal budgets must be positive when provided"),
    (CursorBeyond(9, 5, "models"), -32600, "cursor 9 exceeds total models 5"),
    (
        NeedsChatgptAccount("read rate limits"),
        -32600,
        "chatgpt authentication required to read rate limits",
    ),
    (
        ConfigurationUnread("/p:1:9: unclosed array"),
        -32603,
        "failed to read configuration layers: /p:1:9: unclosed array",
    ),
    (ConfigurationUnfit("why"), -32603, "invalid configuration: why"),
    (NoGoal("t"), -32600, "cannot update goal for thread t: no goal exists"),
    (EphemeralThread("includeTurns"), -32600, "ephemeral threads do not support includeTurns"),
    (UnreadableParams("missing field `params`"), -32600, "Invalid request: missing field `params`"),
    (
        UnknownMethod("x", ["initialize", "thread/start"]),
        -32600,
        "Invalid request: unknown variant `x`, expected one of `initialize`, `thread/start`",
    ),
    (
        UnusableClientName("a\nb"),
        -32600,
        "Invalid clientInfo.name: 'a\nb'. Must be a valid HTTP header value.",
    ),
    (NotInitialized(), -32600, "Not initialized"),
    (AlreadyInitialized(), -32600, "Already initialized"),
    (
        NeedsExperimentalApi("thread/turns/list"),
        -32600,
        "thread/turns/list requires experimentalApi capability",
    ),
    (
        UnreadableThread("/p", "rollout at /p is empty"),
        -32603,
        f"failed to read thread: {STORE}failed to read thread /p: rollout at /p is empty",
    ),
    (
        UnreadableFolder("Not a directory (os error 20)"),
        -32603,
        f"failed to list threads: {STORE}failed to list threads: Not a directory (os error 20)",
    ),
    (RequestRefused(-32600, "why"), -32600, "why"),
    (ListenFailed("Address in use (os error 98)"), -32603, "Address in use (os error 98)"),
    (SocketPathTooLong(), -32603, "path must be shorter than SUN_LEN"),
    (SocketFolderUnfit("/d"), -32603, "socket directory path exists and is not a directory: /d"),
    (SocketInUse("/p"), -32603, "app-server control socket is already in use at /p"),
    (SocketPathTaken("/p"), -32603, "app-server control socket path exists and is not a socket: /p"),
    (EmptyGitInfo(), -32600, "gitInfo must include at least one field"),
    (EphemeralMetadata("t"), -32600, "ephemeral thread does not support metadata updates: t"),
    (UnfitResponseItem(1, "why"), -32600, "items[1] is not a valid response item: why"),
    (
        RollbackFailed("/p"),
        -32600,
        f"{REPLAY}failed to resolve rollout path `/p`: No such file or directory (os error 2)",
    ),
    (PathNotResolved("/p", "why"), -32600, "failed to resolve rollout path `/p`: why"),
    (
        StalePath("t", "/a", "/b"),
        -32600,
        "cannot resume running thread t with stale path: requested `/a`, active `/b`",
    ),
    (AlreadyRunning("t"), -32600, "cannot resume thread t with history while it is already running"),
    (
        UnreadableUnarchived("/p"),
        -32603,
        "failed to unarchive thread: thread-store internal error: failed to read unarchived thread /p",
    ),
]

OF_OURS: list[tuple[ThreadstoreError, int, str]] = [
    (SocketFolderOpen("/d"), -32603, "/d"),
    (UnfitHandedSocket("why"), -32603, "why"),
    (UnfitRolloutItem(2, "why"), -32600, "items[2]"),
    (VersionConflict("t", 1, 2), -32600, "version 2"),
    (InvalidPosition("x"), -32600, "x"),
    (PositionGone("x"), -32600, "position x"),
    (StoredAlready("t"), -32600, "thread t"),
    (TooManySubscriptions(64), -32600, "64"),
    (NotOfThreadStore("threadStore/read", "use thread/read"), -32601, "use thread/read"),
    (TurnNotFound("t"), -32600, "t"),
    (RepairRunning("/h"), -32603, "/h"),
    (UnknownRun("r"), -32603, "'r'"),
    (MessageTooLong(), -32600, str(16 * 1024 * 1024)),
    (NotUtf8(), -32700, "UTF-8"),
    (ServerGone("the answer to thread/list", "killed"), -32603, "thread/list came: killed"),
    (ServerUnreachable("unix:///p", "refused"), -32603, "unix:///p: refused"),
    (UnfitServerAddress("http://x"), -32603, "http://x"),
    (NotificationsLost(7), -32603, "7"),
    (ActiveWriter("/p"), -32600, "/p"),
    (HeadMissing("/p"), -32600, "/p"),
    (IrregularRollout("/p"), -32600, "/p"),
    (NameTaken("/p", "/q"), -32600, "/q"),
    (NotPacked("/p", "it is empty"), -32600, "it is empty"),
    (PackingFailed("/p", "No space left"), -32603, "No space left"),
    (InputTooLarge(1_048_577), -32602, "1048576"),
    (UnfitOverride("model", "no equals sign"), -32600, "model"),
    (NotServed("turn/start"), -32601, "turn/start"),
    (NotServed("fs/watch", "reads no files"), -32601, "reads no files"),
    (HomeMissing("/p"), -32603, "/p"),
    (IndexFailed("disk full"), -32603, "disk full"),
    (AppendFailed("/p", "disk full"), -32603, "/p: disk full"),
    (UnfitItem("no UTF-8"), -32600, "no UTF-8"),
    (ThreadWithoutHead("t"), -32603, "t"),
    (ThreadContended("t", 100), -32603, "100"),
    (ShuttingDown(), -32603, "shutting down"),
    (NoModel("a review"), -32600, "a review"),
]


@pytest.mark.parametrize(("failure", "code", "message"), OF_THE_REFERENCE, ids=lambda told: None)
def test_a_failure_that_the_reference_knows_has_its_code_and_sentence(
    failure: ThreadstoreError, code: int, message: str
) -> None:
    assert (failure.code, str(failure), failure.data) == (code, message, None)


@pytest.mark.parametrize(("failure", "code", "fact"), OF_OURS, ids=lambda told: None)
def test_a_failure_of_our_own_has_a_code_and_tells_its_facts(
    failure: ThreadstoreError, code: int, fact: str
) -> None:
    assert failure.code == code
    assert fact in str(failure)
    assert len(str(failure)) > len(fact) + len("a word")
    assert failure.exit_code == (1 if isinstance(failure, StartRefused) else 2)


def test_every_failure_stands_in_these_tables() -> None:
    shown = {type(failure) for failure, _, _ in (*OF_THE_REFERENCE, *OF_OURS)}
    known = {
        each for _, each in inspect.getmembers(errors, inspect.isclass) if issubclass(each, ThreadstoreError)
    }
    bases = {ThreadstoreError, InvalidRequest, InternalError, StartRefused, UnfitAccessOptions, WrongUsage}
    assert known - shown == bases


def test_only_an_append_knows_whether_its_lines_may_be_there() -> None:
    assert AppendFailed("/p", "r", is_indeterminate=True).is_indeterminate
    assert not AppendFailed("/p", "r").is_indeterminate


def test_a_client_is_told_when_lines_may_be_there() -> None:
    assert AppendFailed("/p", "r").data is None
    assert AppendFailed("/p", "r", is_indeterminate=True).data == {"indeterminate": True}
    failure = AppendFailed("/p", "r").as_indeterminate()
    assert (str(failure), failure.data) == (str(AppendFailed("/p", "r")), {"indeterminate": True})


def test_a_stale_index_is_told_to_nobody() -> None:
    assert not issubclass(StaleIndex, ThreadstoreError)


def test_the_tree_at_the_top_of_the_file_is_the_tree_of_the_classes() -> None:
    drawn: list[tuple[int, str, str]] = []
    for row in inspect.cleandoc(errors.__doc__ or "").splitlines():
        match = re.fullmatch(r" {4}((?:[│ ] {3})*(?:[├└]── )?)(\w+)(?: +(-\d+)\b.*)?", row)
        if match:
            drawn.append((len(match[1]) // 4, match[2], match[3] or ""))
    path: list[str] = []
    for depth, name, code in drawn:
        path[depth:] = [name]
        failure = getattr(errors, name)
        assert issubclass(failure, ThreadstoreError)
        assert [base.__name__ for base in failure.__mro__][: depth + 1] == path[::-1]
        assert failure.code == int(code or failure.__base__.code if depth else -32603)
    known = {
        each for _, each in inspect.getmembers(errors, inspect.isclass) if issubclass(each, ThreadstoreError)
    }
    assert {getattr(errors, name) for _, name, _ in drawn} == known
