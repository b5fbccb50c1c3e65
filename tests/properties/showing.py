"""How the naive model shows each event as an item: `thread-history.md`, sections 3 and 4."""

from typing import Any

from tests.properties.fragments import WHITE, fragment

Json = dict[str, Any]

RANDOM_ID = "(random)"
"""Stands for the id of a hook prompt whose message has none: another one at each reading."""

HOOK_PROMPT = "response_item:message"


def user_message(event: Json) -> Json:
    """The item without its number; a blank text is no part of it."""
    content: list[Json] = []
    if event["message"].strip(WHITE):
        elements = [
            {
                "byteRange": {"start": mark["byte_range"]["start"], "end": mark["byte_range"]["end"]},
                "placeholder": mark.get("placeholder"),
            }
            for mark in event.get("text_elements", [])
        ]
        content.append({"type": "text", "text": event["message"], "text_elements": elements})
    content += [{"type": "image", "url": url} for url in event.get("images") or []]
    content += [{"type": "localImage", "path": path} for path in event.get("local_images", [])]
    return {"type": "userMessage", "content": content}


def agent_message(event: Json) -> Json:
    """The item without its number."""
    citation = event.get("memory_citation")
    if citation is not None:
        names = ("path", "lineStart", "lineEnd", "note")
        citation = {
            "entries": [{name: entry[name] for name in names} for entry in citation["entries"]],
            "threadIds": citation["rolloutIds"],
        }
    return {
        "type": "agentMessage",
        "text": event["message"],
        "phase": event.get("phase"),
        "memoryCitation": citation,
    }


def entered_review(event: Json) -> Json:
    """The item without its number."""
    hint = event.get("user_facing_hint")
    return {"type": "enteredReviewMode", "review": "Review requested." if hint is None else hint}


def exited_review(event: Json) -> Json:
    """The item without its number."""
    output = event.get("review_output") or {}
    said = output.get("overall_explanation", "").strip(WHITE)
    return {"type": "exitedReviewMode", "review": said or "Reviewer failed to output a response."}


def file_change(event: Json) -> Json:
    """A patch; its changes by path."""
    changes: dict[object, tuple[str, Json]] = {}
    for path, change in event.get("changes", {}).items():
        same = path_parts(path)
        first = changes[same][0] if same in changes else path
        changes[same] = (first, change)
    shown = [_change(path, change) for path, change in sorted(changes.values(), key=lambda pair: pair[0])]
    return {"type": "fileChange", "id": event["call_id"], "changes": shown, "status": event["status"]}


def path_parts(path: str) -> tuple[str, ...]:
    """What makes two paths the same one: of those, 0.131.0 shows the first name and the last change."""
    parts = path.split("/")
    root = "/" if path.startswith("/") else "."[: parts[0] == "."]
    return (root, *(part for part in parts if part not in ("", ".")))


def _change(path: str, change: Json) -> Json:
    if change["type"] != "update":
        return {"path": path, "kind": {"type": change["type"]}, "diff": change["content"]}
    move = change.get("move_path")
    diff = change["unified_diff"] + ("" if move is None else f"\n\nMoved to: {move}")
    return {"path": path, "kind": {"type": "update", "move_path": move}, "diff": diff}


def mcp_call(event: Json) -> Json:
    """A call of an MCP server's tool and how it ended."""
    invocation, duration, outcome = event["invocation"], event["duration"], event["result"]
    duration_ms = (duration["secs"] * 10**9 + duration["nanos"]) // 10**6
    shown = {
        "type": "mcpToolCall",
        "id": event["call_id"],
        "server": invocation["server"],
        "tool": invocation["tool"],
        "arguments": invocation.get("arguments"),
        "durationMs": duration_ms if duration_ms < 2**63 else None,
    }
    if event.get("mcp_app_resource_uri") is not None:
        shown["mcpAppResourceUri"] = event["mcp_app_resource_uri"]
    if "Err" in outcome:
        return shown | {"status": "failed", "result": None, "error": {"message": outcome["Err"]}}
    answer = outcome["Ok"]
    result = {
        "content": answer["content"],
        "structuredContent": answer.get("structuredContent"),
        "_meta": answer.get("_meta"),
    }
    status = "failed" if answer.get("isError") is True else "completed"
    return shown | {"status": status, "result": result, "error": None}


def web_search(event: Json) -> Json:
    """A web search and what was done in it."""
    action = event["action"]
    kinds: dict[str, Json] = {
        "search": {"type": "search", "query": action.get("query"), "queries": action.get("queries")},
        "open_page": {"type": "openPage", "url": action.get("url")},
        "find_in_page": {"type": "findInPage", "url": action.get("url"), "pattern": action.get("pattern")},
    }
    shown = kinds.get(action["type"], {"type": "other"})
    return {"type": "webSearch", "id": event["call_id"], "query": event["query"], "action": shown}


def image_generation(event: Json) -> Json:
    """A generated image."""
    shown = {
        "type": "imageGeneration",
        "id": event["call_id"],
        "status": event["status"],
        "revisedPrompt": event.get("revised_prompt"),
        "result": event["result"],
    }
    if event.get("saved_path") is not None:
        shown["savedPath"] = normalised(event["saved_path"])
    return shown


def normalised(path: str) -> str:
    """An absolute path without empty parts, `.` and `..`."""
    parts: list[str] = []
    for part in path.split("/"):
        if part == "..":
            parts = parts[:-1]
        elif part not in ("", "."):
            parts.append(part)
    return "/" + "/".join(parts)


def hook_prompt(message: Json) -> Json | None:
    """The hook prompt that a response item is, if it is one."""
    if message["role"] != "user" or not message["content"]:
        return None
    fragments = [
        fragment(part["text"]) if part["type"] == "input_text" else None for part in message["content"]
    ]
    if None in fragments:
        return None
    made_id = message.get("id")
    return {"type": "hookPrompt", "id": RANDOM_ID if made_id is None else made_id, "fragments": fragments}
