"""What a page costs depends on the page: files opened, bytes read, rows touched, steps made."""

import sqlite3
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from domain.cursors import ItemCursor, SortDirection, ThreadCursor, TurnCursor
from domain.listing.source_kind import SourceKind
from domain.times import day_of_time
from domain.views import ItemsView
from projections.content import items_json, turns_json
from projections.indexer import Indexer
from projections.list_query import ListQuery
from projections.pages import ItemPage, TurnPage, item_page, turn_page
from projections.plans import Plan, run_here
from projections.thread_pages import path_of_inner_id, thread_page, thread_record
from projections.thread_rows import COLUMNS, PUT
from rollout.joined.home_log import JoinedLog
from tests.home import THREAD, IndexedHome, meta
from tests.projections.counting import CountingLog, query_plan, statements_of, steps_of
from tests.projections.sample import thread, turns

FEW, MANY = 50, 5000
DIRECTIONS = pytest.mark.parametrize("direction", SortDirection)
VIEWS = pytest.mark.parametrize("view", ItemsView)


def row(file_id: int, is_archived: int, number: int) -> tuple[Any, ...]:
    """A list row; two of three are listed, and five share a second."""
    values: dict[str, Any] = dict.fromkeys(COLUMNS, 0)
    name = thread(file_id)
    values |= {"file_id": file_id, "is_archived": is_archived, "source_kind": SourceKind.CLI}
    values |= {"is_listed": number % 3 > 0, "started_s": number // 5, "day": day_of_time(0)}
    values |= {"name_id": name.bytes, "thread_id": str(name), "preview": "text"}
    values |= dict.fromkeys(("meta", "git_at", "git", "first_text"))
    return tuple(values.values())


class Filled:
    """An indexed home with a short and a long thread, and a list of as many."""

    def __init__(self, root: Path) -> None:
        self.home = IndexedHome(root)
        self.file_ids = {count: self._thread(count) for count in (FEW, MANY)}
        self._list({0: MANY, 1: FEW})
        self.reader = sqlite3.connect(self.home.store.path)
        self.reader.row_factory = sqlite3.Row

    def _thread(self, count: int) -> int:
        self.home.write([meta(), *turns(count)], thread(count))
        return self.home.catch_up(thread(count)).file_id

    def _list(self, counts: dict[int, int]) -> None:
        files, rows = [], [row(file_id, 0, number=0) for file_id in self.file_ids.values()]
        for is_archived, count in counts.items():
            for number in range(count):
                file_id = 10_000 * (is_archived + 1) + number
                files.append((file_id, str(thread(file_id)), f"/{file_id}", "0", "0", 0, "0", "0"))
                rows.append(row(file_id, is_archived, number))
        with self.home.store.writing() as cursor:
            columns = "file_id, thread_id, path, device, inode, size, mtime_ns, ctime_ns"
            cursor.executemany(f"INSERT INTO rollout_file ({columns}) VALUES ({', '.join('?' * 8)})", files)
            cursor.executemany(PUT, rows)

    def path_of(self, count: int) -> str:
        """The file of the thread with so many turns."""
        return str(self.home.path_of(thread(count)))

    def steps(self, plan_of: Callable[[], Plan[Any]]) -> int:
        """Steps of SQLite's machine."""
        return steps_of(plan_of, str(self.home.store.path))

    def plans(self, plan: Plan[Any]) -> list[str]:
        """What SQLite does for each statement of a plan."""
        cursor = self.reader.cursor()
        return [
            detail for statement in statements_of(plan, cursor) for detail in query_plan(cursor, statement)
        ]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    filled = Filled(tmp_path_factory.mktemp("filled"))
    yield filled
    filled.reader.close()
    filled.home.close()


def middle(count: int) -> str:
    """A cursor in the middle of a thread."""
    return TurnCursor(f"turn-{count // 2}", include_anchor=True).text()


# -- files and bytes --------------------------------------------------------------------------


def answer(filled: Filled, log: CountingLog, direction: SortDirection, view: ItemsView) -> TurnPage:
    """Catch up with the long thread and make a page of it, as a request does."""
    path = filled.path_of(MANY)
    indexed = Indexer(filled.home.store, JoinedLog(log)).catch_up(path, thread(MANY))
    assert (log.read, log.opened) == (0, [path])
    log.reset()
    plan = turn_page(indexed.file_id, middle(MANY), 20, direction, view)
    page = run_here(plan, filled.reader.cursor())
    with log.open(path) as source:
        turns_json(source, page.turns, view)
    return page


@DIRECTIONS
@VIEWS
def test_a_page_opens_one_file_and_reads_the_lines_of_its_items(
    filled: Filled, direction: SortDirection, view: ItemsView
) -> None:
    log = CountingLog()
    page = answer(filled, log, direction, view)
    assert log.opened == [filled.path_of(MANY)]
    expected = [(line.at, line.size) for turn in page.turns for line in turn.lines]
    assert sorted(log.ranges) == sorted(expected)
    assert log.read == sum(size for _, size in expected)
    assert len(expected) == (0 if view is ItemsView.NOT_LOADED else 40)


@DIRECTIONS
def test_a_page_of_items_opens_one_file_and_reads_their_lines(
    filled: Filled, direction: SortDirection
) -> None:
    log = CountingLog()
    plan = item_page(filled.file_ids[MANY], "turn-7", None, 1, direction)
    page: ItemPage = run_here(plan, filled.reader.cursor())
    with log.open(filled.path_of(MANY)) as source:
        items_json(source, page)
    assert log.ranges == [(line.at, line.size) for line in page.lines]
    assert (len(log.opened), len(log.ranges)) == (1, 1)


# -- steps ------------------------------------------------------------------------------------


@DIRECTIONS
@VIEWS
@pytest.mark.parametrize("is_first", [True, False])
def test_a_page_of_a_long_thread_costs_what_one_of_a_short_thread_does(
    filled: Filled,
    direction: SortDirection,
    view: ItemsView,
    is_first: bool,  # noqa: FBT001 - a parameter
) -> None:
    few, many = (
        filled.steps(
            partial(
                turn_page,
                filled.file_ids[count],
                None if is_first else middle(count),
                20,
                direction,
                view,
            )
        )
        for count in (FEW, MANY)
    )
    assert 0 < many < 2 * few


@pytest.mark.parametrize("limit", [1, 10, 100])
def test_a_page_costs_in_proportion_to_its_turns(filled: Filled, limit: int) -> None:
    def steps(count: int) -> int:
        return filled.steps(
            lambda: turn_page(filled.file_ids[MANY], None, count, SortDirection.DESCENDING, ItemsView.SUMMARY)
        )

    assert steps(limit) < limit * steps(1) + 100


@DIRECTIONS
def test_a_list_page_costs_the_same_among_many_threads_and_among_few(
    filled: Filled, direction: SortDirection
) -> None:
    def steps(*, is_archived: bool) -> int:
        cursor = ThreadCursor(5 * 10**9, None)
        query = ListQuery(5, is_archived=is_archived, direction=direction, cursor=cursor)
        return filled.steps(lambda: thread_page(query))

    assert 0 < steps(is_archived=False) < 2 * steps(is_archived=True)


def test_finding_a_thread_by_its_inner_id_costs_the_same_among_many(filled: Filled) -> None:
    first, last = (filled.steps(partial(path_of_inner_id, inner(number))) for number in (0, 4999))
    assert 0 < last < 2 * first


def inner(number: int) -> str:
    return str(thread(10_000 + number))


# -- query plans ------------------------------------------------------------------------------


def is_bounded(detail: str) -> bool:
    """Whether a step of a query plan looks at no more rows than an index gives it."""
    return not detail.startswith("SCAN") or detail == "SCAN page"


@DIRECTIONS
@VIEWS
@pytest.mark.parametrize("cursor", [None, middle(MANY)])
def test_a_page_of_turns_is_found_by_keys(
    filled: Filled, direction: SortDirection, view: ItemsView, cursor: str | None
) -> None:
    found = filled.plans(turn_page(filled.file_ids[MANY], cursor, 20, direction, view))
    assert all(map(is_bounded, found))
    is_back = cursor is not None and direction is SortDirection.DESCENDING
    behind = " AND seq>? AND seq<?" if is_back else " AND seq>?"
    assert f"SEARCH turn USING PRIMARY KEY (file_id=?{behind})" in found
    if cursor is not None:
        assert "SEARCH turn USING COVERING INDEX turn_by_id (file_id=? AND turn_id=? AND seq>?)" in found
    lines = [detail for detail in found if " line " in detail]
    assert len(lines) == (view is not ItemsView.NOT_LOADED)
    assert all("SEARCH line USING PRIMARY KEY (file_id=? AND seq=?" in detail for detail in lines)


@DIRECTIONS
@pytest.mark.parametrize("cursor", [None, ItemCursor(0, include_anchor=True).text()])
def test_the_lines_of_a_page_of_items_are_found_by_keys(
    filled: Filled, direction: SortDirection, cursor: str | None
) -> None:
    found = filled.plans(item_page(filled.file_ids[MANY], "turn-7", cursor, 20, direction))
    assert all(map(is_bounded, found))
    assert found[0] == "SEARCH turn USING INDEX turn_by_id (file_id=? AND turn_id=? AND seq>?)"
    keys = "(file_id=? AND seq=? AND position>? AND position<?)"
    assert f"SEARCH item_line USING PRIMARY KEY {keys}" in found


def test_one_thread_is_found_by_keys(filled: Filled) -> None:
    assert all(map(is_bounded, filled.plans(thread_record(filled.file_ids[MANY]))))
    assert all(map(is_bounded, filled.plans(path_of_inner_id(str(THREAD)))))
    assert all(map(is_bounded, filled.plans(path_of_inner_id(str(UUID(int=0))))))
