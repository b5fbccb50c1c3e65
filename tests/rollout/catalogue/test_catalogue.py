"""The catalogue gives positions and ids once, and finds every line again."""

import sqlite3
from collections.abc import Iterator
from unittest.mock import patch
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.limits import MARK_STRIDE, SEGMENT_MARKS_MAX
from domain.log import FileState, LogFile, LogSlice, Segment
from rollout.catalogue import segments
from rollout.catalogue.catalogue import CATALOGUE_TABLES, Catalogue
from tests.rollout.recorders import OTHER_THREAD, THREAD

STATE = FileState(1, 2, 300, 4, 5)
CATALOGUE = Catalogue()


def new_cursor() -> sqlite3.Cursor:
    cursor = sqlite3.connect(":memory:").cursor()
    for statement in CATALOGUE_TABLES:
        cursor.execute(statement)
    return cursor


@pytest.fixture
def cursor() -> Iterator[sqlite3.Cursor]:
    """A transaction on an empty catalogue."""
    made = new_cursor()
    yield made
    made.connection.close()


def known(cursor: sqlite3.Cursor, file_id: int) -> LogFile:
    file = CATALOGUE.file(cursor, file_id)
    assert file is not None
    return file


def grow(cursor: sqlite3.Cursor, file_id: int, line_count: int, size: int) -> Segment:
    """That many lines of ten bytes, or of the given size altogether."""
    file = known(cursor, file_id)
    return CATALOGUE.extend(cursor, file, line_count, file.end + size, ())


def test_an_empty_catalogue_knows_nothing(cursor: sqlite3.Cursor) -> None:
    assert CATALOGUE.head_position(cursor) == 0
    assert CATALOGUE.file_at(cursor, "/a") is None
    assert CATALOGUE.file(cursor, 1) is None
    assert CATALOGUE.files_of(cursor, THREAD) == []
    assert CATALOGUE.files(cursor) == []
    assert CATALOGUE.segments_from(cursor, 1, 10) == []
    assert CATALOGUE.locate(cursor, 1, 5) == (1, 0)
    assert CATALOGUE.positions(cursor, 1, 1, 3) == []


def test_the_tables_can_be_made_twice(cursor: sqlite3.Cursor) -> None:
    for statement in CATALOGUE_TABLES:
        cursor.execute(statement)


def test_a_file_is_found_by_path_id_and_thread(cursor: sqlite3.Cursor) -> None:
    file = CATALOGUE.add_file(cursor, THREAD, "/a", STATE)
    other = CATALOGUE.add_file(cursor, OTHER_THREAD, "/b", STATE)
    assert CATALOGUE.file_at(cursor, "/a") == file == known(cursor, file.file_id)
    assert CATALOGUE.files_of(cursor, THREAD) == [file]
    assert CATALOGUE.files(cursor) == [file, other]


def test_a_file_not_looked_at_never_agrees_with_stat(cursor: sqlite3.Cursor) -> None:
    file = CATALOGUE.add_file(cursor, THREAD, "/a", STATE)
    assert file.state != STATE
    CATALOGUE.extend(cursor, file, 3, 30, ())
    assert known(cursor, file.file_id).state != STATE
    CATALOGUE.seen(cursor, file.file_id, STATE)
    assert known(cursor, file.file_id).state == STATE
    CATALOGUE.moved(cursor, file.file_id, "/b", STATE)
    moved = known(cursor, file.file_id)
    assert (moved.path, moved.end) == ("/b", 30)
    assert moved.state != STATE


@pytest.mark.parametrize("number", [2**63 - 1, 2**63, 2**64 - 1, 2**128])
def test_facts_beyond_sqlite_are_kept(cursor: sqlite3.Cursor, number: int) -> None:
    state = FileState(number, number, 300, number, -number)
    file = CATALOGUE.add_file(cursor, THREAD, "/a", state)
    CATALOGUE.seen(cursor, file.file_id, state)
    assert known(cursor, file.file_id).state == state


def test_new_lines_get_the_next_positions(cursor: sqlite3.Cursor) -> None:
    file = CATALOGUE.add_file(cursor, THREAD, "/a", STATE)
    assert CATALOGUE.extend(cursor, file, 3, 30, [(2, 10)], state=STATE) == Segment(
        1, 3, file.file_id, 1, 0, 30, ((2, 10),)
    )
    assert CATALOGUE.head_position(cursor) == 3
    assert known(cursor, file.file_id) == LogFile(file.file_id, THREAD, "/a", 30, 3, STATE)


def test_lines_that_follow_the_newest_segment_share_its_row(cursor: sqlite3.Cursor) -> None:
    file_id = CATALOGUE.add_file(cursor, THREAD, "/a", STATE).file_id
    grow(cursor, file_id, 3, 30)
    assert grow(cursor, file_id, 2, 20) == Segment(4, 2, file_id, 4, 30, 50)
    assert CATALOGUE.segments_from(cursor, 1, 9) == [Segment(1, 5, file_id, 1, 0, 50)]


def test_lines_behind_another_files_have_a_row_of_their_own(cursor: sqlite3.Cursor) -> None:
    one = CATALOGUE.add_file(cursor, THREAD, "/a", STATE).file_id
    two = CATALOGUE.add_file(cursor, OTHER_THREAD, "/b", STATE).file_id
    found = [grow(cursor, one, 1, 10), grow(cursor, two, 1, 10), grow(cursor, one, 1, 10)]
    assert CATALOGUE.segments_from(cursor, 1, 9) == found
    assert [segment.first_position for segment in found] == [1, 2, 3]
    assert CATALOGUE.positions(cursor, one, 1, 2) == [1, 3]
    assert CATALOGUE.positions(cursor, one, 2, 9) == [3]


def test_a_growing_row_gets_marks(cursor: sqlite3.Cursor) -> None:
    file_id = CATALOGUE.add_file(cursor, THREAD, "/a", STATE).file_id
    for _ in range(40):
        grow(cursor, file_id, 1, MARK_STRIDE // 8)
    (segment,) = CATALOGUE.segments_from(cursor, 1, 9)
    assert segment.marks == tuple((line, (line - 1) * MARK_STRIDE // 8) for line in (9, 17, 25, 33))
    assert CATALOGUE.locate(cursor, file_id, 20) == segment.marks[1]


def test_a_row_with_many_marks_grows_no_more(cursor: sqlite3.Cursor) -> None:
    file_id = CATALOGUE.add_file(cursor, THREAD, "/a", STATE).file_id
    for _ in range(SEGMENT_MARKS_MAX + 3):
        grow(cursor, file_id, 1, MARK_STRIDE)
    first, second = CATALOGUE.segments_from(cursor, 1, 9)
    assert len(first.marks) == SEGMENT_MARKS_MAX
    assert second.first_line == first.line_count + 1


def test_neither_ids_nor_positions_come_back(cursor: sqlite3.Cursor) -> None:
    file = CATALOGUE.add_file(cursor, THREAD, "/a", STATE)
    grow(cursor, file.file_id, 3, 30)
    CATALOGUE.forget(cursor, file.file_id)
    assert CATALOGUE.files(cursor) == []
    assert CATALOGUE.segments_from(cursor, 1, 9) == []
    assert CATALOGUE.head_position(cursor) == 3
    again = CATALOGUE.add_file(cursor, THREAD, "/a", STATE)
    assert again.file_id > file.file_id
    assert grow(cursor, again.file_id, 1, 10).first_position == 4


def test_a_forgotten_newest_segment_is_not_grown(cursor: sqlite3.Cursor) -> None:
    one = CATALOGUE.add_file(cursor, THREAD, "/a", STATE).file_id
    two = CATALOGUE.add_file(cursor, OTHER_THREAD, "/b", STATE).file_id
    grow(cursor, one, 1, 10)
    grow(cursor, two, 1, 10)
    CATALOGUE.forget(cursor, two)
    grow(cursor, one, 1, 10)
    assert CATALOGUE.positions(cursor, one, 1, 2) == [1, 3]


def test_segments_are_given_from_the_one_that_holds_the_position(cursor: sqlite3.Cursor) -> None:
    files = [CATALOGUE.add_file(cursor, UUID(int=number), f"/{number}", STATE).file_id for number in range(4)]
    found = [grow(cursor, file_id, 3, 30) for file_id in files]
    assert CATALOGUE.segments_from(cursor, 3, 2) == found[:2]
    assert CATALOGUE.segments_from(cursor, 4, 1) == found[1:2]
    CATALOGUE.forget(cursor, files[1])
    assert CATALOGUE.segments_from(cursor, 5, 2) == found[2:]
    assert CATALOGUE.segments_from(cursor, 13, 2) == []


def test_marks_are_those_of_the_slice() -> None:
    piece = LogSlice(MARK_STRIDE, MARK_STRIDE + 2, 7, b"x\n")
    assert CATALOGUE.marks_of(piece, 0) == ((7, MARK_STRIDE),)
    assert CATALOGUE.marks_of(piece) == ()


def test_a_seam_holds_until_lines_come_without_one(cursor: sqlite3.Cursor) -> None:
    file = CATALOGUE.add_file(cursor, THREAD, "/a", STATE)
    assert CATALOGUE.seam(cursor, file.file_id) is None
    CATALOGUE.extend(cursor, file, 1, 10, (), state=STATE, seam=5)
    CATALOGUE.seen(cursor, file.file_id, STATE)
    assert CATALOGUE.seam(cursor, file.file_id) == 5
    grow(cursor, file.file_id, 1, 10)
    assert CATALOGUE.seam(cursor, file.file_id) is None
    CATALOGUE.seen(cursor, file.file_id, STATE, 6)
    assert CATALOGUE.seam(cursor, file.file_id) == 6
    assert CATALOGUE.seam(cursor, 99) is None


GROWTH = st.lists(st.tuples(st.integers(0, 2), st.integers(1, 5)), max_size=30)


@given(GROWTH)
def test_every_line_has_one_position_and_one_place(growth: list[tuple[int, int]]) -> None:
    cursor = new_cursor()
    files = [CATALOGUE.add_file(cursor, UUID(int=one), f"/{one}", STATE).file_id for one in range(3)]
    expected: dict[int, tuple[int, int]] = {}
    line_counts = [0, 0, 0]
    with patch.object(segments, "MARK_STRIDE", 25), patch.object(segments, "SEGMENT_MARKS_MAX", 3):
        for one, line_count in growth:
            grow(cursor, files[one], line_count, 10 * line_count)
            for _ in range(line_count):
                line_counts[one] += 1
                expected[len(expected) + 1] = (files[one], line_counts[one])
    found = {
        segment.first_position + index: (segment.file_id, segment.first_line + index)
        for segment in CATALOGUE.segments_from(cursor, 1, 99)
        for index in range(segment.line_count)
    }
    assert found == expected
    for position, (file_id, line) in expected.items():
        assert CATALOGUE.positions(cursor, file_id, line, 1) == [position]
        near, offset = CATALOGUE.locate(cursor, file_id, line)
        assert near <= line < near + 8
        assert offset == 10 * (near - 1)
    cursor.connection.close()
