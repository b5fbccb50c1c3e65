"""Tests of the shapes of the events of a conversation and its turns."""

from typing import Any

import pytest

from tests.domain.shape_lines import (
    I64,
    LIST,
    OBJECT,
    STRING,
    STRINGS,
    THREAD_ID,
    U32,
    U64,
    UUID,
    Shape,
    is_kept,
    line_of,
    misjudged,
    names,
    nullable,
    optional,
    required,
    topic_as_read,
)

USER_MESSAGE = Shape(
    "event_msg:user_message",
    {
        "message": "m",
        "images": ["i"],
        "local_images": ["l"],
        "text_elements": [{"byte_range": {"start": 1, "end": 2}, "placeholder": "p"}],
    },
    (
        required("message", STRING),
        nullable("images", STRINGS),
        optional("local_images", STRINGS),
        optional("text_elements", LIST),
        required("text_elements.0.byte_range", OBJECT),
        required("text_elements.0.byte_range.start", U64),
        required("text_elements.0.byte_range.end", U64),
        nullable("text_elements.0.placeholder", STRING),
    ),
)

AGENT_MESSAGE = Shape(
    "event_msg:agent_message",
    {
        "message": "m",
        "phase": "commentary",
        "memory_citation": {
            "entries": [{"path": "p", "lineStart": 1, "lineEnd": 2, "note": "n"}],
            "rolloutIds": ["not checked"],
        },
    },
    (
        required("message", STRING),
        nullable("phase", names("commentary", "final_answer")),
        nullable("memory_citation", OBJECT),
        required("memory_citation.entries", LIST),
        required("memory_citation.entries.0.path", STRING),
        required("memory_citation.entries.0.lineStart", U32),
        required("memory_citation.entries.0.lineEnd", U32),
        required("memory_citation.entries.0.note", STRING),
        required("memory_citation.rolloutIds", STRINGS),
    ),
)

TASK_STARTED = Shape(
    "event_msg:task_started",
    {"turn_id": "t", "started_at": 1, "model_context_window": 1, "collaboration_mode_kind": "default"},
    (
        required("turn_id", STRING),
        nullable("started_at", I64),
        nullable("model_context_window", I64),
        optional(
            "collaboration_mode_kind",
            names("plan", "default", "code", "pair_programming", "execute", "custom"),
        ),
    ),
)

TASK_COMPLETE = Shape(
    "event_msg:task_complete",
    {
        "turn_id": "t",
        "last_agent_message": "m",
        "completed_at": 1,
        "duration_ms": 1,
        "time_to_first_token_ms": 1,
    },
    (
        required("turn_id", STRING),
        nullable("last_agent_message", STRING),
        nullable("completed_at", I64),
        nullable("duration_ms", I64),
        nullable("time_to_first_token_ms", I64),
    ),
)

PLAN_COMPLETED = Shape(
    "event_msg:item_completed",
    {
        "thread_id": THREAD_ID,
        "turn_id": "t",
        "item": {"type": "Plan", "id": "p", "text": "x"},
        "completed_at_ms": 1,
    },
    (
        required("thread_id", UUID),
        required("turn_id", STRING),
        required("item", OBJECT),
        required("item.type", names("Plan")),
        required("item.id", STRING),
        required("item.text", STRING),
        optional("completed_at_ms", I64),
    ),
)

SHAPES = (
    USER_MESSAGE,
    AGENT_MESSAGE,
    TASK_STARTED,
    TASK_COMPLETE,
    PLAN_COMPLETED,
    Shape("event_msg:agent_reasoning", {"text": "t"}, (required("text", STRING),)),
    Shape("event_msg:agent_reasoning_raw_content", {"text": "t"}, (required("text", STRING),)),
    Shape(
        "event_msg:turn_aborted",
        {"reason": "interrupted", "turn_id": "t", "completed_at": 1, "duration_ms": 1},
        (
            required("reason", names("interrupted", "replaced", "review_ended", "budget_limited")),
            nullable("turn_id", STRING),
            nullable("completed_at", I64),
            nullable("duration_ms", I64),
        ),
    ),
    Shape("event_msg:thread_rolled_back", {"num_turns": 1}, (required("num_turns", U32),)),
    Shape("event_msg:context_compacted", {}, exact=("",)),
)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_every_field_of_an_event_follows_its_rules(shape: Shape) -> None:
    assert misjudged(shape) == []


@pytest.mark.parametrize(
    ("written", "shape"), [("turn_started", TASK_STARTED), ("turn_complete", TASK_COMPLETE)]
)
def test_a_turn_event_under_its_other_name_has_the_same_topic_and_shape(written: str, shape: Shape) -> None:
    assert topic_as_read(line_of(f"event_msg:{written}", shape.payload)) == shape.topic
    assert topic_as_read(line_of(f"event_msg:{written}", {})) is None


@pytest.mark.parametrize("payload_type", ["task_started", "turn_started", "task_complete", "turn_complete"])
def test_a_turn_event_without_turn_id_is_dropped(payload_type: str) -> None:
    assert not is_kept(line_of(f"event_msg:{payload_type}", {"last_agent_message": None}))


def test_an_abort_without_reason_is_dropped() -> None:
    assert not is_kept(line_of("event_msg:turn_aborted", {"turn_id": "t"}))


@pytest.mark.parametrize(
    "item",
    [
        {"type": "UserMessage", "id": "u", "content": []},
        {"type": "AgentMessage", "id": "a", "content": []},
        {"type": "plan", "id": "p", "text": "x"},
    ],
)
def test_a_completed_item_that_is_no_plan_is_dropped(item: Any) -> None:
    assert not is_kept(PLAN_COMPLETED.line(item=item))


def test_old_fields_of_a_user_message_are_ignored() -> None:
    assert is_kept(USER_MESSAGE.line(kind=5, client_id=5))
