"""Keeping the index up with the log: one file at a time, from where it stood.

A file is known by its catalogue row. What `stat` says decides: the same as at the last fold means
nothing to do; longer, and the bytes at the seam unchanged, means new lines at the end; anything else is
a file that was replaced, and is read anew.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain
from typing import TypeVar
from uuid import UUID

from domain.changes import move_kind
from domain.errors import UnreadableThread
from domain.limits import COMMIT_SIZE, MARK_STRIDE
from domain.lines import PASSED_OVER, parse_at
from domain.log import Bases, FileState, HomeLog, LogFile, LogSlice, OpenLog, RolloutPlace
from domain.shapes.kept import kept_topic
from domain.shapes.paginated import counted_topic
from projections.base_rows import save_bases
from projections.changes import note_event
from projections.history import HistoryProjection, HistoryRecord, load, save
from projections.later_git import keep_git
from projections.store import IndexStore

Answer = TypeVar("Answer")
Also = Callable[[sqlite3.Cursor], None]


@dataclass(frozen=True, slots=True)
class Indexed:
    """A file as the index has it, and what it goes on from.

    `tail_counts`: a last line without line feed counts, and is in no row.
    """

    file_id: int
    path: str
    state: FileState
    tail_counts: bool
    bases: Bases = ()


class Indexer:
    """Folds what is new in a file into the index."""

    def __init__(self, store: IndexStore, log: HomeLog, passed_over: tuple[bytes, ...] = PASSED_OVER) -> None:
        self.store = store
        self._log = log
        self._history = HistoryProjection(store, log, passed_over)

    def catch_up(self, path: str, thread_id: UUID) -> Indexed:
        """One file's rows as of now; FileNotFoundError or UnreadableThread where there are none."""
        while True:
            indexed, may_have_more = self.step(path, thread_id)
            if not may_have_more:
                return indexed

    def step(self, path: str, thread_id: UUID, also: Also | None = None) -> tuple[Indexed, bool]:
        """Fold up to a commit's worth of one file; tells whether there may be more.

        `also` has its say in the same transaction, once the file is folded to its end.
        """
        with self._log.open(path) as source, self.store.writing() as cursor:
            record, file = self._record_of(cursor, source, thread_id)
            known = record.state
            may_have_more = self._fold(cursor, source, record, file)
            if record.state != known:
                self.store.track_folded(cursor)
            if also is not None and not may_have_more:
                also(cursor)
            indexed = Indexed(record.file_id, path, source.state, record.tail_counts, record.bases)
            return indexed, may_have_more

    def catch_up_all(
        self, places: Iterable[RolloutPlace], done: Callable[[RolloutPlace, int, bool], None]
    ) -> None:
        """The rows of many files as of now, with as few transactions as a commit's size allows.

        `done` is told of each file how many bytes were folded and whether that was all of it; a file that
        is gone is passed over, one that cannot be read is told as not done.
        """
        waiting = iter(places)
        place = next(waiting, None)
        while place is not None:
            folded = 0
            with self.store.writing() as cursor:
                while place is not None and folded < COMMIT_SIZE:
                    new, is_all = self._step(cursor, place)
                    folded += new
                    done(place, new, is_all)
                    if is_all or not new:
                        place = next(waiting, None)
                self.store.track_folded(cursor)

    def _step(self, cursor: sqlite3.Cursor, place: RolloutPlace) -> tuple[int, bool]:
        """Fold up to a commit's worth of one file: how many bytes that was, and whether it was all."""
        cursor.execute("SAVEPOINT one_file")
        try:
            with self._log.open(place.path) as source:
                record, file = self._record_of(cursor, source, place.thread_id)
                before = record.end
                may_have_more = self._fold(cursor, source, record, file)
                return record.end - before, not may_have_more
        except (FileNotFoundError, UnreadableThread) as failure:
            cursor.execute("ROLLBACK TO one_file")
            return 0, isinstance(failure, FileNotFoundError)
        finally:
            cursor.execute("RELEASE one_file")

    def with_tail(self, path: str, thread_id: UUID, ask: Callable[[sqlite3.Cursor, int], Answer]) -> Answer:
        """Ask something of the rows as they are with the unfinished last line; nothing of it stays."""
        with self._log.open(path) as source, self.store.trying() as cursor:
            record, file = self._record_of(cursor, source, thread_id)
            while self._fold(cursor, source, record, file):
                file = self.store.catalogue.file_at(cursor, path) or file
            self._history.try_tail(cursor, record, source.tail(record.end), source.kept_between)
            return ask(cursor, record.file_id)

    def _record_of(
        self, cursor: sqlite3.Cursor, source: OpenLog, thread_id: UUID
    ) -> tuple[HistoryRecord, LogFile]:
        """Where the file stands; a record begun anew when it is new or was replaced.

        Looks at the file once more: what was seen before the lock may be older than the rows.
        """
        source.look()
        file = self.store.catalogue.file_at(cursor, source.path)
        if file is not None:
            record = load(cursor, file.file_id)
            if _continues(source, record) and self._has_its_bases(cursor, record):
                return record, file
            if record.state is None and not file.line_count:
                return self._begin(cursor, source, file)
            self.store.forget(cursor, file.file_id)
        file = self.store.catalogue.add_file(cursor, thread_id, source.path, source.state)
        return self._begin(cursor, source, file)

    def _has_its_bases(self, cursor: sqlite3.Cursor, record: HistoryRecord) -> bool:
        """Whether what the log goes on from holds what was folded of it, wherever it lies now."""
        if record.bases:
            now = self._log.renewed(record.bases)
            if now is None:
                return False
            if now != record.bases:
                record.bases = now
                save_bases(cursor, record.file_id, now)
        return True

    def _begin(self, cursor: sqlite3.Cursor, source: OpenLog, file: LogFile) -> tuple[HistoryRecord, LogFile]:
        """The record of a file of which nothing is folded: that of its former path, if it only moved."""
        former = self._moved(cursor, source, file.thread_id)
        if former is None:
            return load(cursor, file.file_id), file
        note_event(cursor, former.file_id, move_kind(former.path, source.path))
        listed = self.store.take_over(cursor, former.file_id, file.file_id)
        self.store.catalogue.moved(cursor, former.file_id, source.path, source.state)
        self.store.choose(cursor, listed)
        record = load(cursor, former.file_id)
        if self._has_its_bases(cursor, record):
            return record, replace(former, path=source.path)
        self.store.forget(cursor, former.file_id)
        anew = self.store.catalogue.add_file(cursor, file.thread_id, source.path, source.state)
        return load(cursor, anew.file_id), anew

    def _moved(self, cursor: sqlite3.Cursor, source: OpenLog, thread_id: UUID) -> LogFile | None:
        """The file under its former path, when it is this very file, perhaps longer, and is there no more."""
        for file in self.store.catalogue.files_of(cursor, thread_id):
            if file.path == source.path:
                continue
            record = load(cursor, file.file_id)
            there = self._log.state_of(file.path)
            is_there = there is not None and there.is_same_file(source.state)
            if not is_there and (_was_moved(source, record) or _continues(source, record)):
                return file
        return None

    def _fold(self, cursor: sqlite3.Cursor, source: OpenLog, record: HistoryRecord, file: LogFile) -> bool:
        """Fold up to a commit's worth of new lines; tells whether there may be more."""
        if record.state == source.state:
            return False
        marks: list[tuple[int, int]] = []
        new = self._begun(cursor, source, record)
        with self._log.joined(source, record.bases) as whole:
            if record.bases:
                new = whole.slices(record.end, record.line_count + 1)
            may_have_more = self._history.process_slices(
                cursor, record, file, _marked(new, marks), source.kept_between
            )
        record.seam = source.seam(max(record.end, 0))
        record.state = replace(source.state, size=record.end) if may_have_more else source.state
        record.tail_counts = not may_have_more and _counts(record.end, source.tail(record.end))
        save(cursor, record)
        if record.head.git_meta != record.head.first_meta:
            keep_git(cursor, self._log, [record.file_id])
        self._catalogue(cursor, record, file, marks)
        return may_have_more

    def _begun(self, cursor: sqlite3.Cursor, source: OpenLog, record: HistoryRecord) -> Iterable[LogSlice]:
        """The new lines; of a log that is begun the first ones say what it goes on from."""
        pieces = source.slices(record.end, record.line_count + 1)
        if record.is_begun:
            return pieces
        first = next(pieces, None)
        if first is None:
            return ()
        self._history.begin(cursor, record, first)
        return chain([first], pieces)

    def _catalogue(
        self, cursor: sqlite3.Cursor, record: HistoryRecord, file: LogFile, marks: list[tuple[int, int]]
    ) -> None:
        """Give positions to the lines that have none."""
        if record.end > file.end:
            new = tuple(mark for mark in marks if mark[1] > file.end)
            self.store.catalogue.extend(cursor, file, record.line_count - file.line_count, record.end, new)


def _marked(pieces: Iterable[LogSlice], marks: list[tuple[int, int]]) -> Iterator[LogSlice]:
    """The slices; the beginning of one now and then is noted as a mark."""
    wanted = 0
    for piece in pieces:
        if piece.start >= wanted:
            marks.append((piece.first_line, piece.start))
            wanted = piece.start + MARK_STRIDE
        yield piece


def _counts(at: int, tail: bytes) -> bool:
    """Whether a last line without line feed may count already, in a log of either dialect."""
    value = parse_at(at, tail) if tail else None
    return value is not None and (kept_topic(value) is not None or counted_topic(value) is not None)


def _continues(source: OpenLog, record: HistoryRecord) -> bool:
    """Whether the file is the one that was folded, perhaps longer; a packed one was another file before."""
    known = record.state
    if known is None or source.state == known:
        return known is not None
    is_longer = source.state.is_same_file(known) and source.state.size > known.size
    may_continue = is_longer or (source.is_packed and source.size >= record.end)
    return may_continue and source.seam(max(record.end, 0)) == record.seam


def _was_moved(source: OpenLog, record: HistoryRecord) -> bool:
    """Whether this file was folded as it is: a move changes its ctime, unarchiving its mtime too."""
    known, now = record.state, source.state
    if known is None or not now.is_same_file(known) or now.size != known.size:
        return False
    return now.mtime_ns == known.mtime_ns or source.seam(max(record.end, 0)) == record.seam
