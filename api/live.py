"""Threads that are loaded: started, resumed or forked in this process, stored or not yet."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from domain.errors import EphemeralThread, NotMaterialized
from domain.session.session import Session
from domain.thread.draft import Draft

Payload = dict[str, Any]

IDLE: Payload = {"type": "idle"}
NOT_LOADED: Payload = {"type": "notLoaded"}
SYSTEM_ERROR: Payload = {"type": "systemError"}


@dataclass(slots=True)
class LiveThread:
    """A loaded thread.

    `draft` is its first line while nothing is stored; `path` where its file is or will be, None for an
    ephemeral thread. `facts` are its Thread object as far as no file tells it.
    """

    thread_id: UUID
    session: Session
    path: str | None
    facts: Payload
    draft: Draft | None = None
    status: Payload = field(default_factory=lambda: IDLE)
    elicitation_count: int = 0

    @property
    def is_ephemeral(self) -> bool:
        """Whether it is never stored."""
        return self.path is None

    @property
    def is_stored(self) -> bool:
        """Whether there is a file of it."""
        return self.draft is None and self.path is not None

    def thread_object(self, now_s: int | None = None) -> Payload:
        """The thread as the protocol shows it while no file tells it.

        Asked later its times are those of asking, as in release 0.131.0 (case start-lazy).
        """
        times = {} if now_s is None else {"createdAt": now_s, "updatedAt": now_s}
        return self.facts | times | {"status": self.status}


class LiveThreads:
    """The loaded threads of this process."""

    def __init__(self) -> None:
        self._threads: dict[UUID, LiveThread] = {}

    def add(self, thread: LiveThread) -> None:
        """A thread was loaded."""
        self._threads[thread.thread_id] = thread

    def remove(self, thread_id: UUID) -> LiveThread | None:
        """A thread is loaded no more; gives what it was."""
        return self._threads.pop(thread_id, None)

    def get(self, thread_id: UUID) -> LiveThread | None:
        """The loaded thread with this id."""
        return self._threads.get(thread_id)

    def ids(self) -> list[str]:
        """The ids of all, in order."""
        return sorted(map(str, self._threads))

    def status(self, thread_id: str | None) -> Payload:
        """The status of a thread, loaded or not."""
        thread = None if thread_id is None else self._threads.get(UUID(thread_id))
        return NOT_LOADED if thread is None else thread.status

    def unstored(self, thread_id: UUID) -> LiveThread | None:
        """The thread with this id, if it is loaded and there is no file of it."""
        thread = self._threads.get(thread_id)
        return None if thread is None or thread.is_stored else thread

    def refuse_unstored(self, thread_id: UUID, what: str) -> None:
        """Raise when this needs a history that the thread does not have."""
        thread = self.unstored(thread_id)
        if thread is None:
            return
        if thread.is_ephemeral:
            raise EphemeralThread(what)
        raise NotMaterialized(str(thread_id), what)
