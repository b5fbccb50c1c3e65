"""Which of several turns with one id a line reaches (thread-history.md, section 2)."""

from domain.history.rows import TurnStatus
from tests.domain.history_lines import AGENT, abort, end, patch, plan, start, user
from tests.domain.memory_turns import FoldedLog, Handing, told_in_every_handing


def test_a_repeated_id_makes_a_second_turn() -> None:
    assert told_in_every_handing(start("a"), user(), end("a"), start("a"), AGENT, end("a")) == [
        "a completed: item-1 user_message",
        "a completed: item-2 agent_message",
    ]


def test_a_repeated_id_reaches_the_open_turn_first() -> None:
    lines = (start("a"), end("a"), start("a"), plan(turn_id="a"), patch(turn_id="a"), abort("a"))
    assert told_in_every_handing(*lines) == ["a completed: ", "a interrupted: p plan, c file_change"]


def test_a_repeated_id_reaches_the_first_finished_turn_when_the_open_one_is_another() -> None:
    repeated = (start("a"), start("a"), start("a"), start("b"))
    named = (plan(turn_id="a"), patch(turn_id="a"), abort("a"))
    assert told_in_every_handing(*repeated, *named) == [
        "a interrupted: p plan, c file_change",
        "a in_progress: ",
        "a in_progress: ",
        "b in_progress: ",
    ]


def test_a_turn_id_that_looks_like_an_implicit_one_is_found_like_any_other() -> None:
    assert told_in_every_handing(start("rollout-2"), end("x"), user(), plan(turn_id="rollout-2"), user()) == [
        "rollout-2 completed: ",
        "rollout-2 completed: item-1 user_message, p plan",
        "rollout-4 completed: item-2 user_message",
    ]


def test_repeated_ids_are_found_alike_before_and_behind_a_take() -> None:
    for handing in Handing:
        log = FoldedLog(handing)
        log.add(start("a"), start("b"), start("a"))
        log.reload()
        log.add(plan("open", "a"), start("a"), end("a"), plan("first", "a"), start("b"), plan("own", "b"))
        log.add(start("c"), plan("old", "b"))
        assert [log.told_items(row.seq) for row in log.rows()] == [
            ["first plan"],
            ["old plan"],
            ["open plan"],
            [],
            ["own plan"],
            [],
        ]


def test_an_id_that_came_since_the_take_is_found() -> None:
    log = FoldedLog()
    log.add(start("a"), end("a"))
    log.reload()
    log.add(start("b"), start("c"), start("b"), start("d"), abort("b"))
    assert [TurnStatus(row.status).name for row in log.rows()][1:4] == ["INTERRUPTED"] + ["IN_PROGRESS"] * 2
