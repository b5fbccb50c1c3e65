"""Lines that come one by one as events, through the door of the library's runners, give the same rows."""

import sqlite3
from contextlib import AbstractContextManager

import pytest
from eventsourcing.persistence import IntegrityError, JSONTranscoder, Tracking
from hypothesis import given
from hypothesis import strategies as st

from domain.thread.mapper import LineMapper
from projections.history import HistoryProjection
from projections.store import UPSTREAM, IndexStore
from rollout.catalogue.catalogue import Catalogue
from rollout.joined.home_log import JoinedLog
from rollout.recording.recorder import RolloutRecorder
from tests.home import THREAD, IndexedHome
from tests.properties.homes import assert_shows, home_of, tables_of, without
from tests.properties.scale import examples
from tests.properties.strategies import LOGS

BULK_ONLY = ("seam", "tail_counts")
"""What the file looked like when it was read to its end, for whoever reads on: an event knows no file."""

LINES_MAX = 10_000


class Transactions:
    """The index as the recorder's database."""

    def __init__(self, store: IndexStore) -> None:
        self._store = store

    def transaction(self, *, commit: bool) -> AbstractContextManager[sqlite3.Cursor]:
        """A transaction; here all of them write."""
        return self._store.writing()


def feed(home: IndexedHome, limit: int = LINES_MAX) -> int:
    """Give positions to the file's lines and fold the first as events; tells how many that were."""
    recorder = RolloutRecorder(Transactions(home.store), lambda _: str(home.path_of()), Catalogue())
    recorder.catch_up([(str(home.path_of()), THREAD)])
    projection = HistoryProjection(home.store, JoinedLog(home.log))
    mapper = LineMapper(JSONTranscoder())
    notifications = recorder.select_notifications(None, limit)
    for notification in notifications:
        tracking = Tracking(UPSTREAM, notification.id)
        projection.process_event(mapper.to_domain_event(notification), tracking)
        with pytest.raises(IntegrityError):
            projection.process_event(mapper.to_domain_event(notification), tracking)
    return len(notifications)


@examples(30)
@given(LOGS)
def test_events_give_the_rows_of_the_whole_file(data: bytes) -> None:
    with home_of(data) as home:
        assert feed(home) == data.count(b"\n")
        rows = home.tables()
    if b"\n" in data:  # no row tells of a file without a line: nothing was folded
        assert without(rows, BULK_ONLY) == without(tables_of(data), BULK_ONLY)


@examples(30)
@given(LOGS, st.integers(1, 9))
def test_file_goes_on_where_the_events_ended(data: bytes, limit: int) -> None:
    with home_of(data) as home:
        feed(home, limit)
        assert_shows(home, data)
        home.catch_up()
        assert home.tables() == tables_of(data)
