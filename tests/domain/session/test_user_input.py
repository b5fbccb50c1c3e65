"""Which messages are a user's own words (each text was asked of release 0.131.0)."""

import pytest

from domain.session.user_input import is_user_input
from tests.home import Json

SURROUNDINGS = (
    "# AGENTS.md instructions for /srv\n<INSTRUCTIONS>\nbe kind\n</INSTRUCTIONS>",
    "# agents.md INSTRUCTIONS for  a </instructions>",
    "<environment_context>x</environment_context>",
    "\u0085<ENVIRONMENT_context>x</environment_CONTEXT> \u2003",
    "<skill></skill>",
    "<user_shell_command>ls</user_shell_command>",
    "<turn_aborted>x</turn_aborted>",
    "<subagent_notification>{}</subagent_notification>",
    "<goal_context>x</goal_context>",
    "  Warning: The maximum number of unified exec processes you can keep open is 4",
    "Warning: Your account was flagged for potentially high-risk cyber activity. x",
    "Warning: apply_patch was requested via shell. Use the apply_patch tool instead of exec_command.",
    "<hook_prompt hook_run_id='x'>t</hook_prompt> <b>",
)

WORDS = (
    "hello",
    "",
    "<environment_context>x",
    "<skill>",
    " # AGENTS.md instructions for x",
    "<user_instructions>x</user_instructions>",
    "<additional_context>x</additional_context>",
    "warning: The maximum number of unified exec processes you can keep open is",
    "Warning: apply_patch was requested via shell.",
)


def message(*texts: str, role: str = "user", kind: str = "input_text") -> Json:
    """The payload of a message with these parts."""
    return {"type": "message", "role": role, "content": [{"type": kind, "text": text} for text in texts]}


@pytest.mark.parametrize("text", SURROUNDINGS)
def test_what_a_harness_tells_is_no_input(text: str) -> None:
    assert not is_user_input(message(text))
    assert not is_user_input(message("hello", text))


@pytest.mark.parametrize("text", WORDS)
def test_everything_else_is_input(text: str) -> None:
    assert is_user_input(message(text))


def test_only_text_to_the_model_tells_surroundings() -> None:
    assert is_user_input(message("<skill>x</skill>", kind="output_text"))
    assert is_user_input({"type": "message", "role": "user", "content": []})


def test_other_roles_say_nothing_of_the_user() -> None:
    assert not is_user_input(message("hello", role="developer"))
    assert not is_user_input(message("hello", role="User"))
