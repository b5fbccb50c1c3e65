"""Homes with an index that was made beforehand: making one waits for the disk several times."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.home import IndexedHome
from tests.projections.counting import Row, rows

INDEX = Path("threadstore", "index.sqlite")


@cache
def _empty_index() -> bytes:
    """The bytes of an index that knows nothing."""
    with TemporaryDirectory() as folder:
        home = IndexedHome(Path(folder))
        home.close()
        return home.store.path.read_bytes()


def begin(root: Path) -> Path:
    """Put an empty index into a new home; gives the home."""
    (root / INDEX).parent.mkdir(mode=0o700, parents=True)
    (root / INDEX).write_bytes(_empty_index())
    return root


def new_home(root: Path) -> IndexedHome:
    """A home that knows nothing yet."""
    return IndexedHome(begin(root))


@cache
def rebuilt(data: bytes) -> dict[str, list[Row]]:
    """The rows of a home that meets these bytes for the first time; not to be changed."""
    with TemporaryDirectory() as folder:
        home = new_home(Path(folder))
        home.write(data)
        found = rows(home, home.catch_up().file_id)
        home.close()
        return found
