"""Whatever becomes of a file, its rows are those of what it holds now."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from domain.errors import UnreadableThread
from projections.indexer import Indexer
from rollout.joined.home_log import JoinedLog
from rollout.log import SEAM_SIZE, SEAM_WHOLE_SIZE
from tests.home import THREAD, IndexedHome, event, meta
from tests.projections.counting import CountingLog, positions, rows
from tests.projections.homes import new_home, rebuilt
from tests.projections.sample import SAMPLE, turns

WHOLE = b"".join(SAMPLE)
BIG = b"".join([meta(), *turns(150)])
"""Longer than what is compared as a whole."""

Change = Callable[[Path], object]


@pytest.fixture(name="home")
def _home(tmp_path: Path) -> IndexedHome:
    return new_home(tmp_path)


def rewrite(path: Path, data: bytes) -> None:
    """The same file with other bytes, at another time whatever the clock counts in."""
    path.write_bytes(data)
    os.utime(path, (1, 1))


def replace(path: Path, data: bytes) -> None:
    """Another file in its place."""
    new = path.with_name("new")
    new.write_bytes(data)
    new.replace(path)


def remove_and_make(path: Path, data: bytes) -> None:
    """Another file in its place, which may well get the number of the one before."""
    path.unlink()
    rewrite(path, data)


def contents(data: bytes) -> dict[str, bytes]:
    """What a file may hold later, by what that is."""
    other = data.replace(b"t1", b"T9").replace(b"turn-1", b"TURN-9")
    head, rest = data.split(b"\n", 1)
    return {
        "nothing": b"",
        "the first line": head + b"\n",
        "half of a line": data[: len(head) + 1 + rest.index(b"\n") // 2],
        "one line less": data[: data.rindex(b"\n", 0, -1) + 1],
        "one byte less": data[:-1],
        "the same": data,
        "as many other bytes": other,
        "other and more bytes": other + SAMPLE[-1],
        "other and fewer bytes": other[: data.rindex(b"\n", 0, -1) + 1],
        "a longer head": event("user_message", message="before all") + data,
        "the same twice": data + data,
        "lines in another order": b"".join(reversed(data.splitlines(keepends=True))),
        "bytes that are no lines": bytes(range(256)) * 40,
    }


@pytest.mark.parametrize("what", contents(WHOLE))
@pytest.mark.parametrize("known", [WHOLE, BIG, WHOLE[:-1]], ids=["small", "big", "torn"])
@pytest.mark.parametrize("change", [rewrite, replace, remove_and_make])
def test_a_file_that_was_changed_has_the_rows_of_what_it_holds(
    home: IndexedHome, change: Callable[[Path, bytes], object], known: bytes, what: str
) -> None:
    data = contents(known)[what]
    home.write(known)
    home.catch_up()
    change(home.path_of(), data)
    indexed = home.catch_up()
    assert rows(home, indexed.file_id) == rebuilt(data)
    head, tracked = positions(home)
    assert head == tracked >= known.count(b"\n")
    assert len(home.tables()["history"]) == 1


def test_a_file_that_was_only_touched_has_the_same_rows(home: IndexedHome) -> None:
    home.write(WHOLE)
    home.catch_up()
    os.utime(home.path_of(), (1, 1))
    home.path_of().chmod(0o600)
    assert rows(home, home.catch_up().file_id) == rebuilt(WHOLE)


@pytest.mark.parametrize("at", [0, SEAM_SIZE - 1, -SEAM_SIZE, -1])
def test_a_byte_changed_at_either_end_of_a_file_that_grew_is_noticed(home: IndexedHome, at: int) -> None:
    assert len(BIG) > SEAM_WHOLE_SIZE
    home.write(BIG)
    known = home.catch_up()
    data = bytearray(BIG)
    data[at] ^= 1
    rewrite(home.path_of(), bytes(data) + SAMPLE[-1])
    indexed = home.catch_up()
    assert indexed.file_id != known.file_id
    assert rows(home, indexed.file_id) == rebuilt(bytes(data) + SAMPLE[-1])


# -- files that are gone ----------------------------------------------------------------------


def test_a_file_that_is_gone_is_not_found_and_keeps_its_rows(home: IndexedHome) -> None:
    home.write(WHOLE)
    home.catch_up()
    before = home.tables()
    home.path_of().unlink()
    with pytest.raises(FileNotFoundError):
        home.catch_up()
    assert home.tables() == before


def test_a_file_that_goes_right_before_it_is_opened_is_not_found(home: IndexedHome) -> None:
    home.write(WHOLE)
    log = CountingLog(before_open=lambda path: Path(path).unlink())
    with pytest.raises(FileNotFoundError):
        Indexer(home.store, JoinedLog(log)).catch_up(str(home.path_of()), THREAD)
    assert home.tables() == {"history": [], "turn": [], "item_line": []}
    home.write(WHOLE)
    assert rows(home, home.catch_up().file_id) == rebuilt(WHOLE)


def test_a_file_that_goes_while_it_is_read_is_read_to_its_end(home: IndexedHome) -> None:
    home.write(WHOLE)
    with home.log.open(str(home.path_of())) as source:
        home.path_of().unlink()
        assert b"".join(piece.data for piece in source.slices(0, 1)) == WHOLE


AT_THE_WRONG_MOMENT: dict[str, Change] = {
    "cut": lambda path: os.truncate(path, len(BIG) // 2),
    "emptied": lambda path: os.truncate(path, 0),
    "rewritten": lambda path: rewrite(path, BIG.replace(b"turn-1", b"TURN-1")),
    "replaced": lambda path: replace(path, WHOLE),
    "removed and made": lambda path: remove_and_make(path, WHOLE),
}


@pytest.mark.parametrize("known", [b"", BIG[: len(BIG) // 3]], ids=["new", "known"])
@pytest.mark.parametrize("change", AT_THE_WRONG_MOMENT.values(), ids=AT_THE_WRONG_MOMENT.keys())
def test_a_file_that_changes_while_it_is_open_is_right_at_the_next_look(
    home: IndexedHome, change: Change, known: bytes
) -> None:
    home.write(known)
    home.catch_up()
    home.write(BIG)
    changing = JoinedLog(CountingLog(after_open=lambda path: change(Path(path))))
    Indexer(home.store, changing).catch_up(str(home.path_of()), THREAD)
    indexed = home.catch_up()
    assert rows(home, indexed.file_id) == rebuilt(home.path_of().read_bytes())


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo])
def test_what_is_no_file_any_more_is_unreadable_and_keeps_its_rows(home: IndexedHome, make: Change) -> None:
    home.write(WHOLE)
    home.catch_up()
    before = home.tables()
    home.path_of().unlink()
    make(home.path_of())
    with pytest.raises(UnreadableThread, match="not a regular file"):
        home.catch_up()
    assert home.tables() == before


def test_a_file_that_comes_back_is_known_or_read_anew(home: IndexedHome) -> None:
    home.write(WHOLE)
    home.catch_up()
    aside = home.path_of().with_name("aside")
    home.path_of().rename(aside)
    with pytest.raises(FileNotFoundError):
        home.catch_up()
    aside.rename(home.path_of())
    assert rows(home, home.catch_up().file_id) == rebuilt(WHOLE)


# -- files that moved -------------------------------------------------------------------------


@pytest.fixture
def archived(home: IndexedHome) -> Path:
    """Where the thread's file would be when it is archived."""
    folder = home.root / "archived_sessions"
    folder.mkdir()
    return folder / home.path_of().name


@pytest.mark.parametrize("known", [WHOLE, BIG, b"", WHOLE[:-1]], ids=["small", "big", "empty", "torn"])
def test_a_file_that_moved_keeps_its_rows_and_is_not_read(
    home: IndexedHome, archived: Path, known: bytes
) -> None:
    home.write(known)
    before = home.catch_up()
    home.path_of().rename(archived)
    log = CountingLog()
    counted = Indexer(home.store, JoinedLog(log))
    after = counted.catch_up(str(archived), THREAD)
    assert (after.file_id, after.path) == (before.file_id, str(archived))
    assert log.sliced == 0
    assert rows(home, after.file_id) == rebuilt(known)
    assert positions(home) == (known.count(b"\n"), known.count(b"\n"))
    log.reset()
    assert counted.catch_up(str(archived), THREAD) == after
    assert log.read == 0


def test_a_file_that_moved_and_grew_has_the_rows_of_all(home: IndexedHome, archived: Path) -> None:
    home.write(SAMPLE[:9])
    home.catch_up()
    home.append(b"".join(SAMPLE[9:]))
    home.path_of().rename(archived)
    assert rows(home, home.indexer.catch_up(str(archived), THREAD).file_id) == rebuilt(WHOLE)


def test_a_file_that_moved_to_and_fro_has_its_rows(home: IndexedHome, archived: Path) -> None:
    home.write(WHOLE)
    home.catch_up()
    for _ in range(2):
        home.path_of().rename(archived)
        assert rows(home, home.indexer.catch_up(str(archived), THREAD).file_id) == rebuilt(WHOLE)
        archived.rename(home.path_of())
        assert rows(home, home.catch_up().file_id) == rebuilt(WHOLE)
    assert len(home.tables()["history"]) == 1


def test_a_file_that_moved_and_another_one_in_its_place_are_two(home: IndexedHome, archived: Path) -> None:
    home.write(WHOLE)
    home.catch_up()
    home.path_of().rename(archived)
    home.write(BIG)
    here, there = home.catch_up(), home.indexer.catch_up(str(archived), THREAD)
    assert here.file_id != there.file_id
    assert rows(home, here.file_id) == rebuilt(BIG)
    assert rows(home, there.file_id) == rebuilt(WHOLE)


def test_a_file_that_moved_over_another_known_one_takes_its_place(home: IndexedHome, archived: Path) -> None:
    archived.write_bytes(BIG)
    home.indexer.catch_up(str(archived), THREAD)
    home.write(WHOLE)
    home.catch_up()
    home.path_of().replace(archived)
    found = home.indexer.catch_up(str(archived), THREAD)
    assert rows(home, found.file_id) == rebuilt(WHOLE)
    assert len(home.tables()["history"]) == 1


@pytest.mark.parametrize("copy", [shutil.copy, shutil.copy2, os.link])
def test_a_copy_is_a_file_of_its_own(
    home: IndexedHome, archived: Path, copy: Callable[[Path, Path], object]
) -> None:
    home.write(WHOLE)
    home.catch_up()
    copy(home.path_of(), archived)
    here, there = home.catch_up(), home.indexer.catch_up(str(archived), THREAD)
    assert here.file_id != there.file_id
    home.append(SAMPLE[-1])
    here, there = home.catch_up(), home.indexer.catch_up(str(archived), THREAD)
    assert rows(home, here.file_id) == rebuilt(WHOLE + SAMPLE[-1])
    assert rows(home, there.file_id) == rebuilt(archived.read_bytes())


def test_a_copy_does_not_take_the_rows_of_a_removed_file(home: IndexedHome, archived: Path) -> None:
    home.write(WHOLE)
    known = home.catch_up()
    shutil.copy2(home.path_of(), archived)
    home.path_of().unlink()
    found = home.indexer.catch_up(str(archived), THREAD)
    assert found.file_id != known.file_id
    assert rows(home, found.file_id) == rebuilt(WHOLE)
