"""Each kind of item is rendered from the payloads of its lines."""

from typing import Any

import pytest

from domain.history.rows import ItemKind
from domain.items.render import SINGLE, render_item

Payload = dict[str, Any]

FRAGMENT = {"type": "input_text", "text": '<hook_prompt hook_run_id="r">t</hook_prompt>'}
CALL = {
    "invocation": {"server": "s", "tool": "t"},
    "duration": {"secs": 0, "nanos": 0},
    "result": {"Err": "e"},
}

KINDS: dict[ItemKind, tuple[str, Payload]] = {
    ItemKind.USER_MESSAGE: ("userMessage", {"message": "u"}),
    ItemKind.HOOK_PROMPT: ("hookPrompt", {"role": "user", "content": [FRAGMENT]}),
    ItemKind.AGENT_MESSAGE: ("agentMessage", {"message": "a"}),
    ItemKind.PLAN: ("plan", {"item": {"text": "x"}}),
    ItemKind.REASONING: ("reasoning", {"type": "agent_reasoning", "text": "t"}),
    ItemKind.FILE_CHANGE: ("fileChange", {"status": "completed"}),
    ItemKind.MCP_TOOL_CALL: ("mcpToolCall", CALL),
    ItemKind.WEB_SEARCH: ("webSearch", {"query": "q", "action": {"type": "search"}}),
    ItemKind.IMAGE_GENERATION: ("imageGeneration", {"status": "s", "result": "r"}),
    ItemKind.ENTERED_REVIEW_MODE: ("enteredReviewMode", {}),
    ItemKind.EXITED_REVIEW_MODE: ("exitedReviewMode", {}),
    ItemKind.CONTEXT_COMPACTION: ("contextCompaction", {}),
}


OF_PAGINATED_LOGS = frozenset(kind for kind in ItemKind if kind >= ItemKind.SAID_BY_USER)


@pytest.mark.parametrize("kind", sorted(set(ItemKind) - OF_PAGINATED_LOGS))
def test_each_kind_has_its_item(kind: ItemKind) -> None:
    name, payload = KINDS[kind]
    told = render_item(int(kind), "an id", [payload])
    assert (told["type"], told["id"]) == (name, "an id")


def test_reasoning_is_rendered_from_all_its_lines() -> None:
    payloads = [{"type": "agent_reasoning", "text": text} for text in "abc"]
    assert render_item(ItemKind.REASONING, "item-1", payloads)["summary"] == ["a", "b", "c"]


def test_each_kind_is_made_of_one_line_or_is_reasoning() -> None:
    assert set(ItemKind) - set(SINGLE) - OF_PAGINATED_LOGS == {ItemKind.REASONING}


@pytest.mark.parametrize("kind", sorted(OF_PAGINATED_LOGS))
def test_an_item_of_a_paginated_log_tells_its_own_id_and_kind(kind: ItemKind) -> None:
    item = {"type": "Plan", "id": "p", "text": "x"}
    assert render_item(kind, "whatever", [{"item": item}]) == {"type": "plan", "id": "p", "text": "x"}
