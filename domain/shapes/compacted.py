"""What a compacted line must look like."""

from domain.shapes.checks import anything, nullable, record, string, tagged
from domain.shapes.response_items import ALIASES, RESPONSE_ITEMS

HISTORY_ITEM = tagged(
    "type",
    {**RESPONSE_ITEMS, **{old: RESPONSE_ITEMS[name] for old, name in ALIASES.items()}},
    unknown=anything,
)
"""A response item; one of an unknown type is an item without meaning."""


def replacement_history(value: object) -> bool:
    """A list of response items, once the ghost snapshots are taken out."""
    return type(value) is list and all(is_ghost_snapshot(item) or HISTORY_ITEM(item) for item in value)


def is_ghost_snapshot(item: object) -> bool:
    """Whether this is an item that the reference removes before it reads on."""
    return type(item) is dict and item.get("type") == "ghost_snapshot"


COMPACTED = record({"message": string}, {"replacement_history": nullable(replacement_history)})
