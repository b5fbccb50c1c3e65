"""Keeping the catalogue up with the files: what other programs appended, moved, replaced or cut.

A file is read outside of any transaction, from where the catalogue left it, and what was found is put in
only if the catalogue still says what it said before; else another program was faster, and the file is
looked at again.
"""

import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import islice
from typing import NamedTuple
from uuid import UUID

from domain.errors import UnreadableThread
from domain.limits import CATALOGUE_BATCH, CATCH_UP_TRIES
from domain.log import FileState, Log, LogFile, OpenLog, Segment
from rollout.catalogue.catalogue import Catalogue
from rollout.catalogue.database import Database
from rollout.catalogue.marks import Mark
from rollout.catalogue.run import Run, measure
from rollout.log import RolloutLog

Forget = Callable[[sqlite3.Cursor, int], None]
"""Drops all that was made from a file, its catalogue rows included, inside the transaction."""


class Row(NamedTuple):
    """A file as the catalogue has it, with the checksum at the ends of its lines."""

    file: LogFile
    seam: int | None


@dataclass(frozen=True, slots=True)
class Look:
    """One look at a file: the rows it was held against, the one that it goes on with, and what is new."""

    path: str
    thread_id: UUID
    rows: tuple[Row, ...]
    known: LogFile | None
    run: Run
    state: FileState
    seam: int | None = None

    @property
    def is_news(self) -> bool:
        """Whether the catalogue has anything to learn."""
        return self.known is None or self.known.path != self.path or self.known.state != self.state


class CatchUp:
    """Brings the catalogue's rows of single files up to what the files hold now."""

    gives_positions = True

    def __init__(
        self, database: Database, catalogue: Catalogue, log: Log | None = None, forget: Forget | None = None
    ) -> None:
        self._database = database
        self._catalogue = catalogue
        self._log = log or RolloutLog()
        self._forget = forget or catalogue.forget

    def catch_up(self, path: str, thread_id: UUID) -> LogFile | None:
        """The file with all its whole lines catalogued; None when there is none at this path.

        UnreadableThread when it cannot be read. A file that shrank, or is another one than before, is
        forgotten and catalogued anew; one that is known under a path where it no longer is was moved.
        """
        for _ in range(CATCH_UP_TRIES):
            with self._database.transaction(commit=False) as cursor:
                rows = self._rows(cursor, path, thread_id)
            look = self._look(path, thread_id, rows)
            if look is None:
                return None
            if not look.is_news:
                return look.known
            with self._database.transaction(commit=True) as cursor:
                file = self._apply(cursor, look)
            if file is not None:
                return file
        with self._database.transaction(commit=True) as cursor:
            look = self._look(path, thread_id, self._rows(cursor, path, thread_id))
            return None if look is None else self._apply(cursor, look)

    def catch_up_all(self, files: Iterable[tuple[str, UUID]]) -> tuple[UnreadableThread, ...]:
        """Catch up with many files, in few transactions; gives the failures of those that cannot be read."""
        failures: list[UnreadableThread] = []
        waiting = iter(files)
        while batch := list(islice(waiting, CATALOGUE_BATCH)):
            news = [look for look in self._looks(batch, failures) if look.is_news]
            if not news:
                continue
            with self._database.transaction(commit=True) as cursor:
                outdated = [look for look in news if self._apply(cursor, look) is None]
            for look in outdated:
                try:
                    self.catch_up(look.path, look.thread_id)
                except UnreadableThread as failure:
                    failures.append(failure)
        return tuple(failures)

    def locate(self, file: LogFile, line: int) -> Mark:
        """The nearest known beginning of a line, at or before this one: its number and its offset."""
        with self._database.transaction(commit=False) as cursor:
            return self._catalogue.locate(cursor, file.file_id, line)

    def doubt(self, path: str) -> None:
        """Nobody knows what an append left there; nothing to do, every look is held against the file."""

    def made(self, path: str) -> None:
        """A file was made where there was none: what is known under its path is of one that was removed."""
        with self._database.transaction(commit=True) as cursor:
            file = self._catalogue.file_at(cursor, path)
            if file is not None:
                self._forget(cursor, file.file_id)

    def appended(
        self, path: str, thread_id: UUID, known: LogFile | None, run: Run, *, state: FileState, seam: int
    ) -> Segment | None:
        """Positions for lines written right behind the known ones; None when the catalogue is elsewhere."""
        with self._database.transaction(commit=True) as cursor:
            current = self._catalogue.file_at(cursor, path)
            if _place(current) != _place(known):
                return None
            file = current or self._catalogue.add_file(cursor, thread_id, path, state)
            return self._catalogue.extend(
                cursor, file, run.line_count, run.end, run.marks, state=state, seam=seam
            )

    def _rows(self, cursor: sqlite3.Cursor, path: str, thread_id: UUID) -> tuple[Row, ...]:
        """The row of this path, else those that it may have had under another one."""
        file = self._catalogue.file_at(cursor, path)
        files = self._catalogue.files_of(cursor, thread_id) if file is None else [file]
        return tuple([Row(one, self._catalogue.seam(cursor, one.file_id)) for one in files])

    def _looks(self, batch: list[tuple[str, UUID]], failures: list[UnreadableThread]) -> Iterable[Look]:
        with self._database.transaction(commit=False) as cursor:
            known = [(path, thread_id, self._rows(cursor, path, thread_id)) for path, thread_id in batch]
        for path, thread_id, rows in known:
            try:
                look = self._look(path, thread_id, rows)
            except UnreadableThread as failure:
                failures.append(failure)
            else:
                if look is not None:
                    yield look

    def _look(self, path: str, thread_id: UUID, rows: tuple[Row, ...]) -> Look | None:
        """What the file holds behind the known lines; a file that did not change is not even opened."""
        state = self._log.state_of(path)
        if state is None:
            return None
        for file, _ in rows:
            if file.path == path and file.state == state:
                return Look(path, thread_id, rows, file, Run(0, file.end), state)
        try:
            with self._log.open(path) as source:
                known = next((row.file for row in rows if goes_on(self._log, source, row)), None)
                start, line = (known.end, known.line_count + 1) if known else (0, 1)
                run = measure(source.slices(start, line), start, line)
                return Look(path, thread_id, rows, known, run, source.state, source.seam(run.end))
        except FileNotFoundError:
            return None

    def _apply(self, cursor: sqlite3.Cursor, look: Look) -> LogFile | None:
        """The row after the look; None when the rows are no more those that it was held against."""
        if self._rows(cursor, look.path, look.thread_id) != look.rows:
            return None
        file = look.known
        if file is None:
            for row in look.rows:
                if row.file.path == look.path:
                    self._forget(cursor, row.file.file_id)
            file = self._catalogue.add_file(cursor, look.thread_id, look.path, look.state)
        elif file.path != look.path:
            self._catalogue.moved(cursor, file.file_id, look.path, look.state)
        run = look.run
        if run.line_count:
            self._catalogue.extend(
                cursor, file, run.line_count, run.end, run.marks, state=look.state, seam=look.seam
            )
        else:
            self._catalogue.seen(cursor, file.file_id, look.state, look.seam)
        return replace(
            file, path=look.path, end=run.end, line_count=file.line_count + run.line_count, state=look.state
        )


def goes_on(log: Log, source: OpenLog, row: Row) -> bool:
    """Whether the file is the one of the row, perhaps longer, perhaps moved."""
    file, seam = row
    if not file.state.is_same_file(source.state):
        return False
    if file.end and source.read(file.end - 1, 1) != b"\n":  # also when it is shorter now
        return False
    if seam is not None and source.seam(file.end) != seam:
        return False
    if file.path == source.path:
        return True
    there = log.state_of(file.path)
    return there is None or not there.is_same_file(source.state)


def _place(file: LogFile | None) -> tuple[int, int] | None:
    """How far which file is catalogued."""
    return None if file is None else (file.file_id, file.end)
