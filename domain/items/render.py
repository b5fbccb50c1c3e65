"""The item of the protocol from the lines it is made of."""

from collections.abc import Callable, Sequence
from typing import Any

from domain.history.rows import ItemKind
from domain.items import marks, messages, tools
from domain.items.canonical import canonical_item

Payload = dict[str, Any]

SINGLE: dict[int, Callable[[str, Payload], Payload]] = {
    ItemKind.USER_MESSAGE: messages.user_message,
    ItemKind.HOOK_PROMPT: messages.hook_prompt,
    ItemKind.AGENT_MESSAGE: messages.agent_message,
    ItemKind.PLAN: messages.plan,
    ItemKind.FILE_CHANGE: tools.file_change,
    ItemKind.MCP_TOOL_CALL: tools.mcp_tool_call,
    ItemKind.WEB_SEARCH: tools.web_search,
    ItemKind.IMAGE_GENERATION: tools.image_generation,
    ItemKind.ENTERED_REVIEW_MODE: marks.entered_review_mode,
    ItemKind.EXITED_REVIEW_MODE: marks.exited_review_mode,
    ItemKind.CONTEXT_COMPACTION: marks.context_compaction,
}
"""Kinds made of one line."""


def render_item(kind: int, item_id: str, payloads: Sequence[Payload]) -> Payload:
    """The item of this kind; `payloads` are those of its lines, in order.

    Those of a paginated log tell their own ids and kinds.
    """
    if kind >= ItemKind.SAID_BY_USER:
        return canonical_item(payloads[0]["item"])
    if kind == ItemKind.REASONING:
        return messages.reasoning(item_id, payloads)
    return SINGLE[kind](item_id, payloads[0])
