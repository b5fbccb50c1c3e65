"""The goal of a thread: what it is to reach, how far it got, and what it may cost.

A thread has one goal at most. `changed` is the whole rule of `thread/goal/set` (lifecycle, cases goal-*):
without a goal the objective begins one; with one everything is a patch. Accounting is never reset, and
an edited objective changes no status; to start over a goal is cleared first.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum, StrEnum
from typing import Any, Final, Self, TypeAlias
from uuid import UUID

from domain.errors import LongObjective, MustNotBeEmpty, NoGoal, UnfitBudget
from domain.limits import OBJECTIVE_LENGTH_MAX
from domain.text import trim

Payload = dict[str, Any]


class GoalStatus(StrEnum):
    """How it stands with a goal, in the words of the protocol."""

    ACTIVE = "active"
    PAUSED = "paused"
    BUDGET_LIMITED = "budgetLimited"
    COMPLETE = "complete"


class Absent(Enum):
    """Stands for a field that a request does not have, where null means something else."""

    ABSENT = "absent"


ABSENT: Final = Absent.ABSENT

Budget: TypeAlias = int | Absent | None
"""Tokens; None takes the budget away, ABSENT leaves it."""


@dataclass(frozen=True, slots=True)
class GoalChange:
    """What a client wants of a goal; None leaves the objective or the status as it is."""

    objective: str | None = None
    status: GoalStatus | None = None
    token_budget: Budget = ABSENT

    @classmethod
    def of_params(cls, params: Mapping[str, Any]) -> Self:
        """The change that checked parameters of `thread/goal/set` ask for."""
        status = params.get("status")
        return cls(
            params.get("objective"),
            None if status is None else GoalStatus(status),
            params.get("tokenBudget", ABSENT),
        )

    def checked(self) -> Self:
        """The change with its objective trimmed; MustNotBeEmpty, LongObjective or UnfitBudget."""
        objective = None if self.objective is None else trim(self.objective)
        if objective is not None:
            if not objective:
                raise MustNotBeEmpty("goal objective")
            if len(objective) > OBJECTIVE_LENGTH_MAX:
                raise LongObjective
        if isinstance(self.token_budget, int) and self.token_budget < 1:
            raise UnfitBudget
        return replace(self, objective=objective)


@dataclass(frozen=True, slots=True)
class Goal:
    """A goal; times are whole seconds since 1970."""

    objective: str
    status: GoalStatus
    created_at_s: int
    updated_at_s: int
    token_budget: int | None = None
    tokens_used: int = 0
    time_used_s: int = 0

    def at_wire(self, thread_id: UUID) -> Payload:
        """The goal as the protocol shows it."""
        return {
            "threadId": str(thread_id),
            "objective": self.objective,
            "status": self.status.value,
            "tokenBudget": self.token_budget,
            "tokensUsed": self.tokens_used,
            "timeUsedSeconds": self.time_used_s,
            "createdAt": self.created_at_s,
            "updatedAt": self.updated_at_s,
        }

    def patched(self, change: GoalChange, now_s: int) -> "Goal":
        """The goal after a checked change; a budget that is used up limits whatever would be active."""
        budget = self.token_budget if change.token_budget is ABSENT else change.token_budget
        status = self._next_status(change.status)
        if status is GoalStatus.ACTIVE and budget is not None and self.tokens_used >= budget:
            status = GoalStatus.BUDGET_LIMITED
        return replace(
            self,
            objective=self.objective if change.objective is None else change.objective,
            status=status,
            token_budget=budget,
            updated_at_s=now_s,
        )

    def _next_status(self, wanted: GoalStatus | None) -> GoalStatus:
        """Every move is free but one: what its budget limits is not paused."""
        if wanted is None or (self.status is GoalStatus.BUDGET_LIMITED and wanted is GoalStatus.PAUSED):
            return self.status
        return wanted


def changed(goal: Goal | None, change: GoalChange, thread_id: UUID, now_s: int) -> Goal:
    """The thread's goal after `thread/goal/set`.

    MustNotBeEmpty, LongObjective and UnfitBudget for a change that is wrong anywhere, then NoGoal for one
    without an objective where there is no goal.
    """
    change = change.checked()
    if goal is None and change.objective is None:
        raise NoGoal(str(thread_id))
    if goal is None:
        assert change.objective is not None
        goal = Goal(change.objective, change.status or GoalStatus.ACTIVE, now_s, now_s)
    return goal.patched(change, now_s)
