"""Pages of the list: by the time and id in the names, in both directions, each thread once."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID
from zlib import crc32

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.cursors import SortDirection, ThreadCursor
from domain.errors import StaleIndex
from domain.history.rows import LinePlace
from domain.listing.source_kind import SourceKind
from domain.times import day_of_time
from projections.list_query import ListQuery, SortKey
from projections.plans import run_here
from projections.thread_pages import ListRow, ThreadPage, path_of_inner_id, thread_page, thread_record
from projections.thread_rows import COLUMNS, PUT
from tests.home import THREAD, IndexedHome, meta
from tests.projections.homes import new_home
from tests.projections.listing import ListedHome, says
from tests.projections.sample import thread

UP, DOWN = SortDirection.ASCENDING, SortDirection.DESCENDING
DIRECTIONS = pytest.mark.parametrize("direction", SortDirection)

Started = list[int]

PAGES_MAX = 50


class Rows:
    """List rows without files: each started in a second, numbered in the order given."""

    def __init__(self, home: IndexedHome) -> None:
        self.home = home
        with home.store.writing() as cursor:
            cursor.execute("DELETE FROM thread")
            cursor.execute("DELETE FROM rollout_file")

    def put(
        self, started: Started, first: int = 0, *, is_archived: bool = False, is_listed: bool = True
    ) -> None:
        """Add a row for each second."""
        with self.home.store.writing() as cursor:
            for number, started_s in enumerate(started, first):
                self._put(cursor, number, started_s, is_archived=is_archived, is_listed=is_listed)

    def _put(self, cursor: sqlite3.Cursor, number: int, started_s: int, **marks: bool) -> None:
        name = thread(number)
        cursor.execute(
            "INSERT INTO rollout_file (file_id, thread_id, path, device, inode, size, mtime_ns, ctime_ns) "
            "VALUES (?, ?, ?, '0', '0', 0, '0', '0')",
            (number + 1, str(name), f"/{number}"),
        )
        values: dict[str, object] = dict.fromkeys(COLUMNS, 0)
        values |= {"file_id": number + 1, "started_s": started_s, "name_id": name.bytes} | marks
        values |= {"source_kind": SourceKind.CLI, "day": day_of_time(started_s * 10**9)}
        values |= {"preview": "text", "first_text": None, "meta": None, "git_at": None, "git": None}
        cursor.execute(PUT, tuple(values[column] for column in COLUMNS))

    def page(
        self,
        cursor: ThreadCursor | None,
        limit: int,
        direction: SortDirection,
        *,
        archived: bool = False,
    ) -> ThreadPage:
        """One page."""
        with self.home.store.writing() as found:
            query = ListQuery(limit, is_archived=archived, direction=direction, cursor=cursor)
            return run_here(thread_page(query), found)

    def walk(self, limit: int, direction: SortDirection, cursor: ThreadCursor | None = None) -> list[UUID]:
        """All pages, one after another."""
        found: list[UUID] = []
        for _ in range(PAGES_MAX):
            page = self.page(cursor, limit, direction)
            found += [row.name_id for row in page.rows]
            if not page.has_more:
                return found
            assert len(page.rows) == limit
            cursor = behind(page.rows[-1])
        pytest.fail("the walk does not end")


def behind(row: ListRow) -> ThreadCursor:
    return row.cursor(SortKey.CREATED, includes_anchor=False)


def ordered(started: Started, direction: SortDirection) -> list[UUID]:
    """The ids in the order of the list."""
    keys = sorted((started_s, thread(number)) for number, started_s in enumerate(started))
    return [name for _, name in (keys if direction is UP else reversed(keys))]


@pytest.fixture(name="rows")
def _rows(tmp_path: Path) -> Iterator[Rows]:
    home = new_home(tmp_path)
    yield Rows(home)
    home.close()


@pytest.fixture(scope="module")
def shared() -> Iterator[IndexedHome]:
    """A home that examples of one test share."""
    with TemporaryDirectory() as folder:
        home = new_home(Path(folder))
        yield home
        home.close()


# -- walks ------------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(-3, 3), max_size=12),
    st.integers(1, 13),
    st.sampled_from(SortDirection),
)
def test_a_walk_meets_every_thread_once_also_among_equal_times(
    shared: IndexedHome, started: Started, limit: int, direction: SortDirection
) -> None:
    rows = Rows(shared)
    rows.put(started)
    assert rows.walk(limit, direction) == ordered(started, direction)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 2), min_size=1, max_size=8), st.data())
def test_a_walk_turns_round_at_any_thread(shared: IndexedHome, started: Started, data: st.DataObject) -> None:
    rows = Rows(shared)
    rows.put(started)
    direction = data.draw(st.sampled_from(SortDirection))
    back = DOWN if direction is UP else UP
    order = ordered(started, direction)
    index = data.draw(st.integers(0, len(order) - 1))
    anchor = next(row for row in rows.page(None, 100, UP).rows if row.name_id == order[index])
    assert rows.walk(2, direction, behind(anchor)) == order[index + 1 :]
    assert rows.walk(2, back, behind(anchor)) == order[:index][::-1]
    with_it = anchor.cursor(SortKey.CREATED, includes_anchor=True)
    assert rows.walk(2, direction, with_it) == order[index:]
    assert rows.walk(2, back, with_it) == order[: index + 1][::-1]


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.integers(0, 3), max_size=8),
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=4),
)
def test_a_walk_meets_every_thread_once_while_others_come_and_go(
    shared: IndexedHome, started: Started, others: list[tuple[int, int]]
) -> None:
    rows = Rows(shared)
    rows.put(started)
    found: list[UUID] = []
    cursor = None
    for step in range(20):
        page = rows.page(cursor, 2, DOWN)
        found += [row.name_id for row in page.rows]
        rows.put([second for at, second in others if at == step], 100 + 10 * step)
        if not page.has_more:
            break
        cursor = behind(page.rows[-1])
    assert [name for name in found if name in ordered(started, DOWN)] == ordered(started, DOWN)
    assert len(found) == len(set(found))


# -- cursors ----------------------------------------------------------------------------------

STARTED = [1, 2, 2, 2, 3]


@pytest.mark.parametrize(
    ("direction", "time_ms", "expected"),
    [
        (DOWN, 3000, [2, 2, 2, 1]),
        (DOWN, 2000, [1]),
        (DOWN, 2001, [2, 2, 2, 1]),
        (DOWN, 1999, [1]),
        (DOWN, 1000, []),
        (UP, 2000, [3]),
        (UP, 1999, [2, 2, 2, 3]),
        (UP, 2001, [3]),
        (UP, 0, [1, 2, 2, 2, 3]),
        (UP, 3000, []),
    ],
)
def test_a_bare_time_stands_behind_every_thread_of_that_time(
    rows: Rows, direction: SortDirection, time_ms: int, expected: Started
) -> None:
    rows.put(STARTED)
    page = rows.page(ThreadCursor(time_ms * 10**6, None), 100, direction)
    assert [row.started_s for row in page.rows] == expected


@DIRECTIONS
def test_a_cursor_whose_thread_is_gone_still_has_its_place(rows: Rows, direction: SortDirection) -> None:
    rows.put(STARTED)
    cursor = ThreadCursor(2 * 10**9, thread(2))
    before = [row.name_id for row in rows.page(cursor, 100, direction).rows]
    with rows.home.store.writing() as found:
        found.execute("DELETE FROM thread WHERE name_id = ?", (thread(2).bytes,))
    assert [row.name_id for row in rows.page(cursor, 100, direction).rows] == before


@DIRECTIONS
@pytest.mark.parametrize(("limit", "has_more"), [(1, True), (4, True), (5, False), (6, False), (100, False)])
def test_a_page_tells_whether_more_follows(
    rows: Rows,
    direction: SortDirection,
    limit: int,
    has_more: bool,  # noqa: FBT001 - a parameter
) -> None:
    rows.put(STARTED)
    page = rows.page(None, limit, direction)
    assert (len(page.rows), page.has_more) == (min(limit, 5), has_more)


@DIRECTIONS
def test_threads_that_are_not_listed_or_in_the_other_folder_are_left_out(
    rows: Rows, direction: SortDirection
) -> None:
    rows.put(STARTED)
    rows.put([2, 2], 10, is_listed=False)
    rows.put([2], 20, is_archived=True)
    rows.put([2], 30, is_archived=True, is_listed=False)
    assert rows.walk(2, direction) == ordered(STARTED, direction)
    page = rows.page(None, 10, direction, archived=True)
    assert [row.name_id for row in page.rows] == [thread(20)]


def test_an_empty_list_has_one_empty_page(rows: Rows) -> None:
    for direction in SortDirection:
        for cursor in (None, ThreadCursor(0, None), ThreadCursor(0, THREAD)):
            assert rows.page(cursor, 5, direction) == ThreadPage([], None)


# -- one thread -------------------------------------------------------------------------------


@pytest.fixture(name="home")
def _home(tmp_path: Path) -> Iterator[ListedHome]:
    home = ListedHome(tmp_path)
    yield home
    home.close()


def test_a_record_tells_the_row_and_the_places_of_the_metas(home: ListedHome) -> None:
    lines = [meta(), says("text"), meta(git={"branch": "b"}), meta(thread(9)), meta(cwd="/last")]
    home.write(lines)
    home.reconcile()
    indexed = home.catch_up()
    (row,) = home.page_of_threads().rows
    assert row.facts["git"] == {"branch": "b"}  # what is folded is shown (case git-update)
    with home.store.writing() as cursor:
        record = run_here(thread_record(indexed.file_id), cursor)
    at = [len(b"".join(lines[:number])) for number in range(len(lines))]
    assert record.row == row
    assert record.first_meta == LinePlace(0, len(lines[0]), crc32(lines[0]))
    assert record.git_meta == LinePlace(at[2], len(lines[2]), crc32(lines[2]))
    assert record.meta == LinePlace(at[4], len(lines[4]), crc32(lines[4]))


def test_a_record_without_metas_has_no_places(home: ListedHome) -> None:
    home.write([says("text")])
    home.rows()
    indexed = home.catch_up()
    with home.store.writing() as cursor:
        record = run_here(thread_record(indexed.file_id), cursor)
    assert (record.first_meta, record.meta, record.git_meta) == (None, None, None)
    assert (record.row.thread_id, record.row.facts, record.row.preview) == (None, {}, "text")


def test_a_thread_without_rows_is_stale(home: ListedHome) -> None:
    home.write([meta(), says("text")])
    indexed = home.catch_up()
    for file_id in (indexed.file_id, 99):
        with home.store.writing() as cursor, pytest.raises(StaleIndex):
            run_here(thread_record(file_id), cursor)


def test_a_file_is_found_by_the_id_in_its_meta(home: ListedHome) -> None:
    path = home.write([meta(thread(5)), says("text")])
    home.reconcile()
    with home.store.writing() as cursor:
        assert run_here(path_of_inner_id(str(thread(5))), cursor) == str(path)
        assert run_here(path_of_inner_id(str(THREAD)), cursor) is None


def test_of_several_files_with_an_inner_id_an_active_one_is_found(home: ListedHome) -> None:
    for number in (1, 2):
        home.write([meta(thread(5)), says("text")], thread(number))
    archived = home.archive / home.path_of(thread(2)).name
    home.path_of(thread(2)).rename(archived)
    home.reconcile()
    home.reconcile(archived=True)
    with home.store.writing() as cursor:
        assert run_here(path_of_inner_id(str(thread(5))), cursor) == str(home.path_of(thread(1)))
    home.path_of(thread(1)).unlink()
    home.reconcile()
    with home.store.writing() as cursor:
        assert run_here(path_of_inner_id(str(thread(5))), cursor) == str(archived)
