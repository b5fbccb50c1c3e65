"""What the lines of a paginated log must look like, and which of them count.

A line that is wrong does not count, and its ordinal neither (asked of release 0.169.0). Only what makes
turns, items or list rows is looked into; the rest is taken at its word, as where its first bytes alone are
read.
"""

from typing import Any

from domain.lines import SILENT_EVENTS, SILENT_TYPES
from domain.shapes.checks import (
    Check,
    Fields,
    anything,
    either,
    i64,
    nullable,
    one_of,
    record,
    string,
    u16,
    uuid,
)
from domain.shapes.events import ALIASES
from domain.shapes.items import ITEM
from domain.shapes.session_meta import session_meta
from domain.shapes.shared import MODE

HTTP_ERROR = record({}, {"http_status_code": nullable(u16)})

DETAILED_ERRORS: Fields = {
    "http_connection_failed": HTTP_ERROR,
    "response_stream_connection_failed": HTTP_ERROR,
    "response_stream_disconnected": HTTP_ERROR,
    "response_too_many_failed_attempts": HTTP_ERROR,
    "active_turn_not_steerable": record({"turn_kind": one_of("review", "compact")}),
}
"""Errors that tell more than their name."""


def error_name(value: object) -> bool:
    """The name of an error, known or not, that tells no more."""
    return type(value) is str and value not in DETAILED_ERRORS


def detailed_error(value: object) -> bool:
    """An error that tells more than its name; of an unknown one anything may be told."""
    if type(value) is not dict or len(value) != 1:
        return False
    ((name, detail),) = value.items()
    return DETAILED_ERRORS.get(name, anything)(detail)


TURN_ERROR = record({"message": string}, {"codex_error_info": nullable(either(error_name, detailed_error))})

TIMES: Fields = {
    "root_turn_id": nullable(string),
    "started_at": nullable(i64),
    "completed_at": nullable(i64),
    "duration_ms": nullable(i64),
}

EVENTS: dict[str, Check] = {
    "task_started": record(
        {"turn_id": string},
        {
            "root_turn_id": nullable(string),
            "started_at": nullable(i64),
            "trace_id": nullable(string),
            "model_context_window": nullable(i64),
            "collaboration_mode_kind": MODE,
        },
    ),
    "task_complete": record(
        {"turn_id": string},
        {
            **TIMES,
            "last_agent_message": nullable(string),
            "time_to_first_token_ms": nullable(i64),
            "error": nullable(TURN_ERROR),
        },
    ),
    "turn_aborted": record(
        {"reason": one_of("interrupted", "replaced", "review_ended", "budget_limited")},
        {"turn_id": nullable(string), **TIMES},
    ),
    "item_completed": record(
        {"thread_id": uuid, "turn_id": string, "item": ITEM},
        {"started_at_ms": nullable(i64), "completed_at_ms": i64},
    ),
    "thread_goal_updated": record({"goal": record({"objective": string})}),
    **dict.fromkeys(SILENT_EVENTS, anything),
}
"""The shapes of events by the type of their payload."""

EVENTS |= {alias: EVENTS[name] for alias, name in ALIASES.items()}

TOPICS = {name: f"event_msg:{ALIASES.get(name, name)}" for name in EVENTS}
"""The canonical topic of each event."""

UNTYPED: dict[str, Check] = {"session_meta": session_meta, **dict.fromkeys(SILENT_TYPES, anything)}
"""The shapes of the line types whose payload is looked at whatever type it has."""


def counted_topic(value: dict[str, Any]) -> str | None:
    """The canonical topic of a parsed line when it counts by its shape, else None."""
    line_type, payload = value.get("type"), value.get("payload")
    if type(line_type) is not str or type(payload) is not dict or type(value.get("timestamp")) is not str:
        return None
    if (fits := UNTYPED.get(line_type)) is not None:
        return line_type if fits(payload) else None
    kind = payload.get("type")
    if type(kind) is not str:
        return None
    if line_type == "response_item":
        return f"response_item:{kind}"
    if line_type != "event_msg" or kind not in EVENTS:
        return None
    return TOPICS[kind] if EVENTS[kind](payload) else None
