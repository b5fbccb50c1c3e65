"""Items of the newer dialect: the item of a line in the shape of release 0.131.0 (dialects.md, section 5).

Kinds that this release does not have are no items here at all. The line of an item tells its id and its kind.
"""

from collections.abc import Callable
from typing import Any

from domain.items import agents, calls, commands, marks, messages, reviews, said, tools

Payload = dict[str, Any]

KINDS: dict[str, Callable[[str, Payload], Payload]] = {
    "UserMessage": said.user_message,
    "AgentMessage": said.agent_message,
    "Reasoning": said.reasoning,
    "Plan": lambda item_id, item: messages.plan(item_id, {"item": item}),
    "HookPrompt": said.hook_prompt,
    "CommandExecution": commands.command_execution,
    "FileChange": calls.file_change,
    "McpToolCall": calls.mcp_tool_call,
    "DynamicToolCall": calls.dynamic_tool_call,
    "CollabAgentToolCall": agents.agent_tool_call,
    "WebSearch": tools.web_search,
    "ImageView": calls.image_view,
    "ImageGeneration": tools.image_generation,
    "ContextCompaction": marks.context_compaction,
    "EnteredReviewMode": marks.entered_review_mode,
    "ExitedReviewMode": reviews.exited_review_mode,
}
"""How the kinds are shown that release 0.131.0 has."""


def is_shown(item: Payload) -> bool:
    """Whether release 0.131.0 has a counterpart of this item."""
    return item["type"] in KINDS and (item["type"] != "CollabAgentToolCall" or item["tool"] in agents.TOOLS)


def canonical_item(item: Payload) -> Payload:
    """The item of the protocol."""
    return KINDS[item["type"]](item["id"], item)
