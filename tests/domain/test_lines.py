"""Which bytes are a record, and which are never parsed (rollout-format.md, section 2)."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.lines import MALFORMED, PASSED_OVER, is_passed_over, nesting, parse, topic_of
from tests.home import TIME, event, item, line, meta

LINE = event("user_message", message="é")
KINDS = (
    *("reasoning", "function_call", "function_call_output", "custom_tool_call", "custom_tool_call_output"),
    *("web_search_call", "local_shell_call", "tool_search_call", "tool_search_output"),
)

RECORDS = {
    b"{}": {},
    b' \t{"a":1} \r\n': {"a": 1},
    b'{"a":1,"b":2,"a":3}': {"a": 3, "b": 2},
    b'{"a":"\\u0000"}': {"a": "\0"},
    b'{"a":"\\ud83d\\ude00"}': {"a": "😀"},
    '{"é":"\u2028\ufeff"}'.encode(): {"é": "\u2028\ufeff"},
    b'{"a":"\\/\\"\\\\"}': {"a": '/"\\'},
    b'{"a":1e308,"b":-0.0,"c":1.0}': {"a": 1e308, "b": -0.0, "c": 1.0},
    b'{"a":9223372036854775807,"b":18446744073709551615}': {"a": 2**63 - 1, "b": 2**64 - 1},
    b'{"a":123456789012345678901234567890}': {"a": 1.2345678901234568e29},
}

NO_RECORDS = (
    b"",
    b"\n",
    b"null",
    b"true",
    b"5",
    b'"a"',
    b"[]",
    b'[{"a":1}]',
    b"{",
    b"}",
    b'{"a":1',
    b'{"a":1}}',
    b'{"a":1}x',
    b'{"a":1}{"b":2}',
    b'{"a":1} // c',
    b'/* c */{"a":1}',
    b'{"a":1,}',
    b'{"a":[1,]}',
    b"{a:1}",
    b"{'a':1}",
    b'{"a":NaN}',
    b'{"a":Infinity}',
    b'{"a":-Infinity}',
    b'{"a":1e400}',
    b'{"a":-1e400}',
    b'{"a":01}',
    b'{"a":+1}',
    b'{"a":.5}',
    b'{"a":1.}',
    b'{"a":0x1}',
    b'{"a":True}',
    b'{"a":"\t"}',
    b'{"a":"\x00"}',
    b'{"a":"\x1f"}',
    b'{"a":"\\x41"}',
    b'{"a":"\\ud800"}',
    b'{"a":"\\udc00\\ud800"}',
    b'{"\\ud800":1}',
    b'{"a":"\xff"}',
    b'{"a":"\xed\xa0\x80"}',
    b'{"a":"\xc0\xaf"}',
    b'\xef\xbb\xbf{"a":1}',
    b'\xc2\xa0{"a":1}',
    b'\x0c{"a":1}',
    b'{"a":1}\x00',
)


@pytest.mark.parametrize(("raw", "value"), RECORDS.items())
def test_a_strict_json_object_is_a_record(raw: bytes, value: object) -> None:
    assert parse(raw) == value


@pytest.mark.parametrize("raw", NO_RECORDS)
def test_everything_else_is_damage(raw: bytes) -> None:
    assert parse(raw) is None


def nested(levels: int, opening: bytes, closing: bytes) -> bytes:
    """An object in which so many containers lie within each other, itself included."""
    inner = levels - 1
    return b'{"a":' + opening * inner + b"1" + closing * inner + b"}"


@pytest.mark.parametrize(("opening", "closing"), [(b"[", b"]"), (b'{"b":', b"}"), (b'[0,{"b":', b"}]")])
def test_a_record_nests_at_most_127_levels(opening: bytes, closing: bytes) -> None:
    step = opening.count(b"[") + opening.count(b"{")
    deepest = 1 + 126 // step
    assert parse(nested(deepest, opening, closing)) is not None
    assert parse(nested(deepest + 1, opening, closing)) is None
    assert parse(nested(100_000, opening, closing)) is None


def test_many_containers_side_by_side_are_no_nesting() -> None:
    wide = {"a": [[]] * 500, "b": [{}] * 500, "c": "[{" * 500}
    assert parse(json.dumps(wide).encode()) == wide
    deep = b'{"z":[],' + nested(127, b"[", b"]")[1:]
    assert parse(deep) is not None


@pytest.mark.parametrize(
    ("value", "depth"),
    [(1, 0), ("[[", 0), (None, 0), ([], 1), ({}, 1), ([1, [2]], 2), ({"a": [{"b": 1}], "c": {}}, 3)],
)
def test_nesting_counts_the_containers_around_the_innermost_value(value: object, depth: int) -> None:
    assert nesting(value) == depth


@pytest.mark.parametrize("size", range(len(LINE.rstrip())))
def test_every_cut_of_a_line_is_damage(size: int) -> None:
    assert parse(LINE[:size]) is None
    assert parse(LINE[:size] + b"\n") is None


@pytest.mark.parametrize("tail", [b"\n", b"\r\n", b" \t\r\n", b""])
def test_the_end_of_a_line_does_not_matter(tail: bytes) -> None:
    assert parse(LINE.rstrip() + tail) == parse(LINE)


@given(st.binary(max_size=80) | st.text(alphabet='{}[]",:\\u0123 eE+-.ntrf\n').map(str.encode))
def test_any_bytes_are_a_record_of_the_standard_library_or_damage(raw: bytes) -> None:
    value = parse(raw)
    assert value is None or isinstance(json.loads(raw), dict)


# -- topics -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "topic"),
    [
        ({"type": "session_meta", "payload": {"type": "x"}}, "session_meta"),
        ({"type": "compacted"}, "compacted"),
        ({"type": "mystery", "payload": 7}, "mystery"),
        ({"type": "event_msg", "payload": {"type": "user_message"}}, "event_msg:user_message"),
        ({"type": "response_item", "payload": {"type": "message"}}, "response_item:message"),
        (None, MALFORMED),
        ({}, MALFORMED),
        ({"type": 7}, MALFORMED),
        ({"type": None}, MALFORMED),
        ({"type": "event_msg"}, MALFORMED),
        ({"type": "event_msg", "payload": None}, MALFORMED),
        ({"type": "event_msg", "payload": "user_message"}, MALFORMED),
        ({"type": "event_msg", "payload": {}}, MALFORMED),
        ({"type": "response_item", "payload": {"type": ["message"]}}, MALFORMED),
    ],
)
def test_a_topic_is_the_wire_tag(value: dict[str, object] | None, topic: str) -> None:
    assert topic_of(value) == topic


# -- passing over -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "raw",
    [
        *(item(kind) for kind in KINDS),
        item("message", role="assistant", content=[]),
        item("message", role="developer", content=[]),
        event("token_count", info=None),
        line("turn_context", {"cwd": "/"}),
    ],
)
def test_what_the_model_saw_and_thought_is_passed_over(raw: bytes) -> None:
    assert is_passed_over(raw)


@pytest.mark.parametrize(
    "raw",
    [
        meta(),
        line("compacted", {"message": ""}),
        item("message", role="user", content=[]),
        item("message", id="m", role="assistant", content=[]),
        *(
            event(kind)
            for kind in (
                *("user_message", "agent_message", "agent_reasoning", "agent_reasoning_raw_content"),
                *("task_started", "task_complete", "turn_aborted", "thread_rolled_back", "item_completed"),
                *("context_compacted", "entered_review_mode", "exited_review_mode", "patch_apply_end"),
                *("mcp_tool_call_end", "web_search_end", "image_generation_end", "thread_goal_updated"),
                *("turn_started", "turn_complete", "token_counts", "mystery"),
            )
        ),
        item("reasonings"),
        item("function_call_outputs"),
        b"",
        b"\n",
        item("reasoning").replace(TIME.encode(), b"t"),
        item("reasoning").replace(b'"type":', b'"type": ', 1),
        b" " + item("reasoning"),
        event("user_message", message='","type":"event_msg","payload":{"type":"token_count"'),
    ],
)
def test_every_other_line_is_parsed(raw: bytes) -> None:
    assert not is_passed_over(raw)


@pytest.mark.parametrize("start", PASSED_OVER)
def test_a_line_is_recognised_by_nothing_less_than_its_whole_beginning(start: bytes) -> None:
    raw = b'{"timestamp":"' + TIME.encode() + start
    assert is_passed_over(raw)
    assert not is_passed_over(raw[:-1])
