"""Ordinals: the numbers by which the lines of a paginated log count.

A line counts when its ordinal is greater than that of every line counted before it in its log. A line that is
wrong in itself does not count, and its ordinal hides nothing (asked of release 0.169.0).
"""

from collections.abc import Mapping
from typing import Any

from domain.limits import ORDINAL_MAX
from domain.lines import WHOLE_END, parse_at, silent_line
from domain.shapes.paginated import counted_topic


def ordinal_in(value: Mapping[str, Any]) -> int | None:
    """The ordinal that a parsed line tells; None for what is no whole number from 0 on."""
    ordinal = value.get("ordinal")
    return ordinal if type(ordinal) is int and 0 <= ordinal <= ORDINAL_MAX else None


def ordinal_of(at: int, raw: bytes) -> int | None:
    """The ordinal of the line at this offset; None when it has none or is no line that counts."""
    silent = silent_line(raw)
    if silent is not None and raw.endswith(WHOLE_END):
        return int(silent[1])
    value = parse_at(at, raw)
    return None if value is None or counted_topic(value) is None else ordinal_in(value)


def counted_after(value: dict[str, Any], last_ordinal: int, *, awaits_head: bool) -> tuple[str | None, int]:
    """The topic of a parsed line if it counts after this ordinal, and which ordinal is the last then.

    The head of a log counts without an ordinal.
    """
    ordinal = ordinal_in(value)
    is_greater = ordinal is not None and ordinal > last_ordinal
    if not is_greater and not (awaits_head and value.get("type") == "session_meta"):
        return None, last_ordinal
    topic = counted_topic(value)
    return topic, ordinal if ordinal is not None and is_greater and topic is not None else last_ordinal
