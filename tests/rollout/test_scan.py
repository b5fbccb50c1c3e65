"""A scan gives every whole line once, wherever blocks, lines and files end."""

import os
import tempfile
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.limits import BLOCK_SIZE
from domain.log import LogSlice
from rollout import scan as scanning
from rollout.scan import read_range, scan, tail

TEXT = b'{"a":1}\n\nlonger than a block of sixteen\n\xff\x00\r\n\xc3\xa9 \xe2\x80\xa8 \n{"last":true}\n'
BLOCK_SIZES = (1, 2, 3, 7, 16, BLOCK_SIZE)
LIMIT = 32
"""What stands for the greatest size of a line where a line is to be over it."""

Opened = Callable[[bytes], int]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opened]:
    """Gives a descriptor of a file that holds these bytes."""
    descriptors = []

    def open_with(data: bytes) -> int:
        path = tmp_path / "log"
        path.write_bytes(data)
        descriptors.append(os.open(path, os.O_RDONLY))
        return descriptors[-1]

    yield open_with
    for descriptor in descriptors:
        os.close(descriptor)


@pytest.fixture
def small_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """A line may have few bytes, and is read in few at a time."""
    monkeypatch.setattr(scanning, "LINE_SIZE_MAX", LIMIT)
    monkeypatch.setattr(scanning, "BLOCK_SIZE", 8)


def whole_lines(data: bytes) -> list[bytes]:
    return data[: data.rfind(b"\n") + 1].split(b"\n")[:-1]


def check(pieces: list[LogSlice], data: bytes, start: int = 0, first_line: int = 1) -> None:
    """The slices follow each other, count their lines, and hold exactly the whole lines of these bytes."""
    at, line = start, first_line
    for piece in pieces:
        assert (piece.start, piece.first_line) == (at, line)
        assert piece.end - piece.start == len(piece.data)
        at, line = piece.end, line + piece.line_count
    found = [raw for piece in pieces for raw in piece]
    assert found == [raw + b"\n" for raw in whole_lines(data)]
    assert at - start == sum(map(len, found))


@pytest.mark.parametrize("block_size", BLOCK_SIZES)
def test_a_file_cut_anywhere_gives_its_whole_lines_and_its_tail(opened: Opened, block_size: int) -> None:
    for cut in range(len(TEXT) + 1):
        data = TEXT[:cut]
        descriptor = opened(data)
        pieces = list(scan(descriptor, block_size=block_size))
        check(pieces, data)
        end = pieces[-1].end if pieces else 0
        assert tail(descriptor, end, cut) == data[end:]
        assert b"\n" not in data[end:]


@pytest.mark.parametrize("block_size", BLOCK_SIZES)
def test_a_scan_may_begin_at_any_line(opened: Opened, block_size: int) -> None:
    descriptor = opened(TEXT)
    start = 0
    for number, raw in enumerate(whole_lines(TEXT), 1):
        check(list(scan(descriptor, start, number, block_size=block_size)), TEXT[start:], start, number)
        start += len(raw) + 1
    assert list(scan(descriptor, start, 9, block_size=block_size)) == []


@pytest.mark.parametrize("block_size", BLOCK_SIZES)
def test_nothing_behind_the_given_end_is_seen(opened: Opened, block_size: int) -> None:
    descriptor = opened(TEXT)
    for end in range(len(TEXT) + 1):
        check(list(scan(descriptor, end=end, block_size=block_size)), TEXT[:end])
        assert tail(descriptor, 0, end) == TEXT[:end]


@pytest.mark.parametrize("length", [7, 8, 9, 15, 16, 17, 23, 24, 25, 200])
def test_a_line_may_end_anywhere_in_a_block(
    opened: Opened, monkeypatch: pytest.MonkeyPatch, length: int
) -> None:
    monkeypatch.setattr(scanning, "BLOCK_SIZE", 8)
    data = b"".join(b"x" * size + b"\n" for size in (0, length - 1, 3, length, 0))
    check(list(scan(opened(data), block_size=8)), data)


@given(st.lists(st.sampled_from([b"\n", b"\r\n", b"\0", b"ab", b"\xff"]), max_size=60), st.integers(1, 20))
def test_any_bytes_come_back_as_lines(parts: list[bytes], block_size: int) -> None:
    data = b"".join(parts)
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.flush()
        check(list(scan(file.fileno(), block_size=block_size)), data)


@pytest.mark.parametrize("size", [1, 3])
def test_reads_that_give_less_than_asked_lose_nothing(
    opened: Opened, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    descriptor = opened(TEXT)
    pread = os.pread
    monkeypatch.setattr(os, "pread", lambda file, count, at: pread(file, min(count, size), at))
    check(list(scan(descriptor)), TEXT)
    assert read_range(descriptor, 3, 20) == TEXT[3:23]
    assert tail(descriptor, 5, len(TEXT)) == TEXT[5:]


# -- lines over the limit ---------------------------------------------------------------------


@pytest.mark.usefixtures("small_limits")
@pytest.mark.parametrize("size", [LIMIT + 1, LIMIT + 2, 5 * LIMIT])
def test_a_line_over_the_limit_keeps_its_place_and_is_empty(opened: Opened, size: int) -> None:
    before, long, after = b"a\n", b"x" * (size - 1) + b"\n", b"b\n"
    pieces = list(scan(opened(before + long + after), block_size=8))
    assert [(piece.start, piece.end, piece.first_line, piece.data) for piece in pieces] == [
        (0, 2, 1, before),
        (2, 2 + size, 2, b"\n"),
        (2 + size, 4 + size, 3, after),
    ]


@pytest.mark.usefixtures("small_limits")
@pytest.mark.parametrize("size", [LIMIT - 1, LIMIT])
def test_a_line_up_to_the_limit_is_read(opened: Opened, size: int) -> None:
    data = b"a\n" + b"x" * (size - 1) + b"\nb\n"
    check(list(scan(opened(data), block_size=8)), data)


@pytest.mark.usefixtures("small_limits")
def test_several_lines_over_the_limit_follow_each_other(opened: Opened) -> None:
    long = b"x" * 99 + b"\n"
    pieces = list(scan(opened(long * 3 + b"b\n"), block_size=8))
    assert [(piece.end, piece.first_line, piece.data) for piece in pieces] == [
        (100, 1, b"\n"),
        (200, 2, b"\n"),
        (300, 3, b"\n"),
        (302, 4, b"b\n"),
    ]


@pytest.mark.usefixtures("small_limits")
def test_a_line_over_the_limit_without_line_feed_is_not_there_yet(opened: Opened) -> None:
    data = b"a\n" + b"x" * 100
    descriptor = opened(data)
    check(list(scan(descriptor, block_size=8)), b"a\n")
    assert tail(descriptor, 2, len(data)) == b""


@pytest.mark.usefixtures("small_limits")
def test_a_line_over_the_limit_is_not_there_before_its_end_is_asked_for(opened: Opened) -> None:
    descriptor = opened(b"x" * 99 + b"\n")
    assert list(scan(descriptor, end=99, block_size=8)) == []
    assert [piece.end for piece in scan(descriptor, end=100, block_size=8)] == [100]


def test_the_bytes_of_a_line_over_the_limit_are_never_held(
    opened: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scanning, "LINE_SIZE_MAX", 64 * 1024)
    descriptor = opened(b"")
    with (tmp_path / "log").open("r+b") as file:
        file.truncate(16 * 1024 * 1024)
        file.seek(0, os.SEEK_END)
        file.write(b"\n")
    tracemalloc.start()
    try:
        pieces = list(scan(descriptor))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert [piece.data for piece in pieces] == [b"\n"]
    assert peak < 16 * BLOCK_SIZE


# -- odd files --------------------------------------------------------------------------------


def test_an_empty_file_has_no_line_and_no_tail(opened: Opened) -> None:
    descriptor = opened(b"")
    assert list(scan(descriptor)) == []
    assert tail(descriptor, 0, 0) == b""


def test_line_feeds_alone_are_empty_lines(opened: Opened) -> None:
    (piece,) = scan(opened(b"\n" * 5))
    assert list(piece) == [b"\n"] * 5
    assert piece.line_count == 5


def test_a_line_ends_at_a_line_feed_and_at_nothing_else(opened: Opened) -> None:
    line = "a\rb\x0bc\x0cd\x1ce\x85f\u2028g\u2029h\0i\r\n".encode()
    (piece,) = scan(opened(line * 2))
    assert list(piece) == [line, line]


def test_zeros_are_bytes_like_others(opened: Opened) -> None:
    data = b"\0" * 9000 + b"\n" + b"\0" * 9000
    descriptor = opened(data)
    check(list(scan(descriptor, block_size=4096)), data)
    assert tail(descriptor, 9001, len(data)) == b"\0" * 9000


# -- files that change meanwhile --------------------------------------------------------------


def test_what_is_appended_behind_the_end_is_left_for_the_next_scan(opened: Opened, tmp_path: Path) -> None:
    descriptor = opened(b"a\nb\n")
    pieces = scan(descriptor, end=4, block_size=2)
    first = next(pieces)
    with (tmp_path / "log").open("ab") as file:
        file.write(b"c\n")
    check([first, *pieces], b"a\nb\n")
    check(list(scan(descriptor, 4, 3)), b"c\n", 4, 3)


@pytest.mark.parametrize("size", [0, 1, 2, 3, 4, 5])
def test_a_file_cut_short_meanwhile_ends_the_scan(opened: Opened, tmp_path: Path, size: int) -> None:
    data = b"a\nb\nc\n"
    descriptor = opened(data)
    pieces = scan(descriptor, end=6, block_size=2)
    first = next(pieces)
    os.truncate(tmp_path / "log", size)
    found = [first, *pieces]
    check(found, data[: max(2, size)])
    assert tail(descriptor, 0, 6) == read_range(descriptor, 0, 6) == data[:size]


def test_a_file_cut_short_in_a_long_line_ends_the_scan(
    opened: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scanning, "BLOCK_SIZE", 8)
    descriptor = opened(b"x" * 100 + b"\n")
    pread = os.pread

    def pread_and_cut(file: int, count: int, at: int) -> bytes:
        if at >= 40:
            os.truncate(tmp_path / "log", 30)
        return pread(file, count, at)

    monkeypatch.setattr(os, "pread", pread_and_cut)
    assert list(scan(descriptor, end=101, block_size=8)) == []


def test_a_range_behind_the_end_is_empty(opened: Opened) -> None:
    descriptor = opened(b"abc")
    assert read_range(descriptor, 3, 5) == b""
    assert read_range(descriptor, 99, 5) == b""
    assert read_range(descriptor, 1, 0) == b""


@pytest.mark.parametrize("begin", [b"", b"{", b"x" * 100])
@pytest.mark.parametrize("behind", [b"", b"}", b"}\n", b'}\n{"a":1}\n'])
def test_a_hole_is_passed_over_without_reading_it(
    opened: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, begin: bytes, behind: bytes
) -> None:
    descriptor = opened(b"first\n" + begin)
    size = 40 * 1024 * 1024
    with (tmp_path / "log").open("r+b") as file:
        file.truncate(size)
        file.seek(size)
        file.write(behind)
    seen = read_sizes(monkeypatch)
    pieces = list(scan(descriptor))
    lines = [raw for piece in pieces for raw in piece]
    assert lines == [b"first\n", b"\n", b'{"a":1}\n'][: 1 + behind.count(b"\n")]
    assert all(piece.is_overlong == (piece.first_line == 2) for piece in pieces)
    assert sum(seen) < 1024 * 1024
    if not behind:
        assert tail(descriptor, 6, size) == b""


def read_sizes(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many bytes each read gives from now on."""
    sizes = []
    pread = os.pread

    def noted(descriptor: int, count: int, at: int) -> bytes:
        data = pread(descriptor, count, at)
        sizes.append(len(data))
        return data

    monkeypatch.setattr(os, "pread", noted)
    return sizes
