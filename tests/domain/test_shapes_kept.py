"""Tests of the question whether a line is kept."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.policy import EXTENDED_ONLY, LIMITED
from domain.shapes.kept import TAGGED, WHOLE, kept_topic
from tests.domain.shape_lines import THREAD_ID, line_of, topic_as_read

META = {"id": THREAD_ID, "timestamp": "t", "cwd": "/srv", "originator": "o", "cli_version": "0"}

LINES: dict[str, dict[str, Any]] = {
    "session_meta": META,
    "turn_context": {
        "cwd": "/srv",
        "approval_policy": "on-request",
        "sandbox_policy": {"type": "read-only"},
        "model": "m",
        "summary": "auto",
    },
    "compacted": {"message": ""},
    "response_item:message": {"role": "user", "content": []},
    "response_item:reasoning": {"summary": []},
    "response_item:web_search_call": {},
    "response_item:context_compaction": {},
    "event_msg:user_message": {"message": "s", "local_images": [], "text_elements": []},
    "event_msg:agent_message": {"message": "s", "phase": None, "memory_citation": None},
    "event_msg:task_started": {
        "turn_id": "s",
        "model_context_window": None,
        "collaboration_mode_kind": "default",
    },
    "event_msg:task_complete": {"turn_id": "s", "last_agent_message": None},
    "event_msg:turn_aborted": {"turn_id": None, "reason": "interrupted"},
    "event_msg:thread_rolled_back": {"num_turns": 1},
    "event_msg:token_count": {"info": None, "rate_limits": None},
    "event_msg:patch_apply_end": {
        "call_id": "s",
        "turn_id": "",
        "stdout": "s",
        "stderr": "s",
        "success": True,
        "changes": {},
        "status": "completed",
    },
    "event_msg:web_search_end": {"call_id": "s", "query": "s", "action": {"type": "search"}},
    "event_msg:image_generation_end": {"call_id": "s", "status": "s", "result": "s"},
    "event_msg:exited_review_mode": {"review_output": None},
    "event_msg:entered_review_mode": {"target": {"type": "uncommittedChanges"}},
    "event_msg:context_compacted": {},
}

NOT_KEPT = (
    *sorted(EXTENDED_ONLY),
    "event_msg:warning",
    "event_msg:exec_command_begin",
    "event_msg:thread_name_updated",
    "event_msg:background_event",
    "event_msg:shutdown_complete",
    "event_msg:",
    "response_item:other",
    "dynamic_tools_updated",
    "world_state",
    "event_msg",
    "response_item",
    "",
)

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["type", "message", "path", "root"]),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.sampled_from(["type", "kind"]), inner),
    max_leaves=10,
)


@pytest.mark.parametrize("topic", LINES)
def test_a_canonical_line_is_kept_under_its_topic(topic: str) -> None:
    assert topic_as_read(line_of(topic, LINES[topic])) == topic


@pytest.mark.parametrize("topic", NOT_KEPT)
def test_what_the_limited_policy_does_not_write_is_dropped(topic: str) -> None:
    plausible = {"message": "m", "id": "i", "call_id": "c", "turn_id": "t", "path": "/p"}
    for payload in ({}, plausible, META):
        assert topic_as_read(line_of(topic, payload)) is None


def test_every_topic_of_the_limited_policy_has_a_shape_and_no_other_has() -> None:
    topics = {topic for table in TAGGED.values() for topic, _ in table.values()} | WHOLE.keys()
    assert topics == LIMITED


def test_no_topic_is_both_limited_and_extended_only() -> None:
    assert not LIMITED & EXTENDED_ONLY


@pytest.mark.parametrize("timestamp", ["", "yesterday", "2026-05-01T10:00:00.000Z"])
def test_the_text_of_a_timestamp_is_not_checked(timestamp: str) -> None:
    assert kept_topic(line_of("session_meta", META) | {"timestamp": timestamp}) == "session_meta"


@pytest.mark.parametrize("timestamp", [None, 5, [], {}])
def test_a_timestamp_that_is_no_string_drops_the_line(timestamp: Any) -> None:
    assert kept_topic(line_of("session_meta", META) | {"timestamp": timestamp}) is None


@pytest.mark.parametrize("field", ["timestamp", "type", "payload"])
def test_a_line_needs_all_three_fields(field: str) -> None:
    line = line_of("session_meta", META)
    del line[field]
    assert kept_topic(line) is None


def test_further_fields_of_a_line_are_ignored() -> None:
    assert kept_topic(line_of("session_meta", META) | {"ordinal": 5}) == "session_meta"


@pytest.mark.parametrize("payload", [None, 5, "x", [], ["user_message", "hello"]])
def test_a_payload_that_is_no_object_drops_the_line(payload: Any) -> None:
    for line_type in (*WHOLE, *TAGGED):
        assert kept_topic(line_of(line_type, payload)) is None


@pytest.mark.parametrize("name", [None, 0, [], {}, {"context_compacted": None}])
def test_a_type_that_is_no_string_drops_the_line(name: Any) -> None:
    assert kept_topic(line_of("event_msg", {"type": name})) is None
    assert kept_topic(line_of("session_meta", META) | {"type": name}) is None


def test_an_object_written_as_the_list_of_its_fields_is_a_wrong_type_here() -> None:
    assert topic_as_read(line_of("compacted", ["message"])) is None
    assert topic_as_read(line_of("event_msg:token_count", {"rate_limits": {"primary": [1.5, 1, 1]}})) is None


def test_a_name_written_as_an_object_is_a_wrong_type_here() -> None:
    message = {"message": "s", "phase": {"commentary": None}}
    assert topic_as_read(line_of("event_msg:agent_message", message)) is None


@given(st.dictionaries(st.text() | st.sampled_from(["timestamp", "type", "payload"]), JSON))
def test_no_json_object_makes_the_question_raise(value: dict[str, Any]) -> None:
    assert kept_topic(value) is None


@given(topic=st.sampled_from(sorted(LIMITED)), payload=st.dictionaries(st.text(), JSON), changed=JSON)
def test_no_payload_of_a_known_kind_makes_the_question_raise(
    topic: str, payload: dict[str, Any], changed: Any
) -> None:
    fields = LINES.get(topic, {})
    assert kept_topic(line_of(topic, fields | payload | dict.fromkeys(fields, changed))) in {topic, None}
    for field in fields:
        assert kept_topic(line_of(topic, fields | {field: changed})) in {topic, None}
