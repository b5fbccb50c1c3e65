"""What is refused of turns before anything runs (case turn-refusals)."""

from collections.abc import Callable

import pytest

from domain.errors import InputTooLarge, InvalidRequest
from domain.limits import INPUT_CHARACTERS_MAX
from domain.session.turn_checks import (
    check_environments,
    check_input_size,
    check_not_combined,
    check_review_target,
    check_shell_command,
    check_turn_start,
    check_turn_steer,
)

LONG = {"type": "text", "text": "é" * (INPUT_CHARACTERS_MAX + 1)}
LOCAL = {"environmentId": "local", "cwd": "/"}
STEER = {"expectedTurnId": "t", "input": [{"type": "text", "text": "x"}]}

REFUSED: list[tuple[Callable[[], None], str]] = [
    (
        lambda: check_turn_start({"permissions": ":read-only", "sandboxPolicy": {"type": "readOnly"}}),
        "`permissions` cannot be combined with `sandboxPolicy`",
    ),
    (lambda: check_turn_steer({"expectedTurnId": "", "input": [LONG]}), "expectedTurnId must not be empty"),
    (lambda: check_turn_steer({"expectedTurnId": " ", "input": []}), "input must not be empty"),
    (lambda: check_shell_command({"command": " \t"}), "command must not be empty"),
    (
        lambda: check_review_target({"target": {"type": "baseBranch", "branch": " "}}),
        "branch must not be empty",
    ),
    (lambda: check_review_target({"target": {"type": "commit", "sha": ""}}), "sha must not be empty"),
    (
        lambda: check_review_target({"target": {"type": "custom", "instructions": " "}}),
        "instructions must not be empty",
    ),
    (
        lambda: check_environments([{"environmentId": "x", "cwd": "/"}]),
        "unknown turn environment id `x`",
    ),
    (lambda: check_environments([LOCAL, LOCAL]), "duplicate turn environment id `local`"),
]


@pytest.mark.parametrize(("check", "message"), REFUSED)
def test_a_turn_is_refused_in_the_words_of_the_release(check: Callable[[], None], message: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        check()
    assert (refused.value.code, str(refused.value)) == (-32600, message)


def test_what_is_in_order_passes() -> None:
    check_turn_start({"permissions": ":read-only", "sandboxPolicy": None, "environments": [LOCAL]})
    check_turn_steer(STEER)
    check_shell_command({"command": "ls"})
    check_review_target({"target": {"type": "uncommittedChanges"}})
    check_not_combined({"permissions": None, "sandbox": "read-only"}, "permissions", "sandbox")


def test_the_texts_of_an_input_count_together_and_in_characters() -> None:
    half = "é" * (INPUT_CHARACTERS_MAX // 2)
    items = [
        {"type": "text", "text": half},
        {"type": "image", "url": "x" * 99},
        {"type": "text", "text": half},
    ]
    check_input_size(items)
    with pytest.raises(InputTooLarge) as refused:
        check_input_size([*items, {"type": "text", "text": "é"}])
    assert refused.value.code == -32602
    assert str(refused.value) == "Input exceeds the maximum length of 1048576 characters."
    assert refused.value.data == {
        "input_error_code": "input_too_large",
        "max_chars": 1_048_576,
        "actual_chars": 1_048_577,
    }


def test_a_steering_input_that_is_too_large_is_refused_behind_its_turn_id() -> None:
    with pytest.raises(InputTooLarge):
        check_turn_steer({**STEER, "input": [LONG]})
