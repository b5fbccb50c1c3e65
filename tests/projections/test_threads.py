"""The rows of the list are those of the files: new ones come, changed ones change, others are left alone."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from domain.log import RolloutPlace
from domain.times import day_number
from tests.home import THREAD, meta
from tests.projections.listing import ListedHome, says
from tests.projections.sample import thread, turns


@pytest.fixture(name="home")
def _home(tmp_path: Path) -> Iterator[ListedHome]:
    home = ListedHome(tmp_path)
    yield home
    home.close()


def previews(home: ListedHome, *, archived: bool = False) -> list[str]:
    """What the list shows now."""
    return sorted(row.preview for row in home.rows(archived=archived))


def renew(home: ListedHome, *places: RolloutPlace) -> None:
    """Bring the rows of these files up to date."""
    with home.store.writing() as cursor:
        home.threads.renew(cursor, places)


def fill(home: ListedHome, *texts: str) -> None:
    """A thread for each text."""
    for number, text in enumerate(texts):
        home.write([meta(thread(number)), says(text)], thread(number))


# -- the rows follow the files ----------------------------------------------------------------


def test_a_home_without_files_has_no_rows(home: ListedHome) -> None:
    assert home.reconcile() == 0
    assert home.rows() == []


def test_new_files_are_opened_once_and_have_rows(home: ListedHome) -> None:
    fill(home, "a", "b", "c")
    assert home.reconcile() == 3
    assert previews(home) == ["a", "b", "c"]


def test_a_home_that_did_not_change_opens_no_file(home: ListedHome) -> None:
    fill(home, "a", "b", "c")
    home.write([b"never listed\n"], thread(9))
    home.reconcile()
    for _ in range(2):
        assert home.reconcile() == 0
        assert home.counted.read == 0
    assert len(home.page_of_threads().rows) == 3


def test_rows_of_files_that_are_gone_are_dropped(home: ListedHome) -> None:
    fill(home, "a", "b", "c")
    home.reconcile()
    home.path_of(thread(1)).unlink()
    assert home.reconcile() == 0
    assert previews(home) == ["a", "c"]


def test_a_file_that_comes_back_has_its_row_again(home: ListedHome) -> None:
    fill(home, "a")
    home.reconcile()
    aside = home.path_of(thread(0)).rename(home.root / "aside")
    assert previews(home) == []
    aside.rename(home.path_of(thread(0)))
    assert previews(home) == ["a"]


def test_one_new_file_among_known_ones_is_the_only_one_opened(home: ListedHome) -> None:
    fill(home, "a", "b")
    home.reconcile()
    home.write([meta(thread(7)), says("new")], thread(7))
    assert home.reconcile() == 1
    assert home.counted.opened == [str(home.path_of(thread(7)))]
    assert previews(home) == ["a", "b", "new"]


def test_a_list_made_anew_is_the_same(home: ListedHome) -> None:
    fill(home, "a", "b", "c")
    home.reconcile()
    for number in range(3):
        home.append(says("more"), thread(number))
    home.path_of(thread(1)).unlink()
    before = home.rows()
    home.store.path.unlink()
    other = ListedHome(home.root)
    assert other.rows() == before
    other.close()


def test_a_row_tells_what_the_file_and_its_name_say(home: ListedHome) -> None:
    path = home.write([meta(git={"branch": "main"}), says(" hello ")])
    os.utime(path, ns=(0, 1_234_567_899_999_999))
    (row,) = home.rows()
    assert (row.path, row.name_id, row.thread_id) == (str(path), THREAD, str(THREAD))
    assert (row.day, row.started_s, row.updated_ms) == (day_number(2026, 5, 1), 1777629600, 1_234_567_899)
    assert row.preview == "hello"
    assert row.facts["cwd"] == "/srv/demo"
    assert row.facts["git"] == {"branch": "main"}


def test_a_file_keeps_one_id_in_the_list_and_in_the_history(home: ListedHome) -> None:
    fill(home, "a")
    home.reconcile()
    indexed = home.catch_up(thread(0))
    home.append(says("more"), thread(0))
    home.reconcile()
    assert home.catch_up(thread(0)).file_id == indexed.file_id
    with home.store.writing() as cursor:
        found = [row["file_id"] for row in cursor.execute("SELECT file_id FROM thread").fetchall()]
    assert found == [indexed.file_id]


# -- files that change ------------------------------------------------------------------------


def test_a_complete_head_is_not_read_again_when_the_file_grows(home: ListedHome) -> None:
    fill(home, "a")
    home.reconcile()
    home.append(b"".join(turns(10)), thread(0))
    os.utime(home.path_of(thread(0)), (5, 5))
    home.reconcile()
    assert home.counted.sliced == 0
    (row,) = home.page_of_threads().rows
    assert (row.preview, row.updated_ms) == ("a", 5000)


def test_a_file_that_was_only_touched_has_a_new_time(home: ListedHome) -> None:
    fill(home, "a")
    home.reconcile()
    os.utime(home.path_of(thread(0)), (7, 7))
    assert [row.updated_ms for row in home.rows()] == [7000]


def test_an_incomplete_head_is_read_on_from_where_it_ended(home: ListedHome) -> None:
    head = b"".join([meta(), *(b"{}\n" for _ in range(5000))])
    home.write(head)
    assert home.reconcile() == 1
    new = says("at last")
    home.append(new)
    assert home.reconcile() == 1
    assert home.counted.sliced == len(new)
    assert home.preview() == "at last"
    home.append(says("later"))
    home.reconcile()
    assert home.counted.sliced == 0


def replace(path: Path, data: bytes) -> None:
    """Another file in its place."""
    path.with_name("new").write_bytes(data)
    path.with_name("new").replace(path)


def rewrite(path: Path, data: bytes) -> None:
    """The same file with other bytes."""
    path.write_bytes(data)
    os.utime(path, (1, 1))


@pytest.mark.parametrize("text", ["b", "other", "o", "other and longer"])
def test_a_file_that_was_replaced_has_the_row_of_the_new_one(home: ListedHome, text: str) -> None:
    home.write([meta(), says("first")])
    home.reconcile()
    replace(home.path_of(), meta(cwd="/new") + says(text))
    (row,) = home.rows()
    assert (row.preview, row.facts["cwd"]) == (text, "/new")


@pytest.mark.parametrize("text", ["other", "o"])
def test_a_file_that_was_rewritten_no_longer_has_the_new_row(home: ListedHome, text: str) -> None:
    home.write([meta(), says("first")])
    home.reconcile()
    rewrite(home.path_of(), meta() + says(text))
    assert home.preview() == text


@pytest.mark.parametrize("data", [b"", b"garbage\n", meta(), says("no meta")])
@pytest.mark.parametrize("change", [replace, rewrite])
def test_a_file_that_lost_its_head_is_listed_no_more(
    home: ListedHome, change: Callable[[Path, bytes], object], data: bytes
) -> None:
    home.write([meta(), says("first"), *turns(3)])
    home.reconcile()
    change(home.path_of(), data)
    assert home.rows() == []
    replace(home.path_of(), meta() + says("again"))
    assert home.preview() == "again"


# -- files that cannot be read ----------------------------------------------------------------


def test_a_file_that_goes_before_it_is_opened_has_no_row(home: ListedHome) -> None:
    fill(home, "a", "b")
    gone = str(home.path_of(thread(0)))
    home.counted.before_open = lambda path: Path(path).unlink() if path == gone else None
    assert previews(home) == ["b"]


def test_a_file_that_cannot_be_read_costs_only_its_row(home: ListedHome) -> None:
    fill(home, "a", "b", "c")
    places = home.places()
    home.path_of(thread(1)).unlink()
    os.mkfifo(home.path_of(thread(1)))
    assert home.threads.reconcile(places, archived=False) == 3
    assert sorted(row.preview for row in home.page_of_threads().rows) == ["a", "c"]


def test_a_row_goes_when_its_file_cannot_be_read_any_more(home: ListedHome) -> None:
    fill(home, "a", "b")
    home.reconcile()
    rewrite(home.path_of(thread(0)), meta())
    places = home.places()
    home.path_of(thread(0)).unlink()
    home.path_of(thread(0)).mkdir()
    home.threads.reconcile(places, archived=False)
    assert [row.preview for row in home.page_of_threads().rows] == ["b"]


def test_an_error_leaves_the_rows_as_they_were(home: ListedHome) -> None:
    fill(home, "a", "b")
    before = home.rows()
    fill(home, "x", "y", "z")

    def fail(path: str) -> None:
        if path == str(home.path_of(thread(2))):
            raise MemoryError

    home.counted.before_open = fail
    with pytest.raises(MemoryError):
        home.threads.reconcile(home.places(), archived=False)
    assert home.page_of_threads().rows == before
    home.counted.before_open = None
    assert previews(home) == ["x", "y", "z"]


# -- archived and active ----------------------------------------------------------------------


def test_active_and_archived_threads_are_apart(home: ListedHome) -> None:
    fill(home, "a", "b")
    home.path_of(thread(1)).rename(home.archive / home.path_of(thread(1)).name)
    assert (previews(home), previews(home, archived=True)) == (["a"], ["b"])


@pytest.mark.parametrize("archived_first", [True, False])
def test_a_thread_that_is_archived_and_brought_back_changes_lists(
    home: ListedHome,
    archived_first: bool,  # noqa: FBT001 - a parameter
) -> None:
    fill(home, "a", "b")
    here, there = home.path_of(thread(0)), home.archive / home.path_of(thread(0)).name

    def both() -> tuple[list[str], list[str]]:
        if archived_first:
            archived = previews(home, archived=True)
            return previews(home), archived
        return previews(home), previews(home, archived=True)

    assert both() == (["a", "b"], [])
    here.rename(there)
    assert both() == (["b"], ["a"])
    there.rename(here)
    assert both() == (["a", "b"], [])


def test_reconciling_one_folder_leaves_the_rows_of_the_other(home: ListedHome) -> None:
    fill(home, "a", "b")
    home.path_of(thread(1)).rename(home.archive / home.path_of(thread(1)).name)
    previews(home)
    previews(home, archived=True)
    home.path_of(thread(0)).unlink()
    assert previews(home) == []
    assert [row.preview for row in home.page_of_threads(archived=True).rows] == ["b"]


# -- several programs -------------------------------------------------------------------------


def test_a_row_is_that_of_the_file_as_it_was_read_not_as_it_was_met(home: ListedHome) -> None:
    """Another server may have made the row of the newer state, and will not be told again."""
    fill(home, "a")
    os.utime(home.path_of(thread(0)), (5, 5))
    met = home.places()
    home.append(says("more"), thread(0))
    os.utime(home.path_of(thread(0)), (9, 9))
    home.reconcile()
    renew(home, *met)
    assert [row.updated_ms for row in home.page_of_threads().rows] == [9000]
    assert home.reconcile() == 0


def test_a_walk_of_before_drops_no_row_of_a_file_that_is_there(home: ListedHome) -> None:
    fill(home, "a", "b")
    home.reconcile()
    walked = home.places()
    fill(home, "a", "b", "c")
    home.path_of(thread(0)).unlink()
    home.reconcile()
    outdated = home.threads.compare(walked, archived=False)
    assert sorted(row.preview for row in home.page_of_threads().rows) == ["b", "c"]
    assert outdated.unlisted == [str(home.path_of(thread(2)))]


# -- one file ---------------------------------------------------------------------------------


def test_the_row_of_one_file_is_made_by_itself(home: ListedHome) -> None:
    fill(home, "a", "b")
    places = {place.thread_id: place for place in home.places()}
    renew(home, places[thread(0)])
    assert [row.preview for row in home.page_of_threads().rows] == ["a"]
    home.counted.reset()
    renew(home, places[thread(0)])
    assert home.counted.opened == []
    rewrite(home.path_of(thread(0)), meta() + says("z"))
    renew(home, next(place for place in home.places() if place.thread_id == thread(0)))
    assert [row.preview for row in home.page_of_threads().rows] == ["z"]


def test_an_odd_file_has_a_row_that_no_list_shows(home: ListedHome) -> None:
    odd = home.root / "sessions" / f"odd-{THREAD}.txt"
    odd.parent.mkdir()
    odd.write_bytes(meta() + says("hidden"))
    place = home.sessions.find(THREAD)
    assert place is not None
    renew(home, place)
    assert home.page_of_threads().rows == []
