"""A goal outlives edits, moves, restarts and the index, and keeps its accounting."""

import shutil
from pathlib import Path

from domain.notes.goal import Goal, GoalChange, GoalStatus
from tests.api.lifecycle import ID, Json, ear_on, laid

KEPT = ("tokensUsed", "timeUsedSeconds", "createdAt")


async def test_edits_keep_the_accounting_and_the_status(tmp_path: Path) -> None:
    laid(tmp_path)
    async with ear_on(tmp_path, goals=True) as ear:
        first: Json = (await ear.call("thread/goal/set", threadId=ID, objective="first", tokenBudget=9))[
            "goal"
        ]
        await ear.call("thread/goal/set", threadId=ID, status="complete")
        edited: Json = (await ear.call("thread/goal/set", threadId=ID, objective="second"))["goal"]
        assert [edited[name] for name in KEPT] == [first[name] for name in KEPT]
        assert (edited["status"], edited["tokenBudget"]) == ("complete", 9)
        freed = (await ear.call("thread/goal/set", threadId=ID, tokenBudget=None))["goal"]
        assert freed["tokenBudget"] is None


async def test_a_goal_outlives_archiving_restarts_and_the_index(tmp_path: Path) -> None:
    laid(tmp_path)
    async with ear_on(tmp_path, goals=True) as ear:
        goal = (await ear.call("thread/goal/set", threadId=ID, objective="lasting"))["goal"]
        await ear.call("thread/archive", threadId=ID)
        await ear.call("thread/unarchive", threadId=ID)
    shutil.rmtree(tmp_path / "threadstore")
    async with ear_on(tmp_path, goals=True) as ear:
        assert (await ear.call("thread/goal/get", threadId=ID))["goal"] == goal
        copy = (await ear.call("thread/fork", threadId=ID))["thread"]["id"]
        assert (await ear.call("thread/goal/get", threadId=copy))["goal"] is None


def test_a_used_up_budget_limits_whatever_would_be_active() -> None:
    used = Goal("o", GoalStatus.ACTIVE, 1, 1, token_budget=10, tokens_used=10, time_used_s=3)
    limited = used.patched(GoalChange(), 2)
    assert limited.status is GoalStatus.BUDGET_LIMITED
    assert limited.patched(GoalChange(status=GoalStatus.PAUSED), 3).status is GoalStatus.BUDGET_LIMITED
    freed = limited.patched(GoalChange(status=GoalStatus.ACTIVE, token_budget=20), 4)
    assert (freed.status, freed.tokens_used, freed.time_used_s) == (GoalStatus.ACTIVE, 10, 3)
