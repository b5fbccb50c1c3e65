"""Pages of the list against a naive reader of all rows: every filter, order, direction and cursor."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.cursors import SortDirection, ThreadCursor
from domain.listing.source_kind import INTERACTIVE, SourceKind
from domain.times import day_number
from projections.list_query import ListQuery, Providers, Search, SortKey
from projections.thread_rows import cwd_key
from tests.home import IndexedHome, meta
from tests.projections.homes import new_home
from tests.projections.list_rows import (
    DOWN,
    MILLISECOND_NS,
    SECOND_NS,
    UP,
    Listed,
    ListedRows,
    agrees_with_rows,
    is_found,
    naive_key,
    naive_order,
    told_again,
)
from tests.projections.listing import ListedHome, says
from tests.projections.sample import thread
from tests.properties.scale import examples

DIRECTIONS = pytest.mark.parametrize("direction", SortDirection)
SORT_KEYS = pytest.mark.parametrize("sort_key", SortKey)

DAY_S = 86_400
IDS = [UUID(int=number) for number in (0, 1, 2, 2**64, 2**127, 2**127 + 1, 2**128 - 1)] + [
    thread(number) for number in range(5)
]
CWDS = (None, "/srv/demo", "/srv/other", "")
PROVIDERS = (None, "", "openai", "ollama", "Openai")
TEXTS = ("a", "ab", "abc", "xabcx", "bca", "a\0bc", 'say "abc"', "日本語の", "🙂🙃🙂🙃", "İ", "\ufffdbc")
TERMS = (*TEXTS, "b", '"', "\0", "🙂🙃", "本語の", "c\x1fa", "abcabc", "ABC", "%", "a*", "", "abc OR bca")


@pytest.fixture(scope="module")
def shared() -> Iterator[IndexedHome]:
    """A home that examples of one test share."""
    with TemporaryDirectory() as folder:
        home = new_home(Path(folder))
        yield home
        home.close()


@pytest.fixture(name="home")
def _home(tmp_path: Path) -> Iterator[ListedHome]:
    home = ListedHome(tmp_path)
    yield home
    home.close()


def rows_of(ids: list[UUID]) -> st.SearchStrategy[list[Listed]]:
    """Rows of these threads, most times shared, some in the folder of another day."""
    return st.tuples(*map(row_of, ids)).map(list)


def row_of(name_id: UUID) -> st.SearchStrategy[Listed]:
    return st.builds(
        Listed,
        name_id=st.just(name_id),
        started_s=st.sampled_from([-1, 0, 1, DAY_S - 1, DAY_S]),
        updated_ms=st.integers(-1, 2),
        day=st.none() | st.none() | st.sampled_from([0, day_number(1970, 1, 1), day_number(65535, 255, 0)]),
        is_archived=st.sampled_from([False, False, False, True]),
        is_listed=st.sampled_from([True, True, True, False]),
        provider=st.sampled_from(PROVIDERS),
        kind=st.sampled_from(SourceKind),
        cwd=st.sampled_from(CWDS),
        preview=st.sampled_from(TEXTS),
        first_text=st.none() | st.sampled_from(TEXTS),
    )


ROWS = st.lists(st.sampled_from(IDS), max_size=len(IDS), unique=True).flatmap(rows_of)

SEARCHES = st.builds(
    Search,
    st.sampled_from([term for term in TERMS if term]),
    st.just(()) | st.lists(st.sampled_from(IDS).map(str), max_size=2),
)

QUERIES = st.builds(
    ListQuery,
    limit=st.integers(1, 5),
    is_archived=st.sampled_from([False, False, True]),
    sort_key=st.sampled_from(SortKey),
    direction=st.sampled_from(SortDirection),
    providers=st.none()
    | st.builds(Providers, st.lists(st.sampled_from(["openai", "ollama", ""]), max_size=2), st.booleans()),
    kinds=st.none() | st.just(INTERACTIVE) | st.frozensets(st.sampled_from(SourceKind)),
    cwd_keys=st.none() | st.lists(st.sampled_from([cwd_key(path) for path in CWDS if path]), max_size=2),
    search=st.none() | st.none() | SEARCHES,
)


# -- walks ------------------------------------------------------------------------------------


@examples(50)
@given(ROWS, QUERIES)
def test_the_pages_joined_are_what_a_naive_reader_finds(
    shared: IndexedHome, rows: list[Listed], query: ListQuery
) -> None:
    listed = ListedRows(shared)
    listed.put(rows)
    assert [row.name_id for row in listed.walk(query)] == [row.name_id for row in naive_order(rows, query)]


def test_a_walk_through_the_folder_0000_00_00_ends(shared: IndexedHome) -> None:
    rows = [Listed(name_id, day=0) for name_id in IDS[:3]]
    listed = ListedRows(shared)
    listed.put(rows)
    assert [row.name_id for row in listed.walk(ListQuery(limit=1))] == [row.name_id for row in reversed(rows)]


@examples(40)
@given(ROWS, QUERIES, st.data())
def test_a_walk_turns_round_at_any_thread_and_a_backwards_cursor_begins_with_it(
    shared: IndexedHome, rows: list[Listed], query: ListQuery, data: st.DataObject
) -> None:
    listed = ListedRows(shared)
    listed.put(rows)
    order = listed.walk(query)
    if not order:
        return
    index = data.draw(st.integers(0, len(order) - 1))
    back = replace(query, direction=UP if query.direction is DOWN else DOWN)
    turned = [row.name_id for row in naive_order(rows, back)]
    at = turned.index(order[index].name_id)
    for includes_anchor in (True, False):
        cursor = told_again(order[index].cursor(query.sort_key, includes_anchor=includes_anchor))
        onwards = listed.walk(replace(query, cursor=cursor))
        assert onwards == order[index + (not includes_anchor) :]
        backwards = [row.name_id for row in listed.walk(replace(back, cursor=cursor))]
        assert backwards == turned[at + (not includes_anchor) :]


@examples(40)
@given(ROWS, QUERIES, st.integers(-1, 3), st.sampled_from([0, 1, 500_000, SECOND_NS - 1]))
def test_a_bare_time_stands_behind_the_threads_of_that_time(
    shared: IndexedHome, rows: list[Listed], query: ListQuery, units: int, rest_ns: int
) -> None:
    listed = ListedRows(shared)
    listed.put(rows)
    unit_ns = MILLISECOND_NS if query.sort_key is SortKey.UPDATED else SECOND_NS
    time_ns = units * unit_ns + rest_ns % unit_ns
    cursor = ThreadCursor(time_ns, None)

    def is_behind(row: Listed) -> bool:
        *day, time, _ = naive_key(row, query)
        key = (*day, time * unit_ns)
        place = (*([cursor.folder_day] if day else []), time_ns)
        return key > place if query.direction is UP else key < place

    expected = [row.name_id for row in naive_order(rows, query) if is_behind(row)]
    assert [row.name_id for row in listed.walk(replace(query, cursor=cursor))] == expected


@SORT_KEYS
@DIRECTIONS
@pytest.mark.parametrize("is_archived", [False, True])
@pytest.mark.parametrize("limit", [1, 2, 3, 100])
def test_threads_of_one_time_are_all_met(
    shared: IndexedHome,
    sort_key: SortKey,
    direction: SortDirection,
    limit: int,
    is_archived: bool,  # noqa: FBT001 - a parameter
) -> None:
    rows = [Listed(name_id, is_archived=is_archived) for name_id in IDS]
    listed = ListedRows(shared)
    listed.put(rows)
    query = ListQuery(limit, is_archived, sort_key, direction)
    found = [row.name_id for row in listed.walk(query)]
    assert found == sorted(IDS, reverse=direction is DOWN)


def test_a_thread_in_the_folder_of_another_day_stands_there_going_back_and_at_its_time_going_on(
    shared: IndexedHome,
) -> None:
    early, misfiled, late = (
        Listed(IDS[0], started_s=0),
        Listed(IDS[1], started_s=2 * DAY_S, day=day_number(1969, 1, 1)),
        Listed(IDS[2], started_s=DAY_S),
    )
    listed = ListedRows(shared)
    listed.put([misfiled, late, early])
    assert [row.name_id for row in listed.walk(ListQuery(1))] == [IDS[2], IDS[0], IDS[1]]
    assert [row.name_id for row in listed.walk(ListQuery(1, direction=UP))] == [IDS[0], IDS[2], IDS[1]]


@examples(40)
@given(ROWS, QUERIES, st.data())
def test_a_walk_meets_every_thread_that_stays_exactly_once(
    shared: IndexedHome, rows: list[Listed], query: ListQuery, data: st.DataObject
) -> None:
    listed = ListedRows(shared)
    stay = rows[::2]
    listed.put(rows)
    query = replace(query, search=None)
    found: list[UUID] = []
    while True:
        page = listed.page(query)
        found += [row.name_id for row in page.rows]
        if not page.has_more:
            break
        query = replace(query, cursor=page.rows[-1].cursor(query.sort_key, includes_anchor=False))
        with shared.store.writing() as cursor:
            gone = data.draw(st.sampled_from([row.name_id for row in rows]))
            if gone not in {row.name_id for row in stay}:
                cursor.execute("DELETE FROM thread WHERE name_id = ?", (gone.bytes,))
    there = [row.name_id for row in naive_order(stay, query)]
    assert [name_id for name_id in found if name_id in {row.name_id for row in stay}] == there
    assert len(found) == len(set(found))


# -- searches ---------------------------------------------------------------------------------

SHOWN = [
    Listed(IDS[0], preview="The first of three"),
    Listed(IDS[1], preview="[Image]", first_text="see the picture"),
    Listed(IDS[2], preview="ends in xyz", first_text="begins otherwise"),
    Listed(IDS[3], preview='quotes "here" and \\ there', first_text="50% *star* (a OR b)"),
    Listed(IDS[4], preview="before\0behind", first_text="\ufffd"),
    Listed(IDS[5], preview="日本語の質問", first_text="🙂🙃🙂"),
    Listed(IDS[6], preview="x" * 5000 + "needle" + "y" * 5000),
    Listed(IDS[7], preview="ﬃ İstanbul"),
]


@pytest.mark.parametrize(
    ("term", "numbers"),
    [
        ("first", [0]),
        ("First", []),
        ("The first of three", [0]),
        ("see the", [1]),
        ("[Image]", [1]),
        ("xyzbegins", []),
        ("xyz\x1fbegins", []),
        ("z\x1fb", []),
        ("\x1f", []),
        ("xyz begins", []),
        ('"here"', [3]),
        ('""', []),
        ('"', [3]),
        ("\\ t", [3]),
        ("50% *", [3]),
        ("%", [3]),
        ("(a OR b)", [3]),
        ("a OR b", [3]),
        ("first OR see", []),
        ("before\0behind", [4]),
        ("before\ufffdbehind", []),
        ("e\0b", [4]),
        ("\0", [4]),
        ("\0\0\0", []),
        ("\0behind", [4]),
        ("behind\0", []),
        ("\ufffd", [4]),
        ("本語", [5]),
        ("日本語の質問", [5]),
        ("🙂", [5]),
        ("🙃🙂", [5]),
        ("🙂🙃🙂", [5]),
        ("🙂🙃🙂🙃", []),
        ("needle", [6]),
        ("x" * 5000 + "needle" + "y" * 5000, [6]),
        ("x" * 5001, []),
        ("y" * 4000, [6]),
        ("ffi", []),
        ("ﬃ İ", [7]),
        ("i̇stanbul", []),
        ("t", [0, 1, 2, 3, 7]),
        ("th", [0, 1, 2, 3]),
        (" ", [0, 1, 2, 3, 7]),
        ("   ", []),
    ],
)
def test_a_search_is_for_a_literal_part_of_what_a_thread_shows(
    shared: IndexedHome, term: str, numbers: list[int]
) -> None:
    listed = ListedRows(shared)
    listed.put(SHOWN)
    found = listed.ids(ListQuery(100, sort_key=SortKey.UPDATED, direction=UP, search=Search(term)))
    assert sorted(found) == sorted(IDS[number] for number in numbers)


@examples(40)
@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=6), min_size=1, max_size=5
    ),
    st.data(),
)
def test_any_part_of_any_text_is_found(shared: IndexedHome, texts: list[str], data: st.DataObject) -> None:
    rows = [Listed(name_id, preview=text) for name_id, text in zip(IDS, texts, strict=False)]
    listed = ListedRows(shared)
    listed.put(rows)
    text = data.draw(st.sampled_from(texts))
    start = data.draw(st.integers(0, len(text) - 1))
    term = text[start : data.draw(st.integers(start + 1, len(text)))]
    found = listed.ids(ListQuery(100, search=Search(term)))
    assert sorted(found) == sorted(row.name_id for row in rows if is_found(row, term))


def test_threads_that_are_named_so_are_found_beside_those_that_say_so(shared: IndexedHome) -> None:
    listed = ListedRows(shared)
    rows = [replace(SHOWN[0], name_id=name_id) for name_id in IDS[:3]] + [Listed(IDS[3]), Listed(IDS[4])]
    listed.put([*rows, Listed(IDS[5], is_archived=True), Listed(IDS[6], kind=SourceKind.EXEC)])
    named = [str(name_id) for name_id in (*IDS[3:4], *IDS[5:8])]
    for limit in (1, 2, 100):
        found = listed.walk(ListQuery(limit, search=Search("first", named)))
        assert [row.name_id for row in found] == IDS[3::-1]
    assert [row.name_id for row in listed.walk(ListQuery(1, search=Search("zz", named)))] == [IDS[3]]


# -- the search index follows the rows --------------------------------------------------------


def search(home: ListedHome, term: str) -> list[str]:
    """What a search finds now, by what it shows."""
    with home.store.writing() as cursor:
        agrees_with_rows(cursor)
    home.reconcile()
    with home.store.writing() as cursor:
        agrees_with_rows(cursor)
    query = ListQuery(100, search=Search(term))
    return sorted(row.preview for row in ListedPages(home).page(query).rows)


class ListedPages(ListedRows):
    """Pages of a home that has files: its rows stay."""

    def __init__(self, home: IndexedHome) -> None:
        self._home = home


def test_the_search_index_follows_files_as_they_come_change_and_go(home: ListedHome) -> None:
    for number, text in enumerate(("one apple", "two apples", "three pears")):
        home.write([meta(thread(number)), says(text)], thread(number))
    assert search(home, "apple") == ["one apple", "two apples"]
    home.append(says("apple pie"), thread(2))
    assert search(home, "apple") == ["one apple", "two apples"]
    home.write([meta(thread(0)), says("no fruit any more")], thread(0))
    assert search(home, "apple") == ["two apples"]
    assert search(home, "no fruit") == ["no fruit any more"]
    home.write([meta(thread(1))], thread(1))
    assert search(home, "apple") == []
    home.append(says("apples again"), thread(1))
    assert search(home, "apple") == ["apples again"]
    home.path_of(thread(1)).unlink()
    assert search(home, "apple") == []


def test_the_search_index_follows_a_file_that_is_archived_folded_and_forgotten(home: ListedHome) -> None:
    for number in range(3):
        home.write([meta(thread(number)), says(f"apple {number}")], thread(number))
        home.catch_up(thread(number))
    assert len(search(home, "apple")) == 3
    moved = home.path_of(thread(1)).rename(home.archive / home.path_of(thread(1)).name)
    home.reconcile(archived=True)  # catalogued under its new path,
    home.indexer.catch_up(str(moved), thread(1))  # then known as the file that moved
    assert search(home, "apple") == ["apple 0", "apple 2"]
    query = ListQuery(100, is_archived=True, search=Search("apple"))
    assert [row.preview for row in ListedPages(home).page(query).rows] == ["apple 1"]
    file_id = home.catch_up(thread(0)).file_id
    with home.store.writing() as cursor:
        home.store.forget(cursor, file_id)
        agrees_with_rows(cursor)
    assert search(home, "apple") == ["apple 0", "apple 2"]


def test_a_transaction_that_fails_leaves_the_search_index_as_it_was(home: ListedHome) -> None:
    home.write([meta(thread(1)), says("apple")], thread(1))
    home.write([meta(thread(2)), says("pear")], thread(2))
    assert search(home, "apple") == ["apple"]
    home.write([meta(thread(1)), says("melon")], thread(1))
    home.append(says("more"), thread(2))

    def fail(path: str) -> None:
        if path == str(home.path_of(thread(2))):
            raise MemoryError

    home.counted.before_open = fail
    with pytest.raises(MemoryError):
        home.threads.reconcile(home.places(), archived=False)
    home.counted.before_open = None
    assert [row.preview for row in ListedPages(home).page(ListQuery(9, search=Search("apple"))).rows] == [
        "apple"
    ]
    assert search(home, "melon") == ["melon"]
