"""Notes for readers: as they are in the files now, read again only when a file changed."""

from threading import Lock
from uuid import UUID

from domain.events import RolloutLine
from domain.limits import NOTES_REMEMBERED_MAX
from domain.log import FileState
from domain.notes.notes import Noted, Notes
from domain.topics import topic_of_raw
from rollout.finding.home import Home
from rollout.log import RolloutLog, RolloutReader
from rollout.recording.notes import notes_path


class NotesReader:
    """Reads the notes of a home's threads, from any thread; notes that did not change cost a `stat`."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._log = RolloutLog()
        self._remembering = Lock()
        self._remembered: dict[UUID, tuple[FileState, int, Noted]] = {}

    def of(self, thread_id: UUID) -> Notes:
        """The thread's notes; empty ones when there are none, UnreadableThread when they cannot be read.

        A last line without line feed was never acknowledged, and does not count.
        """
        path = notes_path(self._home, thread_id)
        state = self._log.state_of(path)
        if state is None:
            return Notes(thread_id)
        remembered = self._remembered.get(thread_id)
        if remembered is not None and remembered[0] == state:
            return Notes(thread_id, *remembered[1:])
        try:
            with self._log.open(path) as source:
                notes = _read(source, thread_id)
        except FileNotFoundError:
            return Notes(thread_id)
        self._remember(thread_id, (source.state, notes.version, notes.noted))
        return notes

    def _remember(self, thread_id: UUID, found: tuple[FileState, int, Noted]) -> None:
        """Keeps what was read, instead of what was read longest ago."""
        with self._remembering:
            self._remembered.pop(thread_id, None)
            self._remembered[thread_id] = found
            if len(self._remembered) > NOTES_REMEMBERED_MAX:
                del self._remembered[next(iter(self._remembered))]


def _read(source: RolloutReader, thread_id: UUID) -> Notes:
    lines = (
        RolloutLine(thread_id, number, topic_of_raw(raw), raw)
        for piece in source.slices(0, 1)
        for number, raw in enumerate((line.removesuffix(b"\n") for line in piece), piece.first_line)
    )
    return Notes.project(None, lines) or Notes(thread_id)
