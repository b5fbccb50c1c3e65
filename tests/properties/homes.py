"""Homes for one example each, and what is compared of them."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from domain.limits import BLOCK_SIZE
from domain.lines import PASSED_OVER
from domain.log import LogSlice
from domain.views import ItemsView
from projections.indexer import Indexer
from rollout.joined.home_log import JoinedLog
from rollout.log import RolloutLog, RolloutReader
from rollout.scan import scan
from tests.home import IndexedHome, Json
from tests.properties.model import difference, in_view, turns_of

Tables = dict[str, list[Json]]


class NarrowReader(RolloutReader):
    """A file that is read in small blocks."""

    block_size = BLOCK_SIZE

    def slices(self, start: int, first_line: int) -> Iterator[LogSlice]:
        """The whole lines from an offset on, a small block at a time."""
        return scan(self._descriptor, start, first_line, self.state.size, self.block_size)


class NarrowLog(RolloutLog):
    """Rollout files that are read in small blocks."""

    def __init__(self, block_size: int) -> None:
        self._block_size = block_size

    @contextmanager
    def open(self, path: str) -> Iterator[RolloutReader]:
        """This file, as the log opens it."""
        with super().open(path) as source:
            narrow = NarrowReader(source.path, source._descriptor, source.state)
            narrow.block_size = self._block_size
            yield narrow


@contextmanager
def new_home(
    passed_over: tuple[bytes, ...] = PASSED_OVER, block_size: int | None = None
) -> Iterator[IndexedHome]:
    """A home that is gone afterwards."""
    with TemporaryDirectory(prefix="properties-") as folder:
        home = IndexedHome(Path(folder), passed_over)
        if block_size is not None:
            home.log = NarrowLog(block_size)
            home.indexer = Indexer(home.store, JoinedLog(home.log), passed_over)
        try:
            yield home
        finally:
            home.close()


@contextmanager
def home_of(data: bytes, passed_over: tuple[bytes, ...] = PASSED_OVER) -> Iterator[IndexedHome]:
    """A home with one file that holds this."""
    with new_home(passed_over) as home:
        home.write(data)
        yield home


def tables_of(data: bytes) -> Tables:
    """The rows of a file that is folded from its beginning in one go."""
    with home_of(data) as home:
        home.catch_up()
        return home.tables()


def without(tables: Tables, columns: Iterable[str]) -> Tables:
    """The rows without some columns."""
    left_out = frozenset(columns)
    return {
        table: [{name: value for name, value in row.items() if name not in left_out} for row in rows]
        for table, rows in tables.items()
    }


def assert_shows(home: IndexedHome, data: bytes, view: ItemsView = ItemsView.FULL) -> None:
    """The home shows the turns that the model finds in the bytes."""
    assert difference(home.turns(view), in_view(turns_of(data), view.value)) is None
