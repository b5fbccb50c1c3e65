"""Which turns a log gives: opening, closing, aborting, times (thread-history.md, section 2)."""

import pytest

from domain.history.rows import TurnStatus
from tests.domain.history_lines import (
    AGENT,
    ANSWER,
    COMPACTED,
    RAW_THOUGHT,
    THOUGHT,
    TOKENS,
    abort,
    end,
    hook,
    image,
    mcp,
    patch,
    plan,
    rollback,
    search,
    start,
    user,
)
from tests.domain.memory_turns import FoldedLog, told_in_every_handing
from tests.home import event, item, line, meta

THREAD = "0196f0aa-0000-7000-8000-000000000001"
GOAL = {
    "threadId": THREAD,
    "objective": "o",
    "status": "active",
    "tokensUsed": 1,
    "timeUsedSeconds": 1,
    "createdAt": 1,
    "updatedAt": 1,
}
TURN_CONTEXT = line(
    "turn_context",
    {
        "cwd": "/srv",
        "approval_policy": "never",
        "sandbox_policy": {"type": "read-only"},
        "model": "m",
        "summary": "auto",
    },
)
SHOWING_NOTHING = {
    "session_meta": meta(),
    "turn_context": TURN_CONTEXT,
    "token_count": TOKENS,
    "thread_goal_updated": event("thread_goal_updated", threadId=THREAD, goal=GOAL),
    "response_item": ANSWER,
    "reasoning item": item("reasoning", summary=[]),
    "user message item": item("message", role="user", content=[{"type": "input_text", "text": "u"}]),
    "empty agent_message": event("agent_message", message=""),
    "empty reasoning": event("agent_reasoning", text=""),
    "empty raw reasoning": event("agent_reasoning_raw_content", text=""),
    "plan of no turn": plan(),
    "patch of no turn": patch(turn_id="t"),
    "completion of no turn": end(),
    "abortion of no turn": abort("t"),
    "abortion without a turn": abort(),
    "rollback": rollback(1),
}
OPENING = {
    "user_message": (user(), "item-1 user_message"),
    "agent_message": (AGENT, "item-1 agent_message"),
    "white space from the agent": (event("agent_message", message=" "), "item-1 agent_message"),
    "reasoning": (THOUGHT, "item-1 reasoning"),
    "raw reasoning": (RAW_THOUGHT, "item-1 reasoning"),
    "patch without a turn id": (patch(), "c file_change"),
    "patch with an empty turn id": (patch(turn_id=""), "c file_change"),
    "mcp_tool_call_end": (mcp(), "c mcp_tool_call"),
    "web_search_end": (search(), "c web_search"),
    "image_generation_end": (image(), "c image_generation"),
    "context_compacted": (event("context_compacted"), "item-1 context_compaction"),
    "entered_review_mode": (
        event("entered_review_mode", target={"type": "uncommittedChanges"}),
        "item-1 entered_review_mode",
    ),
    "exited_review_mode": (event("exited_review_mode", review_output=None), "item-1 exited_review_mode"),
    "hook prompt": (hook("h"), "h hook_prompt"),
}


@pytest.mark.parametrize("quiet", SHOWING_NOTHING.values(), ids=SHOWING_NOTHING)
def test_a_line_without_item_opens_no_turn(quiet: bytes) -> None:
    assert told_in_every_handing(quiet) == []


@pytest.mark.parametrize("quiet", SHOWING_NOTHING.values(), ids=SHOWING_NOTHING)
def test_a_line_without_item_counts_and_leaves_the_turn_behind_it_alone(quiet: bytes) -> None:
    assert told_in_every_handing(quiet, AGENT, AGENT) == [
        "rollout-1 completed: item-1 agent_message, item-2 agent_message"
    ]


@pytest.mark.parametrize(("opening", "told"), OPENING.values(), ids=OPENING)
def test_an_item_opens_an_implicit_turn_named_after_its_line(opening: bytes, told: str) -> None:
    assert told_in_every_handing(meta(), TOKENS, opening) == [f"rollout-2 completed: {told}"]


@pytest.mark.parametrize(("opening", "told"), OPENING.values(), ids=OPENING)
def test_an_item_goes_to_the_open_turn(opening: bytes, told: str) -> None:
    assert told_in_every_handing(start("t"), opening) == [f"t in_progress: {told}"]


def test_a_compaction_opens_an_implicit_turn_that_stays_without_items() -> None:
    assert told_in_every_handing(COMPACTED) == ["rollout-0 completed: "]


def test_message_and_replacement_history_of_a_compaction_change_nothing() -> None:
    replacing = line("compacted", {"message": "m", "replacement_history": [{"type": "compaction_trigger"}]})
    assert told_in_every_handing(start(), user(), replacing) == ["t in_progress: item-1 user_message"]


def test_a_compaction_marks_the_turn_that_it_falls_into() -> None:
    log = FoldedLog()
    log.add(start("a"), COMPACTED, end("a"), start("b"))
    assert [(row.is_explicit, row.is_compacted) for row in log.rows()] == [(True, True), (True, False)]


def test_an_implicit_turn_with_a_compaction_alone_takes_the_next_user_message_in() -> None:
    assert told_in_every_handing(meta(), COMPACTED, user()) == ["rollout-1 completed: item-1 user_message"]


def test_a_compacted_implicit_turn_with_items_does_not_take_the_next_user_message_in() -> None:
    assert told_in_every_handing(COMPACTED, AGENT, user()) == [
        "rollout-0 completed: item-1 agent_message",
        "rollout-2 completed: item-2 user_message",
    ]


def test_a_user_message_begins_a_new_implicit_turn() -> None:
    assert told_in_every_handing(user(), AGENT, user(), user()) == [
        "rollout-0 completed: item-1 user_message, item-2 agent_message",
        "rollout-2 completed: item-3 user_message",
        "rollout-3 completed: item-4 user_message",
    ]


def test_user_messages_stay_in_an_explicit_turn() -> None:
    assert told_in_every_handing(start(), user(), AGENT, user()) == [
        "t in_progress: item-1 user_message, item-2 agent_message, item-3 user_message"
    ]


def test_a_user_message_behind_a_completed_turn_opens_an_implicit_one() -> None:
    assert told_in_every_handing(start(), user(), end(), user()) == [
        "t completed: item-1 user_message",
        "rollout-3 completed: item-2 user_message",
    ]


def test_a_start_closes_what_was_open() -> None:
    assert told_in_every_handing(user(), start("a"), start("b"), AGENT) == [
        "rollout-0 completed: item-1 user_message",
        "a in_progress: ",
        "b in_progress: item-2 agent_message",
    ]


@pytest.mark.parametrize("turn_id", ["t", "", "rollout-7", "item-1", "ü 日本\n"])
def test_an_explicit_turn_stays_without_items_and_has_the_id_as_written(turn_id: str) -> None:
    assert told_in_every_handing(start(turn_id), end(turn_id)) == [f"{turn_id} completed: "]


def test_older_names_of_start_and_completion_are_read() -> None:
    assert told_in_every_handing(event("turn_started", turn_id="t"), event("turn_complete", turn_id="t")) == [
        "t completed: "
    ]


def test_a_completion_of_no_known_turn_closes_the_open_one() -> None:
    assert told_in_every_handing(start("a"), end("z"), AGENT) == [
        "a completed: ",
        "rollout-2 completed: item-1 agent_message",
    ]
    assert told_in_every_handing(AGENT, end("z"), AGENT) == [
        "rollout-0 completed: item-1 agent_message",
        "rollout-2 completed: item-2 agent_message",
    ]


def test_a_completion_of_an_earlier_turn_leaves_the_open_one_open() -> None:
    assert told_in_every_handing(start("a"), start("b"), end("a"), AGENT) == [
        "a completed: ",
        "b in_progress: item-1 agent_message",
    ]


def test_an_implicit_turn_is_found_by_its_id_too() -> None:
    lines = (user(), user(), end("rollout-0", completed_at=5))
    log = FoldedLog()
    log.add(*lines)
    assert [row.completed_at for row in log.rows()] == [5, None]
    assert told_in_every_handing(*lines, AGENT)[1] == (
        "rollout-1 completed: item-2 user_message, item-3 agent_message"
    )


@pytest.mark.parametrize(
    "lines",
    [
        (start(), abort("t"), end("t")),
        (start(), abort(), end("t")),
        (start(), end("t"), abort("t")),
        (start(), end("t"), abort("t"), end("t")),
        (start(), abort("t", "replaced")),
        (start(), abort("t", "review_ended")),
        (start(), abort("t", "budget_limited")),
    ],
)
def test_an_aborted_turn_is_interrupted_whatever_else_ends_it(lines: tuple[bytes, ...]) -> None:
    assert told_in_every_handing(*lines) == ["t interrupted: "]


def test_an_aborted_turn_stays_open_until_a_completion() -> None:
    assert told_in_every_handing(start(), abort("t"), user(), AGENT, user(), end(), user()) == [
        "t interrupted: item-1 user_message, item-2 agent_message, item-3 user_message",
        "rollout-6 completed: item-4 user_message",
    ]


def test_an_aborted_turn_stays_open_until_the_next_start() -> None:
    assert told_in_every_handing(start("a"), abort("a"), user(), start("b"), user()) == [
        "a interrupted: item-1 user_message",
        "b in_progress: item-2 user_message",
    ]


def test_an_aborted_implicit_turn_ends_with_the_next_user_message() -> None:
    assert told_in_every_handing(user(), abort(), AGENT, user()) == [
        "rollout-0 interrupted: item-1 user_message, item-2 agent_message",
        "rollout-3 completed: item-3 user_message",
    ]


@pytest.mark.parametrize("turn_id", [None, "z", ""])
def test_an_abortion_of_no_known_turn_hits_the_open_one(turn_id: str | None) -> None:
    assert told_in_every_handing(start("a"), start("b"), abort(turn_id)) == [
        "a in_progress: ",
        "b interrupted: ",
    ]


def test_an_abortion_of_an_earlier_turn_leaves_the_open_one_alone() -> None:
    assert told_in_every_handing(start("a"), end("a"), start("b"), abort("a"), AGENT) == [
        "a interrupted: ",
        "b in_progress: item-1 agent_message",
    ]


@pytest.mark.parametrize(
    ("lines", "times"),
    [
        ((start(started_at=5),), (5, None, None)),
        ((start(started_at=-5), end(completed_at=-7, duration_ms=-9)), (-5, -7, -9)),
        ((start(started_at=None), end(completed_at=None, duration_ms=None)), (None, None, None)),
        ((start(started_at=5), end(completed_at=3, duration_ms=2**63 - 1)), (5, 3, 2**63 - 1)),
        ((start(), end(completed_at=7, duration_ms=9), end()), (None, None, None)),
        ((start(), abort(completed_at=7, duration_ms=9)), (None, 7, 9)),
        ((start(), abort(completed_at=7, duration_ms=9), abort()), (None, None, None)),
        ((start(), abort(completed_at=7, duration_ms=9), end(completed_at=8)), (None, 8, None)),
        ((start(), end(completed_at=7, duration_ms=9), abort("t", duration_ms=1)), (None, None, 1)),
        ((user(), end("z", completed_at=7, duration_ms=9)), (None, 7, 9)),
        ((user(), end("rollout-0", completed_at=7)), (None, 7, None)),
        ((user(),), (None, None, None)),
    ],
)
def test_times_are_those_of_the_events_alone(
    lines: tuple[bytes, ...], times: tuple[int | None, int | None, int | None]
) -> None:
    log = FoldedLog()
    log.add(*lines)
    row = log.rows()[0]
    assert (row.started_at, row.completed_at, row.duration_ms) == times


def test_a_turn_without_an_end_is_in_progress_for_whoever_renders_it() -> None:
    log = FoldedLog()
    log.add(start("a"), start("b"))
    assert {row.status for row in log.rows()} == {TurnStatus.IN_PROGRESS}
