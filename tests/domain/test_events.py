"""A line of the log as a domain event, parsed when somebody looks inside."""

from uuid import UUID

import pytest

from domain.events import RolloutLine
from tests.home import event

THREAD = UUID("0196f0aa-0000-7000-8000-000000000001")
RAW = event("user_message", message="é").rstrip()


def of(raw: bytes) -> RolloutLine:
    """The event of these bytes."""
    return RolloutLine(THREAD, 7, "event_msg:user_message", raw)


def test_an_event_carries_what_it_was_given() -> None:
    line = of(RAW)
    told = (line.originator_id, line.originator_version, line.topic, line.raw)
    assert told == (THREAD, 7, "event_msg:user_message", RAW)


def test_an_event_holds_its_line_and_its_payload() -> None:
    line = of(RAW)
    assert line.payload == {"type": "user_message", "message": "é"}
    assert line.value["payload"] == line.payload
    assert line.value["type"] == "event_msg"


def test_a_line_is_parsed_once() -> None:
    line = of(RAW)
    assert line.value is line.value


@pytest.mark.parametrize("size", range(len(RAW)))
def test_a_cut_line_holds_nothing(size: int) -> None:
    line = of(RAW[:size])
    assert (line.value, line.payload) == ({}, {})


@pytest.mark.parametrize("payload", [b"null", b"7", b'"x"', b"[1]", b"[{}]"])
def test_a_payload_that_is_no_object_is_empty(payload: bytes) -> None:
    line = of(b'{"type":"event_msg","payload":' + payload + b"}")
    assert line.payload == {}
    assert line.value["type"] == "event_msg"


@pytest.mark.parametrize(
    "raw", [b"", b"\xff", b"[]", b"{}", b'{"type":"event_msg"}', b'{"payload":{"a":"\\ud800"}}']
)
def test_a_damaged_line_has_an_empty_payload(raw: bytes) -> None:
    assert of(raw).payload == {}
