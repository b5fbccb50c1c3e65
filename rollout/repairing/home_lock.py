"""One repair of a home at a time: the lock of the home's own folder."""

from collections.abc import Iterator
from contextlib import contextmanager

from domain.errors import RepairRunning
from rollout.finding.home import Home
from rollout.writing import storage


@contextmanager
def locked(home: Home) -> Iterator[None]:
    """While no other repair works on the home; RepairRunning when one does."""
    descriptor = storage.open_to_hold(str(home.root))
    try:
        if not storage.lock(descriptor):
            raise RepairRunning(str(home.root))
        yield
    finally:
        storage.close(descriptor)
