"""Pages of turns: by cursors, in both directions, each turn once."""

import itertools
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.cursors import SortDirection, TurnCursor
from domain.errors import AnchorGone, InvalidCursor, StaleIndex
from domain.views import ItemsView
from projections.pages import TurnPage, turn_page
from projections.plans import run_here
from tests.home import IndexedHome, event, meta
from tests.projections.homes import new_home
from tests.projections.sample import turns

UP, DOWN = SortDirection.ASCENDING, SortDirection.DESCENDING
DIRECTIONS = pytest.mark.parametrize("direction", SortDirection)
COUNT = 7


@pytest.fixture(name="home")
def _home(tmp_path: Path) -> Iterator[IndexedHome]:
    home = new_home(tmp_path)
    home.write([meta(), *turns(COUNT)])
    yield home
    home.close()


def after(turn_id: str) -> str:
    return TurnCursor(turn_id, include_anchor=False).text()


def at(turn_id: str) -> str:
    return TurnCursor(turn_id, include_anchor=True).text()


def ids(page: TurnPage) -> list[str]:
    return [found.turn.turn_id for found in page.turns]


def named(*numbers: int) -> list[str]:
    return [f"turn-{number}" for number in numbers]


def ordered(direction: SortDirection, count: int = COUNT) -> list[str]:
    numbers = range(count)
    return named(*(numbers if direction is UP else reversed(numbers)))


# -- walks ------------------------------------------------------------------------------------


@DIRECTIONS
@pytest.mark.parametrize("view", ItemsView)
@pytest.mark.parametrize("limit", [1, 2, 3, 6, 7, 8])
def test_a_walk_meets_every_turn_once(
    home: IndexedHome, direction: SortDirection, view: ItemsView, limit: int
) -> None:
    found: list[str] = []
    cursor = None
    for _ in range(COUNT):
        _, page = home.page(cursor, limit, direction, view)
        found += ids(page)
        if not page.has_more:
            break
        assert len(page.turns) == limit
        cursor = after(found[-1])
    assert found == ordered(direction)


@DIRECTIONS
def test_a_walk_may_turn_round_at_any_turn(home: IndexedHome, direction: SortDirection) -> None:
    back = DOWN if direction is UP else UP
    order = ordered(direction)
    for index, turn_id in enumerate(order):
        assert ids(home.page(at(turn_id), None, back)[1]) == order[index::-1]
        assert ids(home.page(after(turn_id), None, back)[1]) == order[:index][::-1]
        assert ids(home.page(at(turn_id), None, direction)[1]) == order[index:]
        assert ids(home.page(after(turn_id), None, direction)[1]) == order[index + 1 :]


@DIRECTIONS
def test_without_a_limit_all_turns_are_given(home: IndexedHome, direction: SortDirection) -> None:
    page = home.page(direction=direction)[1]
    assert (ids(page), page.has_more) == (ordered(direction), False)


@pytest.mark.parametrize(
    ("direction", "cursor", "limit", "expected"),
    [
        (UP, None, 3, (named(0, 1, 2), True)),
        (UP, at("turn-4"), 3, (named(4, 5, 6), False)),
        (UP, at("turn-4"), 2, (named(4, 5), True)),
        (UP, after("turn-4"), 2, (named(5, 6), False)),
        (UP, after("turn-6"), 2, ([], False)),
        (DOWN, None, 3, (named(6, 5, 4), True)),
        (DOWN, at("turn-2"), 3, (named(2, 1, 0), False)),
        (DOWN, after("turn-2"), 1, (named(1), True)),
        (DOWN, after("turn-1"), 1, (named(0), False)),
        (DOWN, after("turn-0"), 1, ([], False)),
    ],
)
def test_a_page_tells_whether_more_follows(
    home: IndexedHome,
    direction: SortDirection,
    cursor: str | None,
    limit: int,
    expected: tuple[list[str], bool],
) -> None:
    page = home.page(cursor, limit, direction)[1]
    assert (ids(page), page.has_more) == expected


def test_turns_that_come_meanwhile_appear_in_walks_towards_them_alone(home: IndexedHome) -> None:
    up, down = home.page(limit=3, direction=UP)[1], home.page(limit=3, direction=DOWN)[1]
    home.append(b"".join(turns(2, COUNT)))
    assert ids(home.page(after(ids(up)[-1]), None, UP)[1]) == named(3, 4, 5, 6, 7, 8)
    assert ids(home.page(after(ids(down)[-1]), None, DOWN)[1]) == named(3, 2, 1, 0)


@DIRECTIONS
def test_an_open_turn_is_the_last_one(home: IndexedHome, direction: SortDirection) -> None:
    home.append(event("task_started", turn_id=f"turn-{COUNT}"))
    assert ids(home.page(direction=direction)[1]) == ordered(direction, COUNT + 1)
    page = home.page(at(f"turn-{COUNT}"), 1, direction)[1]
    assert (ids(page), page.has_more) == (named(COUNT), direction is DOWN)


# -- anchors ----------------------------------------------------------------------------------


@DIRECTIONS
def test_a_repeated_id_anchors_at_its_first_turn(home: IndexedHome, direction: SortDirection) -> None:
    home.append(b"".join([*turns(1, 2), *turns(1, 2)]))
    order = [*named(0, 1, 2, 3, 4, 5, 6), "turn-2", "turn-2"]
    above, below = order[2:], order[2::-1]
    assert ids(home.page(at("turn-2"), None, direction)[1]) == (above if direction is UP else below)
    assert ids(home.page(after("turn-2"), None, direction)[1]) == (
        above[1:] if direction is UP else below[1:]
    )


@DIRECTIONS
@pytest.mark.parametrize("turn_id", ["turn-99", "", "turn", "TURN-1", "turn-1 ", "é\0"])
def test_an_anchor_that_is_not_there_is_refused(
    home: IndexedHome, direction: SortDirection, turn_id: str
) -> None:
    for cursor in (at(turn_id), after(turn_id)):
        with pytest.raises(AnchorGone, match=r"^invalid cursor: anchor turn is no longer present$"):
            home.page(cursor, 3, direction)


def test_an_anchor_that_was_rolled_back_is_gone(home: IndexedHome) -> None:
    home.append(event("thread_rolled_back", num_turns=2))
    assert ids(home.page(at("turn-4"), None, UP)[1]) == named(4)
    with pytest.raises(AnchorGone):
        home.page(at("turn-5"), None, UP)


@pytest.mark.parametrize(
    "text", ["", "5", "{}", "x", '{"turnId":"turn-1"}', '{"turnId":1,"includeAnchor":true}']
)
def test_a_text_that_is_no_cursor_is_refused(home: IndexedHome, text: str) -> None:
    with pytest.raises(InvalidCursor):
        home.page(text)


@DIRECTIONS
@pytest.mark.parametrize("cursor", [at("turn-99"), "nonsense", ""])
def test_a_thread_without_turns_does_not_look_at_the_cursor(
    home: IndexedHome, direction: SortDirection, cursor: str
) -> None:
    home.write([meta()])
    page = home.page(cursor, 3, direction)[1]
    assert (page.turns, page.has_more) == ((), False)
    home.append(b"".join([*turns(2), event("thread_rolled_back", num_turns=2)]))
    assert home.page(cursor, 3, direction)[1].turns == ()


def test_a_file_without_rows_is_stale(home: IndexedHome) -> None:
    with home.store.writing() as cursor, pytest.raises(StaleIndex):
        run_here(turn_page(99, None, 3, UP, ItemsView.FULL), cursor)


# -- what is in a page ------------------------------------------------------------------------


@DIRECTIONS
def test_a_view_holds_the_lines_that_it_shows(home: IndexedHome, direction: SortDirection) -> None:
    home.append(
        b"".join(
            [
                event("task_started", turn_id="mixed"),
                event("user_message", message="first"),
                event("agent_message", message="first answer"),
                event("agent_reasoning", text="one"),
                event("agent_reasoning", text="two"),
                event("user_message", message="second"),
                event("agent_message", message="second answer"),
                event("task_started", turn_id="empty"),
            ]
        )
    )
    expected = {
        ItemsView.NOT_LOADED: [],
        ItemsView.SUMMARY: [(0, 0), (4, 0)],
        ItemsView.FULL: [(0, 0), (1, 0), (2, 0), (2, 1), (3, 0), (4, 0)],
    }
    for view, keys in expected.items():
        found = {turn.turn.turn_id: turn.lines for turn in home.page(direction=direction, view=view)[1].turns}
        assert [(line.position, line.part) for line in found["mixed"]] == keys
        assert list(found["empty"]) == []


def test_turns_of_other_files_are_not_shown(home: IndexedHome) -> None:
    indexed = home.catch_up()
    with home.store.writing() as cursor:
        copy_rows(cursor, indexed.file_id)
    assert ids(home.page()[1]) == ordered(UP)
    assert all(len(turn.lines) == 2 for turn in home.page()[1].turns)


def copy_rows(cursor: sqlite3.Cursor, file_id: int) -> None:
    """The same rows under other files' ids, one before and one behind."""
    for table, other in itertools.product(("history", "turn", "item_line"), (file_id - 1, file_id + 1)):
        cursor.execute(f"CREATE TEMP TABLE copied AS SELECT * FROM {table} WHERE file_id = ?", (file_id,))
        cursor.execute("UPDATE copied SET file_id = ?", (other,))
        cursor.execute(f"INSERT INTO {table} SELECT * FROM copied")
        cursor.execute("DROP TABLE copied")
