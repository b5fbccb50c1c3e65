"""One look for a thread's file a command: loading and saving go to the file that was found first."""

import threading
from dataclasses import dataclass, replace
from uuid import UUID

from rollout.finding.sessions import regular_state
from rollout.recording.reader import PathOf


@dataclass(frozen=True, slots=True)
class _Held:
    """Where a thread's file was, or is to be made."""

    thread_id: UUID
    path: str
    was_there: bool


class HeldPaths:
    """Paths as of each thread's last look, for use from any thread.

    A look goes over the folders of the home; a command loads, reads and saves, and would look three
    times. A path that led to a file and leads nowhere by now is looked for again; that of a file to be
    made stays, since everybody makes it there.
    """

    def __init__(self, path_of: PathOf) -> None:
        self._path_of = path_of
        self._held = threading.local()

    def look(self, thread_id: UUID) -> str:
        """The path as of now, held for this thread of execution until its next look."""
        path = self._path_of(thread_id)
        self._held.last = _Held(thread_id, path, was_there=regular_state(path) is not None)
        return path

    def __call__(self, thread_id: UUID) -> str:
        """The path that was held for this thread, unless its file has gone; else as of now."""
        held: _Held | None = getattr(self._held, "last", None)
        if held is None or held.thread_id != thread_id:
            return self._path_of(thread_id)
        is_there = regular_state(held.path) is not None
        if held.was_there and not is_there:
            return self.look(thread_id)
        self._held.last = replace(held, was_there=is_there)
        return held.path
