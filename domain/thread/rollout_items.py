"""Items that other agents hand over to be stored: which of them are lines of a rollout, and which are kept.

An item is a line without its time, `{"type", "payload"}`, or a bare response item as a model has it. What
the policy does not keep is left out without a word, and so is what nobody knows; an item of a known kind
that does not read as one is refused, since it would be lost in the log.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from domain.errors import UnfitRolloutItem
from domain.policy import EXTENDED_ONLY, LIMITED
from domain.shapes import events, response_items
from domain.shapes.checks import Fields
from domain.shapes.kept import WHOLE
from domain.thread.thread import Item
from domain.topics import HEAD

RESPONSE_ITEM = "response_item"

KINDS: Mapping[str, tuple[Fields, Mapping[str, str]]] = {
    "event_msg": (events.EVENTS, events.ALIASES),
    RESPONSE_ITEM: (response_items.RESPONSE_ITEMS, response_items.ALIASES),
}
"""Shapes and other names of the payload types, by the type of the line."""

PLAN_TOPIC = "event_msg:item_completed"
"""The event that is kept when it tells of a plan, and only then."""


class PersistencePolicy(StrEnum):
    """How much of what an agent says is stored."""

    LIMITED = "limited"
    EXTENDED = "extended"

    def keeps(self, topic: str) -> bool:
        """Whether lines of this canonical topic are stored."""
        return topic in LIMITED or (self is PersistencePolicy.EXTENDED and topic in EXTENDED_ONLY)


def read_items(values: Sequence[Mapping[str, Any]], policy: PersistencePolicy) -> list[Item]:
    """The items that are stored, as lines to be; UnfitRolloutItem for the first that cannot be one."""
    found = (_read(place, value, policy) for place, value in enumerate(values))
    return [item for item in found if item is not None]


def _read(place: int, value: Mapping[str, Any], policy: PersistencePolicy) -> Item | None:
    line_type, payload = (
        (value.get("type"), value["payload"]) if "payload" in value else (RESPONSE_ITEM, value)
    )
    if not isinstance(line_type, str):
        raise UnfitRolloutItem(place, "`type` is not a string")
    if not isinstance(payload, dict):
        raise UnfitRolloutItem(place, "`payload` is not an object")
    if line_type == HEAD:
        raise UnfitRolloutItem(place, "a session_meta line is for the store to write")
    if line_type in WHOLE:
        return _fitting(place, (line_type, payload), fits=WHOLE[line_type](payload), topic=line_type)
    if line_type not in KINDS:
        return None
    return _read_tagged(place, (line_type, payload), policy)


def _read_tagged(place: int, item: Item, policy: PersistencePolicy) -> Item | None:
    line_type, payload = item
    written = payload.get("type")
    if not isinstance(written, str):
        raise UnfitRolloutItem(place, "the `type` of its payload is not a string")
    shapes, aliases = KINDS[line_type]
    name = aliases.get(written, written)
    topic = f"{line_type}:{name}"
    if not policy.keeps(topic) or (topic == PLAN_TOPIC and _is_of_another_item(payload)):
        return None
    shape = shapes.get(name)
    return item if shape is None else _fitting(place, item, fits=shape(payload), topic=topic)


def _fitting(place: int, item: Item, *, fits: bool, topic: str) -> Item:
    if not fits:
        raise UnfitRolloutItem(place, f"its payload does not fit {topic}")
    return item


def _is_of_another_item(payload: Mapping[str, Any]) -> bool:
    """Whether an `item_completed` tells of another kind of item than a plan."""
    item = payload.get("item")
    kind = item.get("type") if isinstance(item, dict) else None
    return isinstance(kind, str) and kind != "Plan"
