"""Knowing how many lines files have where the catalogue is another's to write.

In a server one thread writes the index, the catalogue with it. Whoever appends beside it only reads what
the catalogue says of a file and counts the lines behind that. What was counted is remembered, but never
believed: each look is held against the file, by what `stat` says and by the checksum of its ends, as a
row of the catalogue is. An index that is missing, locked or damaged costs counting from the beginning.
"""

import sqlite3
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import replace
from threading import Lock
from typing import Protocol
from uuid import UUID

from eventsourcing.persistence import PersistenceError

from domain.errors import UnreadableThread
from domain.limits import COUNTED_FILES_MAX
from domain.log import FileState, Log, LogFile, OpenLog, Segment
from rollout.catalogue.catalogue import Catalogue
from rollout.catalogue.catchup import Row, goes_on
from rollout.catalogue.database import Database
from rollout.catalogue.marks import Mark
from rollout.catalogue.run import Run, measure
from rollout.log import RolloutLog

UNCATALOGUED = 0
"""The id of a file without a row; rows are numbered from 1."""


class KeepingUp(Protocol):
    """Whoever knows files as they are now; `CatchUp`, or `Counting`."""

    @property
    def gives_positions(self) -> bool:
        """Whether lines that are appended get their positions at once."""

    def catch_up(self, path: str, thread_id: UUID) -> LogFile | None:
        """The file with all its whole lines; None when there is none."""

    def catch_up_all(self, files: Iterable[tuple[str, UUID]]) -> tuple[UnreadableThread, ...]:
        """Catch up with many files; gives the failures of those that cannot be read."""
        ...

    def locate(self, file: LogFile, line: int) -> Mark:
        """The nearest known beginning of a line, at or before this one."""
        ...

    def made(self, path: str) -> None:
        """A file was made where there was none."""

    def doubt(self, path: str) -> None:
        """Nobody knows what an append left there."""

    def appended(
        self, path: str, thread_id: UUID, known: LogFile | None, run: Run, *, state: FileState, seam: int
    ) -> Segment | None:
        """Lines were written right behind the known ones."""


class Counting:
    """Counts the lines of single files from where the catalogue left them, and writes nothing."""

    gives_positions = False

    def __init__(self, database: Database, catalogue: Catalogue, log: Log | None = None) -> None:
        self._database = database
        self._catalogue = catalogue
        self._log = log or RolloutLog()
        self._counted: OrderedDict[str, Row] = OrderedDict()
        self._remembering = Lock()

    def catch_up(self, path: str, thread_id: UUID) -> LogFile | None:
        """The file with all its whole lines counted; UnreadableThread when it cannot be read."""
        state = self._log.state_of(path)
        if state is None:
            return None
        counted = self._counted.get(path)
        if counted is not None and counted.file.state == state:
            return counted.file
        try:
            with self._log.open(path) as source:
                file = self._known(source, counted, thread_id)
                run = measure(source.slices(file.end, file.line_count + 1), file.end, file.line_count + 1)
                return self._remember(file, path, run, source.state, source.seam(run.end))
        except FileNotFoundError:
            return None

    def _known(self, source: OpenLog, counted: Row | None, thread_id: UUID) -> LogFile:
        """How far this very file was counted, by us or by the catalogue; not at all if neither did."""
        if counted is not None and goes_on(self._log, source, counted):
            return counted.file
        for row in self._rows(source.path, thread_id):
            if goes_on(self._log, source, row):
                return row.file
        return LogFile(UNCATALOGUED, thread_id, source.path, 0, 0, source.state)

    def catch_up_all(self, files: Iterable[tuple[str, UUID]]) -> tuple[UnreadableThread, ...]:
        """Nothing: who writes the catalogue does it."""
        del files
        return ()

    def locate(self, file: LogFile, line: int) -> Mark:
        """The nearest known beginning of a line, at or before this one: its number and its offset."""
        try:
            with self._database.transaction(commit=False) as cursor:
                row = self._catalogue.file_at(cursor, file.path)
                # Ids begin anew with the index, so the row has to be of this very file.
                if row is not None and row.file_id == file.file_id and row.state.is_same_file(file.state):
                    return self._catalogue.locate(cursor, file.file_id, line)
        except (sqlite3.Error, PersistenceError, OSError):
            pass
        return 1, 0

    def made(self, path: str) -> None:
        """A file was made where there was none: what was counted there is gone."""
        self.doubt(path)

    def doubt(self, path: str) -> None:
        """The file is to be counted anew."""
        with self._remembering:
            self._counted.pop(path, None)

    def appended(
        self, path: str, thread_id: UUID, known: LogFile | None, run: Run, *, state: FileState, seam: int
    ) -> Segment | None:
        """Lines were written right behind the known ones; None, they have no positions yet."""
        self._remember(known or LogFile(UNCATALOGUED, thread_id, path, 0, 0, state), path, run, state, seam)
        return None

    def _remember(self, file: LogFile, path: str, run: Run, state: FileState, seam: int) -> LogFile:
        file = replace(file, path=path, end=run.end, line_count=file.line_count + run.line_count, state=state)
        with self._remembering:
            self._counted[path] = Row(file, seam)
            self._counted.move_to_end(path)
            if len(self._counted) > COUNTED_FILES_MAX:
                self._counted.popitem(last=False)
        return file

    def _rows(self, path: str, thread_id: UUID) -> list[Row]:
        """What the catalogue says of the file, under this path or a former one; nothing if it cannot tell."""
        try:
            with self._database.transaction(commit=False) as cursor:
                file = self._catalogue.file_at(cursor, path)
                files = self._catalogue.files_of(cursor, thread_id) if file is None else [file]
                return [Row(one, self._catalogue.seam(cursor, one.file_id)) for one in files]
        except (sqlite3.Error, PersistenceError, OSError):
            return []
