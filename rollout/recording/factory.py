"""The persistence module that `PERSISTENCE_MODULE` names: the log of a home as an application's events.

    PERSISTENCE_MODULE=rollout.recording.factory       (or rollout.recording.factory:RolloutFactory)
    ROLLOUT_HOME=~/.codex
    ROLLOUT_INDEX=…                          where positions and tracking are; else inside the home
    ROLLOUT_DURABILITY=process               do not wait for the disk

A module of this kind may hold one factory class, so the library's SQLite module is imported whole.
"""

from pathlib import Path
from typing import cast

from eventsourcing import sqlite
from eventsourcing.domain import TAggregateID
from eventsourcing.persistence import (
    AggregateRecorder,
    InfrastructureFactory,
    InfrastructureFactoryError,
    Mapper,
    NotSupportedError,
    ProcessRecorder,
    Transcoder,
)
from eventsourcing.utils import Environment, EnvType

from domain.durability import Durability
from domain.thread.mapper import LineMapper
from rollout.catalogue.database import CatalogueDatabase
from rollout.finding.home import Home
from rollout.finding.paths import ThreadPaths
from rollout.recording.recorder import RolloutRecorder
from rollout.writing.thread_locks import ThreadLocks

INDEX_NAME = "threadstore/log.sqlite"
"""The default place of positions and tracking, below the home."""


class HomeNotNamed(InfrastructureFactoryError):
    """An environment that names no home."""

    def __init__(self, keys: list[str]) -> None:
        super().__init__(f"no home named in the environment; set one of {', '.join(keys)}")


class NoSuchDurability(InfrastructureFactoryError):
    """A setting that is no level of durability."""

    def __init__(self, told: str) -> None:
        super().__init__(f"no durability {told!r}; there are {', '.join(Durability)}")


class RolloutFactory(InfrastructureFactory[sqlite.SQLiteTrackingRecorder]):
    """Events are lines of rollout files; everything else is kept by the library's SQLite module."""

    ROLLOUT_HOME = "ROLLOUT_HOME"
    ROLLOUT_INDEX = "ROLLOUT_INDEX"
    ROLLOUT_DURABILITY = "ROLLOUT_DURABILITY"

    def __init__(self, env: Environment | EnvType | None) -> None:
        super().__init__(env)
        home = self.env.get(self.ROLLOUT_HOME)
        if not home:
            raise HomeNotNamed(self.env.create_keys(self.ROLLOUT_HOME))
        self.home = Home.at(home)
        self.index = Path(self.env.get(self.ROLLOUT_INDEX) or self.home.root / INDEX_NAME).expanduser()
        self.index.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._database: CatalogueDatabase | None = None
        self._sqlite: sqlite.SQLiteFactory | None = None

    def mapper(
        self,
        transcoder: Transcoder | None = None,
        mapper_class: type[Mapper[TAggregateID]] | None = None,
    ) -> Mapper[TAggregateID]:
        """The mapper of lines; never with a cipher or compressor, whatever the environment says."""
        chosen = mapper_class or cast("type[Mapper[TAggregateID]]", LineMapper)
        return chosen(transcoder=transcoder or self.transcoder())

    def application_recorder(self) -> RolloutRecorder:
        """A recorder over the home's rollout files."""
        if self._database is None:
            self._database = CatalogueDatabase(str(self.index))
        return RolloutRecorder(
            self._database,
            ThreadPaths(self.home),
            durability=self._durability(),
            locks=ThreadLocks(self.home),
        )

    def aggregate_recorder(self, purpose: str = "events") -> AggregateRecorder:
        """A recorder of other things than events, snapshots above all."""
        return self._delegate().aggregate_recorder(purpose)

    def tracking_recorder(
        self, tracking_recorder_class: type[sqlite.SQLiteTrackingRecorder] | None = None
    ) -> sqlite.SQLiteTrackingRecorder:
        """A recorder of positions, beside the catalogue."""
        return self._delegate().tracking_recorder(tracking_recorder_class)

    def process_recorder(self) -> ProcessRecorder:
        """None: no read model of ours writes events."""
        raise NotSupportedError("rollout files cannot record events and tracking in one transaction")

    def close(self) -> None:
        """Closes the databases."""
        if self._database is not None:
            self._database.close()
        if self._sqlite is not None:
            self._sqlite.close()

    def _durability(self) -> Durability:
        told = self.env.get(self.ROLLOUT_DURABILITY) or Durability.DISK
        try:
            return Durability(told)
        except ValueError:
            raise NoSuchDurability(told) from None

    def _delegate(self) -> sqlite.SQLiteFactory:
        if self._sqlite is None:
            names = {**self.env, sqlite.SQLiteFactory.SQLITE_DBNAME: str(self.index)}
            self._sqlite = sqlite.SQLiteFactory(Environment(self.env.name, names))
        return self._sqlite
