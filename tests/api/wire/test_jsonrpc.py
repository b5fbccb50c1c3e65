"""The envelope: what is read, what is dropped, and the lines that go back."""

import json
from typing import Any

import orjson
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from api.wire.jsonrpc import (
    MEMBERS_MAX,
    MISSING,
    Message,
    Notification,
    Request,
    Response,
    error,
    notification,
    read_message,
    result,
    undecodable_id,
)
from domain.errors import InternalError, InvalidRequest, NotUtf8, ThreadNotLoaded, UnknownMethod
from domain.limits import LINE_NESTING_MAX

CALL = '{"id":1,"method":"thread/loaded/list","params":{}'
"""A request but for its last brace."""

READ: dict[str, Message] = {
    f"{CALL}}}": Request(1, "thread/loaded/list", {}),
    f"  {CALL}}}  \r": Request(1, "thread/loaded/list", {}),
    f"\r\n{CALL}}}\r\n": Request(1, "thread/loaded/list", {}),
    '{"params":[null],"method":"a","id":""}': Request("", "a", [None]),
    '{"id":"x","method":"","params":null}': Request("x", "", None),
    '{"id":-9223372036854775808,"method":"a"}': Request(-(2**63), "a"),
    '{"id":9223372036854775807,"method":"a"}': Request(2**63 - 1, "a"),
    '{"jsonrpc":"1.0","id":1,"method":"a","extra":[1,2]}': Request(1, "a"),
    '{"jsonrpc":1,"jsonrpc":2,"x":1,"x":2,"id":1,"method":"a"}': Request(1, "a"),
    '{"id":1,"method":"a","result":{},"error":5}': Request(1, "a"),
    '{"id":1,"method":"a","trace":null}': Request(1, "a"),
    '{"id":1,"method":"a","trace":{"traceparent":"x","tracestate":null,"y":5}}': Request(1, "a"),
    '{"\\u0069d":1,"method":"a"}': Request(1, "a"),
    '{"id":1,"method":"a","params":{"id":1,"x":{"id":2},"x":3}}': Request(1, "a", {"id": 1, "x": 3}),
    '{"id":1,"method":"a","params":"\\u0000"}': Request(1, "a", "\0"),
    '{"id":1,"method":"a","params":["\\"id\\":","\\u006d"]}': Request(1, "a", ['"id":', "m"]),
    '{"method":"initialized"}': Notification("initialized"),
    '{"method":"a","params":{"b":1},"trace":5}': Notification("a", {"b": 1}),
    '{"id":99,"result":{}}': Response(99, result={}),
    '{"id":99,"result":null}': Response(99, result=None),
    '{"id":"zz","error":{"code":1}}': Response("zz", error={"code": 1}),
}

DROPPED = [
    *("", "   ", "\n", "not json", "42", "null", '"text"', "[]", "{}", '{"id":1,"method":'),
    f"[{CALL}}}]",
    f"{CALL}}}{CALL}}}",
    f"\ufeff{CALL}}}",
    f"\v{CALL}}}",
    f"{CALL}}}\0",
    f"{CALL},}}",
    *(
        f'{CALL},"x":{number}}}'
        for number in ("NaN", "Infinity", "01", "1.", ".5", "+1", "1e400", "9" * 5000)
    ),
    *(f'{CALL},"x":{text}}}' for text in ('"\\ud800"', '"\\udc00\\ud800"', '"\\x"', '"\x01"', "'x'")),
    *(
        f'{{"id":{value},"method":"a"}}'
        for value in ("null", "1.0", "1.5", "true", "{}", "[]", "9223372036854775808", "-9223372036854775809")
    ),
    *(f'{{"id":1,"method":{value}}}' for value in ("null", "5", "{}", "true")),
    *(
        f'{CALL},"trace":{value}}}'
        for value in ("5", '"x"', "true", '{"traceparent":5}', '{"tracestate":{}}')
    ),
    *(f"{CALL},{member}}}" for member in ('"id":1', '"method":"a"', '"params":{}', '"\\u0070arams":{}')),
    f'{CALL},"trace":{{}}, "trace" : {{}}}}',
    *('{"id":1}', '{"result":1}', '{"id":null,"result":1}', '{"id":1.5,"error":{}}'),
    '{"method":"a","method":"a"}',
]


@pytest.mark.parametrize(("line", "message"), READ.items())
def test_a_message_is_read(line: str, message: Message) -> None:
    assert read_message(line.encode()) == message


@pytest.mark.parametrize("line", DROPPED)
def test_a_line_that_is_no_message_is_dropped(line: str) -> None:
    assert read_message(line.encode()) is None


def test_absent_parameters_are_told_from_null() -> None:
    absent = read_message(b'{"id":1,"method":"a"}')
    null = read_message(b'{"id":1,"method":"a","params":null}')
    assert isinstance(absent, Request)
    assert isinstance(null, Request)
    assert (absent.params, null.params) == (MISSING, None)


@pytest.mark.parametrize("line", READ)
def test_a_message_cut_anywhere_is_dropped(line: str) -> None:
    whole = line.strip().encode()
    assert [read_message(whole[:end]) for end in range(len(whole))] == [None] * len(whole)


@pytest.mark.parametrize("tail", [b"x", b"}", b"{}", b",", b"\0", b"\xff", b"//"])
def test_a_message_with_a_tail_is_dropped(tail: bytes) -> None:
    assert read_message(f"{CALL}}}".encode() + tail) is None


@pytest.mark.parametrize(("opening", "closing"), ["[]", ('{"x":[', "]}")])
def test_nesting_is_bounded_with_the_outer_object_counted(opening: str, closing: str) -> None:
    levels = opening.count("[") + opening.count("{")

    def nested(depth: int) -> bytes:
        times = depth // levels
        return f'{{"id":1,"method":"a","x":{opening * times}0{closing * times}}}'.encode()

    deepest = (LINE_NESTING_MAX - 1) // levels * levels
    assert read_message(nested(deepest)) == Request(1, "a")
    assert read_message(nested(deepest + 2)) is None


@pytest.mark.parametrize("text", ["[" * 500, '\\"' + "{" * 500, "\\\\", '\\"[' * 300])
def test_brackets_inside_a_text_do_not_nest(text: str) -> None:
    line = f'{{"id":1,"method":"a","params":{{}},"x":["{text}",{"[]," * 200}0]}}'
    assert read_message(line.encode()) == Request(1, "a", {})


@pytest.mark.parametrize("hostile", [b"[" * 10**6, b'["' + b"[" * 200 + b'\\"' * 10**6, b'{"a":' * 10**6])
def test_a_line_of_brackets_and_quotes_is_dropped_in_time_linear_in_its_length(hostile: bytes) -> None:
    assert read_message(hostile) is None


def test_a_message_of_many_members_is_not_searched_for_repeated_ones() -> None:
    members = ",".join(f'"m{number}":1' for number in range(MEMBERS_MAX))
    assert read_message(f'{{"id":1,"method":"a",{members}}}'.encode()) == Request(1, "a")
    assert read_message(f'{{"id":1,"method":"a","x":["\\u0069d"],{members}}}'.encode()) is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)
MEMBERS = st.sampled_from(["id", "method", "params", "trace", "result", "x", "\u0131d", 'a"id"'])


def object_text(members: list[tuple[str, Any]], *, is_ascii: bool) -> str:
    """An object as text, repeated members and all."""
    pairs = (f"{json.dumps(name)}: {json.dumps(value, ensure_ascii=is_ascii)}" for name, value in members)
    return f"{{{', '.join(pairs)}}}"


@given(st.binary(), st.binary())
@example(b"\xff", b"")
def test_any_bytes_are_read_or_dropped(head: bytes, tail: bytes) -> None:
    for line in (head, CALL.encode() + head, head + CALL.encode() + b"}" + tail):
        message = read_message(line)
        assert message is None or isinstance(message, Request | Notification | Response)
        assert undecodable_id(line) is None or message is None


@given(members=st.lists(st.tuples(MEMBERS, JSON), max_size=6), is_ascii=st.booleans())
def test_an_object_is_dropped_when_a_member_of_the_envelope_is_there_twice(
    *, members: list[tuple[str, Any]], is_ascii: bool
) -> None:
    members = [("id", 7), ("method", "a"), *members]
    names = [name for name, _ in members if name in {"id", "method", "params", "trace"}]
    message = read_message(object_text(members, is_ascii=is_ascii).encode("utf-8", "replace"))
    if len(names) != len(set(names)):
        assert message is None
    elif "trace" not in names:
        assert message is None or message == Request(7, "a", dict(members).get("params", MISSING))


@given(st.integers(-(2**63), 2**63 - 1) | st.text(), st.text(), JSON)
def test_a_request_is_read_as_it_was_written(request_id: int | str, method: str, params: object) -> None:
    line = orjson.dumps({"id": request_id, "method": method, "params": params})
    assert read_message(line) == Request(request_id, method, orjson.loads(line)["params"])


@pytest.mark.parametrize("spoiled", [b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xc0\x80"])
def test_a_request_that_is_not_utf8_is_dropped_but_its_id_can_be_answered(spoiled: bytes) -> None:
    line = b'{"id":"a","method":"thread/read","params":{"threadId":"' + spoiled + b'"}}'
    assert read_message(line) is None
    assert undecodable_id(line) == "a"
    assert error("a", NotUtf8()).startswith(b'{"error":{"code":-32700,')


@pytest.mark.parametrize("line", [b"\xff", b'{"method":"a","x":"\xff"}', b"{}", b'{"id":1,"method":"a"}'])
def test_there_is_nobody_to_answer_when_a_line_is_no_request_or_is_utf8(line: bytes) -> None:
    assert undecodable_id(line) is None


def test_an_answer_is_one_line_with_the_id_as_it_came() -> None:
    assert result(7, {"data": []}) == b'{"id":7,"result":{"data":[]}}\n'
    assert result("7", None) == b'{"id":"7","result":null}\n'


def test_an_answer_takes_json_that_is_already_written() -> None:
    assert result(1, {"data": [orjson.Fragment(b'{"a":1}')]}) == b'{"id":1,"result":{"data":[{"a":1}]}}\n'


def test_a_refusal_says_code_and_sentence() -> None:
    line = error("a", ThreadNotLoaded("x"))
    assert line == b'{"error":{"code":-32600,"message":"thread not loaded: x"},"id":"a"}\n'


def test_a_refusal_carries_the_data_of_its_class() -> None:
    class TooLarge(InvalidRequest):
        code = -32602
        data = {"max_chars": 5}  # noqa: RUF012 - as a class of errors has it

    assert orjson.loads(error(1, TooLarge("much")))["error"] == {
        "code": -32602,
        "message": "much",
        "data": {"max_chars": 5},
    }


def test_a_refusal_can_name_a_path_that_is_no_utf8() -> None:
    path = b"/home/\xff".decode(errors="surrogateescape")
    assert orjson.loads(error(1, InternalError(path)))["error"]["message"] == "/home/?"


def test_a_notification_is_one_line_without_an_id() -> None:
    line = notification("thread/closed", {"text": "a\nb"})
    assert line == b'{"method":"thread/closed","params":{"text":"a\\nb"}}\n'


def test_an_unknown_method_is_told_the_known_ones() -> None:
    assert str(UnknownMethod("c", ["a", "b"])) == (
        "Invalid request: unknown variant `c`, expected one of `a`, `b`"
    )
