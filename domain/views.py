"""What of a turn is shown: the three views, and the turn of the protocol."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from domain.history.rows import TurnRow, TurnStatus


class ItemsView(StrEnum):
    """How much of a turn's items an answer holds."""

    NOT_LOADED = "notLoaded"
    SUMMARY = "summary"
    FULL = "full"


STATUS_NAMES = {
    TurnStatus.IN_PROGRESS: "interrupted",
    TurnStatus.COMPLETED: "completed",
    TurnStatus.INTERRUPTED: "interrupted",
    TurnStatus.FAILED: "failed",
}
"""Statuses at the wire. No turn runs in a server without a model: one without an end was interrupted."""


def render_turn(
    turn: TurnRow, items: Sequence[Any], view: ItemsView, error: dict[str, Any] | None = None
) -> dict[str, Any]:
    """The turn of the protocol with these items; `error` tells why it failed."""
    return {
        "id": turn.turn_id,
        "items": items,
        "itemsView": view.value,
        "status": STATUS_NAMES[TurnStatus(turn.status)],
        "error": error,
        "startedAt": turn.started_at,
        "completedAt": turn.completed_at,
        "durationMs": turn.duration_ms,
    }


def summary_order(turn: TurnRow) -> tuple[int, ...]:
    """The positions of the summary's items, in the order in which they are shown."""
    chosen = (turn.summary_first, turn.summary_second)
    return tuple(position for position in chosen if position is not None)
