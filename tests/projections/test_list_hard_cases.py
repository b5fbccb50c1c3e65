"""Hard cases of the list: heads that change under a longer file, and threads in two files."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from domain.cursors import ThreadCursor
from tests.home import THREAD, event, meta
from tests.projections.listing import ListedHome, says


@pytest.fixture(name="home")
def _home(tmp_path: Path) -> Iterator[ListedHome]:
    home = ListedHome(tmp_path)
    yield home
    home.close()


def rewrite(path: Path, data: bytes) -> None:
    """The same file with other bytes."""
    path.write_bytes(data)


def remove_and_make(path: Path, data: bytes) -> None:
    """Another file, which often gets the number of the one before (ext4 gives the lowest free one)."""
    path.unlink()
    path.write_bytes(data)


@pytest.mark.parametrize("known", [[says("old")], []], ids=["complete", "incomplete"])
@pytest.mark.parametrize("change", [rewrite, remove_and_make])
def test_a_longer_file_with_another_head_has_the_row_of_that_head(
    home: ListedHome, change: Callable[[Path, bytes], None], known: list[bytes]
) -> None:
    """A longer file of the same number counts as grown, its head as read: no seam is compared."""
    home.write([meta(cwd="/old"), *known])
    home.reconcile()
    change(home.path_of(), meta(cwd="/a/new/and/longer/one") + says("new, and longer than the old one"))
    (row,) = home.rows()
    assert (row.facts["cwd"], row.preview) == ("/a/new/and/longer/one", "new, and longer than the old one")


def two_files(home: ListedHome) -> Path:
    """A thread in two files of one name, the second one longer; gives its path."""
    home.write([meta(), says("short")])
    other = home.root / "sessions" / "2026" / "05" / "02" / home.path_of().name
    other.parent.mkdir()
    other.write_bytes(meta() + says("long") + event("agent_message", message="more"))
    return other


def test_a_thread_in_two_files_is_one_row_that_of_the_longer(home: ListedHome) -> None:
    """design.md, D11."""
    longer = two_files(home)
    assert [row.path for row in home.rows()] == [str(longer)]


def test_a_walk_meets_both_files_of_one_name(home: ListedHome) -> None:
    """While they are two rows (promise 5): both have one key, and the page behind the first has none."""
    two_files(home)
    both = home.rows()
    first = home.page_of_threads(limit=1)
    cursor = ThreadCursor(first.rows[-1].started_s * 10**9, first.rows[-1].name_id)
    second = home.page_of_threads(cursor, 1)
    assert len(first.rows) + len(second.rows) == len(both)
    assert first.has_more == bool(second.rows)
    assert {row.name_id for row in both} == {THREAD}
