"""What tools leave in the newer dialect: file changes, calls of MCP and dynamic tools, images looked at."""

from collections.abc import Callable
from typing import Any

from domain.file_uri import read_file_uri
from domain.items import tools
from domain.items.tools import milliseconds

Payload = dict[str, Any]

STATUSES = {"in_progress": "inProgress", "completed": "completed", "failed": "failed"}

CONTENT: dict[str, Callable[[Payload], Payload]] = {
    "inputText": lambda part: {"type": "inputText", "text": part["text"]},
    "inputImage": lambda part: {"type": "inputImage", "imageUrl": part["imageUrl"]},
}
"""What a dynamic tool may answer in release 0.131.0."""


def file_change(item_id: str, item: Payload) -> Payload:
    """`fileChange`: still in progress when it does not tell how it ended."""
    status = item.get("status")
    return tools.file_change(item_id, item | {"status": "inProgress" if status is None else status})


def mcp_tool_call(item_id: str, item: Payload) -> Payload:
    """`mcpToolCall`: what was asked and how it went, as the line has it."""
    result, error = item.get("result"), item.get("error")
    told = {
        "type": "mcpToolCall",
        "id": item_id,
        "server": item["server"],
        "tool": item["tool"],
        "status": item["status"],
        "arguments": item["arguments"],
        "result": None if result is None else _result(result),
        "error": None if error is None else {"message": error["message"]},
        "durationMs": _duration(item),
    }
    if item.get("mcpAppResourceUri") is not None:
        told["mcpAppResourceUri"] = item["mcpAppResourceUri"]
    return told


def _result(result: Payload) -> Payload:
    return {
        "content": result["content"],
        "structuredContent": result.get("structuredContent"),
        "_meta": result.get("_meta"),
    }


def _duration(item: Payload) -> int | None:
    duration = item.get("duration")
    return None if duration is None else milliseconds(duration)


def dynamic_tool_call(item_id: str, item: Payload) -> Payload:
    """`dynamicToolCall`: without what the tool let hear."""
    content = item.get("content_items")
    shown = [CONTENT[part["type"]](part) for part in content or () if part["type"] in CONTENT]
    return {
        "type": "dynamicToolCall",
        "id": item_id,
        "namespace": item.get("namespace"),
        "tool": item["tool"],
        "arguments": item["arguments"],
        "status": STATUSES[item["status"]],
        "contentItems": None if content is None else shown,
        "success": item.get("success"),
        "durationMs": _duration(item),
    }


def image_view(item_id: str, item: Payload) -> Payload:
    """`imageView`: the image's path."""
    return {"type": "imageView", "id": item_id, "path": read_file_uri(item["path"])}
