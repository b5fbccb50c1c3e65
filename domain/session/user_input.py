"""Whether a response item is what a user said, or what a harness put into a user's mouth.

Models are told of their surroundings in messages of the user role: working directory, instructions,
skills, commands run by hand. Release 0.131.0 knows them by how their text begins and ends; they begin no
turn (each kind was asked of that release).
"""

from collections.abc import Mapping
from typing import Any

from domain.hooks import parse_fragment
from domain.text import trim

WRAPPED = (
    (b"# agents.md instructions for ", b"</instructions>"),
    *(
        (f"<{tag}>".encode(), f"</{tag}>".encode())
        for tag in (
            "environment_context",
            "skill",
            "user_shell_command",
            "turn_aborted",
            "subagent_notification",
            "goal_context",
        )
    ),
)
"""Beginning and end of a text that tells surroundings; capitals do not count, nor white space around it."""

PATCH_WARNING = (
    "Warning: apply_patch was requested via ",
    "Use the apply_patch tool instead of exec_command.",
)

WARNINGS = (
    "Warning: The maximum number of unified exec processes you can keep open is",
    "Warning: Your account was flagged for potentially high-risk cyber activity",
)
"""How warnings begin that earlier releases put into user messages."""


def is_user_input(payload: Mapping[str, Any]) -> bool:
    """Whether this payload of a message is one that a user wrote."""
    return payload["role"] == "user" and not any(map(_is_surroundings, payload["content"]))


def _is_surroundings(part: Mapping[str, Any]) -> bool:
    if part["type"] != "input_text":
        return False
    text = trim(part["text"])
    return _is_wrapped(text) or _is_warning(text) or parse_fragment(text) is not None


def _is_wrapped(text: str) -> bool:
    return any(
        text[: len(begin)].encode().lower() == begin and text[-len(end) :].encode().lower() == end
        for begin, end in WRAPPED
    )


def _is_warning(text: str) -> bool:
    begin, end = PATCH_WARNING
    return text.startswith(WARNINGS) or (text.startswith(begin) and text.endswith(end))
