"""Which lines of a paginated log are right: every rule was asked of release 0.169.0, line by changed line."""

import copy
import json
from typing import Any

import pytest

from domain.shapes.items import ITEM
from domain.shapes.paginated import EVENTS, TOPICS, counted_topic
from tests.domain.canonical_items import AGENT, ALL, COLLAB, COMMAND, IMAGE, SEARCH, USER, VIEW
from tests.domain.shape_lines import THREAD_ID, found, line_of, object_paths, replaced, without

Json = dict[str, Any]

ANYTHING = ("arguments", "structuredContent", "_meta")
FREE = (*ANYTHING, "result.content.", "results.")
"""Members that hold anything."""

MAPS = ("changes", "agents_states")
"""Members whose own members have free names."""

OPTIONAL: dict[str, str] = {
    "UserMessage": "client_id content.0.text_elements content.1.detail content.3.detail",
    "AgentMessage": "phase memory_citation",
    "Reasoning": "raw_content",
    "CommandExecution": """
        process_id aggregated_output exit_code duration parsed_cmd.1.path parsed_cmd.2.query
    """,
    "FileChange": "status changes./a.move_path",
    "McpToolCall": """
        mcpAppResourceUri result error duration result.structuredContent result.isError result._meta
    """,
    "DynamicToolCall": "namespace content_items success duration",
    "CollabAgentToolCall": """
        receiver_thread_ids prompt model reasoning_effort agents_states
        receiver_agents receiver_agents.0.agent_nickname receiver_agents.0.agent_role
    """,
    "WebSearch": "action.query action.queries results",
    "ImageGeneration": "revised_prompt saved_path",
    "ExitedReviewMode": "review_output",
}
"""Members that may be absent."""

NEVER_NULL = {"text_elements", "raw_content", "receiver_thread_ids", "agents_states", "receiver_agents"}
"""Optional members that may not be null."""

ids = [told["type"] for told in ALL]


def as_read(told: Json) -> Json:
    """The value after it went through its bytes."""
    value: Json = json.loads(json.dumps(told))
    return value


@pytest.mark.parametrize("told", ALL, ids=ids)
def test_each_item_with_all_its_members_is_right(told: Json) -> None:
    assert ITEM(as_read(told))


@pytest.mark.parametrize("told", ALL, ids=ids)
def test_members_may_be_absent_or_null_only_where_they_may(told: Json) -> None:
    optional = OPTIONAL.get(told["type"], "").split()
    for path in found_paths(told):
        parent, _, name = path.rpartition(".")
        if name.isdigit() or parent in MAPS or parent.endswith(ANYTHING):
            continue
        is_optional = path in optional
        assert ITEM(without(told, path)) is is_optional, f"without {path}"
        may_be_null = (is_optional and name not in NEVER_NULL) or name == "arguments"
        assert ITEM(replaced(told, path, None)) is may_be_null, f"null {path}"


def found_paths(value: Any, before: str = "") -> list[str]:
    """The paths of all members."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    paths = []
    for step, inner in items:
        path = f"{before}.{step}" if before else str(step)
        paths += [path, *found_paths(inner, path)]
    return paths


@pytest.mark.parametrize("told", ALL, ids=ids)
def test_no_member_may_be_of_another_type(told: Json) -> None:
    for path in found_paths(told):
        if any(free in path for free in FREE) or path == "type":
            continue
        there = found(told, path)
        wrong: list[object] = [5.5, True, {"surprise": 1}, ["surprise", 5]]
        for value in wrong:
            if type(value) is type(there) or (path.endswith("confidence_score") and value == 5.5):
                continue
            if path in ("results", "result.content") and isinstance(value, list):
                continue
            assert not ITEM(replaced(told, path, value)), f"{path} = {value!r}"


@pytest.mark.parametrize("told", ALL, ids=ids)
def test_further_members_do_no_harm(told: Json) -> None:
    for path in object_paths(told):
        if path in ("changes", "agents_states") or path.startswith("agents_states.") or "duration" in path:
            continue
        changed = {**copy.deepcopy(found(told, path)), "surprise": 1}
        assert ITEM(replaced(told, path, changed)), path


WRONG: list[Json] = [
    {},
    {"type": "Mystery", "id": "i"},
    {"type": "plan", "id": "i", "text": ""},
    {"type": 5, "id": "i"},
    replaced(USER, "content", [{"type": "image"}]),
    replaced(USER, "content", [{"type": "image", "image_url": "u", "detail": "x"}]),
    replaced(USER, "content", [{"type": "mystery"}]),
    {**COMMAND, "cwd": "/not/a/uri"},
    {**COMMAND, "source": "userShell"},
    {**COMMAND, "status": "inProgress"},
    {**COMMAND, "exit_code": 2**31},
    {**COMMAND, "duration": {"secs": -1, "nanos": 0}},
    {**COMMAND, "interaction_input": 5},
    {**COLLAB, "tool": "spawnAgent"},
    {**COLLAB, "status": "inProgress"},
    {**COLLAB, "sender_thread_id": "x"},
    {**COLLAB, "reasoning_effort": ""},
    {**COLLAB, "agents_states": {"x": "running"}},
    {**COLLAB, "agents_states": {AGENT: "mystery"}},
    {**COLLAB, "agents_states": {AGENT: {"errored": None}}},
    {**COLLAB, "agents_states": {AGENT: {"completed": "x", "errored": "y"}}},
    {**COLLAB, "receiver_agents": [{}]},
    {**SEARCH, "results": {}},
    {**VIEW, "path": "/a"},
    {**IMAGE, "saved_path": "a"},
    {"type": "McpToolCall", "id": "i", "server": "s", "tool": "t", "arguments": 1, "status": "in_progress"},
    {"type": "DynamicToolCall", "id": "i", "tool": "t", "arguments": 1, "status": "inProgress"},
    {"type": "FileChange", "id": "i", "changes": {}, "status": "in_progress"},
    {"type": "FileChange", "id": "i", "changes": {}, "auto_approved": 5},
    {"type": "EnteredReviewMode", "id": "i", "target": {"type": "uncommittedChanges"}},
]


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_item_is_no_item(wrong: Json) -> None:
    assert not ITEM(wrong)


def test_an_agent_that_ended_without_a_word_is_right() -> None:
    assert ITEM({**COLLAB, "agents_states": {AGENT: {"completed": None}}})


# -- lines ------------------------------------------------------------------------------------

START = {"turn_id": "t"}
END = {"turn_id": "t"}
ABORT = {"turn_id": "t", "reason": "interrupted"}
ITEM_LINE = {"thread_id": THREAD_ID, "turn_id": "t", "item": {"type": "Plan", "id": "p", "text": ""}}

WRONG_ERRORS: tuple[object, ...] = (5, "x", [], {}, {"message": 5})
INFOS: tuple[object, ...] = (None, "other", "new", {"new": 5}, {"http_connection_failed": {}})
WRONG_INFOS: tuple[object, ...] = (
    5,
    {},
    {"new": 1, "newer": 2},
    "http_connection_failed",
    {"http_connection_failed": None},
    {"http_connection_failed": {"http_status_code": 65536}},
    {"active_turn_not_steerable": {"turn_kind": "x"}},
)

EVENT_CASES: list[tuple[str, Json, Json, bool]] = [
    *(("task_started", START, {name: None}, True) for name in ("root_turn_id", "started_at", "trace_id")),
    *(("task_started", START, {name: []}, False) for name in ("root_turn_id", "started_at", "trace_id")),
    ("task_started", START, {"model_context_window": 1.5}, False),
    ("task_started", START, {"collaboration_mode_kind": "plan"}, True),
    ("task_started", START, {"collaboration_mode_kind": None}, False),
    ("task_started", START, {"turn_id": None}, False),
    *(
        (kind, payload, {name: value}, value in (None, -5))
        for kind, payload in (("task_complete", END), ("turn_aborted", ABORT))
        for name in ("started_at", "completed_at", "duration_ms")
        for value in (None, -5, 1.5, "5", True, 2**63)
    ),
    ("task_complete", END, {"turn_id": None}, False),
    ("task_complete", END, {"last_agent_message": None, "time_to_first_token_ms": 5}, True),
    ("task_complete", END, {"last_agent_message": 5}, False),
    ("task_complete", END, {"error": None}, True),
    ("task_complete", END, {"error": {"message": "m"}}, True),
    *(("task_complete", END, {"error": error}, False) for error in WRONG_ERRORS),
    *(("task_complete", END, {"error": {"message": "m", "codex_error_info": i}}, True) for i in INFOS),
    *(("task_complete", END, {"error": {"message": "m", "codex_error_info": i}}, False) for i in WRONG_INFOS),
    ("turn_aborted", ABORT, {"turn_id": None}, True),
    *(("turn_aborted", ABORT, {"reason": reason}, True) for reason in ("replaced", "review_ended")),
    ("turn_aborted", ABORT, {"reason": "budget_limited"}, True),
    *(("turn_aborted", ABORT, {"reason": reason}, False) for reason in ("x", None, 5)),
    ("item_completed", ITEM_LINE, {}, True),
    ("item_completed", ITEM_LINE, {"started_at_ms": None, "completed_at_ms": 5}, True),
    ("item_completed", ITEM_LINE, {"completed_at_ms": None}, False),
    ("item_completed", ITEM_LINE, {"thread_id": "x"}, False),
    ("item_completed", ITEM_LINE, {"turn_id": None}, False),
    ("item_completed", ITEM_LINE, {"item": None}, False),
    ("thread_goal_updated", {"goal": {"objective": "o"}}, {}, True),
    ("thread_goal_updated", {"goal": {}}, {}, False),
]


@pytest.mark.parametrize(("kind", "payload", "changes", "counts"), EVENT_CASES)
def test_a_line_counts_when_what_is_used_of_it_is_right(
    kind: str,
    payload: Json,
    changes: Json,
    counts: bool,  # noqa: FBT001
) -> None:
    told = line_of(f"event_msg:{kind}", payload | changes)
    assert counted_topic(as_read(told)) == (f"event_msg:{kind}" if counts else None)


def test_every_event_has_its_topic() -> None:
    assert set(TOPICS) == set(EVENTS)
    assert TOPICS["turn_started"] == TOPICS["task_started"] == "event_msg:task_started"
