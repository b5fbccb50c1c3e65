"""Answers find their requests; what is no answer does no harm."""

import json

import pytest

from api.client.calls import Answered, Asked, Calls, Event, Notification, Payload, Refused


def asked(count: int) -> Calls:
    """A conversation in which requests 1 to `count` wait."""
    calls = Calls()
    for _ in range(count):
        calls.request("thread/list", {})
    return calls


def test_a_request_is_one_line_with_an_id_of_its_own() -> None:
    calls = Calls()
    first, second = calls.request("thread/read", {"threadId": "a\nb"}), calls.request("thread/list", {})
    assert json.loads(first.line) == {"id": 1, "method": "thread/read", "params": {"threadId": "a\nb"}}
    assert b"\n" not in first.line
    assert (first.request_id, second.request_id) == (1, 2)
    assert json.loads(calls.notification("initialized")) == {"method": "initialized"}


def test_answers_find_their_requests_in_any_order() -> None:
    calls = asked(3)
    lines = [b'{"id":%d,"result":{"n":%d}}' % (number, number) for number in (3, 1, 2)]
    assert [calls.receive(line) for line in lines] == [
        Answered(number, {"n": number}) for number in (3, 1, 2)
    ]
    assert calls.end() == {}


def test_an_error_keeps_its_code_sentence_and_data() -> None:
    event = asked(1).receive(b'{"error":{"code":-32602,"message":"too much","data":{"max":7}},"id":1}')
    assert isinstance(event, Refused)
    assert (event.request_id, event.failure.code, str(event.failure)) == (1, -32602, "too much")
    assert event.failure.data == {"max": 7}


def test_an_error_without_its_members_is_one_all_the_same() -> None:
    event = asked(1).receive(b'{"error":{},"id":1}')
    assert isinstance(event, Refused)
    assert (event.failure.code, str(event.failure)) == (-32603, "")


@pytest.mark.parametrize(
    ("line", "event"),
    [
        (b'{"method":"a","params":{"b":1}}', Notification("a", {"b": 1})),
        (b'{"method":"a"}', Notification("a", {})),
        (b'{"method":"a","params":null,"more":1}\r\n', Notification("a", {})),
        (b"", None),
        (b"no json", None),
        (b'{"id":1,"result":{}} {}', None),
        (b"[]", None),
        (b'"text"', None),
        (b"\xff", None),
        (b'{"id":1}', None),
        (b'{"id":1,"result":[]}', None),
        (b'{"id":1,"error":"why"}', None),
        (b'{"id":2,"result":{}}', None),
        (b'{"id":"1","result":{}}', None),
        (b'{"id":true,"result":{}}', None),
        (b'{"id":1.0,"result":{}}', None),
        (b'{"id":null,"error":{"code":1,"message":""}}', None),
        (b'{"id":[1],"result":{}}', None),
        (b'{"method":5,"id":9}', None),
    ],
    ids=repr,
)
def test_what_answers_no_request_leaves_it_waiting(line: bytes, event: Event | None) -> None:
    calls = asked(1)
    assert calls.receive(line) == event
    assert calls.receive(b'{"id":1,"result":{}}') == Answered(1, {})


@pytest.mark.parametrize("request_id", [7, "seven"])
def test_a_request_of_the_server_is_declined(request_id: int | str) -> None:
    asking: Payload = {"id": request_id, "method": "item/tool/call", "params": {}}
    event = Calls().receive(json.dumps(asking).encode())
    assert isinstance(event, Asked)
    declined = json.loads(event.line)
    assert (declined["id"], declined["error"]["code"]) == (request_id, -32601)


def test_the_second_answer_to_a_request_is_none() -> None:
    calls = asked(1)
    assert calls.receive(b'{"id":1,"result":{}}') is not None
    assert calls.receive(b'{"id":1,"result":{}}') is None


def test_the_end_tells_what_was_not_answered_once() -> None:
    calls = asked(3)
    calls.receive(b'{"id":2,"result":{}}')
    calls.forget(1)
    assert calls.end() == {3: "thread/list"}
    assert calls.end() == {}
