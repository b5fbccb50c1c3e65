"""The index that is at work now: opened when it is needed, begun anew when it cannot be relied on.

For the one thread that writes it. `epoch` counts the indexes that were begun.
"""

import sqlite3
from collections.abc import Callable
from pathlib import Path

from eventsourcing.persistence import PersistenceError

from api.indexing.backups import set_aside
from api.indexing.index import (
    IndexUnusable,
    Tell,
    is_damage,
    is_obstacle,
    moved_sentence,
    open_index,
    open_private,
)
from projections.store import IndexStore

FAULTS = (sqlite3.Error, PersistenceError, OSError)
"""What an index may fail with."""


class HeldIndex:
    """The index at a path, or one in memory where none can be kept."""

    def __init__(self, path: Path, tell: Tell, begun: Callable[[IndexStore], None]) -> None:
        """`tell` is told what became of an index, `begun` of each that is begun: on the writer's thread."""
        self.epoch = 0
        self.store: IndexStore | None = None
        self._path = path
        self._tell = tell
        self._begun = begun

    @property
    def is_private(self) -> bool:
        """Whether it is one in memory."""
        return self.store is not None and self.store.is_private

    def is_untouched(self) -> bool:
        """Whether it is open and as the writer left it: costs a `stat`, and may be asked on any thread."""
        store = self.store
        return store is not None and store.is_untouched()

    def current(self) -> IndexStore:
        """The index, as it may be relied on now."""
        store = self.store
        if store is not None and not store.is_untouched():
            self._check(store)
        if self.store is None:
            self.begin(open_index(self._path, self._tell))
        assert self.store is not None
        return self.store

    def begin(self, store: IndexStore) -> None:
        """Go on with this index."""
        self.close()
        self.store = store
        self.epoch += 1
        self._begun(store)

    def mend(self, epoch: int, fault: BaseException) -> None:
        """See to it that a fault of the index of this epoch is not met again, unless that was done already.

        A damaged one is set aside and another begun; one that cannot be used is done without.
        """
        store = self.store
        if store is None or epoch != self.epoch:
            return
        if is_damage(fault):
            self.close()
            if not store.is_private:
                self._set_aside(store, fault)
        elif is_obstacle(fault) and not store.is_private:
            self._do_without(fault)

    def close(self) -> None:
        """Close it; the next that is asked for is opened."""
        if self.store is not None:
            self.store.close()
            self.store = None

    def _check(self, store: IndexStore) -> None:
        """Somebody touched it: it is another one, or sealed by another server, or damaged."""
        if not store.is_in_place():
            self.close()
            return
        try:
            store.check()
        except FAULTS as fault:
            self.mend(self.epoch, fault)

    def _set_aside(self, store: IndexStore, fault: BaseException) -> None:
        try:
            moved = set_aside(self._path, store.place)
        except OSError as obstacle:
            self._do_without(obstacle)
        else:
            if moved is not None:
                self._tell(moved_sentence(self._path, moved, fault))

    def _do_without(self, reason: BaseException) -> None:
        self.begin(open_private(IndexUnusable(self._path, reason), self._tell))
