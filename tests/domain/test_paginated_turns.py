"""Turns of a paginated log: which there are, in which order, how they ended, and when."""

import pytest

from domain.views import ItemsView
from tests.domain.paginated_log import (
    Json,
    Numbered,
    abort,
    agent,
    end,
    folded,
    numbered,
    plan,
    start,
    tokens,
    told_in_every_handing,
    user,
)

FAILURE = {"message": "m", "codex_error_info": "usage_limit_exceeded"}

TURNS: dict[str, tuple[list[Numbered], list[str]]] = {
    "no turns": ([tokens], []),
    "a turn without items is one": ([start(), end()], ["t completed:"]),
    "a turn that only ended is one": ([end()], ["t completed:"]),
    "a turn that was only aborted is one": ([abort()], ["t interrupted:"]),
    "a turn that never ended was interrupted": ([start(), user()], ["t interrupted: u"]),
    "an error makes a turn fail": ([start(), end(error=FAILURE)], ["t failed:"]),
    "no error makes none fail": ([start(), end(error=None)], ["t completed:"]),
    "an error of the wrong shape is no end": ([start(), end(error="m")], ["t interrupted:"]),
    "the first end counts": ([start(), end(), abort(), end(error=FAILURE)], ["t completed:"]),
    "the first end counts, an abort too": ([start(), abort(), end()], ["t interrupted:"]),
    "a start behind the end makes no second turn": ([start(), end(), start()], ["t completed:"]),
    "an end without a name ends nothing": ([start(), abort(None), end(None)], ["t interrupted:"]),
    "an abort for an unknown reason ends nothing": ([start(), abort(reason="x")], ["t interrupted:"]),
    "a start without a name starts nothing": ([start(None)], []),
    "older names of starts and ends": (
        [numbered("turn_started", turn_id="t"), numbered("turn_complete", turn_id="t")],
        ["t completed:"],
    ),
    "turns stand where they were first started or ended": (
        [start("a"), start("b"), end("c"), end("b"), end("a")],
        ["a completed:", "b completed:", "c completed:"],
    ),
    "items make no turn": ([user("u", "nowhere")], []),
    "items move no turn": (
        [user("early", "b"), start("a"), start("b"), end("a")],
        ["a completed:", "b interrupted: early"],
    ),
    "items before the start belong to the turn": ([user(), start(), agent()], ["t interrupted: u a"]),
    "items before an end belong to the turn": ([user(), end()], ["t completed: u"]),
    "late items join their turn": (
        [start("a"), end("a"), start("b"), end("b"), agent("late", "a")],
        ["a completed: late", "b completed:"],
    ),
    "several turns wait with their items": (
        [
            user("1", "a"),
            user("2", "b"),
            user("3", "a"),
            start("b"),
            user("4", "c"),
            end("a"),
            user("5", "b"),
        ],
        ["b interrupted: 2 5", "a completed: 1 3"],
    ),
    "an item again keeps its place": (
        [start(), user("x"), agent("y"), plan("x")],
        ["t interrupted: x y"],
    ),
    "an item again before the turn keeps its place": (
        [user("x"), agent("y"), plan("x"), start(), plan("y"), plan("z")],
        ["t interrupted: x y z"],
    ),
    "the same id in another turn is another item": (
        [start("a"), user("x", "a"), start("b"), user("x", "b")],
        ["a interrupted: x", "b interrupted: x"],
    ),
    "an item id that looks like a number is an id": (
        [start(), user("item-2"), agent("item-1")],
        ["t interrupted: item-2 item-1"],
    ),
    "no rollback": ([start(), end(), numbered("thread_rolled_back", num_turns=1)], ["t completed:"]),
}


@pytest.mark.parametrize(("lines", "turns"), TURNS.values(), ids=TURNS)
def test_turns_are_named_by_their_lines(lines: list[Numbered], turns: list[str]) -> None:
    assert told_in_every_handing(*lines) == turns


TIMES: dict[str, tuple[list[Numbered], tuple[object, object, object]]] = {
    "none": ([start()], (None, None, None)),
    "of the start": ([start(started_at=5)], (5, None, None)),
    "of a second start": ([start(started_at=5), start(started_at=6)], (6, None, None)),
    "a second start without": ([start(started_at=5), start()], (None, None, None)),
    "of the end": (
        [start(started_at=5), end(started_at=6, completed_at=7, duration_ms=8)],
        (6, 7, 8),
    ),
    "an end without": ([start(started_at=5), end(completed_at=7)], (None, 7, None)),
    "of the first end": ([abort(completed_at=-1), end(completed_at=7)], (None, -1, None)),
    "a start behind the end": ([end(started_at=6), start(started_at=5)], (6, None, None)),
}


@pytest.mark.parametrize(("lines", "times"), TIMES.values(), ids=TIMES)
def test_times_are_those_of_the_first_end(lines: list[Numbered], times: tuple[object, ...]) -> None:
    (turn,) = folded(*lines).turns()
    assert (turn["startedAt"], turn["completedAt"], turn["durationMs"]) == times


@pytest.mark.parametrize("view", ItemsView)
def test_a_failed_turn_tells_its_error_in_every_view(view: ItemsView) -> None:
    failed, completed = folded(end("a", error=FAILURE), end("b")).turns(view)
    assert failed["error"] == {
        "message": "m",
        "codexErrorInfo": "usageLimitExceeded",
        "additionalDetails": None,
    }
    assert completed["error"] is None


SUMMARIES: dict[str, tuple[list[Numbered], str]] = {
    "nothing": ([], ""),
    "the first user message": ([user("u"), user("v")], "u"),
    "the last final answer": ([agent("a"), agent("b"), agent("c", phase="commentary")], "b"),
    "in item order": ([agent("a"), user("u")], "a u"),
    "never a commentary": ([user(), agent("a", phase="commentary")], "u"),
    "without a final answer the last of no phase": (
        [agent("a", phase=None), agent("b", phase=None), agent("c", phase="commentary")],
        "b",
    ),
    "a final answer rather than one of no phase": ([agent("a"), agent("b", phase=None)], "a"),
    "nothing else": ([plan()], ""),
    "a user message that became an answer": ([user("x"), agent("x")], "x"),
    "an answer that became a plan": ([agent("x"), plan("x")], ""),
}


@pytest.mark.parametrize(("lines", "items"), SUMMARIES.values(), ids=SUMMARIES)
@pytest.mark.parametrize("close", [end(), abort(), end(error=FAILURE)], ids=["end", "abort", "failure"])
def test_a_summary_is_the_first_user_message_and_the_last_answer(
    lines: list[Numbered], items: str, close: Numbered
) -> None:
    (told,) = told_in_every_handing(start(), *lines, close, view=ItemsView.SUMMARY)
    assert told.partition(":")[2].strip() == items


def test_a_turn_that_has_not_ended_has_no_answer_without_a_phase() -> None:
    lines = (start(), user(), agent("a", phase=None))
    assert told_in_every_handing(*lines, view=ItemsView.SUMMARY) == ["t interrupted: u"]


FIXED: dict[str, tuple[list[Numbered], str]] = {
    "later items do not enter": ([agent("a"), end(), user("u"), agent("b")], "a"),
    "nor where there was nothing": ([end(), user("u"), agent("b")], ""),
    "later kinds do not matter": ([agent("a"), user("u"), end(), plan("a"), agent("u")], "a u"),
    "a second end settles nothing anew": ([agent("a"), end(), agent("b"), abort()], "a"),
    "items before the turn enter": ([user("u"), agent("a"), end(), agent("b")], "u a"),
}


@pytest.mark.parametrize(("lines", "items"), FIXED.values(), ids=FIXED)
def test_the_first_end_settles_the_summary(lines: list[Numbered], items: str) -> None:
    (told,) = told_in_every_handing(*lines, view=ItemsView.SUMMARY)
    assert told.partition(":")[2].strip() == items


def test_a_settled_summary_shows_newer_contents() -> None:
    (turn,) = folded(user("u", text="v1"), end(), user("u", text="v2")).turns(ItemsView.SUMMARY)
    assert [part["text"] for item in turn["items"] for part in item["content"]] == ["v2"]


def test_all_items_are_in_the_full_view_and_none_in_the_empty_one() -> None:
    log = folded(start(), user(), plan(), agent())
    assert [turn["items"] for turn in log.turns(ItemsView.NOT_LOADED)] == [[]]
    full: list[Json] = log.turns()
    assert [item["type"] for item in full[0]["items"]] == ["userMessage", "plan", "agentMessage"]
