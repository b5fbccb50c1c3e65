"""The lock of a file among our own writers; programs of others take none."""

from domain.errors import ActiveWriter
from domain.limits import LOCK_POLL_SECONDS, LOCK_WAIT_SECONDS
from rollout.writing import storage


def open_to_append(path: str) -> int:
    """A descriptor of the file; ActiveWriter when somebody keeps everyone from opening it for too long.

    That is who packs it, for the moment between its two names.
    """
    for _ in range(round(LOCK_WAIT_SECONDS / LOCK_POLL_SECONDS)):
        try:
            return storage.open_to_append(path)
        except BlockingIOError:
            storage.pause(LOCK_POLL_SECONDS)
    raise ActiveWriter(path)


def wait_for_lock(descriptor: int, path: str) -> None:
    """Takes the lock of the open file; ActiveWriter when another writer keeps it for too long."""
    for _ in range(round(LOCK_WAIT_SECONDS / LOCK_POLL_SECONDS)):
        if storage.lock(descriptor):
            return
        storage.pause(LOCK_POLL_SECONDS)
    raise ActiveWriter(path)
