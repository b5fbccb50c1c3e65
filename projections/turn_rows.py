"""Rows of the history read model: written from deltas, read back by a fold that goes on."""

import sqlite3
from collections.abc import Sequence

from domain.history.rows import HistoryDelta, ItemKey, ItemLine, TurnRow

TURN_COLUMNS = ", ".join(TurnRow._fields)
LINE_COLUMNS = ", ".join(ItemLine._fields)

PUT_TURN = (
    f"INSERT INTO turn (file_id, {TURN_COLUMNS}) VALUES (?{', ?' * len(TurnRow._fields)}) "  # noqa: S608
    "ON CONFLICT (file_id, seq) DO UPDATE SET "
    + ", ".join(f"{name} = excluded.{name}" for name in TurnRow._fields if name != "seq")
)
PUT_LINE = f"INSERT INTO item_line (file_id, {LINE_COLUMNS}) VALUES (?{', ?' * len(ItemLine._fields)})"  # noqa: S608


def write_delta(cursor: sqlite3.Cursor, file_id: int, delta: HistoryDelta) -> None:
    """Write what a fold handed out, in the order that the delta asks for."""
    if delta.cut is not None:
        cursor.execute("DELETE FROM turn WHERE file_id = ? AND seq >= ?", (file_id, delta.cut))
        cursor.execute("DELETE FROM item_line WHERE file_id = ? AND seq >= ?", (file_id, delta.cut))
    if delta.dropped:
        dropped = [(file_id, seq) for seq in sorted(delta.dropped)]
        cursor.executemany("DELETE FROM turn WHERE file_id = ? AND seq = ?", dropped)
        cursor.executemany("DELETE FROM item_line WHERE file_id = ? AND seq = ?", dropped)
    if delta.cleared:
        gone = [(file_id, seq, position) for seq, position in sorted(delta.cleared)]
        cursor.executemany("DELETE FROM item_line WHERE file_id = ? AND seq = ? AND position = ?", gone)
    cursor.executemany(PUT_TURN, ((file_id, *turn) for turn in delta.turns))
    cursor.executemany(PUT_LINE, ((file_id, *line) for line in delta.lines))


class SqlTurns:
    """The turns of one file as they are stored (`domain.history.ports.StoredTurns`)."""

    def __init__(self, cursor: sqlite3.Cursor, file_id: int) -> None:
        self._cursor = cursor
        self._file_id = file_id

    def turn(self, seq: int) -> TurnRow | None:
        """The turn with this number."""
        return self._one(f"SELECT {TURN_COLUMNS} FROM turn WHERE file_id = ? AND seq = ?", seq)  # noqa: S608

    def first(self, turn_id: str, below: int) -> TurnRow | None:
        """The first turn with this id among those numbered below `below`."""
        return self._one(
            f"SELECT {TURN_COLUMNS} FROM turn INDEXED BY turn_by_id "  # noqa: S608 - our own column names
            "WHERE file_id = ? AND turn_id = ? AND seq < ? ORDER BY seq LIMIT 1",
            turn_id,
            below,
        )

    def item_keys(self, seq: int) -> Sequence[ItemKey]:
        """The items of a turn, in order."""
        rows = self._cursor.execute(
            "SELECT kind, number, item_id, max(part) + 1 FROM item_line "
            "WHERE file_id = ? AND seq = ? GROUP BY position HAVING min(part) = 0 ORDER BY position",
            (self._file_id, seq),
        )
        return [ItemKey(*row) for row in rows.fetchall()]

    def lines_of(self, seq: int) -> Sequence[ItemLine]:
        """The item lines of a turn, by position and part."""
        rows = self._cursor.execute(
            f"SELECT {LINE_COLUMNS} FROM item_line WHERE file_id = ? AND seq = ? ORDER BY position, part",  # noqa: S608
            (self._file_id, seq),
        )
        return [ItemLine(*row) for row in rows.fetchall()]

    def item_count(self, start: int, stop: int) -> int:
        """How many items the turns numbered `start` to `stop - 1` hold."""
        row = self._cursor.execute(
            "SELECT coalesce(sum(item_count), 0) FROM turn WHERE file_id = ? AND seq >= ? AND seq < ?",
            (self._file_id, start, stop),
        ).fetchone()
        count: int = row[0]
        return count

    def _one(self, sql: str, *parameters: str | int) -> TurnRow | None:
        row = self._cursor.execute(sql, (self._file_id, *parameters)).fetchone()
        return None if row is None else TurnRow(*row)
