"""Opening the index of a home, whatever state it is in: it is disposable, and keeps nobody waiting.

One that is damaged, of another program or of a newer version goes to a folder beside it, and a new one is
begun. Where that cannot be, on a read-only or full disk or while another program holds it, an index in
memory serves.
"""

import logging
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

from eventsourcing.persistence import PersistenceError

from api.indexing.backups import place_of, set_aside
from api.indexing.claim import NotOurs, claim
from domain.limits import INDEX_ATTEMPTS
from projections.database import ForeignIndex, NewerIndex
from projections.memory_store import MemoryStore
from projections.sealed_store import SealedStore
from projections.store import IndexStore
from rollout.catalogue.catalogue import Catalogue

LOG = logging.getLogger("threadstore")

Tell = Callable[[str], None]
"""Told what became of an index, in a sentence for a person."""

DAMAGE = frozenset(
    {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR, sqlite3.SQLITE_MISMATCH}
)
"""Primary codes of faults that lie in the file: its pages, its kind, its tables; waiting mends none."""

OBSTACLES = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_READONLY,
    }
)
"""Primary codes of faults around the file: another program's lock, the disk, permissions."""

FAILURES = (NewerIndex, ForeignIndex, sqlite3.Error, PersistenceError, OSError)


def code_of(error: BaseException | None) -> int | None:
    """SQLite's primary code of a fault, or of what it came from."""
    while error is not None:
        code: int | None = getattr(error, "sqlite_errorcode", None)
        if code is not None:
            return code & 0xFF
        error = error.__cause__
    return None


def is_damage(error: BaseException | None) -> bool:
    """Whether the index itself is at fault, not the moment: a lock or a full disk passes."""
    return code_of(error) in DAMAGE


def is_obstacle(error: BaseException | None) -> bool:
    """Whether something keeps a healthy index from being used."""
    return isinstance(error, OSError) or code_of(error) in OBSTACLES


class IndexUnusable(Exception):
    """No index can be kept at a path for now."""

    def __init__(self, path: Path, reason: object) -> None:
        super().__init__(f"the index {path} cannot be used ({reason})")


def open_index(path: Path, tell: Tell = LOG.warning) -> IndexStore:
    """The index at this path, or in its place one that can be used."""
    try:
        return open_kept(path, tell)
    except IndexUnusable as reason:
        return open_private(reason, tell)


def open_kept(path: Path, tell: Tell) -> IndexStore:
    """The index at this path, begun anew where what lies there is worthless; else IndexUnusable."""
    for _ in range(INDEX_ATTEMPTS):
        place = place_of(path)
        try:
            claim(path)
            return SealedStore(path, Catalogue())
        except FAILURES as error:
            if not _make_room(path, place, error, tell):
                raise IndexUnusable(path, error) from error
    raise IndexUnusable(path, "it is damaged again and again")


def open_private(reason: object, tell: Tell) -> IndexStore:
    """An index for this process alone."""
    tell(f"{reason}; one in memory serves instead")
    return MemoryStore(Catalogue())


def _make_room(path: Path, place: tuple[int, int] | None, error: Exception, tell: Tell) -> bool:
    """Set aside what cannot be used; tells whether to try once more."""
    if place is None or not _is_worthless(path, error):
        return False
    try:
        moved = set_aside(path, place)
    except OSError:
        return False
    if moved is not None:
        tell(moved_sentence(path, moved, error))
    return True


def moved_sentence(path: Path, moved: Path, error: object) -> str:
    """What a person is told of an index that was set aside."""
    return f"the index {path} could not be used ({error}); it is kept as {moved} and built again"


def _is_worthless(path: Path, error: Exception) -> bool:
    """Whether waiting makes no good index of it."""
    if isinstance(error, (NotOurs, TimeoutError)):
        return False
    if isinstance(error, (NewerIndex, ForeignIndex)) or is_damage(error):
        return True
    return not path.is_file() or not os.access(path, os.W_OK)
