"""Parameters: what each method takes, and the sentence for what it does not (observed on release 0.131.0)."""

import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.wire.jsonrpc import MISSING
from api.wire.methods import METHODS
from api.wire.schemas import REQUESTS
from api.wire.schemas.items import RESPONSE_ITEM
from api.wire.schemas.judge import fits
from api.wire.validation import complaint, validate
from domain.errors import UnknownMethod, UnreadableParams

CLIENT = {"name": "a", "version": "1"}
GRANULAR = {"sandbox_approval": True, "rules": True, "mcp_elicitations": True}
TOOL = {"name": "a", "description": "b", "inputSchema": None}

FIVE = "invalid type: integer `5`, expected "

REFUSED: list[tuple[str, object, str]] = [
    ("initialize", MISSING, "missing field `params`"),
    ("initialize", {}, "missing field `clientInfo`"),
    ("initialize", {"clientInfo": {"name": "a"}}, "missing field `version`"),
    ("initialize", {"clientInfo": {"version": "1"}}, "missing field `name`"),
    ("initialize", {"clientInfo": {"name": 5}}, f"{FIVE}a string"),
    ("initialize", {"clientInfo": "x"}, 'invalid type: string "x", expected struct ClientInfo'),
    (
        "initialize",
        {"clientInfo": CLIENT, "capabilities": {"experimentalApi": "yes"}},
        'invalid type: string "yes", expected a boolean',
    ),
    (
        "initialize",
        {"clientInfo": CLIENT, "capabilities": {"optOutNotificationMethods": "x"}},
        'invalid type: string "x", expected a sequence',
    ),
    ("thread/read", None, "missing field `params`"),
    ("thread/read", "x", 'invalid type: string "x", expected struct ThreadReadParams'),
    ("thread/read", {"thread_id": "x"}, "missing field `threadId`"),
    ("thread/read", {"threadId": None}, "invalid type: null, expected a string"),
    ("thread/read", {"threadId": "x", "includeTurns": None}, "invalid type: null, expected a boolean"),
    ("thread/list", 7, "invalid type: integer `7`, expected struct ThreadListParams"),
    ("thread/list", {"limit": -1}, "invalid value: integer `-1`, expected u32"),
    ("thread/list", {"limit": 2**32}, "invalid value: integer `4294967296`, expected u32"),
    ("thread/list", {"limit": 1.0}, "invalid type: floating point `1.0`, expected u32"),
    ("thread/list", {"limit": True}, "invalid type: boolean `true`, expected u32"),
    ("thread/list", {"limit": []}, "invalid type: sequence, expected u32"),
    ("thread/list", {"sortKey": "bad"}, "unknown variant `bad`, expected `created_at` or `updated_at`"),
    ("thread/list", {"sourceKinds": [None]}, "invalid type: null, expected string or map"),
    (
        "thread/list",
        {"sourceKinds": ["cli", "x"]},
        (
            "unknown variant `x`, expected one of `cli`, `vscode`, `exec`, `appServer`, `subAgent`, "
            "`subAgentReview`, `subAgentCompact`, `subAgentThreadSpawn`, `subAgentOther`, `unknown`"
        ),
    ),
    ("thread/list", {"modelProviders": [5]}, f"{FIVE}a string"),
    ("thread/list", {"cwd": [5]}, "data did not match any variant of untagged enum ThreadListCwdFilter"),
    ("thread/list", {"useStateDbOnly": None}, "invalid type: null, expected a boolean"),
    ("thread/turns/list", {"threadId": "x", "cursor": {}}, "invalid type: map, expected a string"),
    (
        "thread/turns/list",
        {"threadId": "x", "sortDirection": "ASC"},
        "unknown variant `ASC`, expected `asc` or `desc`",
    ),
    ("thread/turns/list", {"threadId": "x", "sortDirection": 5}, f"{FIVE}string or map"),
    (
        "thread/turns/list",
        {"threadId": "x", "sortDirection": {}},
        "invalid value: map, expected map with a single key",
    ),
    (
        "thread/turns/list",
        {"threadId": "x", "sortDirection": {"asc": 5}},
        "invalid type: integer `5`, expected unit",
    ),
    (
        "thread/turns/list",
        {"threadId": "x", "itemsView": "Full"},
        "unknown variant `Full`, expected one of `notLoaded`, `summary`, `full`",
    ),
    ("thread/turns/items/list", {"threadId": "x"}, "missing field `turnId`"),
    ("thread/rollback", {"threadId": "x", "numTurns": "1"}, 'invalid type: string "1", expected u32'),
    ("thread/rollback", {"numTurns": 1}, "missing field `threadId`"),
    (
        "thread/metadata/update",
        {"threadId": "x", "gitInfo": "y"},
        'invalid type: string "y", expected struct ThreadMetadataGitInfoUpdateParams',
    ),
    ("thread/metadata/update", {"threadId": "x", "gitInfo": {"sha": 5}}, f"{FIVE}a string"),
    ("thread/goal/set", {"threadId": "x", "tokenBudget": "5"}, 'invalid type: string "5", expected i64'),
    (
        "thread/memoryMode/set",
        {"threadId": "x", "mode": "polluted"},
        "unknown variant `polluted`, expected `enabled` or `disabled`",
    ),
    ("thread/inject_items", {"threadId": "x"}, "missing field `items`"),
    ("thread/start", {"config": []}, "invalid type: sequence, expected a map"),
    ("thread/start", {"permissions": {}}, "data did not match any variant of untagged enum Wire"),
    ("thread/start", {"environments": [{"environmentId": "a"}]}, "missing field `cwd`"),
    (
        "thread/start",
        {"environments": [{"cwd": "b"}]},
        "AbsolutePathBuf deserialized without a base path",
    ),
    ("thread/start", {"environments": [{"cwd": 5}]}, f"{FIVE}path string"),
    ("thread/start", {"dynamicTools": [{**TOOL, "name": 5}]}, f"{FIVE}a string"),
    ("thread/start", {"dynamicTools": [{"name": "a"}]}, "missing field `description`"),
    ("thread/fork", {"threadId": "x", "ephemeral": None}, "invalid type: null, expected a boolean"),
    ("thread/fork", {"threadId": "x", "path": 5}, f"{FIVE}path string"),
    (
        "thread/fork",
        {"threadId": "x", "approvalPolicy": "x"},
        "unknown variant `x`, expected one of `untrusted`, `on-failure`, `on-request`, `granular`, `never`",
    ),
    (
        "thread/fork",
        {"threadId": "x", "approvalPolicy": "granular"},
        "invalid type: unit variant, expected struct variant",
    ),
    ("thread/fork", {"threadId": "x", "approvalPolicy": {"granular": 5}}, f"{FIVE}struct variant"),
    (
        "thread/fork",
        {"threadId": "x", "approvalPolicy": {"granular": {"rules": True}}},
        "missing field `sandbox_approval`",
    ),
    (
        "thread/fork",
        {"threadId": "x", "approvalPolicy": {"granular": GRANULAR, "never": 1}},
        "invalid value: map, expected map with a single key",
    ),
    ("thread/resume", {"threadId": "x", "history": [{"type": "message"}]}, "missing field `role`"),
    ("memory/reset", [], "invalid type: sequence, expected unit"),
    ("memory/reset", {"x": 1}, "invalid type: map, expected unit"),
]

ACCEPTED: list[tuple[str, object, dict[str, Any]]] = [
    ("thread/list", {}, {}),
    ("thread/list", {"unknownKey": 1, "limit": 3}, {"limit": 3}),
    ("thread/list", dict.fromkeys(("cursor", "limit", "sortKey", "cwd", "archived")), {}),
    ("thread/list", {"cwd": ["/a"], "useStateDbOnly": False}, {"cwd": ["/a"], "useStateDbOnly": False}),
    ("thread/list", {"limit": 2**32 - 1, "cwd": ""}, {"limit": 2**32 - 1, "cwd": ""}),
    ("thread/start", {"ephemeral": None}, {}),
    ("thread/start", {"config": {"a": None}}, {"config": {"a": None}}),
    ("thread/start", {"dynamicTools": [TOOL]}, {"dynamicTools": [TOOL]}),
    ("thread/start", {"approvalPolicy": {"granular": GRANULAR}}, {"approvalPolicy": {"granular": GRANULAR}}),
    ("thread/resume", {"threadId": "x", "history": None, "path": None}, {"threadId": "x"}),
    ("initialize", {"clientInfo": CLIENT, "capabilities": None}, {"clientInfo": CLIENT}),
    ("memory/reset", MISSING, {}),
    ("memory/reset", None, {}),
    ("memory/reset", {}, {}),
    ("model/list", {"cursor": "x", "limit": None}, {"cursor": "x"}),
    ("getConversationSummary", {"conversationId": "x"}, {}),
]

CLEARING: list[tuple[str, str]] = [
    ("thread/goal/set", "tokenBudget"),
    ("thread/start", "serviceTier"),
    ("thread/resume", "serviceTier"),
    ("thread/fork", "serviceTier"),
]

BY_POSITION: list[tuple[str, list[object], dict[str, Any]]] = [
    ("thread/loaded/list", [None, None], {}),
    ("thread/loaded/list", ["x", 5], {"cursor": "x", "limit": 5}),
    ("thread/read", ["x"], {"threadId": "x"}),
    ("thread/read", ["x", True], {"threadId": "x", "includeTurns": True}),
    ("thread/goal/set", ["x", None, None], {"threadId": "x"}),
]

REFUSED_BY_POSITION: list[tuple[str, list[object], str]] = [
    ("thread/list", [], "invalid length 0, expected struct ThreadListParams with 10 elements"),
    # The ninth field is a boolean with a default: the tenth is the first to be missed.
    ("thread/list", [None] * 8, "invalid length 9, expected struct ThreadListParams with 10 elements"),
    (
        "thread/loaded/list",
        [None],
        "invalid length 1, expected struct ThreadLoadedListParams with 2 elements",
    ),
    ("thread/loaded/list", [None] * 3, "invalid length 3, expected 2 elements in sequence"),
    ("thread/loaded/list", [5], f"{FIVE}a string"),
    ("thread/read", ["x", None], "invalid type: null, expected a boolean"),
    ("thread/archive", [], "invalid length 0, expected struct ThreadArchiveParams with 1 element"),
    ("thread/archive", ["x", "y"], "invalid length 2, expected 1 element in sequence"),
]

VALUES: st.SearchStrategy[object] = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False)
    | st.sampled_from(["", "x", "asc", "full", "/x", "active"])
    | st.lists(st.none() | st.text(max_size=3), max_size=2)
    | st.dictionaries(st.sampled_from(["type", "name", "version", "sha", "granular"]), st.none() | st.text())
)


def refusal_of(method: str, params: object) -> str | None:
    """The sentence with which parameters are refused."""
    try:
        validate(method, params)
    except UnreadableParams as refusal:
        return str(refusal)
    return None


@pytest.mark.parametrize(("method", "params", "why"), [*REFUSED, *REFUSED_BY_POSITION])
def test_parameters_are_refused_in_the_words_of_the_reference(method: str, params: object, why: str) -> None:
    assert refusal_of(method, params) == f"Invalid request: {why}"


@pytest.mark.parametrize(("method", "params", "fields"), ACCEPTED)
def test_what_is_set_is_given_by_name(method: str, params: object, fields: dict[str, Any]) -> None:
    assert validate(method, params) == fields


@pytest.mark.parametrize(("method", "params", "fields"), BY_POSITION)
def test_a_list_is_read_in_the_order_of_declaration(
    method: str, params: list[object], fields: dict[str, Any]
) -> None:
    assert validate(method, params) == fields


@pytest.mark.parametrize(("method", "field"), CLEARING)
def test_null_stays_where_it_means_something_else_than_absence(method: str, field: str) -> None:
    assert validate(method, {"threadId": "x", field: None})[field] is None
    assert field not in validate(method, {"threadId": "x"})


def test_null_stays_inside_of_what_is_set() -> None:
    params = {"threadId": "x", "gitInfo": {"sha": None, "branch": "main"}}
    assert validate("thread/metadata/update", params) == params


def test_of_several_faults_the_first_in_the_text_is_told() -> None:
    wrong_flag, wrong_id = f"Invalid request: {FIVE}a boolean", f"Invalid request: {FIVE}a string"
    assert refusal_of("thread/read", {"includeTurns": 5, "threadId": None}) == wrong_flag
    assert refusal_of("thread/read", {"threadId": 5, "includeTurns": None}) == wrong_id


def test_an_absent_field_is_told_after_wrong_ones() -> None:
    assert refusal_of("thread/rollback", {"numTurns": 5.5}) == (
        "Invalid request: invalid type: floating point `5.5`, expected u32"
    )


@pytest.mark.parametrize("method", ["no/such/method", "", "Thread/list", "initialized"])
def test_an_unknown_method_is_told_every_known_one(method: str) -> None:
    with pytest.raises(UnknownMethod) as refusal:
        validate(method, {})
    names = ", ".join(f"`{name}`" for name in METHODS)
    assert str(refusal.value) == f"Invalid request: unknown variant `{method}`, expected one of {names}"


def test_a_part_of_the_parameters_can_be_looked_at_by_its_method() -> None:
    assert complaint(RESPONSE_ITEM, {"type": "message"}) == "missing field `role`"
    assert complaint(RESPONSE_ITEM, {"type": "anything"}) is None


@given(st.data())
def test_parameters_are_accepted_exactly_when_they_fit_the_whole_document(data: st.DataObject) -> None:
    method = data.draw(st.sampled_from(sorted(REQUESTS)))
    names = [*REQUESTS[method].get("properties", {}), "unknown"]
    params = data.draw(st.dictionaries(st.sampled_from(names), VALUES, max_size=6))
    assert (refusal_of(method, params) is None) == fits(REQUESTS[method], params)


@given(st.sampled_from(sorted(REQUESTS)), st.lists(VALUES, max_size=25) | VALUES)
def test_any_parameters_are_read_or_refused(method: str, params: object) -> None:
    why = refusal_of(method, params)
    assert why is None or why.startswith("Invalid request: ")


def test_importing_the_module_neither_imports_the_validator_nor_compiles() -> None:
    program = "import sys, api.wire.validation; sys.exit('fastjsonschema' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
