"""Commands that were run: `commandExecution`, which only the newer dialect keeps."""

from typing import Any

from domain.file_uri import joined, read_file_uri
from domain.items.tools import milliseconds
from domain.shell import joined_words

Payload = dict[str, Any]

SOURCES = {
    "agent": "agent",
    "user_shell": "userShell",
    "unified_exec_startup": "unifiedExecStartup",
    "unified_exec_interaction": "unifiedExecInteraction",
}
STATUSES = {
    "completed": "completed",
    "failed": "failed",
    "declined": "declined",
    "in_progress": "inProgress",
}


def command_execution(item_id: str, item: Payload) -> Payload:
    """`commandExecution`: the command as a line for a shell, and how it went."""
    folder = read_file_uri(item["cwd"]) or ""
    duration = item.get("duration")
    return {
        "type": "commandExecution",
        "id": item_id,
        "command": joined_words(item["command"]),
        "cwd": folder,
        "processId": item.get("process_id"),
        "source": SOURCES[item["source"]],
        "status": STATUSES[item["status"]],
        "commandActions": [_action(part, folder) for part in item["parsed_cmd"]],
        "aggregatedOutput": item.get("aggregated_output") or None,
        "exitCode": item.get("exit_code"),
        "durationMs": None if duration is None else milliseconds(duration),
    }


def _action(part: Payload, folder: str) -> Payload:
    """What a part of the command does, as far as its words tell; only a read names its file in full."""
    match part["type"]:
        case "read":
            told = {"type": "read", "name": part["name"], "path": joined(folder, part["path"])}
        case "list_files":
            told = {"type": "listFiles", "path": part.get("path")}
        case "search":
            told = {"type": "search", "query": part.get("query"), "path": part.get("path")}
        case _:
            told = {"type": "unknown"}
    return told | {"command": part["cmd"]}
