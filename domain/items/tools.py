"""Items that tools leave: file changes, MCP calls, web searches, images."""

from operator import itemgetter
from typing import Any

from domain.paths import Parts, absolute, parts_of

Payload = dict[str, Any]

MILLISECOND_MAX = 2**63 - 1
"""durationMs is a signed 64-bit number; a longer time shows as null (case mcp-duration-edges)."""


def file_change(item_id: str, payload: Payload) -> Payload:
    """`fileChange`: what was changed, path by path."""
    return {
        "type": "fileChange",
        "id": item_id,
        "changes": [_change(path, change) for path, change in merged_changes(payload.get("changes", {}))],
        "status": payload["status"],
    }


def merged_changes(changes: dict[str, Payload]) -> list[tuple[str, Payload]]:
    """The changes by the texts of their paths; a path spelt twice keeps its first text and last change."""
    merged: dict[Parts, tuple[str, Payload]] = {}
    for path, change in changes.items():
        parts = parts_of(path)
        merged[parts] = (merged[parts][0] if parts in merged else path, change)
    return sorted(merged.values(), key=itemgetter(0))


def _change(path: str, change: Payload) -> Payload:
    kind: Payload = {"type": change["type"]}
    if change["type"] != "update":
        return {"path": path, "kind": kind, "diff": change["content"]}
    moved_to = change.get("move_path")
    kind["move_path"] = moved_to
    diff = change["unified_diff"] if moved_to is None else f"{change['unified_diff']}\n\nMoved to: {moved_to}"
    return {"path": path, "kind": kind, "diff": diff}


def mcp_tool_call(item_id: str, payload: Payload) -> Payload:
    """`mcpToolCall`: what was asked, and the result or the error."""
    invocation, outcome = payload["invocation"], payload["result"]
    item = {
        "type": "mcpToolCall",
        "id": item_id,
        "server": invocation["server"],
        "tool": invocation["tool"],
        "arguments": invocation.get("arguments"),
        "durationMs": milliseconds(payload["duration"]),
    }
    if payload.get("mcp_app_resource_uri") is not None:
        item["mcpAppResourceUri"] = payload["mcp_app_resource_uri"]
    return item | (_mcp_result(outcome["Ok"]) if "Ok" in outcome else _mcp_error(outcome["Err"]))


def _mcp_result(result: Payload) -> Payload:
    told = {
        "content": result["content"],
        "structuredContent": result.get("structuredContent"),
        "_meta": result.get("_meta"),
    }
    return {"status": "failed" if result.get("isError") else "completed", "result": told, "error": None}


def _mcp_error(message: str) -> Payload:
    return {"status": "failed", "result": None, "error": {"message": message}}


def milliseconds(duration: Payload) -> int | None:
    """A duration of seconds and nanoseconds in whole milliseconds, rounded down."""
    whole = duration["secs"] * 1000 + duration["nanos"] // 1_000_000
    return whole if whole <= MILLISECOND_MAX else None


def web_search(item_id: str, payload: Payload) -> Payload:
    """`webSearch`: the query and what was done."""
    return {
        "type": "webSearch",
        "id": item_id,
        "query": payload["query"],
        "action": _web_action(payload["action"]),
    }


WEB_ACTIONS = {
    "search": ("search", ("query", "queries")),
    "open_page": ("openPage", ("url",)),
    "find_in_page": ("findInPage", ("url", "pattern")),
}
"""The action's name at the wire and its members; unknown ones read as `other`."""


def _web_action(action: Payload) -> Payload:
    name, members = WEB_ACTIONS.get(action["type"], ("other", ()))
    return {"type": name} | {member: action.get(member) for member in members}


def image_generation(item_id: str, payload: Payload) -> Payload:
    """`imageGeneration`: the picture, and where it was saved."""
    item = {
        "type": "imageGeneration",
        "id": item_id,
        "status": payload["status"],
        "revisedPrompt": payload.get("revised_prompt"),
        "result": payload["result"],
    }
    if payload.get("saved_path") is not None:
        item["savedPath"] = absolute(payload["saved_path"], "/")
    return item
