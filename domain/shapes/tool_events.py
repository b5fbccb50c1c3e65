"""What the ends of tool calls must look like."""

from domain.shapes.checks import (
    absolute_path,
    anything,
    boolean,
    exact_record,
    keyed,
    list_of,
    map_of,
    nullable,
    one_of,
    record,
    string,
    tagged,
    u32,
    u64,
)
from domain.shapes.shared import WEB_ACTION

NANOS_PER_SECOND = 10**9
SECONDS_MAX = 2**64 - 1
SECONDS_AND_NANOS = exact_record({"secs": u64, "nanos": u32})


def duration(value: object) -> bool:
    """Seconds and nanoseconds, of which a surplus carries into the seconds without overflow."""
    return (
        type(value) is dict
        and SECONDS_AND_NANOS(value)
        and value["secs"] + value["nanos"] // NANOS_PER_SECOND <= SECONDS_MAX
    )


MCP_RESULT = record(
    {"content": list_of(anything)},
    {"structuredContent": anything, "isError": nullable(boolean), "_meta": anything},
)

MCP_TOOL_CALL_END = record(
    {
        "call_id": string,
        "invocation": record({"server": string, "tool": string}),
        "duration": duration,
        "result": keyed({"Ok": MCP_RESULT, "Err": string}),
    },
    {"mcp_app_resource_uri": nullable(string)},
)

WEB_SEARCH_END = record({"call_id": string, "query": string, "action": WEB_ACTION})

IMAGE_GENERATION_END = record(
    {"call_id": string, "status": string, "result": string},
    {"revised_prompt": nullable(string), "saved_path": nullable(absolute_path)},
)

FILE_CHANGE = tagged(
    "type",
    {
        "add": record({"content": string}),
        "delete": record({"content": string}),
        "update": record({"unified_diff": string}, {"move_path": nullable(string)}),
    },
)

PATCH_APPLY_END = record(
    {
        "call_id": string,
        "stdout": string,
        "stderr": string,
        "success": boolean,
        "status": one_of("completed", "failed", "declined"),
    },
    {"turn_id": string, "changes": map_of(FILE_CHANGE)},
)
