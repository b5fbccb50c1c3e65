"""What becomes of a line in a fork (case fork-copy, and more that release 0.131.0 was asked)."""

import json
from pathlib import Path

import pytest
from hypothesis import given

from domain.thread.copied_line import copied, copy_line
from tests.home import THREAD, Json, event, item, line, meta
from tests.properties.lines import SINGLE
from tests.properties.reading import kept_lines
from tests.properties.scale import examples

NOW = "2026-11-22T20:45:11.976Z"
CASES = Path(__file__).parents[2] / "data" / "conformance" / "lifecycle"

USAGE = {
    name: number
    for number, name in enumerate(
        ("input_tokens", "cached_input_tokens", "output_tokens", "reasoning_output_tokens", "total_tokens")
    )
}
LIMITS = ("limit_id", "limit_name", "primary", "secondary", "credits", "plan_type", "rate_limit_reached_type")
GOAL = {
    "threadId": str(THREAD),
    "objective": "o",
    "status": "active",
    "tokensUsed": 1,
    "timeUsedSeconds": 1,
    "createdAt": 1,
    "updatedAt": 1,
}


def spelt(kind: str, *, gone: Json | None = None, **fields: object) -> tuple[bytes, Json]:
    """A line with fields that go, and the payload of its copy."""
    return event(kind, **fields, **(gone or {})), {"type": kind, **fields}


def dropping(kind: str, nulls: str, **fields: object) -> tuple[bytes, Json]:
    """A line whose nulls are left out."""
    return spelt(kind, gone=dict.fromkeys(nulls.split()), **fields)


def adding(kind: str, defaults: Json, **fields: object) -> tuple[bytes, Json]:
    """A line whose defaults are spelt out."""
    return event(kind, **fields), {"type": kind, **fields, **defaults}


PATCH: Json = {"call_id": "c", "stdout": "", "stderr": "", "success": True, "status": "completed"}
MCP: Json = {"call_id": "c", "result": {"Err": "x"}}
STARTED = {"model_context_window": None, "collaboration_mode_kind": "default"}

SPELLINGS: dict[str, tuple[bytes, Json]] = {
    "user message": adding("user_message", {"local_images": [], "text_elements": []}, message="m"),
    "no images": dropping("user_message", "images", message="m", local_images=[], text_elements=[]),
    "text element": (
        event(
            "user_message",
            message="m",
            local_images=[],
            text_elements=[{"byte_range": {"start": 0, "end": 1}}],
        ),
        {
            "type": "user_message",
            "message": "m",
            "local_images": [],
            "text_elements": [{"byte_range": {"start": 0, "end": 1}, "placeholder": None}],
        },
    ),
    "agent message": adding("agent_message", {"phase": None, "memory_citation": None}, message="m"),
    "start": adding("task_started", STARTED, turn_id="t"),
    "start in its other spelling": (
        event("turn_started", turn_id="t"),
        {"type": "task_started", "turn_id": "t", **STARTED},
    ),
    "older mode": (
        event("task_started", turn_id="t", model_context_window=1, collaboration_mode_kind="code"),
        {
            "type": "task_started",
            "turn_id": "t",
            "model_context_window": 1,
            "collaboration_mode_kind": "default",
        },
    ),
    "end": dropping("task_complete", "completed_at duration_ms", turn_id="t", last_agent_message=None),
    "end in its other spelling": (
        event("turn_complete", turn_id="t"),
        {"type": "task_complete", "turn_id": "t", "last_agent_message": None},
    ),
    "abort": adding("turn_aborted", {"turn_id": None}, reason="replaced"),
    "review": (
        event("entered_review_mode", target={"type": "commit", "sha": "a"}, user_facing_hint=None),
        {"type": "entered_review_mode", "target": {"type": "commit", "sha": "a", "title": None}},
    ),
    "end of a review": adding("exited_review_mode", {"review_output": None}),
    "call": (
        event(
            "mcp_tool_call_end",
            invocation={"server": "s", "tool": "t"},
            duration={"secs": 1, "nanos": 2_000_000_001},
            **MCP,
        ),
        {
            "type": "mcp_tool_call_end",
            "invocation": {"server": "s", "tool": "t", "arguments": None},
            "duration": {"secs": 3, "nanos": 1},
            **MCP,
        },
    ),
    "search": (
        event("web_search_end", call_id="c", query="q", action={"type": "search", "query": None}),
        {"type": "web_search_end", "call_id": "c", "query": "q", "action": {"type": "search"}},
    ),
    "image": (
        event("image_generation_end", call_id="c", status="s", result="r", saved_path="//a/./b/../c/"),
        {"type": "image_generation_end", "call_id": "c", "status": "s", "result": "r", "saved_path": "/a/c"},
    ),
    "patch": adding("patch_apply_end", {"turn_id": "", "changes": {}}, **PATCH),
    "change": (
        event(
            "patch_apply_end", turn_id="t", changes={"a": {"type": "update", "unified_diff": "d"}}, **PATCH
        ),
        {
            "type": "patch_apply_end",
            "turn_id": "t",
            "changes": {"a": {"type": "update", "unified_diff": "d", "move_path": None}},
            **PATCH,
        },
    ),
    "plan": (
        event(
            "item_completed",
            thread_id=str(THREAD).upper(),
            turn_id="t",
            item={"type": "Plan", "id": "p", "text": "x"},
        ),
        {
            "type": "item_completed",
            "thread_id": str(THREAD),
            "turn_id": "t",
            "item": {"type": "Plan", "id": "p", "text": "x"},
            "completed_at_ms": 0,
        },
    ),
    "tokens": (
        event(
            "token_count",
            info={"total_token_usage": USAGE, "last_token_usage": USAGE},
            rate_limits={
                "primary": {"used_percent": 1},
                "credits": {"has_credits": True, "unlimited": False},
            },
        ),
        {
            "type": "token_count",
            "info": {"total_token_usage": USAGE, "last_token_usage": USAGE, "model_context_window": None},
            "rate_limits": dict.fromkeys(LIMITS)
            | {
                "primary": {"used_percent": 1, "window_minutes": None, "resets_at": None},
                "credits": {"has_credits": True, "unlimited": False, "balance": None},
            },
        },
    ),
    "no tokens": adding("token_count", {"info": None, "rate_limits": None}),
    "goal": (
        event("thread_goal_updated", threadId=str(THREAD), turnId=None, goal=GOAL | {"tokenBudget": None}),
        {"type": "thread_goal_updated", "threadId": str(THREAD), "goal": GOAL},
    ),
    "compaction": (line("compacted", {"message": "m", "replacement_history": None}), {"message": "m"}),
    "ghost in a compaction": (
        line("compacted", {"message": "m", "replacement_history": [{"type": "ghost_snapshot"}]}),
        {"message": "m", "replacement_history": []},
    ),
    "older name of a compaction": (
        item("compaction_summary", encrypted_content="e"),
        {"type": "compaction", "encrypted_content": "e"},
    ),
    "newer field": spelt("agent_reasoning", text="t", newer=1),
    "id that shows": (
        item("message", role="user", content=[], id="m-1"),
        {"type": "message", "role": "user", "content": [], "id": "m-1"},
    ),
}


@pytest.mark.parametrize(("raw", "payload"), SPELLINGS.values(), ids=SPELLINGS)
def test_a_copy_is_spelt_as_the_release_spells_it(raw: bytes, payload: Json) -> None:
    copy = copied(raw, NOW)
    assert copy is not None
    value = json.loads(copy)
    assert value == {"timestamp": NOW, "type": json.loads(raw)["type"], "payload": payload}
    assert list(value) == ["timestamp", "type", "payload"]


def test_a_head_is_made_of_the_fields_that_are_known() -> None:
    tool: Json = {"name": "n", "description": "d", "inputSchema": {}}
    copy = copy_line(meta(custom_field="x", history_mode="paginated", dynamic_tools=[tool], git={}), NOW)
    assert copy is not None
    assert copy.payload["base_instructions"] is None
    assert copy.payload["dynamic_tools"] == [tool | {"deferLoading": False}]
    assert copy.payload["git"] == {}
    assert not copy.payload.keys() & {"custom_field", "history_mode", "memory_mode"}
    told = copy_line(meta(memory_mode="disabled"), NOW)
    assert told is not None
    assert told.payload["memory_mode"] == "disabled"


LEFT_OUT = {
    "garbage": b"garbage line",
    "blank": b"\n",
    "unfinished": event("agent_reasoning", text="t")[:-4],
    "not UTF-8": event("agent_reasoning", text="t").replace(b"t", b"\xff"),
    "unknown kind": line("unknown_item", {}),
    "unknown event": event("unknown_event"),
    "broken shape": event("user_message", message=1),
    "kind that is not stored": event("error", message="m"),
    "ghost": item("ghost_snapshot", ghost_commit={"id": "a"}),
    "item that is no plan": event(
        "item_completed", thread_id=str(THREAD), turn_id="t", item={"type": "AgentMessage", "id": "a"}
    ),
}


@pytest.mark.parametrize("raw", LEFT_OUT.values(), ids=LEFT_OUT)
def test_what_the_release_would_not_store_is_left_out(raw: bytes) -> None:
    assert copied(raw, NOW) is None


CANONICAL = item("function_call_output", call_id="c", output="ä\\n<x>\u2028").rstrip()


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n", b" \n"])
def test_of_a_line_as_it_should_be_only_the_time_changes(end: bytes) -> None:
    copy = copied(CANONICAL + end, NOW)
    assert copy is not None
    assert json.loads(copy) == json.loads(CANONICAL) | {"timestamp": NOW}
    assert copy.endswith(
        CANONICAL[len('{"timestamp":"2026-05-01T10:00:00.000Z"') :] if end in (b"", b"\n") else b"}}"
    )


def test_a_line_number_of_a_newer_release_is_left_out() -> None:
    copy = copied(line("response_item", {"type": "compaction", "encrypted_content": "e"}, ordinal=7), NOW)
    assert copy is not None
    assert b"ordinal" not in copy


def test_case_fork_copy_is_met() -> None:
    case = json.loads((CASES / "fork-copy.json").read_text("utf8"))
    (lines,) = case["home"].values()
    raws = [given["raw"].encode() if "raw" in given else json.dumps(given).encode() for given in lines]
    copies = [json.loads(raw) for raw in (copied(raw, NOW) for raw in raws) if raw is not None]
    expected = case["steps"][1]["expect"]["file"][1:]
    for name in ("timestamp", "cli_version"):
        del copies[0]["payload"][name]
    assert [{"type": copy["type"], "payload": copy["payload"]} for copy in copies] == expected


@examples(300)
@given(SINGLE)
def test_a_copy_of_a_copy_is_the_copy(raw: bytes) -> None:
    copy = copied(raw, NOW)
    assert (copy is None) == (not kept_lines(raw))
    if copy is not None:
        assert copied(copy, NOW) == copy
        (kept,) = kept_lines(copy)
        assert kept[0] == kept_lines(raw)[0][0]
