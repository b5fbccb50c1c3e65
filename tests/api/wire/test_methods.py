"""The names of release 0.131.0: methods, and what is experimental."""

from typing import Any

import pytest

from api.wire.methods import EXPERIMENTAL_FIELDS, EXPERIMENTAL_METHODS, METHODS
from api.wire.schemas import REQUESTS
from api.wire.validation import experimental_needs

SET_FIELDS: dict[str, list[object]] = {
    "runtimeWorkspaceRoots": [[], ["x"]],
    "permissions": ["", ":read-only"],
    "environments": [[]],
    "dynamicTools": [[]],
    "mockExperimentalField": ["", "x"],
    "experimentalRawEvents": [True],
    "history": [[]],
    "path": ["", "/x"],
    "excludeTurns": [True],
    "responsesapiClientMetadata": [{}],
    "collaborationMode": [{}],
    "permissionProfile": [{}],
}
"""Values that set a field: an empty list and an empty text count."""

ORDINARY: list[tuple[str, dict[str, Any]]] = [
    ("thread/list", {"useStateDbOnly": True, "cwd": ["/a"]}),
    ("thread/fork", {"ephemeral": True, "excludeTurns": False, "path": None}),
    ("thread/resume", {"history": None, "path": None, "excludeTurns": False}),
    ("thread/start", {"approvalPolicy": "never", "sandbox": "read-only", "ephemeral": True}),
    ("thread/inject_items", {"items": []}),
    ("thread/metadata/update", {"gitInfo": {}}),
    ("thread/rollback", {"numTurns": 1}),
    ("initialize", {}),
    ("no/such/method", {"path": "/x"}),
]

GRANULAR: dict[str, Any] = {"approvalPolicy": {"granular": {}}}


def test_the_methods_are_those_of_the_release_in_its_order() -> None:
    assert len(METHODS) == len(set(METHODS)) == 107
    assert METHODS[:3] == ("initialize", "thread/start", "thread/resume")
    assert METHODS[-1] == "fuzzyFileSearch/sessionStop"


def test_what_is_experimental_belongs_to_a_known_method() -> None:
    assert set(METHODS) >= EXPERIMENTAL_METHODS | EXPERIMENTAL_FIELDS.keys()
    assert not EXPERIMENTAL_METHODS & EXPERIMENTAL_FIELDS.keys()


@pytest.mark.parametrize("method", sorted(EXPERIMENTAL_FIELDS.keys() & REQUESTS.keys()))
def test_experimental_fields_stand_in_the_order_of_declaration(method: str) -> None:
    declared = [name for name in REQUESTS[method]["properties"] if name in EXPERIMENTAL_FIELDS[method]]
    assert declared == [*EXPERIMENTAL_FIELDS[method]]


@pytest.mark.parametrize("method", sorted(EXPERIMENTAL_METHODS))
def test_an_experimental_method_needs_the_capability(method: str) -> None:
    assert experimental_needs(method, {}) == method


@pytest.mark.parametrize(
    ("method", "field", "value"),
    [
        (method, field, value)
        for method, fields in EXPERIMENTAL_FIELDS.items()
        for field in fields
        for value in SET_FIELDS.get(field, [])
    ],
)
def test_an_experimental_field_that_is_set_needs_the_capability(
    method: str, field: str, value: object
) -> None:
    assert experimental_needs(method, {"threadId": "x", field: value}) == f"{method}.{field}"


@pytest.mark.parametrize("method", ["thread/start", "thread/resume", "thread/fork"])
def test_the_deprecated_flag_is_called_by_its_other_name(method: str) -> None:
    assert experimental_needs(method, {"persistExtendedHistory": True}) == f"{method}.persistFullHistory"
    assert experimental_needs(method, {"persistExtendedHistory": False}) is None


@pytest.mark.parametrize("method", ["thread/start", "thread/resume", "thread/fork", "turn/start"])
def test_a_granular_approval_policy_needs_the_capability(method: str) -> None:
    assert experimental_needs(method, GRANULAR) == "askForApproval.granular"


@pytest.mark.parametrize(("method", "params"), ORDINARY)
def test_other_requests_do_not_need_it(method: str, params: dict[str, Any]) -> None:
    assert experimental_needs(method, params) is None


def test_of_several_fields_the_first_declared_is_named() -> None:
    params = {"excludeTurns": True, "permissions": "x", **GRANULAR, "path": "/x"}
    assert experimental_needs("thread/resume", params) == "thread/resume.path"
    assert experimental_needs("thread/resume", {**params, "path": None}) == "askForApproval.granular"
