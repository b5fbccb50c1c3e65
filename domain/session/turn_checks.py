"""What is refused of a turn before anything runs, in the order of release 0.131.0 (case turn-refusals).

| method | order of the checks |
| --- | --- |
| `turn/start` | input size, thread id, thread loaded, environments, `permissions` beside `sandboxPolicy` |
| `turn/steer` | thread id, thread loaded, `expectedTurnId`, input size, input, turn running |
| `turn/interrupt` | thread id, thread loaded, turn running; without a `turnId` there is nothing to refuse |
| `thread/shellCommand` | command, thread id, thread loaded |
| `review/start` | thread id, thread loaded, target |
| all others | thread id, thread loaded |
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from domain.errors import EnvironmentTwice, InputTooLarge, MustNotBeEmpty, NotCombined, UnknownEnvironment
from domain.limits import INPUT_CHARACTERS_MAX
from domain.text import is_blank

Params = Mapping[str, Any]

LOCAL_ENVIRONMENT = "local"
"""The one environment there is: the machine of the server."""

REVIEW_TEXTS = {"baseBranch": "branch", "commit": "sha", "custom": "instructions"}
"""What the targets of a review have to name."""


def check_input_size(items: Iterable[Params]) -> None:
    """Refuse more characters of text than a turn takes; images and mentions do not count."""
    characters = sum(len(item["text"]) for item in items if item.get("type") == "text")
    if characters > INPUT_CHARACTERS_MAX:
        raise InputTooLarge(characters)


def check_turn_start(params: Params) -> None:
    """What `turn/start` refuses of a loaded thread."""
    check_environments(params.get("environments") or ())
    check_not_combined(params, "permissions", "sandboxPolicy")


def check_turn_steer(params: Params) -> None:
    """What `turn/steer` refuses of a loaded thread before it looks for the turn."""
    if not params["expectedTurnId"]:
        raise MustNotBeEmpty("expectedTurnId")
    check_input_size(params["input"])
    if not params["input"]:
        raise MustNotBeEmpty("input")


def check_shell_command(params: Params) -> None:
    """What `thread/shellCommand` refuses before it looks for the thread."""
    if is_blank(params["command"]):
        raise MustNotBeEmpty("command")


def check_review_target(params: Params) -> None:
    """What `review/start` refuses of a loaded thread."""
    target = params["target"]
    field = REVIEW_TEXTS.get(target["type"])
    if field is not None and is_blank(target[field]):
        raise MustNotBeEmpty(field)


def check_not_combined(params: Params, field: str, *others: str) -> None:
    """Refuse a field beside one that says the same in another way; null is absence."""
    if params.get(field) is None:
        return
    for other in others:
        if params.get(other) is not None:
            raise NotCombined(field, other)


def check_environments(environments: Sequence[Params]) -> None:
    """Refuse environments that are not there, or there twice."""
    named: set[str] = set()
    for environment in environments:
        environment_id = environment["environmentId"]
        if environment_id in named:
            raise EnvironmentTwice(environment_id)
        if environment_id != LOCAL_ENVIRONMENT:
            raise UnknownEnvironment(environment_id)
        named.add(environment_id)
