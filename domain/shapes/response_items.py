"""What response items must look like, by the type of their payload; older names of a type map to today's."""

from domain.shapes.checks import (
    Fields,
    anything,
    either,
    list_of,
    map_of,
    nullable,
    one_of,
    record,
    string,
    tagged,
    u64,
)
from domain.shapes.shared import PHASE, WEB_ACTION

ALIASES = {"compaction_summary": "compaction"}
"""Older names of payload types (observed)."""

TEXT = record({"text": string})

INPUT_IMAGE = record(
    {"image_url": string},
    {"detail": nullable(one_of("auto", "low", "high", "original"))},
)

CONTENT = tagged("type", {"input_text": TEXT, "output_text": TEXT, "input_image": INPUT_IMAGE})

TOOL_OUTPUT = either(
    string,
    list_of(tagged("type", {"input_text": TEXT, "input_image": INPUT_IMAGE})),
)

SHELL_ACTION = tagged(
    "type",
    {
        "exec": record(
            {"command": list_of(string)},
            {
                "timeout_ms": nullable(u64),
                "working_directory": nullable(string),
                "env": nullable(map_of(string)),
                "user": nullable(string),
            },
        ),
    },
)

RESPONSE_ITEMS: Fields = {
    "message": record(
        {"role": string, "content": list_of(CONTENT)},
        {"id": nullable(string), "phase": nullable(PHASE)},
    ),
    "reasoning": record(
        {"summary": list_of(tagged("type", {"summary_text": TEXT}))},
        {
            "id": string,  # never written, but null is wrong where it is met
            "content": nullable(list_of(tagged("type", {"reasoning_text": TEXT, "text": TEXT}))),
            "encrypted_content": nullable(string),
        },
    ),
    "local_shell_call": record(
        {"action": SHELL_ACTION, "status": one_of("completed", "in_progress", "incomplete")},
        {"call_id": nullable(string), "id": nullable(string)},
    ),
    "function_call": record(
        {"name": string, "arguments": string, "call_id": string},
        {"id": nullable(string), "namespace": nullable(string)},
    ),
    "function_call_output": record({"call_id": string, "output": TOOL_OUTPUT}),
    "custom_tool_call": record(
        {"call_id": string, "name": string, "input": string},
        {"id": nullable(string), "status": nullable(string)},
    ),
    "custom_tool_call_output": record({"call_id": string, "output": TOOL_OUTPUT}, {"name": nullable(string)}),
    "tool_search_call": record(
        {"execution": string, "arguments": anything},
        {"call_id": nullable(string), "id": nullable(string), "status": nullable(string)},
    ),
    "tool_search_output": record(
        {"execution": string, "status": string, "tools": list_of(anything)},
        {"call_id": nullable(string)},
    ),
    "web_search_call": record(
        {},
        {"action": nullable(WEB_ACTION), "id": nullable(string), "status": nullable(string)},
    ),
    "image_generation_call": record(
        {"id": string, "status": string, "result": string},
        {"revised_prompt": nullable(string)},
    ),
    "compaction": record({"encrypted_content": string}),
    "context_compaction": record({}, {"encrypted_content": nullable(string)}),
}
