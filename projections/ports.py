"""What the read models ask of the log's catalogue: names and positions in the same database."""

import sqlite3
from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from domain.log import FileState, LogFile, Segment


class CatalogueTables(Protocol):
    """The catalogue; every call works inside the transaction of the cursor it is given."""

    @property
    def tables(self) -> Sequence[str]:
        """The statements that make its tables where they are missing."""

    def file_at(self, cursor: sqlite3.Cursor, path: str) -> LogFile | None:
        """The file known under this path."""

    def files_of(self, cursor: sqlite3.Cursor, thread_id: UUID) -> list[LogFile]:
        """The files whose names tell this thread."""

    def files(self, cursor: sqlite3.Cursor) -> list[LogFile]:
        """All files."""

    def add_file(self, cursor: sqlite3.Cursor, thread_id: UUID, path: str, state: FileState) -> LogFile:
        """A file met for the first time."""

    def moved(self, cursor: sqlite3.Cursor, file_id: int, path: str, state: FileState) -> None:
        """The file has another path now."""

    def extend(
        self,
        cursor: sqlite3.Cursor,
        file: LogFile,
        line_count: int,
        end: int,
        marks: Sequence[tuple[int, int]],
    ) -> Segment:
        """Give positions to the `line_count` lines found behind the known ones, up to the offset `end`.

        `marks` are (line number, offset) pairs among them, from which a line is found quickly.
        """

    def forget(self, cursor: sqlite3.Cursor, file_id: int) -> None:
        """Drop the file and its segments."""

    def join_files(self, cursor: sqlite3.Cursor, shard: str) -> None:
        """Add the files of another catalogue whose paths are not known here.

        It lies in the database attached as `shard`; of the files added nothing has been looked at.
        """

    def join_lines(self, cursor: sqlite3.Cursor, shard: str, pairs: Sequence[tuple[int, int]]) -> None:
        """Give new positions to the lines that the attached catalogue has of files.

        `pairs` are (its file id, our file id); none of our files has a line with a position yet.
        """

    def head_position(self, cursor: sqlite3.Cursor) -> int:
        """The position of the newest line, 0 when there is none."""
