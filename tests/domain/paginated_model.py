"""A second reader of paginated logs, straight from their description: everything is kept in memory.

It shares with the fold what a single item looks like, and nothing of how turns come about.
"""

import json
from collections.abc import Iterable
from typing import Any

from domain.items.canonical import canonical_item, is_shown
from domain.items.turn_error import turn_error
from domain.shapes.paginated import counted_topic
from domain.views import ItemsView

Json = dict[str, Any]


def counted(lines: Iterable[bytes], floor: int = -1) -> list[tuple[str, Json]]:
    """Topics and payloads of the lines that count."""
    found = []
    for raw in lines:
        try:
            value = json.loads(raw)
        except ValueError:
            continue
        if not isinstance(value, dict):
            continue
        ordinal = value.get("ordinal")
        topic = counted_topic(value)
        if topic is None or type(ordinal) is not int or ordinal <= floor:
            continue
        floor = ordinal
        found.append((topic, value["payload"]))
    return found


def turns_of(lines: Iterable[tuple[str, Json]], view: ItemsView = ItemsView.FULL) -> list[Json]:
    """The turns in the protocol's shape."""
    order: list[str] = []
    starts: dict[str, Json] = {}
    ends: dict[str, tuple[str, Json]] = {}
    items: dict[str, dict[str, Json]] = {}
    chosen: dict[str, list[str]] = {}
    for topic, payload in lines:
        turn_id, kind = payload.get("turn_id"), topic.removeprefix("event_msg:")
        if turn_id is None:
            continue
        if kind == "item_completed" and is_shown(payload["item"]):
            items.setdefault(turn_id, {})[payload["item"]["id"]] = payload["item"]
        if kind in ("task_started", "task_complete", "turn_aborted") and turn_id not in order:
            order.append(turn_id)
        if kind == "task_started" and turn_id not in ends:
            starts[turn_id] = payload
        if kind in ("task_complete", "turn_aborted") and turn_id not in ends:
            ends[turn_id] = (kind, payload)
            chosen[turn_id] = summary(items.get(turn_id, {}), has_ended=True)
    return [
        turn_of(
            turn_id,
            starts.get(turn_id, {}),
            ends.get(turn_id),
            viewed(
                items.get(turn_id, {}),
                view,
                chosen[turn_id] if turn_id in ends else summary(items.get(turn_id, {}), has_ended=False),
            ),
            view,
        )
        for turn_id in order
    ]


def turn_of(
    turn_id: str, start: Json, end: tuple[str, Json] | None, items: list[Json], view: ItemsView
) -> Json:
    """One turn."""
    kind, payload = end or ("", start)
    error = payload.get("error")
    status = "completed" if kind == "task_complete" else "interrupted"
    return {
        "id": turn_id,
        "items": items,
        "itemsView": view.value,
        "status": status if error is None else "failed",
        "error": None if error is None else turn_error(payload),
        "startedAt": payload.get("started_at"),
        "completedAt": payload.get("completed_at") if end else None,
        "durationMs": payload.get("duration_ms") if end else None,
    }


def summary(items: dict[str, Json], *, has_ended: bool) -> list[str]:
    """The ids of the two items that stand for the turn, in item order."""
    users = [item_id for item_id, item in items.items() if item["type"] == "UserMessage"]
    said = {item_id: item.get("phase") for item_id, item in items.items() if item["type"] == "AgentMessage"}
    answers = [item_id for item_id, phase in said.items() if phase == "final_answer"]
    if has_ended:
        answers = answers or [item_id for item_id, phase in said.items() if phase is None]
    chosen = {*users[:1], *answers[-1:]}
    return [item_id for item_id in items if item_id in chosen]


def viewed(items: dict[str, Json], view: ItemsView, chosen: list[str]) -> list[Json]:
    """The items that a view shows."""
    shown = {ItemsView.FULL: list(items), ItemsView.SUMMARY: chosen, ItemsView.NOT_LOADED: []}
    return [canonical_item(items[item_id]) for item_id in shown[view]]
