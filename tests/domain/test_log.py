"""What the rooms say to each other about the log: slices of whole lines, and what `stat` says of a file."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.log import FileState, LogSlice

STATE = FileState(device=1, inode=2, size=3, mtime_ns=4, ctime_ns=5)


@pytest.mark.parametrize(
    ("data", "lines"),
    [
        (b"", []),
        (b"\n", [b"\n"]),
        (b"a\n", [b"a\n"]),
        (b"a\n\nb\r\n", [b"a\n", b"\n", b"b\r\n"]),
        # Lines end at line feeds alone.
        (b"a\rb\x0bc\x0cd\x1ce\x85f\xe2\x80\xa8g\x00\n", [b"a\rb\x0bc\x0cd\x1ce\x85f\xe2\x80\xa8g\x00\n"]),
        (b"\xff\xfe\n", [b"\xff\xfe\n"]),
    ],
)
def test_a_slice_is_its_lines(data: bytes, lines: list[bytes]) -> None:
    piece = LogSlice(10, 10 + len(data), 1, data)
    assert list(piece) == lines
    assert list(piece) == lines
    assert piece.line_count == len(lines)


@given(st.lists(st.binary().map(lambda raw: raw.replace(b"\n", b"") + b"\n")))
def test_lines_joined_and_cut_again_are_the_same(lines: list[bytes]) -> None:
    data = b"".join(lines)
    assert list(LogSlice(0, len(data), 1, data)) == lines


def test_slices_are_equal_by_their_place_and_bytes() -> None:
    assert LogSlice(0, 2, 1, b"a\n") == LogSlice(0, 2, 1, b"a\n")
    assert LogSlice(0, 2, 1, b"a\n") != LogSlice(2, 4, 1, b"a\n")
    assert "lines" not in repr(LogSlice(0, 2, 1, b"a\n"))


@given(st.builds(FileState, *[st.integers(-(2**63), 2**64)] * 5))
def test_a_state_is_read_from_its_text_again(state: FileState) -> None:
    assert FileState.of_text(state.text()) == state


@pytest.mark.parametrize("text", ["", "1:2:3:4", "1:2:3:4:5:6", "1:2:3:4:x", "a"])
def test_a_text_that_is_no_state_is_refused(text: str) -> None:
    with pytest.raises((TypeError, ValueError)):
        FileState.of_text(text)


@pytest.mark.parametrize(
    ("other", "is_same"),
    [
        (FileState(1, 2, 3, 4, 5), True),
        (FileState(1, 2, 30, 40, 50), True),
        (FileState(9, 2, 3, 4, 5), False),
        (FileState(1, 9, 3, 4, 5), False),
    ],
)
def test_a_file_is_known_by_its_device_and_inode(other: FileState, is_same: bool) -> None:  # noqa: FBT001
    assert STATE.is_same_file(other) is is_same


def test_two_states_differ_when_anything_changed() -> None:
    changed = [
        FileState(*(value + (place == index) for place, value in enumerate((1, 2, 3, 4, 5))))
        for index in range(5)
    ]
    assert len({STATE.text(), *(state.text() for state in changed)}) == 6
    assert STATE not in changed
