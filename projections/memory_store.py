"""An index in memory, where none can be kept: for this process alone, gone with it.

Its readers have connections of their own, as with a file: SQLite shares a named database of its `memdb`
storage among the connections of a process. There readers and the writer wait for each other.
"""

from pathlib import Path
from uuid import uuid4

from eventsourcing.sqlite import SQLiteTrackingRecorder

from projections.database import IndexDatabase
from projections.ports import CatalogueTables
from projections.store import IndexStore

MEMORY_PRAGMAS = (
    "PRAGMA journal_mode = MEMORY",
    "PRAGMA synchronous = OFF",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA cache_size = -4096",
)


class MemoryStore(IndexStore):
    """An index without a file; as large as one, about a percent of the log."""

    is_private = True

    def __init__(self, catalogue: CatalogueTables) -> None:
        """Begin one."""
        self._address = f"file:/threadstore-{uuid4()}?vfs=memdb"
        self.path = Path(":memory:")
        self.place = (0, 0)
        self.catalogue = catalogue
        SQLiteTrackingRecorder.__init__(self, IndexDatabase(self._address, MEMORY_PRAGMAS))
        self.create_table()

    @property
    def address(self) -> str:
        """How SQLite is told to open it for reading."""
        return self._address

    def is_in_place(self) -> bool:
        """Nobody can take it away."""
        return True

    def compact(self) -> int:
        """The size of the index in bytes."""
        with self.writing() as cursor:
            pages: int = cursor.execute("PRAGMA page_count").fetchone()[0]
            size: int = cursor.execute("PRAGMA page_size").fetchone()[0]
        return pages * size
