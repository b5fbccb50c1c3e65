"""The turn of the protocol in its three views (thread-history.md, sections 3 and 6)."""

import pytest

from domain.history.rows import TurnRow, TurnStatus
from domain.views import ItemsView, render_turn, summary_order

ROW = TurnRow(
    seq=3,
    turn_id="t",
    status=TurnStatus.COMPLETED,
    started_at=5,
    completed_at=7,
    duration_ms=9,
    is_explicit=True,
    is_compacted=False,
    item_count=4,
    first_number=2,
    summary_first=None,
    summary_second=None,
)


def test_a_turn_has_all_keys() -> None:
    items = [{"type": "plan"}]
    assert render_turn(ROW, items, ItemsView.FULL) == {
        "id": "t",
        "items": items,
        "itemsView": "full",
        "status": "completed",
        "error": None,
        "startedAt": 5,
        "completedAt": 7,
        "durationMs": 9,
    }


def test_absent_times_are_null() -> None:
    row = ROW._replace(started_at=None, completed_at=None, duration_ms=None)
    told = render_turn(row, [], ItemsView.NOT_LOADED)
    assert [told[name] for name in ("startedAt", "completedAt", "durationMs")] == [None] * 3


@pytest.mark.parametrize(
    ("status", "name"),
    [
        (TurnStatus.COMPLETED, "completed"),
        (TurnStatus.INTERRUPTED, "interrupted"),
        (TurnStatus.FAILED, "failed"),
        # No turn runs in a store, so one without an end was interrupted.
        (TurnStatus.IN_PROGRESS, "interrupted"),
    ],
)
def test_a_status_is_a_word_at_the_wire(status: TurnStatus, name: str) -> None:
    assert render_turn(ROW._replace(status=int(status)), [], ItemsView.FULL)["status"] == name


@pytest.mark.parametrize(
    ("view", "name"),
    [(ItemsView.NOT_LOADED, "notLoaded"), (ItemsView.SUMMARY, "summary"), (ItemsView.FULL, "full")],
)
def test_a_turn_names_the_view_that_it_is_shown_in(view: ItemsView, name: str) -> None:
    assert render_turn(ROW, [], view)["itemsView"] == name


@pytest.mark.parametrize(
    ("user", "agent", "order"),
    [
        (None, None, ()),
        (0, None, (0,)),
        (None, 0, (0,)),
        (0, 3, (0, 3)),
        # The user message comes first, even if the agent message came earlier.
        (3, 0, (3, 0)),
    ],
)
def test_a_summary_is_the_user_message_and_then_the_agent_message(
    user: int | None, agent: int | None, order: tuple[int, ...]
) -> None:
    assert summary_order(ROW._replace(summary_first=user, summary_second=agent)) == order
