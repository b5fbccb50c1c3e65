"""The persistence module of the notes: one small JSONL file a thread, under the rules of rollout files.

    PERSISTENCE_MODULE=rollout.recording.notes         (or rollout.recording.notes:NotesFactory)
    NOTES_HOME=~/.codex
    NOTES_DURABILITY=process                 do not wait for the disk

`open_notes` gives an application with these settings. The files are the only copy of what they tell, so
they do not lie beside the index, which anybody may delete. Their catalogue is made anew in each program: a
file has a few lines, and nobody follows them by position across programs.
"""

from typing import cast
from uuid import UUID

from eventsourcing.domain import TAggregateID
from eventsourcing.persistence import (
    AggregateRecorder,
    InfrastructureFactory,
    InfrastructureFactoryError,
    Mapper,
    NotSupportedError,
    ProcessRecorder,
    TrackingRecorder,
    Transcoder,
)
from eventsourcing.utils import Environment, EnvType

from domain.durability import Durability
from domain.notes.notes_store import NotesStore
from domain.thread.mapper import LineMapper
from rollout.catalogue.memory_database import MemoryDatabase
from rollout.finding.home import Home
from rollout.recording.recorder import RolloutRecorder

NOTES_HOME = "NOTES_HOME"
NOTES_DURABILITY = "NOTES_DURABILITY"


def open_notes(home: Home, durability: Durability = Durability.DISK) -> NotesStore:
    """The notes of a home's threads; nothing is made on the disk before there is something to note."""
    return NotesStore(
        {
            "PERSISTENCE_MODULE": "rollout.recording.notes",
            NOTES_HOME: str(home.root),
            NOTES_DURABILITY: durability,
        }
    )


def notes_path(home: Home, thread_id: UUID) -> str:
    """Where the notes of a thread are, or are to be."""
    return f"{home.notes}/{thread_id}.jsonl"


class NotesUnplaced(InfrastructureFactoryError):
    """An environment that names no home, or a durability that there is not."""

    def __init__(self, key: str, told: str | None) -> None:
        super().__init__(f"the notes cannot be kept: {key} is {told!r}")


class NotesRecorder(RolloutRecorder):
    """Records and selects notes; their files have no head."""

    def begins(self, line: bytes) -> bool:  # noqa: ARG002 - whatever it holds
        """Any line may be the first of a file."""
        return True


class NotesFactory(InfrastructureFactory[TrackingRecorder]):
    """Makes recorders of notes; there are no snapshots and no tracking."""

    def __init__(self, env: Environment | EnvType | None) -> None:
        super().__init__(env)
        root = self.env.get(NOTES_HOME)
        if not root:
            raise NotesUnplaced(NOTES_HOME, root)
        self.home = Home.at(root)
        self._database: MemoryDatabase | None = None

    def mapper(
        self,
        transcoder: Transcoder | None = None,
        mapper_class: type[Mapper[TAggregateID]] | None = None,
    ) -> Mapper[TAggregateID]:
        """The mapper of lines; never with a cipher or compressor, whatever the environment says."""
        chosen = mapper_class or cast("type[Mapper[TAggregateID]]", LineMapper)
        return chosen(transcoder=transcoder or self.transcoder())

    def application_recorder(self) -> NotesRecorder:
        """A recorder over the home's notes."""
        if self._database is None:
            self._database = MemoryDatabase()
        return NotesRecorder(
            self._database,
            lambda thread_id: notes_path(self.home, thread_id),
            durability=self._durability(),
        )

    def aggregate_recorder(self, purpose: str = "events") -> AggregateRecorder:
        """None: notes are loaded whole."""
        raise NotSupportedError(purpose)

    def tracking_recorder(
        self, tracking_recorder_class: type[TrackingRecorder] | None = None
    ) -> TrackingRecorder:
        """None: whoever follows the notes tracks them in a database of his own."""
        raise NotSupportedError(str(tracking_recorder_class))

    def process_recorder(self) -> ProcessRecorder:
        """None: no read model of ours writes events."""
        raise NotSupportedError

    def close(self) -> None:
        """Closes the database."""
        if self._database is not None:
            self._database.close()

    def _durability(self) -> Durability:
        told = self.env.get(NOTES_DURABILITY) or Durability.DISK
        try:
            return Durability(told)
        except ValueError:
            raise NotesUnplaced(NOTES_DURABILITY, told) from None
