"""Parameters of turns: what does not read, in the words of release 0.131.0 (measured; case turn-refusals)."""

import pytest

from api.wire.validation import validate
from domain.errors import UnreadableParams

START = {"threadId": "x", "input": []}

EFFORTS = "expected one of `none`, `minimal`, `low`, `medium`, `high`, `xhigh`"


def text(**more: object) -> dict[str, object]:
    return {"threadId": "x", "input": [{"type": "text", "text": "x", **more}]}


@pytest.mark.parametrize(
    ("method", "params", "why"),
    [
        ("turn/start", {}, "missing field `threadId`"),
        ("turn/start", {"threadId": "x"}, "missing field `input`"),
        ("turn/start", 5, "invalid type: integer `5`, expected struct TurnStartParams"),
        ("turn/start", ["x"], "invalid length 1, expected struct TurnStartParams with 17 elements"),
        ("turn/start", ["x", [], 1], "invalid type: integer `1`, expected a map"),
        ("turn/start", {**START, "input": None}, "invalid type: null, expected a sequence"),
        (
            "turn/start",
            {**START, "input": [5]},
            "invalid type: integer `5`, expected internally tagged enum UserInput",
        ),
        ("turn/start", {**START, "input": [{}]}, "missing field `type`"),
        (
            "turn/start",
            {**START, "input": [{"type": "bogus"}]},
            "unknown variant `bogus`, expected one of `text`, `image`, `localImage`, `skill`, `mention`",
        ),
        ("turn/start", {**START, "input": [{"type": "text"}]}, "missing field `text`"),
        ("turn/start", {**START, "input": [{"type": "image"}]}, "missing field `url`"),
        (
            "turn/start",
            {**START, "input": [{"type": "localImage", "path": 5}]},
            "invalid type: integer `5`, expected path string",
        ),
        ("turn/start", {**START, "input": [{"type": "skill", "name": "x"}]}, "missing field `path`"),
        (
            "turn/start",
            {**START, "input": [{"type": "mention", "name": "x", "path": 5}]},
            "invalid type: integer `5`, expected a string",
        ),
        ("turn/start", text(text_elements=[{}]), "missing field `byteRange`"),
        (
            "turn/start",
            text(text_elements=[{"byteRange": {"start": -1}}]),
            "invalid value: integer `-1`, expected usize",
        ),
        ("turn/start", text(text_elements=[{"byteRange": {"start": 1}}]), "missing field `end`"),
        (
            "turn/start",
            {**START, "collaborationMode": {"mode": "x"}},
            (
                "unknown variant `x`, expected one of `plan`, `code`, `custom`, `default`, `execute`, "
                "`pair_programming`"
            ),
        ),
        ("turn/start", {**START, "collaborationMode": {"mode": "plan"}}, "missing field `settings`"),
        (
            "turn/start",
            {**START, "sandboxPolicy": 5},
            "invalid type: integer `5`, expected internally tagged enum SandboxPolicyDeserialize",
        ),
        (
            "turn/start",
            {**START, "sandboxPolicy": {"type": "workspaceWrite", "writableRoots": ["r"]}},
            "AbsolutePathBuf deserialized without a base path",
        ),
        (
            "turn/start",
            {**START, "sandboxPolicy": {"type": "externalSandbox", "networkAccess": "x"}},
            "unknown variant `x`, expected `restricted` or `enabled`",
        ),
        ("turn/start", {**START, "effort": "zz"}, f"unknown variant `zz`, {EFFORTS}"),
        ("turn/start", {**START, "effort": {"high": 1}}, "invalid type: integer `1`, expected unit"),
        ("turn/start", {**START, "cwd": 5}, "invalid type: integer `5`, expected path string"),
        (
            "turn/start",
            {**START, "permissions": {}},
            "data did not match any variant of untagged enum Wire",
        ),
        (
            "turn/start",
            {**START, "responsesapiClientMetadata": {"a": 5}},
            "invalid type: integer `5`, expected a string",
        ),
        ("turn/steer", START, "missing field `expectedTurnId`"),
        ("turn/steer", ["x"], "invalid length 1, expected struct TurnSteerParams with 4 elements"),
        ("turn/interrupt", {"threadId": "x"}, "missing field `turnId`"),
        ("thread/compact/start", {}, "missing field `threadId`"),
        ("thread/shellCommand", {"threadId": "x"}, "missing field `command`"),
        ("review/start", {"threadId": "x"}, "missing field `target`"),
        (
            "review/start",
            {"threadId": "x", "target": {"type": "zz"}},
            "unknown variant `zz`, expected one of `uncommittedChanges`, `baseBranch`, `commit`, `custom`",
        ),
        ("review/start", {"threadId": "x", "target": {"type": "commit"}}, "missing field `sha`"),
        (
            "review/start",
            {"threadId": "x", "target": {"type": "uncommittedChanges"}, "delivery": "zz"},
            "unknown variant `zz`, expected `inline` or `detached`",
        ),
        (
            "thread/backgroundTerminals/clean",
            5,
            "invalid type: integer `5`, expected struct ThreadBackgroundTerminalsCleanParams",
        ),
        (
            "thread/increment_elicitation",
            5,
            "invalid type: integer `5`, expected struct ThreadIncrementElicitationParams",
        ),
        (
            "thread/decrement_elicitation",
            5,
            "invalid type: integer `5`, expected struct ThreadDecrementElicitationParams",
        ),
    ],
)
def test_what_does_not_read_is_told_in_the_words_of_the_release(
    method: str, params: object, why: str
) -> None:
    with pytest.raises(UnreadableParams) as refused:
        validate(method, params)
    assert str(refused.value) == f"Invalid request: {why}"


@pytest.mark.parametrize(
    "params",
    [
        {**START, "outputSchema": 5},
        {**START, "collaborationMode": {"mode": "code", "settings": {"model": "m"}}},
        {**START, "sandboxPolicy": {"type": "readOnly", "networkAccess": True}},
        text(text_elements=[{"byteRange": {"start": 5, "end": 2}, "placeholder": None}]),
    ],
)
def test_what_reads_is_given_as_it_is(params: dict[str, object]) -> None:
    assert validate("turn/start", params) == params


def test_unknown_members_of_inputs_are_passed_over() -> None:
    assert validate("turn/start", text(textElements=5))
    assert validate("turn/start", {**START, "detail": 5}) == START
