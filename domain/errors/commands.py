"""Changes that a thread refuses."""

from domain.errors.base import InternalError, InvalidRequest
from domain.limits import OBJECTIVE_LENGTH_MAX


class GoalsDisabled(InvalidRequest):
    """A goal method where the configuration does not switch goals on."""

    def __init__(self) -> None:
        super().__init__("goals feature is disabled")


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


class NoRollback(InvalidRequest):
    """A rollback of a thread whose log has no line for it."""

    def __init__(self, thread_id: str) -> None:
        super().__init__(f"thread {thread_id} has a paginated history, which cannot be rolled back")


class UnfitItem(InvalidRequest):
    """An item that cannot stand in a log as one line, and why."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"the item cannot be stored: {reason}")


class ThreadContended(InternalError):
    """A save for which other writers of the thread left no room; nothing was written."""

    def __init__(self, thread_id: str, tries: int) -> None:
        super().__init__(f"thread {thread_id}: others wrote first, {tries} times in a row; try again")


class ShuttingDown(InternalError):
    """A command that came after the end was begun; nothing was written."""

    def __init__(self) -> None:
        super().__init__("the server is shutting down")


class EmptyGitInfo(InvalidRequest):
    """A change of git facts that names none."""

    def __init__(self) -> None:
        super().__init__("gitInfo must include at least one field")


class UnfitResponseItem(InvalidRequest):
    """An item that is no response item, and why."""

    def __init__(self, place: int, reason: str) -> None:
        super().__init__(f"items[{place}] is not a valid response item: {reason}")


class UnfitRolloutItem(InvalidRequest):
    """An item of a list that cannot stand in a rollout, by its place from 0, and why."""

    def __init__(self, place: int, reason: str) -> None:
        super().__init__(f"items[{place}] is not a valid rollout item: {reason}")


class VersionConflict(InvalidRequest):
    """A change made for another version of a thread than it has; nothing was written."""

    def __init__(self, thread_id: str, expected: int, actual: int) -> None:
        super().__init__(f"thread {thread_id} has version {actual}, not {expected}")
        self.data = {"reason": "version_conflict", "expected": expected, "actual": actual}
