"""Marks lie at the beginnings of lines, about a stride apart, and are found again."""

from itertools import pairwise
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.limits import MARK_STRIDE
from domain.log import LogSlice
from rollout.catalogue import marks
from rollout.catalogue.marks import lines_in, marks_of, nearest, pack, unpack
from rollout.catalogue.run import Run, measure

STRIDE = 16
NUMBERS = st.integers(0, 2**64 - 1)
LINES = st.lists(st.binary(max_size=40).map(lambda raw: raw.replace(b"\n", b"") + b"\n"), max_size=40)


@given(st.binary())
def test_lines_are_counted_by_their_line_feeds(data: bytes) -> None:
    assert lines_in(data) == data.count(b"\n")


@given(st.lists(st.tuples(NUMBERS, NUMBERS)).map(tuple))
def test_packed_marks_come_back(pairs: tuple[tuple[int, int], ...]) -> None:
    assert unpack(pack(pairs)) == pairs


def test_a_mark_takes_sixteen_bytes() -> None:
    assert len(pack(((1, 2), (3, 4)))) == 32


@pytest.mark.parametrize(
    ("line", "expected"), [(4, None), (5, (5, 50)), (8, (5, 50)), (9, (9, 90)), (99, (9, 90))]
)
def test_the_nearest_mark_is_at_or_before_the_line(line: int, expected: tuple[int, int] | None) -> None:
    assert nearest(((5, 50), (9, 90)), line) == expected


def test_a_slice_shorter_than_a_stride_has_no_mark() -> None:
    data = b"x" * 99 + b"\n"
    assert marks_of(LogSlice(1000, 1000 + 10 * len(data), 7, data * 10)) == ()


def test_marks_are_a_stride_apart() -> None:
    data = (b"x" * 1023 + b"\n") * 1024
    expected = tuple((7 + part * 256, 5 + part * MARK_STRIDE) for part in (1, 2, 3))
    assert marks_of(LogSlice(5, 5 + len(data), 7, data)) == expected


def test_a_mark_that_is_due_lies_at_the_start_of_the_slice() -> None:
    assert marks_of(LogSlice(MARK_STRIDE, MARK_STRIDE + 2, 7, b"x\n"), 0) == ((7, MARK_STRIDE),)


def test_a_line_over_the_limit_is_one_line_between_marks() -> None:
    huge = LogSlice(10, 10**12, 3, b"\n")
    after = LogSlice(10**12, 10**12 + 2, 4, b"x\n")
    assert measure([huge, after], 10, 3) == Run(2, 10**12 + 2, ((4, 10**12),))


@given(LINES, st.data())
def test_slices_of_any_size_give_the_run_of_the_whole(lines: list[bytes], data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(lines)), max_size=5)))
    pieces = []
    at, first_line = 100, 11
    for begin, end in zip([0, *cuts], [*cuts, len(lines)], strict=True):
        if raw := b"".join(lines[begin:end]):
            pieces.append(LogSlice(at, at + len(raw), first_line, raw))
            at += len(raw)
            first_line += end - begin
    with patch.object(marks, "MARK_STRIDE", STRIDE):
        run = measure(pieces, 100, 11)
    offsets = {11 + index: 100 + len(b"".join(lines[:index])) for index in range(len(lines) + 1)}
    assert (run.line_count, run.end) == (len(lines), offsets[11 + len(lines)])
    assert all(offsets[line] == offset for line, offset in run.marks)
    places = [100, *(offset for _, offset in run.marks), run.end]
    longest = max(map(len, lines), default=0)
    assert all(after - before >= STRIDE for before, after in pairwise(places[:-1]))
    assert all(after - before < STRIDE + longest for before, after in pairwise(places))
