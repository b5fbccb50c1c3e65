"""Calls of tools that agents reach other agents with: `collabAgentToolCall`.

Newer tools that say something to an agent are shown as `sendInput`; those that have no likeness are left out.
"""

from typing import Any

from domain.ids import parse_thread_id

Payload = dict[str, Any]

TOOLS = {
    "spawn_agent": "spawnAgent",
    "send_input": "sendInput",
    "resume_agent": "resumeAgent",
    "wait": "wait",
    "close_agent": "closeAgent",
    "send_message": "sendInput",
    "followup_task": "sendInput",
}
STATUSES = {
    "in_progress": "inProgress",
    "completed": "completed",
    "failed": "failed",
    "interrupted": "failed",
}
EFFORTS = frozenset({"none", "minimal", "low", "medium", "high", "xhigh"})
AGENT_STATUSES = {
    "pending_init": "pendingInit",
    "running": "running",
    "interrupted": "interrupted",
    "shutdown": "shutdown",
    "not_found": "notFound",
}


def agent_tool_call(item_id: str, item: Payload) -> Payload:
    """`collabAgentToolCall`: who called for whom, and how the agents were."""
    effort = item.get("reasoning_effort")
    states = item.get("agents_states", {})
    return {
        "type": "collabAgentToolCall",
        "id": item_id,
        "tool": TOOLS[item["tool"]],
        "status": STATUSES[item["status"]],
        "senderThreadId": _plain(item["sender_thread_id"]),
        "receiverThreadIds": [_plain(thread_id) for thread_id in item.get("receiver_thread_ids", ())],
        "prompt": item.get("prompt"),
        "model": item.get("model"),
        "reasoningEffort": effort if effort in EFFORTS else None,
        "agentsStates": {_plain(thread_id): _state(state) for thread_id, state in states.items()},
    }


def _plain(thread_id: str) -> str:
    return str(parse_thread_id(thread_id))


def _state(state: str | dict[str, str | None]) -> Payload:
    """How an agent is: a word, or its last one with what it said."""
    if isinstance(state, str):
        return {"status": AGENT_STATUSES[state], "message": None}
    ((status, message),) = state.items()
    return {"status": status, "message": message}
