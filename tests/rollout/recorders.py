"""What the tests of the event store build on: lines, and recorders over a folder of files."""

from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

from eventsourcing.persistence import StoredEvent

from domain.topics import topic_of_raw
from rollout.catalogue.catalogue import Catalogue
from rollout.catalogue.database import CatalogueDatabase
from rollout.recording.recorder import RolloutRecorder

THREAD = UUID("019de137-7000-7cc2-8062-74c053be9d64")
OTHER_THREAD = UUID("019de137-7000-7cc2-8062-74c053be9d65")

_TIME = '{"timestamp":"2026-05-01T10:00:00.000Z","type":'
HEAD = f'{_TIME}"session_meta","payload":{{"id":"{THREAD}"}}}}'.encode()


def message(text: str) -> bytes:
    """The line of a user message."""
    return f'{_TIME}"event_msg","payload":{{"type":"user_message","message":"{text}"}}}}'.encode()


def events(thread_id: UUID, version: int, *lines: bytes) -> list[StoredEvent]:
    """Lines as stored events, the first with this version."""
    return [
        StoredEvent(thread_id, number, topic_of_raw(line), line) for number, line in enumerate(lines, version)
    ]


class Place:
    """A folder with one file a thread, and a database beside it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.database = CatalogueDatabase(str(folder / "index.sqlite"))
        self.catalogue = Catalogue()

    def path(self, thread_id: UUID = THREAD) -> Path:
        """The thread's file."""
        return self.folder / f"{thread_id}.jsonl"

    def recorder(self) -> RolloutRecorder:
        """Another recorder over the same files and database."""
        return RolloutRecorder(self.database, lambda thread_id: str(self.path(thread_id)), self.catalogue)

    def write(self, *lines: bytes, thread_id: UUID = THREAD, end: bytes = b"\n") -> None:
        """What another program does: appends without a lock or a look."""
        with self.path(thread_id).open("ab") as file:
            file.write(b"".join(line + b"\n" for line in lines[:-1]) + lines[-1] + end)

    def lines(self, thread_id: UUID = THREAD) -> list[bytes]:
        """The lines of the thread's file, each with its line feed if it has one."""
        return self.path(thread_id).read_bytes().splitlines(keepends=True)


class TabRecorder(RolloutRecorder):
    """Keeps any topic and state as `topic TAB state`, and counts from 0, as the library's own tests do."""

    INITIAL_VERSION = 0

    def frame(self, stored_event: StoredEvent) -> bytes:
        """Topic, tabulator, state."""
        return stored_event.topic.encode() + b"\t" + stored_event.state

    def unframe(self, line: bytes) -> tuple[str, bytes]:
        """What stands before and behind the tabulator."""
        topic, _, state = line.partition(b"\t")
        return topic.decode(), state

    def begins(self, line: bytes) -> bool:
        """Any line may be the first."""
        return True


def states(stored_events: Sequence[StoredEvent]) -> list[bytes]:
    """The states alone."""
    return [event.state for event in stored_events]
