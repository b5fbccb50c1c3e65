"""Items that tools leave (thread-history.md, section 3)."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.items.tools import file_change, image_generation, mcp_tool_call, milliseconds, web_search

Payload = dict[str, Any]


def changes_of(changes: Payload) -> object:
    """The changes of a patch."""
    return file_change("c", {"status": "completed", "changes": changes})["changes"]


@pytest.mark.parametrize(
    ("change", "kind", "diff"),
    [
        ({"type": "add", "content": "a\n"}, {"type": "add"}, "a\n"),
        ({"type": "delete", "content": ""}, {"type": "delete"}, ""),
        ({"type": "update", "unified_diff": "d"}, {"type": "update", "move_path": None}, "d"),
        (
            {"type": "update", "unified_diff": "d", "move_path": None},
            {"type": "update", "move_path": None},
            "d",
        ),
        (
            {"type": "update", "unified_diff": "d\n", "move_path": "/to"},
            {"type": "update", "move_path": "/to"},
            "d\n\n\nMoved to: /to",
        ),
        (
            {"type": "update", "unified_diff": "", "move_path": ""},
            {"type": "update", "move_path": ""},
            "\n\nMoved to: ",
        ),
    ],
)
def test_a_change_has_its_kind_and_its_diff(change: Payload, kind: Payload, diff: str) -> None:
    assert changes_of({"/p": change}) == [{"path": "/p", "kind": kind, "diff": diff}]


def test_changes_stand_in_the_order_of_their_paths_by_code_points() -> None:
    paths = ["b", "a/b", "a", "Z", "", "a-b", "é", "\U0001f600", "\uffff", "a.b"]
    told = file_change(
        "c", {"status": "completed", "changes": {path: {"type": "add", "content": ""} for path in paths}}
    )
    assert [change["path"] for change in told["changes"]] == sorted(paths, key=lambda path: [*map(ord, path)])


@pytest.mark.parametrize("status", ["completed", "failed", "declined"])
def test_a_file_change_has_the_status_as_it_is(status: str) -> None:
    told = {"type": "fileChange", "id": "c", "changes": [], "status": status}
    assert file_change("c", {"status": status, "success": status == "failed", "changes": {}}) == told
    assert file_change("c", {"status": status}) == told


# -- MCP calls --------------------------------------------------------------------------------

INVOCATION = {"server": "s", "tool": "t"}
CALL: Payload = {
    "type": "mcpToolCall",
    "id": "c",
    "server": "s",
    "tool": "t",
    "arguments": None,
    "durationMs": 1500,
    "status": "completed",
    "result": {"content": [], "structuredContent": None, "_meta": None},
    "error": None,
}


def called(**payload: object) -> Payload:
    """An MCP call."""
    duration = {"secs": 1, "nanos": 500_000_000}
    base = {"invocation": INVOCATION, "duration": duration, "result": {"Ok": {"content": []}}}
    return mcp_tool_call("c", {**base, **payload})


@pytest.mark.parametrize(
    ("payload", "told"),
    [
        ({}, {}),
        ({"invocation": {**INVOCATION, "arguments": {"a": [1]}}}, {"arguments": {"a": [1]}}),
        ({"invocation": {**INVOCATION, "arguments": False}}, {"arguments": False}),
        ({"mcp_app_resource_uri": None}, {}),
        ({"mcp_app_resource_uri": ""}, {"mcpAppResourceUri": ""}),
        ({"mcp_app_resource_uri": "ui://x"}, {"mcpAppResourceUri": "ui://x"}),
        (
            {"result": {"Err": "no"}},
            {"status": "failed", "result": None, "error": {"message": "no"}},
        ),
        (
            {"result": {"Err": ""}},
            {"status": "failed", "result": None, "error": {"message": ""}},
        ),
        ({"result": {"Ok": {"content": [], "isError": False}}}, {}),
        ({"result": {"Ok": {"content": [], "isError": None}}}, {}),
        ({"result": {"Ok": {"content": [], "isError": True}}}, {"status": "failed"}),
        (
            {"result": {"Ok": {"content": [1, None], "structuredContent": {"a": 1}, "_meta": 0, "x": 1}}},
            {"result": {"content": [1, None], "structuredContent": {"a": 1}, "_meta": 0}},
        ),
    ],
)
def test_an_mcp_call_tells_what_was_asked_and_what_came_of_it(payload: Payload, told: Payload) -> None:
    assert called(**payload) == {**CALL, **told}


@pytest.mark.parametrize(
    ("secs", "nanos", "told"),
    [
        (0, 0, 0),
        (0, 999_999, 0),
        (0, 1_000_000, 1),
        (1, 999_999_999, 1999),
        (1, 2**32 - 1, 5294),
        (9_223_372_036_854_775, 807_999_999, 2**63 - 1),
        (9_223_372_036_854_775, 808_000_000, None),
        (9_223_372_036_854_774, 1_808_000_000, None),
        (2**64 - 1, 0, None),
    ],
)
def test_a_duration_is_whole_milliseconds_rounded_down(secs: int, nanos: int, told: int | None) -> None:
    assert milliseconds({"secs": secs, "nanos": nanos}) == told
    assert called(duration={"secs": secs, "nanos": nanos})["durationMs"] == told


@given(st.integers(0, 2**64 - 1), st.integers(0, 2**32 - 1))
def test_a_duration_never_leaves_64_bits(secs: int, nanos: int) -> None:
    told = milliseconds({"secs": secs, "nanos": nanos})
    exact = (secs * 10**9 + nanos) // 10**6
    assert told == (exact if exact < 2**63 else None)


# -- searches and images ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("action", "told"),
    [
        ({"type": "search"}, {"type": "search", "query": None, "queries": None}),
        (
            {"type": "search", "query": "q", "queries": ["a", ""]},
            {"type": "search", "query": "q", "queries": ["a", ""]},
        ),
        ({"type": "open_page"}, {"type": "openPage", "url": None}),
        ({"type": "open_page", "url": "u", "query": "q"}, {"type": "openPage", "url": "u"}),
        ({"type": "find_in_page", "url": "u"}, {"type": "findInPage", "url": "u", "pattern": None}),
        (
            {"type": "find_in_page", "url": None, "pattern": "p"},
            {"type": "findInPage", "url": None, "pattern": "p"},
        ),
        ({"type": "other", "url": "u"}, {"type": "other"}),
        ({"type": "mystery", "query": "q"}, {"type": "other"}),
        ({"type": "openPage", "url": "u"}, {"type": "other"}),
    ],
)
def test_a_web_search_tells_its_query_and_action(action: Payload, told: Payload) -> None:
    item = {"type": "webSearch", "id": "c", "query": "asked", "action": told}
    assert web_search("c", {"query": "asked", "action": action}) == item


@pytest.mark.parametrize(
    ("payload", "told"),
    [
        ({}, {}),
        ({"revised_prompt": None, "saved_path": None}, {}),
        ({"revised_prompt": ""}, {"revisedPrompt": ""}),
        ({"revised_prompt": "p", "saved_path": "/a b"}, {"revisedPrompt": "p", "savedPath": "/a b"}),
    ],
)
def test_a_generated_image_tells_its_prompt_and_where_it_was_saved(payload: Payload, told: Payload) -> None:
    base = {"type": "imageGeneration", "id": "c", "status": "s", "revisedPrompt": None, "result": "r"}
    assert image_generation("c", {"status": "s", "result": "r", **payload}) == {**base, **told}
