"""What a user said in a message, as far as lists show it."""

from typing import Any, NamedTuple

from domain.text import is_blank, trim

Payload = dict[str, Any]

REQUEST_MARK = "## My request for Codex:"
"""What editors put between their context and the user's words; the preview begins behind the first."""

IMAGES = frozenset({"image", "local_image"})


class Said(NamedTuple):
    """The user's own words, and whether there are images beside them."""

    text: str
    has_images: bool


def said_in_event(payload: Payload) -> Said:
    """What a `user_message` says."""
    has_images = bool(payload.get("images") or payload.get("local_images"))
    return Said(own_words(payload["message"]), has_images)


def said_in_item(item: Payload) -> Said | None:
    """What a `UserMessage` item says; None for an item of another kind."""
    if item["type"] != "UserMessage":
        return None
    parts = item["content"]
    text = "".join(part["text"] for part in parts if part["type"] == "text")
    return Said(own_words(text), any(part["type"] in IMAGES for part in parts))


def own_words(message: str) -> str:
    """The user's own words in a message: what follows the editor's context, trimmed."""
    _, mark, behind = message.partition(REQUEST_MARK)
    text = behind if mark else message
    return "" if is_blank(text) else trim(text)
