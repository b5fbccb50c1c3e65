"""The log as an event store of `eventsourcing`: a line is a stored event, its number the version.

The originator of a line is the thread that its file's name tells, the topic its wire tag, the state its
bytes. Versions count every line, damaged ones too. Notification ids are the catalogue's positions, and
there is no head position in memory: any number of recorders, in any number of processes, may work on one
database and its files.
"""

from collections.abc import Iterable, Sequence
from contextlib import closing
from threading import Event, Lock
from typing import Any
from uuid import UUID

from eventsourcing.persistence import (
    ApplicationRecorder,
    DataError,
    Notification,
    NotSupportedError,
    StoredEvent,
)

from domain.durability import Durability
from domain.errors import UnreadableThread
from domain.limits import LINE_SIZE_MAX, SEGMENT_PAGE
from domain.topics import is_head, topic_of_raw
from rollout.catalogue.catalogue import Catalogue
from rollout.catalogue.catchup import CatchUp, Forget
from rollout.catalogue.counting import Counting, KeepingUp
from rollout.catalogue.database import Database
from rollout.log import RolloutLog
from rollout.recording.reader import LineReader, PathOf
from rollout.recording.subscription import RolloutSubscription
from rollout.recording.writer import LineWriter, StaleVersion
from rollout.writing.thread_locks import ThreadLocks


class SeveralThreads(NotSupportedError):
    """One save for several threads: no write is atomic over two files."""

    def __init__(self, count: int) -> None:
        super().__init__(f"events of {count} threads in one save; save one thread at a time")


class UnfitLine(DataError):
    """A state that is not one line of a rollout file."""

    def __init__(self, thread_id: UUID, version: int, reason: str) -> None:
        super().__init__(f"thread {thread_id}, version {version}: {reason}")


class RolloutRecorder(ApplicationRecorder):
    """Records and selects the lines of rollout files.

    `path_of` gives the path of a thread's file. `forget` drops what was made from a file that is no more;
    whoever keeps rows of his own beside the catalogue's gives his own. With `counting` the catalogue is
    another's to write: it is only read, and saves tell no positions. Saves take the thread's lock of `locks`.
    """

    INITIAL_VERSION = 1

    def __init__(
        self,
        database: Database,
        path_of: PathOf,
        catalogue: Catalogue | None = None,
        *,
        durability: Durability = Durability.PROCESS,
        counting: Counting | None = None,
        forget: Forget | None = None,
        locks: ThreadLocks | None = None,
    ) -> None:
        catalogue = catalogue or Catalogue()
        log = RolloutLog()
        self._database = database
        self._path_of = path_of
        self._catalogue = catalogue
        self._catching_up: KeepingUp = counting or CatchUp(database, catalogue, log, forget)
        self._reader = LineReader(database, catalogue, log, self._catching_up, path_of)
        self._writer = LineWriter(
            database, catalogue, log, self._catching_up, durability=durability, locks=locks
        )
        self._listeners: set[Event] = set()
        self._listening = Lock()

    def frame(self, stored_event: StoredEvent) -> bytes:
        """The line of a stored event, without its line feed."""
        return stored_event.state

    def unframe(self, line: bytes) -> tuple[str, bytes]:
        """Topic and state of a line."""
        return topic_of_raw(line), line

    def begins(self, line: bytes) -> bool:
        """Whether a line may be the first of a file."""
        return is_head(line)

    def insert_events(self, stored_events: Sequence[StoredEvent], **_: Any) -> Sequence[int] | None:
        """Appends the events of one thread; gives their positions.

        None when the lines are in the file but their positions are not known yet.
        """
        if not stored_events:
            return None
        thread_id, lines = self._framed(stored_events)
        number = stored_events[0].originator_version + 1 - self.INITIAL_VERSION
        positions = self._writer.write(self._path_of(thread_id), thread_id, number, lines, self.begins)
        self.notify()
        return positions

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        """The lines of one thread as they are in its file now; none for a thread without a file."""
        thread_id = _uuid(originator_id)
        shift = self.INITIAL_VERSION - 1

        def wanted(line_count: int) -> range:
            first = 1 if gt is None else max(1, gt - shift + 1)
            stop = line_count + 1 if lte is None else min(line_count, lte - shift) + 1
            if limit is None:
                return range(first, stop)
            return range(max(first, stop - limit), stop) if desc else range(first, min(stop, first + limit))

        events = []
        for number, raw in self._reader.lines_of(thread_id, wanted):
            topic, state = self.unframe(raw)
            events.append(StoredEvent(thread_id, number + shift, topic, state))
        return events[::-1] if desc else events

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        """The catalogued lines of all threads, in the order of their positions."""
        first = 1 if start is None else start + (not inclusive_of_start)
        shift = self.INITIAL_VERSION - 1
        found: list[Notification] = []
        with closing(self._reader.lines_from(first, stop, min(limit, SEGMENT_PAGE))) as lines:
            for position, thread_id, number, raw in lines:
                topic, state = self.unframe(raw)
                if not topics or topic in topics:
                    found.append(Notification(thread_id, number + shift, topic, state, position))
                    if len(found) >= limit:
                        break
        return found

    def max_notification_id(self) -> int | None:
        """The newest position; None before the first."""
        with self._database.transaction(commit=False) as cursor:
            return self._catalogue.head_position(cursor) or None

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> RolloutSubscription:
        """The lines behind a position, then those that are catalogued from now on."""
        return RolloutSubscription(self, self, gt, topics)

    def catch_up(self, files: Iterable[tuple[str, UUID]]) -> tuple[UnreadableThread, ...]:
        """Catalogues what others wrote to these files; gives the failures of those that cannot be read."""
        failures = self._catching_up.catch_up_all(files)
        self.notify()
        return failures

    def listen(self, event: Event) -> None:
        """Sets the event, from now on, whenever there may be new positions."""
        with self._listening:
            self._listeners.add(event)

    def unlisten(self, event: Event) -> None:
        """Leaves the event alone again."""
        with self._listening:
            self._listeners.discard(event)

    def notify(self) -> None:
        """Tells the subscriptions that there may be new positions."""
        with self._listening:
            for event in self._listeners:
                event.set()

    def _framed(self, stored_events: Sequence[StoredEvent]) -> tuple[UUID, list[bytes]]:
        """Thread and lines of a save; refused unless it is a run of one thread's versions."""
        threads = {_uuid(event.originator_id) for event in stored_events}
        if len(threads) > 1:
            raise SeveralThreads(len(threads))
        thread_id = threads.pop()
        lines = []
        for version, event in enumerate(stored_events, stored_events[0].originator_version):
            if event.originator_version != version:
                raise StaleVersion(thread_id, event.originator_version, version)
            line = self.frame(event)
            if b"\n" in line:
                raise UnfitLine(thread_id, version, "a line feed inside a line")
            if len(line) >= LINE_SIZE_MAX:
                raise UnfitLine(thread_id, version, f"a line of {len(line)} bytes")
            lines.append(line)
        return thread_id, lines


def _uuid(originator_id: UUID | str) -> UUID:
    return originator_id if isinstance(originator_id, UUID) else UUID(originator_id)
