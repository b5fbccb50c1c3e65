"""Rows of turns and items are written in the order that a delta asks for, and read back as they were."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.history.rows import HistoryDelta, ItemKey, ItemKind, ItemLine, TurnRow, TurnStatus
from projections.turn_rows import SqlTurns, write_delta
from tests.projections.homes import new_home

FILE = 3


def turn(seq: int, turn_id: str = "", item_count: int = 0) -> TurnRow:
    return TurnRow(
        seq,
        turn_id or f"turn-{seq}",
        TurnStatus.COMPLETED,
        None,
        -(2**63),
        2**63 - 1,
        is_explicit=True,
        is_compacted=False,
        item_count=item_count,
        first_number=1,
        summary_first=None,
        summary_second=0,
    )


def line(seq: int, position: int, part: int = 0, at: int = 0) -> ItemLine:
    return ItemLine(seq, position, part, ItemKind.REASONING, 5 if part == 0 else None, None, at, 9, 2**32 - 1)


def delta(
    *rows: TurnRow | ItemLine, cut: int | None = None, cleared: frozenset[tuple[int, int]] = frozenset()
) -> HistoryDelta:
    return HistoryDelta(
        cut,
        cleared,
        tuple(row for row in rows if isinstance(row, TurnRow)),
        tuple(row for row in rows if isinstance(row, ItemLine)),
    )


@pytest.fixture
def cursor(tmp_path: Path) -> Iterator[sqlite3.Cursor]:
    home = new_home(tmp_path)
    with home.store.writing() as cursor:
        yield cursor
    home.close()


@pytest.fixture
def stored(cursor: sqlite3.Cursor) -> SqlTurns:
    """Three turns of one file, and another file's beside them."""
    for file_id in (FILE, FILE + 1):
        write_delta(
            cursor,
            file_id,
            delta(
                turn(0, item_count=2),
                turn(1, "turn-0", item_count=1),
                turn(2, item_count=4),
                *(line(0, 0), line(0, 1), line(0, 1, 1), line(0, 1, 2), line(1, 0)),
            ),
        )
    return SqlTurns(cursor, FILE)


def lines(cursor: sqlite3.Cursor, file_id: int = FILE) -> list[tuple[int, int, int, int]]:
    """The lines of a file by their keys, and where they are."""
    found = cursor.execute("SELECT seq, position, part, at FROM item_line WHERE file_id = ?", (file_id,))
    return sorted(tuple(row) for row in found.fetchall())


def test_rows_come_back_as_they_were_written(stored: SqlTurns) -> None:
    assert stored.turn(0) == turn(0, item_count=2)
    assert stored.turn(2) == turn(2, item_count=4)
    assert stored.turn(3) is None


def test_a_turn_written_again_replaces_the_one_before(cursor: sqlite3.Cursor, stored: SqlTurns) -> None:
    write_delta(cursor, FILE, delta(turn(0, "other", 9)))
    assert stored.turn(0) == turn(0, "other", 9)
    assert SqlTurns(cursor, FILE + 1).turn(0) == turn(0, item_count=2)


def test_the_first_turn_of_an_id_is_found_below_a_number(stored: SqlTurns) -> None:
    assert stored.first("turn-0", 3) == turn(0, item_count=2)
    assert stored.first("turn-0", 1) == turn(0, item_count=2)
    assert stored.first("turn-0", 0) is None
    assert stored.first("turn-2", 2) is None
    assert stored.first("turn-2", 3) == turn(2, item_count=4)
    assert stored.first("turn", 9) is None


def test_item_keys_count_the_parts_of_each_item(stored: SqlTurns) -> None:
    assert stored.item_keys(0) == [
        ItemKey(ItemKind.REASONING, 5, None, 1),
        ItemKey(ItemKind.REASONING, 5, None, 3),
    ]
    assert stored.item_keys(2) == []


def test_items_are_counted_over_a_run_of_turns(stored: SqlTurns) -> None:
    assert [stored.item_count(start, stop) for start, stop in ((0, 3), (1, 3), (1, 2), (3, 9), (2, 2))] == [
        7,
        5,
        1,
        0,
        0,
    ]


def test_a_cut_voids_turns_and_lines_from_there_on(cursor: sqlite3.Cursor, stored: SqlTurns) -> None:
    write_delta(cursor, FILE, delta(turn(1, "new"), line(1, 0, at=77), cut=1))
    assert stored.turn(0) == turn(0, item_count=2)
    assert stored.turn(1) == turn(1, "new")
    assert stored.turn(2) is None
    assert lines(cursor) == [(0, 0, 0, 0), (0, 1, 0, 0), (0, 1, 1, 0), (0, 1, 2, 0), (1, 0, 0, 77)]
    assert len(lines(cursor, FILE + 1)) == 5


def test_a_cut_at_the_first_turn_voids_everything(cursor: sqlite3.Cursor, stored: SqlTurns) -> None:
    write_delta(cursor, FILE, delta(cut=0))
    assert (stored.turn(0), lines(cursor)) == (None, [])


def test_cleared_items_lose_all_their_lines_before_new_ones_are_added(
    cursor: sqlite3.Cursor, stored: SqlTurns
) -> None:
    write_delta(cursor, FILE, delta(line(0, 1, at=88), cleared=frozenset({(0, 1), (9, 9)})))
    assert lines(cursor) == [(0, 0, 0, 0), (0, 1, 0, 88), (1, 0, 0, 0)]
    assert len(lines(cursor, FILE + 1)) == 5


def test_a_line_that_is_there_already_is_an_error(cursor: sqlite3.Cursor, stored: SqlTurns) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        write_delta(cursor, FILE, delta(line(0, 0)))


def test_an_empty_delta_changes_nothing(cursor: sqlite3.Cursor, stored: SqlTurns) -> None:
    before = lines(cursor)
    write_delta(cursor, FILE, delta())
    assert lines(cursor) == before
