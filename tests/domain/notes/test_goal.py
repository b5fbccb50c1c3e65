"""Goals follow the table of `thread/goal/set` (lifecycle, Goals), and what the reference answered."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from domain.errors import InvalidRequest, LongObjective, MustNotBeEmpty, NoGoal, UnfitBudget
from domain.limits import OBJECTIVE_LENGTH_MAX
from domain.notes.goal import Goal, GoalChange, GoalStatus, changed

THREAD = UUID("0196f000-0000-7000-8000-000000000001")
CASES = Path(__file__).parents[2] / "data" / "conformance" / "lifecycle"

ACTIVE, PAUSED = GoalStatus.ACTIVE, GoalStatus.PAUSED
LIMITED, COMPLETE = GoalStatus.BUDGET_LIMITED, GoalStatus.COMPLETE

GOAL = Goal("an objective", ACTIVE, created_at_s=100, updated_at_s=200, tokens_used=50, time_used_s=7)


def after(goal: Goal | None, **params: object) -> Goal:
    """The goal after a request of these parameters, at the second 300."""
    return changed(goal, GoalChange.of_params(params), THREAD, 300)


def test_an_objective_begins_a_goal() -> None:
    assert after(None, objective="  go \n on ") == Goal("go \n on", ACTIVE, 300, 300)


def test_a_goal_begins_with_the_status_and_budget_given() -> None:
    found = after(None, objective="o", status="complete", tokenBudget=5)
    assert found == Goal("o", COMPLETE, 300, 300, token_budget=5)


def test_a_goal_shows_all_its_fields_at_the_wire() -> None:
    assert replace(GOAL, status=LIMITED).at_wire(THREAD) == {
        "threadId": "0196f000-0000-7000-8000-000000000001",
        "objective": "an objective",
        "status": "budgetLimited",
        "tokenBudget": None,
        "tokensUsed": 50,
        "timeUsedSeconds": 7,
        "createdAt": 100,
        "updatedAt": 200,
    }


@pytest.mark.parametrize("params", [{}, {"objective": None, "status": None}])
def test_a_request_for_nothing_moves_the_time_alone(params: dict[str, None]) -> None:
    assert after(GOAL, **params) == replace(GOAL, updated_at_s=300)


@pytest.mark.parametrize("status", list(GoalStatus))
def test_a_new_objective_changes_neither_status_nor_accounting(status: GoalStatus) -> None:
    before = replace(GOAL, status=status)
    assert after(before, objective=" new ") == replace(before, objective="new", updated_at_s=300)


def test_an_absent_budget_stays_and_null_takes_it_away() -> None:
    before = replace(GOAL, token_budget=1000)
    assert after(before).token_budget == 1000
    assert after(before, tokenBudget=2000).token_budget == 2000
    assert after(before, tokenBudget=None).token_budget is None


@pytest.mark.parametrize("status", list(GoalStatus))
@pytest.mark.parametrize("wanted", list(GoalStatus))
def test_every_status_can_be_reached_but_a_limited_goal_is_not_paused(
    status: GoalStatus, wanted: GoalStatus
) -> None:
    found = after(replace(GOAL, status=status), status=wanted.value).status
    assert found is (LIMITED if (status, wanted) == (LIMITED, PAUSED) else wanted)


@pytest.mark.parametrize(
    ("status", "params", "found"),
    [
        (ACTIVE, {"tokenBudget": 50}, LIMITED),
        (ACTIVE, {"tokenBudget": 51}, ACTIVE),
        (PAUSED, {"tokenBudget": 50}, PAUSED),
        (PAUSED, {"tokenBudget": 50, "status": "active"}, LIMITED),
        (COMPLETE, {"tokenBudget": 1, "status": "complete"}, COMPLETE),
        (LIMITED, {"tokenBudget": 1000}, LIMITED),
        (LIMITED, {"tokenBudget": 1000, "status": "active"}, ACTIVE),
        (LIMITED, {"tokenBudget": None, "status": "active"}, ACTIVE),
    ],
)
def test_what_is_active_beyond_its_budget_is_limited(
    status: GoalStatus, params: dict[str, object], found: GoalStatus
) -> None:
    assert after(replace(GOAL, status=status), **params).status is found


@pytest.mark.parametrize("goal", [None, GOAL])
@pytest.mark.parametrize(
    ("params", "failure", "sentence"),
    [
        ({"objective": " \n"}, MustNotBeEmpty, "goal objective must not be empty"),
        ({"objective": "x" * 4001}, LongObjective, "goal objective must be at most 4000 characters"),
        ({"objective": "x" * 4001, "tokenBudget": 0}, LongObjective, "goal objective"),
        ({"tokenBudget": 0}, UnfitBudget, "goal budgets must be positive when provided"),
        ({"tokenBudget": -1, "objective": "x"}, UnfitBudget, "goal budgets must be positive when provided"),
    ],
)
def test_what_is_wrong_in_itself_is_refused_with_and_without_a_goal(
    goal: Goal | None, params: dict[str, object], failure: type[InvalidRequest], sentence: str
) -> None:
    with pytest.raises(failure, match=f"^{sentence}"):
        after(goal, **params)


def test_the_length_counts_characters_after_trimming() -> None:
    longest = "\N{GRINNING FACE}" * OBJECTIVE_LENGTH_MAX
    assert after(None, objective=f"  {longest}  ").objective == longest


@pytest.mark.parametrize("params", [{}, {"objective": None}, {"status": "active"}, {"tokenBudget": 5}])
def test_without_a_goal_there_is_nothing_to_patch(params: dict[str, object]) -> None:
    with pytest.raises(NoGoal, match=rf"^cannot update goal for thread {THREAD}: no goal exists$"):
        after(None, **params)


OF_OTHERS = ("Invalid request: ", "invalid thread id: ", "thread not found: ")
"""Refusals that come before these rules."""


@pytest.mark.parametrize("name", ["goal-life", "goal-statuses", "goal-errors"])
def test_recorded_conversations_have_these_answers(name: str) -> None:
    goals: dict[str, Goal] = {}
    checked = 0
    for step in json.loads((CASES / f"{name}.json").read_text())["steps"]:
        wanted = step.get("expect") or {}
        error = wanted.get("error")
        if "method" not in step or (error and error["message"].startswith(OF_OTHERS)):
            continue
        assert _answer(step["method"], step["params"], goals) == {
            key: wanted[key] for key in ("result", "error") if key in wanted
        }
        checked += 1
    assert checked >= 10


def _answer(method: str, params: dict[str, Any], goals: dict[str, Goal]) -> dict[str, Any]:
    """What a server of these rules alone answers, times left out."""
    thread_id = params["threadId"]
    if method == "thread/goal/clear":
        return {"result": {"cleared": goals.pop(thread_id, None) is not None}}
    if method == "thread/goal/set":
        change = GoalChange.of_params(params)
        try:
            goals[thread_id] = changed(goals.get(thread_id), change, UUID(thread_id), 1)
        except InvalidRequest as failure:
            return {"error": {"code": failure.code, "message": str(failure)}}
    goal = goals.get(thread_id)
    shown = None if goal is None else goal.at_wire(UUID(thread_id))
    return {"result": {"goal": shown and {key: shown[key] for key in shown if not key.endswith("At")}}}
