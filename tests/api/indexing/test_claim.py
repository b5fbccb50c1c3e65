"""A file of somebody else that is named as the index stays where and as it is."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from api.indexing.claim import NotOurs, claim
from api.indexing.index import open_index
from projections.memory_store import MemoryStore
from projections.sealed_store import SealedStore
from rollout.catalogue.catalogue import Catalogue


def text(path: Path) -> None:
    """Somebody's text."""
    path.write_text("root:x:0:0:root:/root:/bin/bash\n" * 9)


def short(path: Path) -> None:
    """A file that ends before the mark would begin."""
    path.write_bytes(b"x")


def database(path: Path) -> None:
    """Somebody's database, which has no application id."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE theirs (a)")


def folder(path: Path) -> None:
    """A folder."""
    path.mkdir()


def pipe(path: Path) -> None:
    """A pipe, at which a careless reader waits."""
    os.mkfifo(path)


def link(path: Path) -> None:
    """A link to somebody's text."""
    text(path.with_name("aim"))
    path.symlink_to("aim")


Maker = Callable[[Path], None]


@pytest.mark.parametrize("make", [text, short, database, folder, pipe, link])
def test_somebody_elses_is_not_touched_and_one_in_memory_serves(tmp_path: Path, make: Maker) -> None:
    path = tmp_path / "notes"
    make(path)
    before = {each.name: each.lstat() for each in tmp_path.iterdir()}
    told: list[str] = []
    for _ in range(2):
        store = open_index(path, told.append)
        store.close()
        assert isinstance(store, MemoryStore)
    assert {each.name: each.lstat().st_ino for each in tmp_path.iterdir()} == {
        name: found.st_ino for name, found in before.items()
    }
    assert path.lstat().st_mtime_ns == before["notes"].st_mtime_ns
    sentence = f"the index {path} cannot be used (notes is no index); one in memory serves instead"
    assert told == [sentence, sentence]


def test_a_device_is_no_index() -> None:
    with pytest.raises(NotOurs, match="null is no index"):
        claim(Path("/dev/null"))


def damaged(path: Path) -> None:
    """An index of ours of which nothing is left but its size: its lock tells."""
    SealedStore(path, Catalogue()).close()
    path.write_bytes(b"x" * path.stat().st_size)


def copied(path: Path) -> None:
    """An index of ours that was copied here alone: its head tells."""
    made = path.with_name("made")
    SealedStore(made, Catalogue()).close()
    made.rename(path)
    path.with_name("made-lock").unlink()
    path.with_name("made-seal").unlink()


@pytest.mark.parametrize("make", [lambda _path: None, Path.touch, damaged, copied])
def test_an_index_is_kept_where_none_is_or_one_of_ours_was(tmp_path: Path, make: Maker) -> None:
    path = tmp_path / "elsewhere"
    make(path)
    store = open_index(path, lambda _sentence: None)
    assert not store.is_private
    store.close()


def test_what_lies_in_our_own_folder_may_be_moved_away(tmp_path: Path) -> None:
    path = tmp_path / "threadstore" / "index.sqlite"
    path.parent.mkdir()
    text(path)
    claim(path)
