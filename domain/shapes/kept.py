"""Whether a line is kept: it reads, and the Limited policy would have written it.

Only kept lines reach the history, and only they are counted by the ids `rollout-<n>` of implicit turns.
"""

from collections.abc import Mapping
from typing import Any

from domain.policy import LIMITED
from domain.shapes import events, response_items
from domain.shapes.checks import Check, Fields
from domain.shapes.compacted import COMPACTED
from domain.shapes.session_meta import session_meta
from domain.shapes.turn_context import TURN_CONTEXT

Table = dict[str, tuple[str, Check]]
"""The topic and the shape of each payload type."""

WHOLE: Fields = {"session_meta": session_meta, "turn_context": TURN_CONTEXT, "compacted": COMPACTED}
"""The shapes of the line types whose payload has no type of its own."""


def table_of(line_type: str, shapes: Fields, aliases: Mapping[str, str]) -> Table:
    """The payload types of this line type that the Limited policy keeps, under all their names."""
    names = {name: name for name in shapes} | dict(aliases)
    topics = {written: f"{line_type}:{name}" for written, name in names.items()}
    return {
        written: (topics[written], shapes[name])
        for written, name in names.items()
        if topics[written] in LIMITED
    }


TAGGED: dict[str, Table] = {
    "event_msg": table_of("event_msg", events.EVENTS, events.ALIASES),
    "response_item": table_of("response_item", response_items.RESPONSE_ITEMS, response_items.ALIASES),
}
"""The line types whose payload says its own type."""


def kept_topic(value: dict[str, Any]) -> str | None:
    """The canonical topic of a parsed line when it is kept, else None."""
    line_type = value.get("type")
    payload = value.get("payload")
    # The timestamp's content counts for nothing, but a line without one is dropped.
    if type(line_type) is not str or type(payload) is not dict or type(value.get("timestamp")) is not str:
        return None
    table = TAGGED.get(line_type)
    if table is None:
        fits = WHOLE.get(line_type)
        return line_type if fits is not None and fits(payload) else None
    payload_type = payload.get("type")
    found = table.get(payload_type) if type(payload_type) is str else None
    if found is None:
        return None
    topic, fits = found
    return topic if fits(payload) else None
