"""Where the file of a thread is, or is to be."""

from datetime import UTC, datetime
from threading import Lock
from uuid import UUID

from domain.rollout_name import write_rollout_name
from rollout.finding.home import Home
from rollout.finding.sessions import Sessions, regular_state

UUID_VERSION_WITH_TIME = 7


class ThreadPaths:
    """The paths of a home's threads, for use from any thread.

    A thread may be bound to a file: as long as that is there, nobody looks for another.
    """

    def __init__(self, home: Home) -> None:
        self._home = home
        self._sessions = Sessions(home)
        self._looking = Lock()
        self._bound: dict[UUID, str] = {}

    def bind(self, thread_id: UUID, path: str) -> None:
        """From now on this is the thread's file, as long as it is there."""
        self._bound[thread_id] = path

    def release(self, thread_id: UUID) -> None:
        """The thread's file is looked for again."""
        self._bound.pop(thread_id, None)

    def __call__(self, thread_id: UUID) -> str:
        """The path of the file that is there, else of the one to be made."""
        bound = self._bound.get(thread_id)
        if bound is not None and regular_state(bound) is not None:
            return bound
        with self._looking:
            found = self._sessions.find(thread_id)
        return new_path(self._home, thread_id) if found is None else found.path


def new_path(home: Home, thread_id: UUID) -> str:
    """Where a new thread's file goes: by the time in its id, so that everybody names the same place."""
    milliseconds = thread_id.int >> 80 if thread_id.version == UUID_VERSION_WITH_TIME else 0
    local = datetime.fromtimestamp(milliseconds // 1000, UTC).astimezone()
    return str(home.sessions / f"{local:%Y/%m/%d}" / write_rollout_name(local, thread_id))
