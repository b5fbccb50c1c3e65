"""What failures say, and their codes (jsonrpc.md, thread-history.md, 7, thread-list.md, 1 and 9)."""

import inspect
import re

import pytest

from domain import errors
from domain.errors import (
    ActiveWriter,
    AlreadyInitialized,
    AnchorGone,
    AppendFailed,
    EphemeralThread,
    HeadMissing,
    HomeMissing,
    IndexFailed,
    InternalError,
    InvalidCursor,
    InvalidRequest,
    InvalidThreadId,
    MessageTooLong,
    NeedsExperimentalApi,
    NotInitialized,
    NotMaterialized,
    NotServed,
    NotUtf8,
    StaleIndex,
    ThreadNotLoaded,
    ThreadstoreError,
    TurnNotFound,
    UnknownMethod,
    UnreadableFolder,
    UnreadableParams,
    UnreadableThread,
    UnusableClientName,
)

STORE = "thread-store internal error: "

OF_THE_REFERENCE: list[tuple[ThreadstoreError, int, str]] = [
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
]

OF_OURS: list[tuple[ThreadstoreError, int, str]] = [
    (TurnNotFound("t"), -32600, "t"),
    (MessageTooLong(), -32600, str(16 * 1024 * 1024)),
    (NotUtf8(), -32700, "UTF-8"),
    (ActiveWriter("/p"), -32600, "/p"),
    (HeadMissing("/p"), -32600, "/p"),
    (NotServed("turn/start"), -32601, "turn/start"),
    (HomeMissing("/p"), -32603, "/p"),
    (IndexFailed("disk full"), -32603, "disk full"),
    (AppendFailed("/p", "disk full"), -32603, "/p: disk full"),
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
    assert failure.exit_code == 2


def test_every_failure_stands_in_these_tables() -> None:
    shown = {type(failure) for failure, _, _ in (*OF_THE_REFERENCE, *OF_OURS)}
    known = {
        each for _, each in inspect.getmembers(errors, inspect.isclass) if issubclass(each, ThreadstoreError)
    }
    assert known - shown == {ThreadstoreError, InvalidRequest, InternalError}


def test_only_an_append_knows_whether_its_lines_may_be_there() -> None:
    assert AppendFailed("/p", "r", is_indeterminate=True).is_indeterminate
    assert not AppendFailed("/p", "r").is_indeterminate


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
