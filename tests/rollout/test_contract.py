"""The library's own tests of a recorder hold for ours."""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from unittest import TestCase

from eventsourcing.persistence import StoredEvent
from eventsourcing.tests import persistence as contract

from rollout.catalogue.database import CatalogueDatabase
from tests.rollout.recorders import TabRecorder


class InFolder(TestCase):
    """Gives each test a folder, and takes it away again."""

    INITIAL_VERSION = TabRecorder.INITIAL_VERSION
    recorder_class = TabRecorder

    def create_recorder(self) -> TabRecorder:
        """A recorder over an empty folder."""
        # A thread of the library's tests may still be writing when its test is over.
        folder = Path(self.enterContext(tempfile.TemporaryDirectory(ignore_cleanup_errors=True)))
        database = CatalogueDatabase(str(folder / "index.sqlite"))
        self.addCleanup(database.close)
        return self.recorder_class(database, lambda thread_id: str(folder / f"{thread_id}.jsonl"))


class TestApplicationRecorder(InFolder, contract.ApplicationRecorderTestCase[TabRecorder]):
    """The recorder of events in two sequences."""

    def test_insert_subscribe(self) -> None:
        """The library leaves this one to recorders that can be subscribed to."""
        super().optional_test_insert_subscribe()


class TestNonInterleaving(InFolder, contract.NonInterleavingNotificationIDsBaseCase):
    """Positions of one save are never mixed with those of another."""


class SilentRecorder(TabRecorder):
    """A recorder as one of aggregates: it tells no positions."""

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        """Inserts and says nothing."""
        super().insert_events(stored_events, **kwargs)
        return None


class TestAggregateRecorder(InFolder, contract.AggregateRecorderTestCase):
    """The recorder of events by version."""

    recorder_class = SilentRecorder
