"""What people, models and hooks say, in the newer dialect."""

from collections.abc import Callable
from typing import Any

from domain.items import messages

Payload = dict[str, Any]

PARTS: dict[str, Callable[[Payload], Payload]] = {
    "text": lambda part: messages.text_part(part["text"], part.get("text_elements", ())),
    "image": lambda part: {"type": "image", "url": part["image_url"]},
    "local_image": lambda part: {"type": "localImage", "path": part["path"]},
    "skill": lambda part: {"type": "skill", "name": part["name"], "path": part["path"]},
    "mention": lambda part: {"type": "mention", "name": part["name"], "path": part["path"]},
}
"""The parts of a user's message that release 0.131.0 has."""


def user_message(item_id: str, item: Payload) -> Payload:
    """`userMessage`: its parts in their order, without sounds and images that are but a file's id."""
    content = [PARTS[part["type"]](part) for part in item["content"] if _is_shown(part)]
    return {"type": "userMessage", "id": item_id, "content": content}


def _is_shown(part: Payload) -> bool:
    return part["type"] in PARTS and (part["type"] != "image" or isinstance(part.get("image_url"), str))


def agent_message(item_id: str, item: Payload) -> Payload:
    """`agentMessage`: its texts as one, empty or not."""
    text = "".join(part["text"] for part in item["content"])
    return messages.agent_message(item_id, item | {"message": text})


def reasoning(item_id: str, item: Payload) -> Payload:
    """`reasoning`: summaries and raw thoughts."""
    return {
        "type": "reasoning",
        "id": item_id,
        "summary": item["summary_text"],
        "content": item.get("raw_content", []),
    }


def hook_prompt(item_id: str, item: Payload) -> Payload:
    """`hookPrompt`: each fragment with the run that it came from."""
    told = [{"text": part["text"], "hookRunId": part["hookRunId"]} for part in item["fragments"]]
    return {"type": "hookPrompt", "id": item_id, "fragments": told}
