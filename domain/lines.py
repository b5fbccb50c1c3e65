"""How a line of a rollout file is read: strictly, and no more of it than is needed.

A line is a record when it is one strict JSON object (RFC 8259; no lone surrogates, no number beyond a
double, at most 127 nested containers); everything else is damage that costs that line alone.

Most bytes of a log are in lines that no read model needs: what the model saw and thought. They are
recognised by their first bytes (`is_passed_over`) and never parsed. The list is positive: a line that
is not recognised is parsed, so a foreign writer costs speed, never correctness. A recognised line is
taken at its word for its kind; whether it counts as a kept line is found out only where a number
depends on it (`domain/history`).
"""

import re
from collections.abc import Callable
from typing import Any

import orjson

from domain.limits import LINE_NESTING_MAX

MALFORMED = "malformed"
"""The topic of a line that is no record."""

DEEP_SIZE_MIN = 2 * LINE_NESTING_MAX
"""Bytes that a line needs at least to nest too deep: two brackets a level."""

TAGGED = frozenset({"event_msg", "response_item"})
"""Line types whose topic carries the payload's type."""

PREFIX_AT = len('{"timestamp":"2026-05-01T10:00:00.000Z')
"""Where the kind begins in a line as the writer writes it: timestamps have 24 characters."""

PASSED_OVER = tuple(
    f'","type":"{kind}'.encode()
    for kind in (
        'event_msg","payload":{"type":"token_count"',
        'response_item","payload":{"type":"reasoning"',
        'response_item","payload":{"type":"function_call_output"',
        'response_item","payload":{"type":"function_call"',
        'response_item","payload":{"type":"message","role":"assistant"',
        'turn_context","payload":{"',
        'response_item","payload":{"type":"custom_tool_call"',
        'response_item","payload":{"type":"custom_tool_call_output"',
        'response_item","payload":{"type":"message","role":"developer"',
        'response_item","payload":{"type":"web_search_call"',
        'response_item","payload":{"type":"local_shell_call"',
        'response_item","payload":{"type":"tool_search_call"',
        'response_item","payload":{"type":"tool_search_output"',
    )
)
"""First bytes, from `PREFIX_AT`, of the lines that no read model needs; the commonest first."""


def is_passed_over(raw: bytes) -> bool:
    """Whether the line's first bytes say that no read model needs it."""
    return raw.startswith(PASSED_OVER, PREFIX_AT)


SILENT_TYPES = ("world_state", "turn_context", "token_usage_record", "retained_context", "compacted")
"""Line types that show nothing in a paginated log."""

SILENT_EVENTS = frozenset(
    (
        "token_count",
        "item_started",
        "thread_settings_applied",
        "error",
        "warning",
        "user_message",
        "agent_message",
        "agent_reasoning",
        "agent_reasoning_raw_content",
        "context_compacted",
        "entered_review_mode",
        "exited_review_mode",
        "thread_rolled_back",
        "mcp_tool_call_end",
        "web_search_end",
        "image_generation_end",
        "patch_apply_end",
        "exec_command_end",
        "guardian_assessment",
        "view_image_tool_call",
        "dynamic_tool_call_request",
        "dynamic_tool_call_response",
        "collab_agent_spawn_end",
        "collab_agent_interaction_end",
        "collab_waiting_end",
        "collab_close_end",
        "collab_resume_end",
    )
)
"""Events that make no turn and no item in a paginated log."""

Recogniser = Callable[[bytes], re.Match[bytes] | None]
"""Tells by the first bytes of a line that it is not needed; its one group is the ordinal."""

WHOLE_END = b"}}\n"
"""How a line ends that was written whole: an object in an object. A recognised line must have it."""


def _recogniser(events: frozenset[str]) -> Recogniser:
    kinds = (
        r'response_item","payload":\{"type":"[a-z_]+"',
        *(rf'{name}","payload":\{{"' for name in SILENT_TYPES),
        rf'event_msg","payload":\{{"type":"(?:{"|".join(sorted(events))})"',
    )
    before = r'\{"timestamp":"[^"\\]{24}","ordinal":(0|[1-9][0-9]{0,17}),"type":"'
    return re.compile(f"{before}(?:{'|'.join(kinds)})".encode()).match


silent_line = _recogniser(SILENT_EVENTS)
"""Recognises what makes no turn and no item: its ordinal counts all the same."""

unlisted_line = _recogniser(SILENT_EVENTS - {"user_message"})
"""Recognises what makes no list row."""


def not_recognised(_raw: bytes) -> None:
    """Recognises nothing: every line is parsed."""


BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def parse_at(at: int, raw: bytes) -> dict[str, Any] | None:
    """The JSON object of the line at this offset: a byte order mark before the first line does no harm."""
    return parse(raw.removeprefix(BYTE_ORDER_MARK) if at == 0 else raw)


def parse(raw: bytes) -> dict[str, Any] | None:
    """The line's JSON object, or None when the line is no record."""
    try:
        value = orjson.loads(raw)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(value, dict):
        return None
    if len(raw) > DEEP_SIZE_MIN and raw.count(b"{") + raw.count(b"[") > LINE_NESTING_MAX < nesting(value):
        return None
    return value


def nesting(value: object) -> int:
    """How many containers lie around the innermost value; a scalar has 0."""
    depth = 0
    level = [value]
    while level := [item for item in level if isinstance(item, dict | list)]:
        depth += 1
        level = [inner for outer in level for inner in (outer.values() if isinstance(outer, dict) else outer)]
    return depth


def topic_of(value: dict[str, Any] | None) -> str:
    """The wire tag of a parsed line: its type, with the payload's type for events and response items."""
    if value is None:
        return MALFORMED
    kind = value.get("type")
    if not isinstance(kind, str):
        return MALFORMED
    if kind not in TAGGED:
        return kind
    payload = value.get("payload")
    inner = payload.get("type") if isinstance(payload, dict) else None
    return f"{kind}:{inner}" if isinstance(inner, str) else MALFORMED
