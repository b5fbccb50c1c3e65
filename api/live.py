"""Threads that were started here and are not stored: nothing is written before it is worth it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from domain.errors import EphemeralThread, NotMaterialized


@dataclass(frozen=True, slots=True)
class LiveThread:
    """A started thread; `facts` are what `thread_object` tells of it."""

    thread_id: UUID
    is_ephemeral: bool
    facts: dict[str, Any]

    def thread_object(self) -> dict[str, Any]:
        """The thread as the protocol shows it."""
        return dict(self.facts)


class LiveThreads:
    """The started threads of this process."""

    def __init__(self) -> None:
        self._threads: dict[UUID, LiveThread] = {}

    def add(self, thread: LiveThread) -> None:
        """A thread was started."""
        self._threads[thread.thread_id] = thread

    def ids(self) -> list[str]:
        """The ids of all, in order."""
        return sorted(map(str, self._threads))

    def unstored(self, thread_id: UUID) -> LiveThread | None:
        """The thread with this id, if it is one."""
        return self._threads.get(thread_id)

    def refuse_unstored(self, thread_id: UUID, what: str) -> None:
        """Raise when this needs a history that the thread does not have."""
        thread = self._threads.get(thread_id)
        if thread is None:
            return
        if thread.is_ephemeral:
            raise EphemeralThread(what)
        raise NotMaterialized(str(thread_id), what)
