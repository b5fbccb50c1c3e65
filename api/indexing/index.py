"""Opening the index of a home, whatever state it is in: it is disposable, and keeps nobody waiting."""

import logging
import sqlite3
import tempfile
from pathlib import Path

from eventsourcing.persistence import PersistenceError

from projections.database import NewerIndex
from projections.store import IndexStore
from rollout.catalogue.catalogue import Catalogue

LOG = logging.getLogger("threadstore")

DAMAGED_SUFFIX = ".damaged"
COMPANIONS = ("", "-wal", "-shm")


DAMAGE = frozenset(
    {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR, sqlite3.SQLITE_MISMATCH}
)
"""Primary codes of faults that lie in the file: its pages, its kind, its tables; waiting mends none."""


def is_damage(error: BaseException | None) -> bool:
    """Whether the index itself is at fault, not the moment: a lock or a full disk passes."""
    while error is not None:
        code = getattr(error, "sqlite_errorcode", None)
        if code is not None:
            return code & 0xFF in DAMAGE
        error = error.__cause__
    return False


def open_index(path: Path) -> IndexStore:
    """The index at this path; a damaged one is set aside, and where none can be a temporary one serves."""
    try:
        return IndexStore(path, Catalogue())
    except NewerIndex as error:
        return _elsewhere(path, error)
    except (sqlite3.Error, PersistenceError) as error:
        return _again(path, error) if is_damage(error) else _elsewhere(path, error)
    except OSError as error:
        return _elsewhere(path, error)


def set_aside(path: Path) -> None:
    """Give a damaged index and its companions other names."""
    for suffix in COMPANIONS:
        beside = path.with_name(path.name + suffix)
        if beside.exists():
            beside.replace(path.with_name(path.name + suffix + DAMAGED_SUFFIX))


def _again(path: Path, error: Exception) -> IndexStore:
    """Set a damaged index aside and begin a new one."""
    LOG.warning("the index %s could not be opened (%s); it is set aside and built again", path, error)
    try:
        set_aside(path)
        return IndexStore(path, Catalogue())
    except (OSError, sqlite3.Error, PersistenceError) as again:
        return _elsewhere(path, again)


def _elsewhere(path: Path, error: Exception) -> IndexStore:
    """An index for this process alone."""
    folder = Path(tempfile.mkdtemp(prefix="threadstore-"))
    LOG.warning("the index %s cannot be used (%s); a temporary one in %s serves instead", path, error, folder)
    return IndexStore(folder / "index.sqlite", Catalogue())
