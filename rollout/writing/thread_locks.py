"""The locks by which release 0.169.0 keeps a thread to one writer, taken the same way around our own writes.

    coordinate ─ `thread-writer-locks/.coordination.lock`, shared: nobody takes lock files away meanwhile
    take ─────── `thread-writer-locks/<thread id>.lock`, exclusively; made where it is missing
    write
    clean up ─── coordinate exclusively, take the lock file away; when others are at work there it stays

That release holds a thread's lock as long as the thread is loaded, and refuses to load one that is held. A
lock file that nobody has locked means nothing to it (observed). While somebody coordinates exclusively it
waits, so we never wait then.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from uuid import UUID

from domain.errors import ActiveWriter, AppendFailed
from domain.limits import THREAD_LOCK_POLL_SECONDS, THREAD_LOCK_WAIT_SECONDS
from rollout.finding.home import Home
from rollout.writing import storage

COORDINATION = ".coordination.lock"


class ThreadLocks:
    """The thread locks of a home, for use from any thread."""

    def __init__(self, home: Home) -> None:
        self._folder = str(home.thread_locks)

    @contextmanager
    def held(self, thread_id: UUID, *, makes_folder: bool = False) -> Iterator[None]:
        """While the thread is ours to write; ActiveWriter when another program keeps it.

        Where no program has ever locked a thread nothing is locked, unless the folder is to be made for it.
        AppendFailed when a lock cannot be made.
        """
        if not storage.is_folder(self._folder) and not makes_folder:
            yield
            return
        path = f"{self._folder}/{thread_id}.lock"
        try:
            self._make_folder()
            descriptor = self._taken(path, thread_id)
        except OSError as error:
            raise AppendFailed(path, error.strerror or str(error)) from error
        try:
            yield
        finally:
            self._give_back(path, descriptor)

    def _make_folder(self) -> None:
        if not storage.is_folder(self._folder):
            with suppress(FileExistsError):
                storage.make_shared_folder(self._folder)

    def _taken(self, path: str, thread_id: UUID) -> int:
        """The descriptor that holds the lock."""
        for _ in range(round(THREAD_LOCK_WAIT_SECONDS / THREAD_LOCK_POLL_SECONDS)):
            descriptor = self._try(path)
            if descriptor is not None:
                return descriptor
            storage.pause(THREAD_LOCK_POLL_SECONDS)
        raise ActiveWriter(f"thread {thread_id}")

    def _try(self, path: str) -> int | None:
        """The descriptor that holds the lock, if nobody else does."""
        with _opened(f"{self._folder}/{COORDINATION}") as coordination:
            if not storage.lock_shared(coordination):
                return None
            descriptor = storage.open_lock(path)
            try:
                if storage.lock(descriptor):
                    return descriptor
            except BaseException:
                _close(descriptor)
                raise
            _close(descriptor)
            return None

    def _give_back(self, path: str, descriptor: int) -> None:
        """Ends the lock; a file of it that stays behind does no harm."""
        with suppress(OSError), _opened(f"{self._folder}/{COORDINATION}") as coordination:
            if storage.lock(coordination):
                storage.remove(path)
        _close(descriptor)


@contextmanager
def _opened(path: str) -> Iterator[int]:
    descriptor = storage.open_lock(path)
    try:
        yield descriptor
    finally:
        _close(descriptor)


def _close(descriptor: int) -> None:
    with suppress(OSError):  # nothing was written through it; its lock ends with it
        storage.close(descriptor)
