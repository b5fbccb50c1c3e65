"""Items that people and models say: messages, hook prompts, plans, reasoning."""

from collections.abc import Iterable, Sequence
from typing import Any

from domain.hooks import fragments_of
from domain.text import is_blank

Payload = dict[str, Any]


def user_message(item_id: str, payload: Payload) -> Payload:
    """`userMessage`: the text unless blank, then images, then local images."""
    content: list[Payload] = []
    text = payload["message"]
    if not is_blank(text):
        content.append(text_part(text, payload.get("text_elements", ())))
    content += ({"type": "image", "url": url} for url in payload.get("images") or ())
    content += ({"type": "localImage", "path": path} for path in payload.get("local_images", ()))
    return {"type": "userMessage", "id": item_id, "content": content}


def text_part(text: str, elements: Iterable[Payload]) -> Payload:
    """A text of a user message, with what stands for something else in it."""
    return {"type": "text", "text": text, "text_elements": [_text_element(element) for element in elements]}


def _text_element(element: Payload) -> Payload:
    span = element["byte_range"]
    return {
        "byteRange": {"start": span["start"], "end": span["end"]},
        "placeholder": element.get("placeholder"),
    }


def hook_prompt(item_id: str, payload: Payload) -> Payload:
    """`hookPrompt`: each fragment with the run that it came from."""
    fragments = fragments_of(payload) or ()
    told = [{"text": fragment.text, "hookRunId": fragment.hook_run_id} for fragment in fragments]
    return {"type": "hookPrompt", "id": item_id, "fragments": told}


def agent_message(item_id: str, payload: Payload) -> Payload:
    """`agentMessage` with its phase and the memories it cites."""
    citation = payload.get("memory_citation")
    return {
        "type": "agentMessage",
        "id": item_id,
        "text": payload["message"],
        "phase": payload.get("phase"),
        "memoryCitation": None if citation is None else _memory_citation(citation),
    }


def _memory_citation(citation: Payload) -> Payload:
    entries = [
        {key: entry[key] for key in ("path", "lineStart", "lineEnd", "note")} for entry in citation["entries"]
    ]
    return {"entries": entries, "threadIds": citation["rolloutIds"]}


def plan(item_id: str, payload: Payload) -> Payload:
    """`plan`: a proposed plan."""
    return {"type": "plan", "id": item_id, "text": payload["item"]["text"]}


def reasoning(item_id: str, payloads: Sequence[Payload]) -> Payload:
    """`reasoning`: summaries and raw thoughts, each in the order they came."""
    summary = [payload["text"] for payload in payloads if payload["type"] == "agent_reasoning"]
    content = [payload["text"] for payload in payloads if payload["type"] != "agent_reasoning"]
    return {"type": "reasoning", "id": item_id, "summary": summary, "content": content}
