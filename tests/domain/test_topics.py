"""A line's topic, told by its first bytes or by what it holds."""

import orjson
import pytest

from domain.lines import MALFORMED, parse, topic_of
from domain.topics import is_head, topic_of_raw

TIME = '{"timestamp":"2026-05-01T10:00:00.000Z",'

SAME = (
    TIME + '"type":"session_meta","payload":{"id":"x"}}',
    TIME + '"type":"event_msg","payload":{"type":"user_message","message":"m"}}',
    TIME + '"type":"response_item","payload":{"type":"message","role":"user","content":[]}}',
    TIME + '"type":"response_item","payload":{"role":"user","type":"message","content":[]}}',
    TIME + '"type":"response_item","payload":{}}',
    TIME + '"type":"event_msg","payload":{"type":7}}',
    TIME + '"type":"turn_context","payload":{"type":"x"}}',
    TIME + '"type":"compacted","payload":{"message":""}}',
    TIME + '"ordinal":12,"type":"event_msg","payload":{"type":"item_completed","item":{}}}',
    TIME + '"ordinal":"12","type":"event_msg","payload":{"type":"item_completed","item":{}}}',
    TIME + '"type":"a_new_kind","payload":{"type":"x"}}',
    TIME + '"type":"event_msg","payload":null}',
    TIME + '"type":"event_msg"}',
    '{"type":"event_msg","timestamp":"t","payload":{"type":"user_message"}}',
    '{ "timestamp" : "t", "type" : "event_msg", "payload" : { "type" : "user_message" } }',
    '{"timestamp":"t","type":"caf\\u00e9","payload":{}}',
    TIME + '"type":"event_msg","payload":{"type":"agent_mess',
    "",
    " ",
    "null",
    "[]",
    "{}",
    '\ufeff{"timestamp":"t","type":"session_meta","payload":{"id":"x"}}',
)


@pytest.mark.parametrize("text", SAME)
def test_the_first_bytes_tell_what_parsing_tells(text: str) -> None:
    raw = text.encode()
    assert topic_of_raw(raw) == topic_of(parse(raw))


@pytest.mark.parametrize("text", SAME)
def test_a_line_feed_and_a_carriage_return_do_not_matter(text: str) -> None:
    assert topic_of_raw(text.encode() + b"\r") == topic_of(parse(text.encode()))


@pytest.mark.parametrize("size", range(1, 110, 7))
def test_a_line_that_was_cut_is_malformed(size: int) -> None:
    raw = (TIME + '"type":"event_msg","payload":{"type":"user_message","message":"a }} b"}}').encode()
    assert topic_of_raw(raw[:size]) == MALFORMED


def test_a_canonical_line_is_not_parsed() -> None:
    damaged = (TIME + '"type":"event_msg","payload":{"type":"user_message","message":tru}}').encode()
    with pytest.raises(orjson.JSONDecodeError):
        orjson.loads(damaged)
    assert topic_of_raw(damaged) == "event_msg:user_message"


def test_only_a_session_meta_is_a_head() -> None:
    assert [is_head(text.encode()) for text in SAME[:3]] == [True, False, False]
