"""A last line torn at every byte: what stands before it stays, and what is said to be whole is."""

import random
from collections.abc import Callable, Iterator

import pytest

from domain.damage.finding import DamageClass
from domain.lines import PREFIX_AT, parse
from tests.damage.in_memory import found_in, mended
from tests.damage.repairing import assert_faithful
from tests.damage.talk import Talk, dump, joined
from tests.properties.scale import times_longer

CHUNK = 2 * 1024 * 1024
"""Bytes that release 0.131.0 writes at once."""

SAMPLES = 6 if times_longer() == 1 else 1000

Tear = Callable[[bytes, int], bytes]

TEARS: dict[str, Tear] = {
    "cut": lambda line, at: line[:at],
    "zeros": lambda line, at: line[:at] + bytes(len(line) + 1 - at),
    "cut and ended": lambda line, at: line[:at] + b"\n",
}


def last_line(text: str) -> bytes:
    """The end of a turn that says this."""
    event = {"type": "task_complete", "turn_id": "turn-3", "last_agent_message": text}
    return dump({"timestamp": "2025-05-21T08:10:00.000Z", "type": "event_msg", "payload": event})


TEXTS = {
    "ASCII": "plain words " * 9,
    "characters of several bytes": "größer 測試 🙂 " * 9,
    "escapes": 'a "quoted" \\ back\nslash\t\u0001' * 9,
}

BEFORE = Talk().lines()[:-1]


def long_places(line: bytes) -> Iterator[int]:
    """Places of a long line: around each border of a write, and anywhere."""
    borders = range(CHUNK - 1024, len(line), CHUNK)
    yield from (at for border in borders for at in range(border, border + 2049, 512) if at < len(line))
    drawn = random.Random(7)
    yield from (drawn.randrange(len(line)) for _ in range(SAMPLES))


def check(line: bytes, at: int, tear: Tear) -> None:
    """All that must hold for one tear."""
    data = joined(BEFORE) + tear(line, at)
    after = mended(data)
    findings = found_in(data)
    assert_faithful(data, after)
    lines = after.split(b"\n")[:-1]
    is_whole = lines[len(BEFORE) :] == [line]
    assert lines[: len(BEFORE)] == BEFORE
    assert is_whole or len(lines) == len(BEFORE)
    assert is_whole == (parse(tear(line, at).strip(b"\n\0")) is not None)
    if not is_whole and tear(line, at).strip(b"\n"):
        assert not all(each.is_lossless for each in findings)
    assert mended(after) == after
    assert {each.damage for each in found_in(after)} <= {DamageClass.TURN_OPEN}


@pytest.mark.parametrize("tear", TEARS.values(), ids=TEARS)
@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_line_torn_at_any_byte_costs_itself(text: str, tear: Tear) -> None:
    line = last_line(text)
    for at in range(len(line) + 1):
        check(line, at, tear)


@pytest.mark.parametrize("tear", TEARS.values(), ids=TEARS)
def test_a_long_line_torn_at_a_writes_border_costs_itself(tear: Tear) -> None:
    line = last_line("é long " * 400_000)
    assert len(line) > 3_000_000
    for at in long_places(line) if times_longer() > 1 else list(long_places(line))[::6]:
        check(line, at, tear)


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_record_behind_a_line_torn_at_any_byte_is_had_back(text: str) -> None:
    line, following = last_line(text), Talk().lines()[1]
    for at in range(1, len(line)):
        data = joined([*BEFORE, line[:at] + following, line])
        after = mended(data)
        assert after.split(b"\n")[len(BEFORE) : -1] == [following, line]
        assert not all(each.is_lossless for each in found_in(data))


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_record_written_again_behind_its_torn_beginning_is_whole(text: str) -> None:
    line = last_line(text)
    for at in range(1, len(line)):
        data = joined([*BEFORE, line[:at] + line])
        assert mended(data) == joined([*BEFORE, line])
        is_known = at > PREFIX_AT  # others may share the time, but no more
        assert all(each.is_lossless for each in found_in(data)) == is_known, at
