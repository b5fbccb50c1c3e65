"""Request schemas as documents, and the sentences about what does not fit them."""

import sys
from typing import Any

import fastjsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.wire.methods import KNOWN
from api.wire.schemas import REQUESTS
from api.wire.schemas.faults import SHOWN_TEXT_MAX, fault
from api.wire.schemas.items import RESPONSE_ITEM
from api.wire.schemas.judge import fits, judge_of
from api.wire.schemas.parts import (
    DRAFT,
    Schema,
    boolean,
    enumeration,
    i64,
    mapping,
    nullable,
    sequence,
    string,
    struct,
    u32,
    u64,
)

STRUCTS = [method for method, schema in REQUESTS.items() if "properties" in schema]

TAGS = ["message", "reasoning", "local_shell_call", "web_search_call", "input_text", "exec", "search", "zz"]
NAMES = [
    "type",
    "id",
    "role",
    "content",
    "text",
    "summary",
    "status",
    "action",
    "command",
    "call_id",
    "output",
]
ITEMS = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 2**33) | st.floats() | st.sampled_from(TAGS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner),
    max_leaves=12,
)

SHOWN: list[tuple[object, str]] = [
    (None, "null"),
    (True, "boolean `true`"),
    (-5, "integer `-5`"),
    (1.0, "floating point `1.0`"),
    (-0.0, "floating point `-0.0`"),
    (1e15, "floating point `1000000000000000.0`"),
    (1e16, "floating point `1e+16`"),
    (1e-5, "floating point `0.00001`"),
    (1.5e-7, "floating point `1.5e-7`"),
    ([1], "sequence"),
    ({"a": 1}, "map"),
    ("5", 'string "5"'),
    ("\t\r\n\0", r'string "\t\r\n\0"'),
    ("'\"\\", 'string "\'\\"\\\\"'),
    ("é😀א", 'string "é😀א"'),
    ("\x01\x7f\x85\u200b\u3000\ue000", r'string "\u{1}\u{7f}\u{85}\u{200b}\u{3000}\u{e000}"'),
    ("a\u0301", r'string "a\u{301}"'),
]

ITEM_FAULTS: list[tuple[object, str]] = [
    (5, "invalid type: integer `5`, expected internally tagged enum ResponseItem"),
    ({"no": 1}, "missing field `type`"),
    ({"type": None}, "invalid type: null, expected variant identifier"),
    ({"type": "message"}, "missing field `role`"),
    ({"content": 5, "role": 5, "type": "message"}, "invalid type: integer `5`, expected a sequence"),
    ({"type": "message", "role": "u", "content": [{"type": "input_text"}]}, "missing field `text`"),
    (
        {"type": "message", "role": "u", "content": [{"type": "zz"}]},
        "unknown variant `zz`, expected one of `input_text`, `input_image`, `output_text`",
    ),
    (
        {"type": "message", "role": "u", "content": [], "phase": "x"},
        "unknown variant `x`, expected `commentary` or `final_answer`",
    ),
    ({"type": "reasoning", "summary": [{"type": "x"}]}, "unknown variant `x`, expected `summary_text`"),
    (
        {"type": "function_call_output", "call_id": "x", "output": 5},
        "data did not match any variant of untagged enum FunctionCallOutputBody",
    ),
    (
        {"type": "local_shell_call", "status": "completed", "action": {"type": "exec", "timeout_ms": -1}},
        "invalid value: integer `-1`, expected u64",
    ),
    (
        {
            "type": "local_shell_call",
            "status": "completed",
            "action": {"type": "exec", "command": [], "env": {"a": 5}},
        },
        "invalid type: integer `5`, expected a string",
    ),
]

GOOD_ITEMS = [
    {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "x"}], "phase": None},
    {"type": "reasoning", "summary": []},
    {"type": "web_search_call", "action": {"type": "anything"}},
    {"type": "web_search_call", "action": None},
    {"type": "function_call_output", "call_id": "x", "output": [{"type": "input_text", "text": "x"}]},
    {"type": "tool_search_call", "execution": "x", "arguments": None},
    {"type": "compaction_summary", "encrypted_content": "x"},
    {"type": "of a later release", "role": 5},
]


def test_every_schema_belongs_to_a_method_of_the_release() -> None:
    assert REQUESTS.keys() <= KNOWN


@pytest.mark.parametrize("method", STRUCTS)
def test_a_request_schema_is_a_draft_04_document(method: str) -> None:
    schema = REQUESTS[method]
    assert schema["$schema"] == DRAFT
    assert set(schema.get("required", [])) <= schema["properties"].keys()
    fastjsonschema.compile({**schema})


@pytest.mark.parametrize(("value", "shown"), SHOWN)
def test_a_value_of_another_type_is_shown_as_the_reference_shows_it(value: object, shown: str) -> None:
    expected: Schema = {"type": "object", "title": "x"} if shown != "map" else {"type": "array", "title": "x"}
    assert fault(expected, value) == f"invalid type: {shown}, expected x"


def test_a_long_text_is_not_repeated_in_full() -> None:
    told = fault(u32(), "x" * 10**6)
    assert len(told) < SHOWN_TEXT_MAX + 100
    assert told.endswith('x…", expected u32')
    assert len(fault(enumeration("a", "b"), "x" * 10**6)) < SHOWN_TEXT_MAX + 100


@pytest.mark.parametrize(
    ("schema", "least", "most", "title"),
    [(u32(), 0, 2**32 - 1, "u32"), (u64(), 0, 2**64 - 1, "u64"), (i64(), -(2**63), 2**63 - 1, "i64")],
)
def test_whole_numbers_have_the_range_of_their_type(
    schema: Schema, least: int, most: int, title: str
) -> None:
    assert fits(schema, least)
    assert fits(schema, most)
    for outside in (least - 1, most + 1):
        assert fault(schema, outside) == f"invalid value: integer `{outside}`, expected {title}"
        assert not fits(schema, outside)
    assert not any(fits(schema, value) for value in (1.0, True, "1", None))


@pytest.mark.parametrize(
    "schema",
    [string(), boolean(), u32(), enumeration("a"), sequence(string()), mapping(u32()), struct("S", {})],
)
def test_only_a_nullable_part_takes_null(schema: Schema) -> None:
    assert not fits(schema, None)
    assert fits(nullable(schema), None)
    assert "null" in fault(schema, None)


def test_the_first_fault_in_the_order_of_the_text_is_told() -> None:
    schema = struct("S", {"a": string(), "b": u32(), "c": string()}, ["a", "c"])
    assert fault(schema, {"b": "x", "a": 5}) == 'invalid type: string "x", expected u32'
    assert fault(schema, {"a": 5, "b": "x"}) == "invalid type: integer `5`, expected a string"
    assert fault(schema, {"zz": 1, "b": 1}) == "missing field `a`"
    assert fault(schema, {"a": "x"}) == "missing field `c`"


@pytest.mark.parametrize(("item", "sentence"), ITEM_FAULTS)
def test_what_is_wrong_with_an_item_is_told_in_the_words_of_the_reference(
    item: object, sentence: str
) -> None:
    assert not fits(RESPONSE_ITEM, item)
    assert fault(RESPONSE_ITEM, item) == sentence


@pytest.mark.parametrize("item", GOOD_ITEMS)
def test_an_item_of_the_model_fits(item: dict[str, Any]) -> None:
    assert fits(RESPONSE_ITEM, item)


@given(ITEMS)
def test_whatever_does_not_fit_has_a_fault(value: object) -> None:
    if not fits(RESPONSE_ITEM, value):
        assert fault(RESPONSE_ITEM, value)


def test_equal_schemas_are_compiled_once() -> None:
    assert judge_of(nullable(string())) is judge_of(nullable(string()))
    assert "fastjsonschema" in sys.modules
