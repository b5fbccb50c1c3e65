"""Saving lines: append to the file first, give positions after.

The order is what makes it safe: lock the file and the thread, settle the file's end, catch the catalogue
up, compare the line number, write once, and only then touch the catalogue again. A `StaleVersion` says that
nothing was written and the caller may try again; it is never raised behind a write, since the caller would
then write twice. Whatever goes wrong there, the next catch-up finds the lines like anybody else's.
"""

import logging
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from uuid import UUID

from eventsourcing.persistence import IntegrityError, PersistenceError

from domain.durability import Durability
from domain.errors import AppendFailed, UnreadableThread
from domain.history.ordinals import ordinal_of
from domain.log import Log, LogFile, LogSlice
from rollout.catalogue.catalogue import Catalogue
from rollout.catalogue.counting import KeepingUp
from rollout.catalogue.database import Database
from rollout.catalogue.marks import lines_in
from rollout.catalogue.run import measure
from rollout.writing.append import Appended, RolloutFile
from rollout.writing.thread_locks import ThreadLocks

logger = logging.getLogger(__name__)


class StaleVersion(IntegrityError):
    """Lines that do not follow the newest one; nothing was written."""

    def __init__(self, thread_id: UUID, number: int, following: int) -> None:
        super().__init__(f"thread {thread_id}: line {number} does not follow, {following} would")


class LineWriter:
    """Appends lines to rollout files and has them catalogued."""

    def __init__(
        self,
        database: Database,
        catalogue: Catalogue,
        log: Log,
        catching_up: KeepingUp,
        *,
        durability: Durability,
        locks: ThreadLocks | None = None,
    ) -> None:
        self._database = database
        self._catalogue = catalogue
        self._log = log
        self._catching_up = catching_up
        self._durability = durability
        self._locks = locks

    def write(
        self, path: str, thread_id: UUID, number: int, lines: Sequence[bytes], begins: Callable[[bytes], bool]
    ) -> Sequence[int] | None:
        """Appends lines of which the first is to have this number; gives their positions.

        None when the lines are in the file but their positions are not known yet.
        """
        try:
            with (
                RolloutFile(path, create=number == 1, durability=self._durability, begins=begins) as file,
                self._held(thread_id, lines[0]),
            ):
                file.settle()
                known = self._known(file, thread_id)
                following = known.line_count + 1 if known else 1
                if number != following:
                    raise StaleVersion(thread_id, number, following)
                appended = file.append(lines)
                return self._positions(file, thread_id, known, appended, lines)
        except FileNotFoundError:
            raise StaleVersion(thread_id, number, 1) from None
        except OSError as error:  # before the write; behind it none gets here
            raise AppendFailed(path, error.strerror or str(error)) from error
        except AppendFailed as failure:
            if failure.is_indeterminate:
                self._catching_up.doubt(path)
            raise

    def _held(self, thread_id: UUID, line: bytes) -> AbstractContextManager[None]:
        """While no other program has the thread loaded that keeps it for itself.

        Two writers of one ordinal would cost a line: for lines that have ordinals there always is a lock.
        """
        if self._locks is None:
            return nullcontext()
        return self._locks.held(thread_id, makes_folder=ordinal_of(0, line + b"\n") is not None)

    def _known(self, file: RolloutFile, thread_id: UUID) -> LogFile | None:
        """The file's row, brought up to what the file holds; None when we have just made it."""
        if file.is_new:
            self._catching_up.made(file.path)
            return None
        return self._catching_up.catch_up(file.path, thread_id)

    def _positions(
        self,
        file: RolloutFile,
        thread_id: UUID,
        known: LogFile | None,
        appended: Appended,
        lines: Sequence[bytes],
    ) -> Sequence[int] | None:
        """Catalogues what was just written. It is in the file: no error here is one of the save."""
        start, number = (known.end, known.line_count + 1) if known else (0, 1)
        try:
            state = file.state
            if appended.start == start and appended.end == state.size:
                piece = LogSlice(start, state.size, number, b"".join([line + b"\n" for line in lines]))
                run = measure([piece], start, number)
                segment = self._catching_up.appended(
                    file.path, thread_id, known, run, state=state, seam=file.seam(run.end)
                )
                if segment is not None:
                    return list(range(segment.first_position, segment.first_position + segment.line_count))
            if not self._catching_up.gives_positions:
                return None
            return self._positions_among_others(file.path, thread_id, appended, len(lines))
        except (sqlite3.Error, PersistenceError, UnreadableThread, OSError):
            logger.warning("%s: appended; to be catalogued at the next catch-up", file.path, exc_info=True)
            return None

    def _positions_among_others(
        self, path: str, thread_id: UUID, appended: Appended, line_count: int
    ) -> Sequence[int] | None:
        """The positions of our lines when other programs wrote or catalogued at the same time."""
        logger.info("%s: another program was at work in it", path)
        file = self._catching_up.catch_up(path, thread_id)
        if file is None or not appended.is_whole:
            return None
        with self._log.open(path) as source:
            behind = lines_in(source.read(appended.end, file.end - appended.end))
        first = file.line_count - behind - line_count + 1
        with self._database.transaction(commit=False) as cursor:
            found = self._catalogue.positions(cursor, file.file_id, first, line_count)
        return found if len(found) == line_count else None
