"""Lines too long to be held come to the same, window by window, in bounded memory."""

import json
import tracemalloc

import pytest

from domain.damage import mender, stretch
from domain.damage.finding import DamageClass
from domain.damage.grammar import ROLLOUT
from domain.damage.steps import LongLine
from domain.lines import parse
from rollout.damage import long_lines, raw_lines
from rollout.damage.long_lines import long_parts
from tests.damage.in_memory import found_in, mended, steps_of
from tests.damage.kinds import CONTENTS, WHOLE, Kind
from tests.damage.repairing import is_subsequence, strict_lines
from tests.damage.talk import Talk, dump, joined

MIB = 1024 * 1024


@pytest.fixture(params=[(60, 300), (200, 512), (400, 7000)], ids=str)
def short(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """Every bound so low that ordinary lines are long."""
    held, window = request.param
    for module in (raw_lines, long_lines, mender, stretch):
        monkeypatch.setattr(module, "SALVAGE_HELD_SIZE", held)
    monkeypatch.setattr(long_lines, "WINDOW", window)
    monkeypatch.setattr(raw_lines, "BLOCK", window // 2)
    return int(held)


@pytest.mark.parametrize("kind", CONTENTS.values(), ids=CONTENTS)
def test_no_whole_record_is_lost_however_little_is_held(short: int, kind: Kind) -> None:
    after = mended(kind.data)
    if DamageClass.UTF16 not in kind.damages:
        assert is_subsequence(strict_lines(kind.data), strict_lines(after))
        assert all(parse(line) is not None for line in after.split(b"\n")[:-1])


FOUND_IN_LONG = (
    "two glued",
    "all glued",
    "torn and another",
    "a JSON array on one line",
    "zeros, then a record",
)


@pytest.mark.parametrize("name", FOUND_IN_LONG)
def test_records_on_a_long_line_are_had_back(short: int, name: str) -> None:
    kind = CONTENTS[name]
    assert kind.after is not None
    assert mended(kind.data) == joined(kind.after)


def test_lines_and_places_are_the_same_however_much_is_read_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    data = b"\n".join([b"a" * 30, b"", b"b" * 9, b"c"])
    wanted = list(raw_lines.raw_lines(lambda size, at: data[at : at + size], len(data)))
    for block in range(1, 40):
        monkeypatch.setattr(raw_lines, "BLOCK", block)
        assert list(raw_lines.raw_lines(lambda size, at: data[at : at + size], len(data))) == wanted


@pytest.mark.parametrize("lines", [25, 40, 77, 1000])
def test_a_record_that_goes_on_behind_the_lines_held_together_is_joined(
    monkeypatch: pytest.MonkeyPatch, lines: int
) -> None:
    for module in (mender, stretch):
        monkeypatch.setattr(module, "SALVAGE_LINES_MAX", lines)
    records = Talk(turns=20).records
    spread = json.dumps(records, indent=1, ensure_ascii=False).encode()
    assert [parse(line) for line in mended(spread).split(b"\n")[:-1]] == records


def big(text: str) -> bytes:
    return dump({"timestamp": "2025-05-21T09:00:00.000Z", "type": "compacted", "payload": {"message": text}})


def test_two_writers_mixed_at_the_borders_of_their_writes_are_not_made_into_one_record() -> None:
    one, two = big("a" * 5 * MIB) + b"\n", big("b" * 5 * MIB) + b"\n"
    chunk = 2 * MIB
    mixed = b"".join(part[at : at + chunk] for at in range(0, len(one), chunk) for part in (one, two))
    after = mended(joined(WHOLE) + mixed)
    assert after == joined(WHOLE)
    assert DamageClass.INTERLEAVED in {each.damage for each in found_in(joined(WHOLE) + mixed)}


def test_a_record_written_whole_between_two_writes_of_another_is_had_back() -> None:
    long, inner = big("a" * 5 * MIB), WHOLE[3]
    data = joined([*WHOLE, long[: 2 * MIB] + inner, long[2 * MIB :]])
    assert mended(data) == joined([*WHOLE, inner])


class Pattern:
    """A long file that is nowhere in memory: a head, one byte so many times, a tail."""

    def __init__(self, head: bytes, filling: bytes, count: int, tail: bytes) -> None:
        self._head, self._filling, self._count, self._tail = head, filling, count, tail
        self.size = len(head) + count + len(tail)
        self.read_bytes = 0

    def read(self, size: int, at: int) -> bytes:
        """At most so many bytes from there."""
        size = min(size, self.size - at)
        self.read_bytes += size
        head = self._head[at : at + size]
        at, size = max(0, at - len(self._head)), size - len(head)
        filling = self._filling * max(0, min(size, self._count - at))
        at, size = max(0, at - self._count), size - len(filling)
        return head + filling + self._tail[at : at + size]


LONG = {
    "a sparse tail": (joined(WHOLE), b"\0", b""),
    "garbage": (joined(WHOLE), b"x", b"\n" + WHOLE[1] + b"\n"),
    "a long record": (joined(WHOLE) + big("")[:-3], b"x", b'"}}\n'),
    "a long record torn": (joined(WHOLE) + big("")[:-3], b"x", WHOLE[1] + b"\n"),
}


@pytest.mark.parametrize(("head", "filling", "tail"), LONG.values(), ids=LONG)
def test_a_line_of_many_megabytes_is_read_a_few_times_and_never_held(
    head: bytes, filling: bytes, tail: bytes
) -> None:
    file = Pattern(head, filling, 30 * MIB, tail)
    steps = steps_of(b"")
    steps.read, steps.size = file.read, file.size
    tracemalloc.start()
    try:
        findings = list(steps.findings())
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert steps.survey.records >= len(WHOLE)
    assert len(findings) <= 3
    assert peak < 16 * MIB
    assert file.read_bytes < 6 * file.size


def test_a_record_over_the_readers_limit_is_told_and_kept(
    monkeypatch: pytest.MonkeyPatch, short: int
) -> None:
    monkeypatch.setattr(mender, "LINE_SIZE_MAX", 500)
    data = joined([*WHOLE, big("x" * 8000)])
    assert DamageClass.OVERLONG_LINE in {each.damage for each in found_in(data)}
    assert mended(data) == data


def test_parts_of_a_long_line_lie_in_it_in_order() -> None:
    data = b"x" * 10 + WHOLE[1] + bytes(5 * MIB) + WHOLE[2] + b"y" * 5 * MIB
    line = LongLine(1, 0, len(data), is_ended=False)
    parts = long_parts(lambda size, at: data[at : at + size], line, ROLLOUT)
    ends = [0, *(part.end for part in parts)]
    assert all(end <= part.start for end, part in zip(ends, parts, strict=False))
    assert [part.data for part in parts if part.data] == [WHOLE[1]]
