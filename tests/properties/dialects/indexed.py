"""The index of a world, driven by hand, and its rows however its logs were read."""

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from eventsourcing.persistence import JSONTranscoder, Tracking

from domain.cursors import SortDirection
from domain.log import Log as OpenLogs
from domain.thread.mapper import LineMapper
from domain.views import ItemsView
from projections.content import turns_json
from projections.history import HistoryProjection
from projections.indexer import Indexed, Indexer
from projections.pages import TurnPage, turn_page
from projections.plans import run_here
from projections.store import UPSTREAM, IndexStore
from rollout.catalogue.catalogue import Catalogue
from rollout.finding.home import Home
from rollout.finding.sessions import Sessions
from rollout.joined.home_log import JoinedLog
from rollout.log import RolloutLog
from rollout.recording.recorder import RolloutRecorder
from tests.projections.counting import Row, rows_of
from tests.projections.homes import INDEX, begin
from tests.properties.dialects.naive_home import Log
from tests.properties.dialects.world import Step, World
from tests.properties.test_event_door import LINES_MAX, Transactions

Json = dict[str, Any]


@contextmanager
def worlds(steps: list[Step]) -> Iterator[World]:
    """A world in which this happened; gone afterwards."""
    with TemporaryDirectory(prefix="dialects-") as folder:
        world = World(Path(folder).resolve())
        for step in steps:
            world.do(step)
        yield world


class WorldIndex:
    """An index of a world in a folder of its own."""

    def __init__(self, root: Path, folder: Path, files: OpenLogs | None = None) -> None:
        self.log = JoinedLog(files or RolloutLog(), Sessions(Home.at(root)).find_log)
        self.store = IndexStore(begin(folder) / INDEX, Catalogue())
        self.indexer = Indexer(self.store, self.log)

    def catch_up(self, log: Log) -> Indexed:
        """Fold what is new in a log."""
        return self.indexer.catch_up(str(log.path), log.thread_id)

    def rows_of(self, log: Log) -> dict[str, list[Row]]:
        """The rows of a log that is caught up with."""
        return self._rows(self.catch_up(log).file_id)

    def _rows(self, file_id: int) -> dict[str, list[Row]]:
        with self.store.writing() as cursor:
            return rows_of(cursor, file_id)

    def by_events(self, log: Log) -> dict[str, list[Row]]:
        """The rows of a log whose lines came one by one through the door of the library's runners."""
        recorder = RolloutRecorder(Transactions(self.store), lambda _: str(log.path), Catalogue())
        recorder.catch_up([(str(log.path), log.thread_id)])
        projection, mapper = HistoryProjection(self.store, self.log), LineMapper(JSONTranscoder())
        for one in recorder.select_notifications(None, LINES_MAX):
            projection.process_event(mapper.to_domain_event(one), Tracking(UPSTREAM, one.id))
        with self.store.writing() as cursor:
            file = self.store.catalogue.file_at(cursor, str(log.path))
        assert file is not None
        return self._rows(file.file_id)

    def page(
        self,
        log: Log,
        view: ItemsView = ItemsView.FULL,
        cursor: str | None = None,
        limit: int | None = None,
        direction: SortDirection = SortDirection.ASCENDING,
    ) -> tuple[list[Json], TurnPage]:
        """A page of the thread's turns as the protocol shows them, and the page itself."""
        indexed = self.catch_up(log)

        def ask(file_id: int, sql: Any) -> TurnPage:
            return run_here(turn_page(file_id, cursor, limit, direction, view), sql)

        if indexed.tail_counts:
            page = self.indexer.with_tail(indexed.path, log.thread_id, lambda sql, file_id: ask(file_id, sql))
        else:
            with self.store.writing() as sql:
                page = ask(indexed.file_id, sql)
        with self.log.open(indexed.path, indexed.bases) as source:
            return json.loads(turns_json(source, page.turns, view)), page


@contextmanager
def indexed(root: Path, files: OpenLogs | None = None) -> Iterator[WorldIndex]:
    """A new index of a world."""
    with TemporaryDirectory(prefix="index-") as folder:
        index = WorldIndex(root, Path(folder), files)
        with closing(index.store):
            yield index


def rebuilt(root: Path, log: Log) -> dict[str, list[Row]]:
    """The rows of a log in an index that is made anew."""
    with indexed(root) as index:
        return index.rows_of(log)
