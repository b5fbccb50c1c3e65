"""Tests of the shapes of the ends of tool calls."""

from typing import Any

import pytest

from tests.domain.shape_lines import (
    ABSOLUTE_PATH,
    ANYTHING,
    BOOLEAN,
    LIST,
    OBJECT,
    STRING,
    U32,
    U64,
    Shape,
    is_kept,
    misjudged,
    names,
    nullable,
    optional,
    required,
)

MCP = Shape(
    "event_msg:mcp_tool_call_end",
    {
        "call_id": "c",
        "invocation": {"server": "s", "tool": "t", "arguments": {"x": 1}},
        "mcp_app_resource_uri": "u",
        "duration": {"secs": 1, "nanos": 1},
        "result": {
            "Ok": {
                "content": [{"type": "text", "text": "x"}, 5],
                "structuredContent": 5,
                "isError": True,
                "_meta": 5,
            }
        },
    },
    (
        required("call_id", STRING),
        required("invocation", OBJECT),
        required("invocation.server", STRING),
        required("invocation.tool", STRING),
        nullable("invocation.arguments", ANYTHING),
        nullable("mcp_app_resource_uri", STRING),
        required("duration", OBJECT),
        required("duration.secs", U64),
        required("duration.nanos", U32),
        required("result", OBJECT),
        required("result.Ok", OBJECT),
        required("result.Ok.content", LIST),
        nullable("result.Ok.structuredContent", ANYTHING),
        nullable("result.Ok.isError", BOOLEAN),
        nullable("result.Ok._meta", ANYTHING),
    ),
    exact=("duration", "result"),
)

FAILED_MCP = Shape(
    "event_msg:mcp_tool_call_end",
    MCP.payload | {"result": {"Err": "x"}},
    (required("result.Err", STRING),),
    exact=("duration", "result"),
)

SEARCH = Shape(
    "event_msg:web_search_end",
    {"call_id": "c", "query": "q", "action": {"type": "search", "query": "q", "queries": ["q"]}},
    (required("call_id", STRING), required("query", STRING), required("action", OBJECT)),
)

IMAGE = Shape(
    "event_msg:image_generation_end",
    {"call_id": "c", "status": "s", "result": "r", "revised_prompt": "p", "saved_path": "/p"},
    (
        required("call_id", STRING),
        required("status", STRING),
        required("result", STRING),
        nullable("revised_prompt", STRING),
        nullable("saved_path", ABSOLUTE_PATH),
    ),
)

PATCH = Shape(
    "event_msg:patch_apply_end",
    {
        "call_id": "c",
        "turn_id": "t",
        "stdout": "o",
        "stderr": "e",
        "success": True,
        "changes": {
            "a": {"type": "add", "content": "c"},
            "b": {"type": "delete", "content": "c"},
            "c": {"type": "update", "unified_diff": "d", "move_path": "m"},
        },
        "status": "completed",
    },
    (
        required("call_id", STRING),
        optional("turn_id", STRING),
        required("stdout", STRING),
        required("stderr", STRING),
        required("success", BOOLEAN),
        optional("changes", OBJECT),
        required("changes.a.type", names("add", "delete")),
        required("changes.a.content", STRING),
        required("changes.b.content", STRING),
        required("changes.c.unified_diff", STRING),
        nullable("changes.c.move_path", STRING),
        required("status", names("completed", "failed", "declined")),
    ),
    exact=("changes",),
)


@pytest.mark.parametrize("shape", [MCP, FAILED_MCP, SEARCH, IMAGE, PATCH], ids=str)
def test_every_field_of_a_finished_tool_call_follows_its_rules(shape: Shape) -> None:
    assert misjudged(shape) == []


@pytest.mark.parametrize(
    "result",
    [{}, {"Ok": {"content": []}, "Err": "x"}, {"ok": {"content": []}}, {"Mystery": "x"}, {"Err": {}}, "Ok"],
)
def test_an_mcp_result_is_either_a_result_or_an_error(result: Any) -> None:
    assert not is_kept(MCP.line(result=result))


@pytest.mark.parametrize(
    ("secs", "nanos", "kept"),
    [
        (0, 4_294_967_295, True),
        (2**64 - 1, 999_999_999, True),
        (2**64 - 1, 1_000_000_000, False),
        (2**64 - 5, 4_294_967_295, True),
        (2**64 - 4, 4_294_967_295, False),
    ],
)
def test_surplus_nanoseconds_must_not_carry_beyond_64_bit(secs: int, nanos: int, *, kept: bool) -> None:
    assert is_kept(MCP.line(duration={"secs": secs, "nanos": nanos})) is kept


def test_an_untagged_file_change_drops_the_line() -> None:
    assert not is_kept(PATCH.line(changes={"a": {"add": {"content": "c"}}}))


def test_a_patch_without_changes_is_kept() -> None:
    assert is_kept(PATCH.line(changes={}))
