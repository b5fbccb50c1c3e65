"""Threads as of the line that the index stands at, so that a command reads the tail of a log only.

The index tells how many lines it has folded and where the session_meta lines are; what they say is read
from the log and held against their checksums. Whatever is amiss, there is no snapshot, and the log is
read from its beginning.
"""

import sqlite3
from collections.abc import Callable
from uuid import UUID

from eventsourcing.persistence import PersistenceError

from api.indexing.index_view import IndexView
from domain.errors import StaleIndex, UnreadableThread
from domain.history.rows import Dialect
from domain.log import Log, OpenLog
from domain.thread.session_meta import git_of
from domain.thread.thread import ThreadSnapshot
from projections.content import line_payload
from projections.history import HistoryRecord, load
from rollout.catalogue.catalogue import Catalogue

PathOf = Callable[[UUID], str]


class IndexSnapshots:
    """Snapshots out of the index (`domain.thread.application.Snapshots`), for use from any thread."""

    def __init__(self, view: IndexView, path_of: PathOf, log: Log) -> None:
        self._view = view
        self._path_of = path_of
        self._log = log
        self._catalogue = Catalogue()

    def of(self, thread_id: UUID) -> ThreadSnapshot | None:
        """The thread as of the last folded line; None when the index does not know its present file."""
        try:
            path = self._path_of(thread_id)
            record = self._record(path)
            if record is None or record.state is None:
                return None
            with self._log.open(path) as source:
                return _snapshot(source, record, thread_id) if _is_of(source, record) else None
        except (sqlite3.Error, PersistenceError, OSError, StaleIndex, UnreadableThread):
            return None

    def _record(self, path: str) -> HistoryRecord | None:
        with self._view.transaction(commit=False) as cursor:
            file = self._catalogue.file_at(cursor, path)
            return None if file is None else load(cursor, file.file_id)


def _is_of(source: OpenLog, record: HistoryRecord) -> bool:
    """Whether this file is the one that was folded, perhaps longer."""
    known, now = record.state, source.state
    if known is None or record.end < 0 or not now.is_same_file(known) or now.size < known.size:
        return False
    return now == known or source.seam(record.end) == record.seam


def _snapshot(source: OpenLog, record: HistoryRecord, thread_id: UUID) -> ThreadSnapshot | None:
    """What the session_meta lines tell; None when there is none, or when others may tell the memory mode.

    None too of a log in an unknown dialect: whoever follows its lines finds that out.
    """
    first, last, last_with_git = record.head.first_meta, record.head.meta, record.head.git_meta
    if first is None or last is None or record.head.dialect is Dialect.UNKNOWN:
        return None
    told = {place: line_payload(source, place) for place in {first, last}}
    mode = told[last].get("memory_mode")
    if mode is None and last != first:
        return None
    git = None
    if last_with_git is not None:
        git = git_of(told.get(last_with_git) or line_payload(source, last_with_git))
    last_ordinal = record.head.last_ordinal if record.head.dialect is Dialect.PAGINATED else None
    return ThreadSnapshot(thread_id, record.line_count, told[first], git, mode, last_ordinal)
