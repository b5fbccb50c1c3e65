"""What a page of the list costs: its order's index and its own rows, however many threads there are."""

import sqlite3
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from domain.cursors import SortDirection, ThreadCursor
from domain.listing.source_kind import INTERACTIVE, SourceKind
from projections.list_query import ListQuery, Providers, Search, SortKey
from projections.thread_pages import thread_page
from projections.thread_rows import cwd_key
from tests.projections.counting import query_plan, steps_of
from tests.projections.homes import new_home
from tests.projections.list_rows import SECOND_NS, UP, Listed, ListedRows
from tests.projections.sample import thread

FEW, MANY = 100, 5000
LIMIT = 5

KINDS = (None, INTERACTIVE)
PROVIDERS = (
    None,
    Providers(["openai"], includes_unnamed=False),
    Providers(["openai"], includes_unnamed=True),
)
FOLDERS = (None, [cwd_key("/srv/demo")], [cwd_key(f"/srv/{number}") for number in range(3)])
SEARCHES = (None, Search("x"), Search("common"), Search("common", [str(thread(1))]), Search("x", ["no id"]))
FILTERS = list(product(KINDS, PROVIDERS, FOLDERS, SEARCHES))

INDEX_OF = {
    (SortKey.CREATED, SortDirection.DESCENDING, False): ("thread_by_day", "day,started_s,name_id"),
    (SortKey.CREATED, SortDirection.DESCENDING, True): ("thread_by_started_s", "started_s,name_id"),
    (SortKey.CREATED, SortDirection.ASCENDING, False): ("thread_by_started_s", "started_s,name_id"),
    (SortKey.CREATED, SortDirection.ASCENDING, True): ("thread_by_started_s", "started_s,name_id"),
    (SortKey.UPDATED, SortDirection.DESCENDING, False): ("thread_by_updated_ms", "updated_ms,name_id"),
    (SortKey.UPDATED, SortDirection.DESCENDING, True): ("thread_by_updated_ms", "updated_ms,name_id"),
    (SortKey.UPDATED, SortDirection.ASCENDING, False): ("thread_by_updated_ms", "updated_ms,name_id"),
    (SortKey.UPDATED, SortDirection.ASCENDING, True): ("thread_by_updated_ms", "updated_ms,name_id"),
}
Order = tuple[SortKey, SortDirection, bool]
ORDERS = pytest.mark.parametrize("order", INDEX_OF, ids=lambda order: "-".join(map(str, order)))


class Filled:
    """An index of so many active and archived threads; two of three are listed, five share a second."""

    def __init__(self, root: Path, count: int) -> None:
        self.home = new_home(root)
        self.count = count
        ListedRows(self.home).put(map(self._row, range(2 * count)))
        self.path = str(self.home.store.path)

    def _row(self, file_number: int) -> Listed:
        number = file_number % self.count
        return Listed(
            thread(file_number),
            started_s=number // 5,
            updated_ms=number // 5 * 1000,
            is_archived=file_number >= self.count,
            is_listed=number % 3 > 0,
            provider=("openai", None, "ollama")[number % 7 % 3],
            kind=SourceKind.CLI if number % 11 else SourceKind.EXEC,
            cwd=f"/srv/{number % 3}" if number % 2 else "/srv/demo",
            preview=f"common x {number}",
        )

    def middle(self, *, includes_anchor: bool = False) -> ThreadCursor:
        """A cursor in the middle of either order."""
        return ThreadCursor(self.count // 10 * SECOND_NS, thread(self.count // 2), includes_anchor)

    def steps(self, query: ListQuery) -> int:
        """Steps of SQLite's machine for a page."""
        return steps_of(lambda: thread_page(query), self.path)


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    filled = Filled(tmp_path_factory.mktemp("few"), FEW)
    yield filled
    filled.home.close()


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    filled = Filled(tmp_path_factory.mktemp("many"), MANY)
    yield filled
    filled.home.close()


@pytest.fixture(scope="module")
def reader(many: Filled) -> Iterator[sqlite3.Cursor]:
    connection = sqlite3.connect(many.path)
    connection.row_factory = sqlite3.Row
    yield connection.cursor()
    connection.close()


def keys(query: ListQuery, columns: str) -> str:
    """How SQLite names the part of an index that a page follows."""
    if query.cursor is None:
        return "(is_archived=?)"
    way = ">" if query.direction is UP else "<"
    return f"(is_archived=? AND ({columns}){way}({','.join('?' * len(columns.split(',')))}))"


@ORDERS
@pytest.mark.parametrize("place", [None, False, True], ids=["first page", "behind", "with the thread"])
def test_a_page_follows_the_index_of_its_order_and_sorts_nothing(
    many: Filled,
    reader: sqlite3.Cursor,
    order: Order,
    place: bool | None,  # noqa: FBT001 - a parameter
) -> None:
    index, columns = INDEX_OF[order]
    sort_key, direction, is_archived = order
    cursor = None if place is None else many.middle(includes_anchor=place)
    for kinds, providers, folders, search in FILTERS:
        query = ListQuery(LIMIT, is_archived, sort_key, direction, cursor, providers, kinds, folders, search)
        found = query_plan(reader, query.statement("preview"))
        assert found[0] == f"SEARCH thread USING INDEX {index} {keys(query, columns)}"
        assert "SEARCH file USING INTEGER PRIMARY KEY (rowid=?)" in found
        assert not [detail for detail in found if "B-TREE" in detail or is_scan(detail)]
        if search is None:
            assert columns_read_before_the_file(reader, query) == 0


def columns_read_before_the_file(reader: sqlite3.Cursor, query: ListQuery) -> int:
    """How many instructions of a page read a thread's row for its filters; the index has all they need."""
    root = reader.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'thread'").fetchone()[0]
    statement = query.statement("preview")
    program = reader.execute(f"EXPLAIN {statement.sql}", statement.parameters).fetchall()
    opened = {step["p1"] for step in program if step["opcode"] == "OpenRead" and step["p2"] == root}
    assert len(opened) == 1
    to_the_file = next(step["addr"] for step in program if step["opcode"] == "SeekRowid")
    return sum(
        step["opcode"] == "Column" and step["p1"] in opened and step["addr"] < to_the_file for step in program
    )


def is_scan(detail: str) -> bool:
    """Whether a step looks at all rows of a table; pieces found and parameters are no such tables."""
    return detail.startswith("SCAN") and not detail.startswith(("SCAN json_each ", "SCAN thread_words "))


# -- steps ------------------------------------------------------------------------------------

DENSE = [
    {},
    {"kinds": None},
    {"providers": PROVIDERS[1]},
    {"providers": PROVIDERS[2], "cwd_keys": FOLDERS[2]},
    {"cwd_keys": FOLDERS[1]},
    {"search": SEARCHES[1]},
]
"""Filters that let every third thread through, or more."""


@ORDERS
@pytest.mark.parametrize("is_first", [True, False])
@pytest.mark.parametrize("filters", DENSE, ids=lambda filters: "-".join(filters) or "none")
def test_a_page_among_5000_threads_costs_less_than_twice_one_among_100(
    few: Filled,
    many: Filled,
    order: Order,
    is_first: bool,  # noqa: FBT001 - a parameter
    filters: dict[str, Any],
) -> None:
    sort_key, direction, is_archived = order

    def steps(filled: Filled) -> int:
        cursor = None if is_first else filled.middle()
        return filled.steps(ListQuery(LIMIT, is_archived, sort_key, direction, cursor, **filters))

    assert 0 < steps(many) < 2 * steps(few)


STEPS_A_ROW = 20
"""Steps that a thread costs whose index entry a filter does not let through."""


@ORDERS
@pytest.mark.parametrize(
    "filters",
    [
        {"kinds": frozenset({SourceKind.INTERNAL})},
        {"providers": Providers(["none of that name"], includes_unnamed=False)},
        {"cwd_keys": [1]},
        {"cwd_keys": []},
        {"search": Search("no such text")},
        {"search": Search("no such text", ["no id"])},
    ],
    ids=lambda filters: next(iter(filters)),
)
def test_a_filter_that_lets_nothing_through_costs_a_few_steps_a_thread(
    many: Filled,
    order: Order,
    filters: dict[str, Any],
) -> None:
    sort_key, direction, is_archived = order
    query = ListQuery(LIMIT, is_archived, sort_key, direction, **filters)
    assert many.steps(query) < STEPS_A_ROW * MANY
