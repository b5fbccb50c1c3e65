"""Tests of the shapes of response items."""

from typing import Any

import pytest

from tests.domain.shape_lines import (
    ANYTHING,
    LIST,
    OBJECT,
    STRING,
    STRINGS,
    U64,
    Kind,
    Shape,
    is_kept,
    line_of,
    misjudged,
    names,
    nullable,
    required,
    topic_as_read,
)

MESSAGE = Shape(
    "response_item:message",
    {
        "role": "user",
        "content": [
            {"type": "input_text", "text": "x"},
            {"type": "output_text", "text": "x"},
            {"type": "input_image", "image_url": "u", "detail": "low"},
        ],
        "id": "i",
        "phase": "commentary",
    },
    (
        required("role", STRING),
        required("content", LIST),
        required("content.0.type", names("input_text", "output_text")),
        required("content.0.text", STRING),
        required("content.1.text", STRING),
        required("content.2.image_url", STRING),
        nullable("content.2.detail", names("auto", "low", "high", "original")),
        nullable("id", STRING),
        nullable("phase", names("commentary", "final_answer")),
    ),
)

REASONING = Shape(
    "response_item:reasoning",
    {
        "summary": [{"type": "summary_text", "text": "x"}],
        "content": [{"type": "reasoning_text", "text": "x"}, {"type": "text", "text": "x"}],
        "encrypted_content": "e",
    },
    (
        required("summary", LIST),
        required("summary.0.type", names("summary_text")),
        required("summary.0.text", STRING),
        nullable("content", LIST),
        required("content.0.type", names("reasoning_text", "text")),
        required("content.0.text", STRING),
        nullable("encrypted_content", STRING),
    ),
)

SHELL_CALL = Shape(
    "response_item:local_shell_call",
    {
        "action": {
            "type": "exec",
            "command": ["ls"],
            "timeout_ms": 1,
            "working_directory": "/srv",
            "env": {},
            "user": "u",
        },
        "status": "completed",
        "call_id": "c",
        "id": "i",
    },
    (
        required("action", OBJECT),
        required("action.type", names("exec")),
        required("action.command", STRINGS),
        nullable("action.timeout_ms", U64),
        nullable("action.working_directory", STRING),
        nullable("action.env", Kind(good=({}, {"A": "b"}), bad=({"A": 5}, {"A": None}, [], "A=b", 5))),
        nullable("action.user", STRING),
        required("status", names("completed", "in_progress", "incomplete")),
        nullable("call_id", STRING),
        nullable("id", STRING),
    ),
    exact=("action.env",),
)

OUTPUT = Kind(
    good=(
        "",
        [],
        [{"type": "input_text", "text": "x"}],
        [{"type": "input_image", "image_url": "u"}],
        [{"type": "input_image", "image_url": "u", "detail": None}],
    ),
    bad=(
        5,
        True,
        {},
        {"content": "x"},
        ["x"],
        [{"type": "output_text", "text": "x"}],
        [{"type": "input_text"}],
        [{"type": "input_image", "image_url": "u", "detail": "mystery"}],
    ),
)

CALLS = (
    Shape(
        "response_item:function_call",
        {"name": "n", "arguments": "{}", "call_id": "c", "id": "i", "namespace": "n"},
        (
            required("name", STRING),
            required("arguments", STRING),
            required("call_id", STRING),
            nullable("id", STRING),
            nullable("namespace", STRING),
        ),
    ),
    Shape(
        "response_item:function_call_output",
        {"call_id": "c", "output": "x"},
        (required("call_id", STRING), required("output", OUTPUT)),
    ),
    Shape(
        "response_item:custom_tool_call",
        {"call_id": "c", "name": "n", "input": "x", "id": "i", "status": "anything"},
        (
            required("call_id", STRING),
            required("name", STRING),
            required("input", STRING),
            nullable("id", STRING),
            nullable("status", STRING),
        ),
    ),
    Shape(
        "response_item:custom_tool_call_output",
        {"call_id": "c", "output": "x", "name": "n"},
        (required("call_id", STRING), required("output", OUTPUT), nullable("name", STRING)),
    ),
    Shape(
        "response_item:tool_search_call",
        {"execution": "e", "arguments": {"query": "q"}, "call_id": "c", "id": "i", "status": "s"},
        (
            required("execution", STRING),
            required("arguments", ANYTHING),
            nullable("call_id", STRING),
            nullable("id", STRING),
            nullable("status", STRING),
        ),
    ),
    Shape(
        "response_item:tool_search_output",
        {"execution": "e", "status": "s", "tools": [], "call_id": "c"},
        (
            required("execution", STRING),
            required("status", STRING),
            required("tools", Kind(good=([], [None], [5, {"x": 1}]), bad=("x", 5, {}))),
            nullable("call_id", STRING),
        ),
    ),
    Shape(
        "response_item:web_search_call",
        {"action": {"type": "search", "query": "q", "queries": ["q"]}, "id": "i", "status": "s"},
        (nullable("action", OBJECT), nullable("id", STRING), nullable("status", STRING)),
    ),
    Shape(
        "response_item:image_generation_call",
        {"id": "i", "status": "s", "result": "r", "revised_prompt": "p"},
        (
            required("id", STRING),
            required("status", STRING),
            required("result", STRING),
            nullable("revised_prompt", STRING),
        ),
    ),
    Shape("response_item:compaction", {"encrypted_content": "e"}, (required("encrypted_content", STRING),)),
    Shape(
        "response_item:context_compaction",
        {"encrypted_content": "e"},
        (nullable("encrypted_content", STRING),),
    ),
)

SHAPES = (MESSAGE, REASONING, SHELL_CALL, *CALLS)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_every_field_of_a_response_item_follows_its_rules(shape: Shape) -> None:
    assert misjudged(shape) == []


@pytest.mark.parametrize("payload_type", ["compaction_trigger", "other", "ghost_snapshot", "mystery", ""])
def test_an_item_without_meaning_is_dropped_whatever_its_fields(payload_type: str) -> None:
    assert not is_kept(line_of(f"response_item:{payload_type}", MESSAGE.payload | {"type": payload_type}))


def test_a_compaction_under_its_older_name_has_the_topic_of_today() -> None:
    line = line_of("response_item:compaction_summary", {"encrypted_content": "e"})
    assert topic_as_read(line) == "response_item:compaction"
    assert topic_as_read(line_of("response_item:compaction_summary", {})) is None


def test_the_unwritten_id_of_a_reasoning_item_must_be_a_string_where_it_is_met() -> None:
    assert is_kept(REASONING.line(id="x"))
    assert not is_kept(REASONING.line(id=None))


def test_old_fields_of_a_message_are_ignored() -> None:
    assert is_kept(MESSAGE.line(end_turn="maybe"))


@pytest.mark.parametrize(
    "part", [{"type": "input_audio", "audio": "a"}, {"type": "input_text"}, {}, None, "x"]
)
def test_a_message_with_one_unreadable_part_is_dropped(part: Any) -> None:
    assert not is_kept(MESSAGE.line(content=[*MESSAGE.payload["content"], part]))
