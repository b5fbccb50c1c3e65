"""The lock of a file among our own writers; programs of others take none."""

from domain.errors import ActiveWriter
from domain.limits import LOCK_POLL_SECONDS, LOCK_WAIT_SECONDS
from rollout.writing import storage


def wait_for_lock(descriptor: int, path: str) -> None:
    """Takes the lock of the open file; ActiveWriter when another writer keeps it for too long."""
    for _ in range(round(LOCK_WAIT_SECONDS / LOCK_POLL_SECONDS)):
        if storage.lock(descriptor):
            return
        storage.pause(LOCK_POLL_SECONDS)
    raise ActiveWriter(path)
