"""What a rollback takes away, and how numbers go on behind it (thread-history.md, section 5)."""

import json

import pytest

from tests.domain.history_lines import (
    AGENT,
    COMPACTED,
    THOUGHT,
    TOKENS,
    abort,
    end,
    hook,
    mcp,
    patch,
    plan,
    rollback,
    search,
    start,
    user,
)
from tests.domain.memory_turns import FoldedLog, Handing, told_in_every_handing
from tests.home import meta

FOUR = (start("a"), end("a"), COMPACTED, user(), user(), AGENT, start("d"), user(), user(), end("d"))
"""An explicit turn without items, a compacted one, an implicit one, and one with two user messages."""

TOLD = [
    "a completed: ",
    "rollout-2 completed: item-1 user_message",
    "rollout-4 completed: item-2 user_message, item-3 agent_message",
    "d completed: item-4 user_message, item-5 user_message",
]


@pytest.mark.parametrize(("turns", "left"), [(0, 4), (1, 3), (2, 2), (3, 1), (4, 0), (5, 0), (2**32 - 1, 0)])
def test_as_many_turns_as_are_there_go_each_counting_one(turns: int, left: int) -> None:
    assert told_in_every_handing(*FOUR, rollback(turns)) == TOLD[:left]


@pytest.mark.parametrize(("turns", "number"), [(0, 6), (1, 4), (2, 2), (3, 1), (4, 1), (9, 1)])
def test_numbers_go_on_behind_the_items_left(turns: int, number: int) -> None:
    told = told_in_every_handing(*FOUR, rollback(turns), AGENT)
    assert told[-1] == f"rollout-11 completed: item-{number} agent_message"


def test_an_open_turn_counts_as_the_last() -> None:
    assert told_in_every_handing(user(), start("a"), AGENT, rollback(1), AGENT) == [
        "rollout-0 completed: item-1 user_message",
        "rollout-4 completed: item-2 agent_message",
    ]


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ((start("a"), user()), "a in_progress: item-1 user_message"),
        ((start("a"), abort("a"), user()), "a interrupted: item-1 user_message"),
        ((user(), AGENT), "rollout-0 completed: item-1 user_message, item-2 agent_message"),
        ((COMPACTED,), "rollout-0 completed: "),
    ],
)
def test_a_rollback_of_nothing_closes_the_open_turn(lines: tuple[bytes, ...], told: str) -> None:
    number = told.count("item-") + 1
    assert told_in_every_handing(*lines, rollback(0), AGENT) == [
        told,
        f"rollout-{len(lines) + 1} completed: item-{number} agent_message",
    ]


def test_a_compacted_only_turn_does_not_take_a_message_in_behind_a_rollback() -> None:
    assert told_in_every_handing(COMPACTED, rollback(0), user()) == [
        "rollout-0 completed: ",
        "rollout-2 completed: item-1 user_message",
    ]


def test_a_rollback_before_any_turn_changes_nothing() -> None:
    assert told_in_every_handing(meta(), rollback(3), user()) == ["rollout-2 completed: item-1 user_message"]


def test_items_with_ids_of_their_own_and_late_ones_move_the_number_too() -> None:
    lines = (start("a"), user(), search(), hook(), end("a"), start("b"), AGENT, plan(turn_id="a"))
    assert told_in_every_handing(*lines, rollback(1), user()) == [
        "a completed: item-1 user_message, c web_search, h hook_prompt, p plan",
        "rollout-9 completed: item-5 user_message",
    ]


def test_late_items_of_a_dropped_turn_do_not_move_the_number() -> None:
    lines = (start("a"), user(), end("a"), start("b"), start("c"), plan(turn_id="b"), patch(turn_id="b"))
    assert told_in_every_handing(*lines, rollback(2), AGENT) == [
        "a completed: item-1 user_message",
        "rollout-8 completed: item-2 agent_message",
    ]


def test_replaced_items_count_once() -> None:
    lines = (start("a"), user(), search(), search(), mcp(), search("item-1"), THOUGHT, THOUGHT, end("a"))
    assert told_in_every_handing(*lines, user(), rollback(1), AGENT) == [
        "a completed: item-1 web_search, c mcp_tool_call, item-2 reasoning +1",
        "rollout-11 completed: item-4 agent_message",
    ]


def test_an_id_given_out_twice_is_looked_for_within_its_turn() -> None:
    lines = (start("a"), search(), user(), end("a"), user(), rollback(1), start("b"), AGENT)
    assert told_in_every_handing(*lines, mcp("item-3"), patch("item-1", turn_id="a")) == [
        "a completed: c web_search, item-1 file_change",
        "b in_progress: item-3 mcp_tool_call",
    ]


def test_rollbacks_follow_each_other() -> None:
    two_at_once = (start("a"), user(), start("b"), user(), start("c"), user())
    assert told_in_every_handing(*two_at_once, rollback(1), rollback(1), AGENT) == [
        "a in_progress: item-1 user_message",
        "rollout-8 completed: item-2 agent_message",
    ]


def test_turns_between_rollbacks_are_dropped_as_well() -> None:
    lines = (start("a"), user(), start("b"), user(), rollback(1), start("c"), AGENT, AGENT, start("d"), AGENT)
    assert told_in_every_handing(*lines, rollback(1), start("e"), AGENT) == [
        "a in_progress: item-1 user_message",
        "c in_progress: item-2 agent_message, item-3 agent_message",
        "e in_progress: item-4 agent_message",
    ]
    assert told_in_every_handing(*lines, rollback(3), start("e"), AGENT) == [
        "e in_progress: item-1 agent_message"
    ]


@pytest.mark.parametrize(
    "late",
    [
        end("b", completed_at=7),
        abort("b"),
        plan(turn_id="b"),
        patch(turn_id="b"),
    ],
)
def test_a_line_that_names_a_dropped_turn_finds_nothing(late: bytes) -> None:
    told = ["a in_progress: item-1 user_message"]
    assert told_in_every_handing(start("a"), user(), start("b"), user(), rollback(1), late) == told


def test_a_completion_that_names_a_dropped_turn_closes_the_open_one() -> None:
    lines = (start("a"), end("a"), start("b"), end("b"), rollback(1), start("c"), end("b"), AGENT)
    assert told_in_every_handing(*lines) == [
        "a completed: ",
        "c completed: ",
        "rollout-7 completed: item-1 agent_message",
    ]


def test_a_dropped_id_may_come_again() -> None:
    lines = (start("a"), end("a"), start("b"), user(), rollback(1), start("b"), end("b"), start("c"))
    assert told_in_every_handing(*lines, plan(turn_id="b")) == [
        "a completed: ",
        "b completed: p plan",
        "c in_progress: ",
    ]


def test_a_repeated_id_reaches_its_first_turn_as_long_as_that_is_there() -> None:
    lines = (start("a"), start("b"), start("a"), start("c"))
    assert told_in_every_handing(*lines, rollback(2), start("d"), plan(turn_id="a")) == [
        "a in_progress: p plan",
        "b in_progress: ",
        "d in_progress: ",
    ]


def test_implicit_ids_are_not_reset() -> None:
    lines = (user(), AGENT, rollback(1), TOKENS)
    told = ["rollout-4 completed: item-1 user_message", "rollout-5 completed: item-2 user_message"]
    assert told_in_every_handing(*lines, user(), user()) == told


def test_a_turn_left_open_by_a_rollback_of_nothing_can_still_be_completed_by_name() -> None:
    told = ["a completed: ", "rollout-3 completed: item-1 agent_message"]
    assert told_in_every_handing(start("a"), rollback(0), end("a"), AGENT) == told


@pytest.mark.parametrize("num_turns", [-1, 2**32, "1", None, 1.0, True])
def test_a_rollback_of_no_whole_number_is_no_line(num_turns: object) -> None:
    damaged = rollback(1).replace(b'"num_turns":1', b'"num_turns":' + json.dumps(num_turns).encode())
    assert told_in_every_handing(user(), damaged, AGENT) == [
        "rollout-0 completed: item-1 user_message, item-2 agent_message"
    ]


@pytest.mark.parametrize("handing", [Handing.WHOLE, Handing.TAKEN, Handing.RELOADED])
def test_items_added_to_stored_turns_since_the_last_take_are_counted(handing: Handing) -> None:
    log = FoldedLog(handing)
    log.add(start("a"), user(), end("a"), start("b"), user(), end("b"), start("c"), user(), end("c"))
    log.reload()
    late = [plan(turn_id="a"), plan(turn_id="b"), plan("q", "b"), patch("item-3", turn_id="c")]
    log.add(*late, rollback(1), start("d"), AGENT, plan("z", "b"), rollback(1), AGENT)
    assert log.told() == [
        "a completed: item-1 user_message, p plan",
        "b completed: item-2 user_message, p plan, q plan, z plan",
        "rollout-18 completed: item-7 agent_message",
    ]


@pytest.mark.parametrize("handing", [Handing.WHOLE, Handing.TAKEN, Handing.RELOADED])
def test_an_open_stored_turn_counts_with_what_it_got_since_the_last_take(handing: Handing) -> None:
    log = FoldedLog(handing)
    log.add(start("a"), user(), start("b"), user(), AGENT)
    log.reload()
    log.add(search(), rollback(0), AGENT)
    assert log.told()[-1] == "rollout-7 completed: item-5 agent_message"
    log.add(rollback(2), AGENT)
    assert log.told()[1:] == ["rollout-9 completed: item-2 agent_message"]
