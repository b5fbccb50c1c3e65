"""Lines pass through the mapper untouched."""

from typing import Any, cast

import pytest
from eventsourcing.persistence import JSONTranscoder, StoredEvent

from domain.events import RolloutLine
from domain.thread.mapper import LineMapper, NotALine
from tests.rollout.recorders import THREAD, message

MAPPER = LineMapper(JSONTranscoder())
STORED = StoredEvent(THREAD, 3, "event_msg:user_message", message("one"))


def test_a_stored_line_comes_back_byte_for_byte() -> None:
    line = MAPPER.to_domain_event(STORED)
    assert (line.topic, line.raw, line.originator_version) == (STORED.topic, STORED.state, 3)
    assert line.payload["message"] == "one"
    assert MAPPER.to_stored_event(line) == STORED


def test_any_topic_and_any_bytes_are_a_line() -> None:
    line = MAPPER.to_domain_event(StoredEvent(str(THREAD), 1, "never_heard_of", b"\xff"))
    assert line.originator_id == THREAD
    assert line.payload == {}


def test_only_lines_can_be_stored() -> None:
    with pytest.raises(NotALine, match="not object"):
        MAPPER.to_stored_event(cast("Any", object()))


def test_a_line_is_not_parsed_on_its_way() -> None:
    line = MAPPER.to_domain_event(STORED)
    MAPPER.to_stored_event(line)
    assert isinstance(line, RolloutLine)
    assert line._value is None
