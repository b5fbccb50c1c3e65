"""What events must look like, by the type of their payload; older names of a type map to today's."""

from domain.shapes.account import THREAD_GOAL_UPDATED, TOKEN_COUNT
from domain.shapes.checks import (
    Fields,
    exact_record,
    i64,
    list_of,
    nullable,
    one_of,
    record,
    string,
    tagged,
    u32,
    u64,
    uuid,
)
from domain.shapes.review import ENTERED_REVIEW_MODE, EXITED_REVIEW_MODE
from domain.shapes.shared import MODE, PHASE
from domain.shapes.tool_events import (
    IMAGE_GENERATION_END,
    MCP_TOOL_CALL_END,
    PATCH_APPLY_END,
    WEB_SEARCH_END,
)

ALIASES = {"turn_started": "task_started", "turn_complete": "task_complete"}
"""Other names of payload types, read but not written."""

TEXT_ELEMENT = record(
    {"byte_range": record({"start": u64, "end": u64})},
    {"placeholder": nullable(string)},
)

MEMORY_CITATION = record(
    {
        "entries": list_of(record({"path": string, "lineStart": u32, "lineEnd": u32, "note": string})),
        "rolloutIds": list_of(string),
    },
)

PLAN = tagged("type", {"Plan": record({"id": string, "text": string})})
"""The one item whose completion is kept; the others are live notices."""

EVENTS: Fields = {
    "user_message": record(
        {"message": string},
        {
            "images": nullable(list_of(string)),
            "local_images": list_of(string),
            "text_elements": list_of(TEXT_ELEMENT),
        },
    ),
    "agent_message": record(
        {"message": string},
        {"phase": nullable(PHASE), "memory_citation": nullable(MEMORY_CITATION)},
    ),
    "agent_reasoning": record({"text": string}),
    "agent_reasoning_raw_content": record({"text": string}),
    "task_started": record(
        {"turn_id": string},
        {
            "started_at": nullable(i64),
            "model_context_window": nullable(i64),
            "collaboration_mode_kind": MODE,
        },
    ),
    "task_complete": record(
        {"turn_id": string},
        {
            "last_agent_message": nullable(string),
            "completed_at": nullable(i64),
            "duration_ms": nullable(i64),
            "time_to_first_token_ms": nullable(i64),
        },
    ),
    "turn_aborted": record(
        {"reason": one_of("interrupted", "replaced", "review_ended", "budget_limited")},
        {"turn_id": nullable(string), "completed_at": nullable(i64), "duration_ms": nullable(i64)},
    ),
    "thread_rolled_back": record({"num_turns": u32}),
    "context_compacted": exact_record({"type": string}),
    "entered_review_mode": ENTERED_REVIEW_MODE,
    "exited_review_mode": EXITED_REVIEW_MODE,
    "mcp_tool_call_end": MCP_TOOL_CALL_END,
    "web_search_end": WEB_SEARCH_END,
    "image_generation_end": IMAGE_GENERATION_END,
    "patch_apply_end": PATCH_APPLY_END,
    "item_completed": record(
        {"thread_id": uuid, "turn_id": string, "item": PLAN},
        {"completed_at_ms": i64},
    ),
    "token_count": TOKEN_COUNT,
    "thread_goal_updated": THREAD_GOAL_UPDATED,
}
