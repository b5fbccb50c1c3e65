"""Pages of one turn's items: by their places, in both directions, each item once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.cursors import ItemCursor, SortDirection
from domain.errors import AnchorGone, InvalidCursor, StaleIndex, TurnNotFound
from projections.pages import ItemPage, item_page
from projections.plans import run_here
from tests.home import IndexedHome, event, meta
from tests.projections.homes import new_home

UP, DOWN = SortDirection.ASCENDING, SortDirection.DESCENDING
DIRECTIONS = pytest.mark.parametrize("direction", SortDirection)
PARTS = 3
COUNT = 7


def turn(turn_id: str, count: int = COUNT) -> bytes:
    """A turn of this many items; the second one has several parts."""
    lines = [event("task_started", turn_id=turn_id)]
    for number in range(count):
        if number == 1:
            lines += [event("agent_reasoning", text=f"{turn_id} {part}") for part in range(PARTS)]
        else:
            lines.append(event("agent_message", message=f"{turn_id} {number}"))
    return b"".join([*lines, event("task_complete", turn_id=turn_id)])


@pytest.fixture(name="home")
def _home(tmp_path: Path) -> Iterator[IndexedHome]:
    home = new_home(tmp_path)
    home.write([meta(), turn("before"), turn("here"), turn("empty", 0), turn("here", 2)])
    yield home
    home.close()


def after(position: int) -> str:
    return ItemCursor(position, include_anchor=False).text()


def at(position: int) -> str:
    return ItemCursor(position, include_anchor=True).text()


def ask(
    home: IndexedHome, cursor: str | None, limit: int, direction: SortDirection, turn_id: str = "here"
) -> ItemPage:
    page: ItemPage = home.ask(lambda file_id: item_page(file_id, turn_id, cursor, limit, direction))
    return page


def places(page: ItemPage) -> list[int]:
    """The places of the items, each once however many lines it has."""
    return list(dict.fromkeys(line.position for line in page.lines))


def ordered(direction: SortDirection) -> list[int]:
    return list(range(COUNT)) if direction is UP else list(reversed(range(COUNT)))


@DIRECTIONS
@pytest.mark.parametrize("limit", [1, 2, 3, 6, 7, 8])
def test_a_walk_meets_every_item_once(home: IndexedHome, direction: SortDirection, limit: int) -> None:
    found: list[int] = []
    cursor = None
    for _ in range(COUNT):
        page = ask(home, cursor, limit, direction)
        found += places(page)
        if not page.has_more:
            break
        assert len(places(page)) == limit
        cursor = after(found[-1])
    assert found == ordered(direction)


@DIRECTIONS
def test_a_walk_may_turn_round_at_any_item(home: IndexedHome, direction: SortDirection) -> None:
    back = DOWN if direction is UP else UP
    order = ordered(direction)
    for index, place in enumerate(order):
        assert places(ask(home, at(place), 100, back)) == order[index::-1]
        assert places(ask(home, after(place), 100, back)) == order[:index][::-1]
        assert places(ask(home, at(place), 100, direction)) == order[index:]
        assert places(ask(home, after(place), 100, direction)) == order[index + 1 :]


@DIRECTIONS
def test_the_parts_of_an_item_stay_together_and_in_order(home: IndexedHome, direction: SortDirection) -> None:
    page = ask(home, at(1), 1, direction)
    assert [(line.position, line.part) for line in page.lines] == [(1, part) for part in range(PARTS)]
    assert len(ask(home, None, 100, direction).lines) == COUNT - 1 + PARTS


@pytest.mark.parametrize(
    ("direction", "cursor", "limit", "expected"),
    [
        (UP, None, 3, ([0, 1, 2], True)),
        (UP, at(4), 3, ([4, 5, 6], False)),
        (UP, after(5), 3, ([6], False)),
        (UP, after(6), 3, ([], False)),
        (DOWN, None, 3, ([6, 5, 4], True)),
        (DOWN, at(2), 3, ([2, 1, 0], False)),
        (DOWN, after(2), 1, ([1], True)),
        (DOWN, after(0), 1, ([], False)),
        (DOWN, at(0), 1, ([0], False)),
    ],
)
def test_a_page_tells_whether_more_follows(
    home: IndexedHome,
    direction: SortDirection,
    cursor: str | None,
    limit: int,
    expected: tuple[list[int], bool],
) -> None:
    page = ask(home, cursor, limit, direction)
    assert (places(page), page.has_more) == expected


@DIRECTIONS
@pytest.mark.parametrize("position", [COUNT, COUNT + 1, 2**63 - 1])
def test_a_cursor_beyond_the_end_is_refused(
    home: IndexedHome, direction: SortDirection, position: int
) -> None:
    for cursor in (at(position), after(position)):
        with pytest.raises(AnchorGone, match=r"^invalid cursor: anchor item is no longer present$"):
            ask(home, cursor, 3, direction)


@pytest.mark.parametrize(
    "text",
    [
        *("", "5", "{}", '{"itemPosition":-1,"includeAnchor":true}'),
        *('{"itemPosition":true,"includeAnchor":true}', '{"turnId":"here","includeAnchor":true}'),
        f'{{"itemPosition":{2**63},"includeAnchor":true}}',
    ],
)
def test_a_text_that_is_no_cursor_is_refused(home: IndexedHome, text: str) -> None:
    with pytest.raises(InvalidCursor):
        ask(home, text, 3, UP)


@DIRECTIONS
@pytest.mark.parametrize("cursor", [None, at(99), "nonsense"])
def test_a_turn_without_items_does_not_look_at_the_cursor(
    home: IndexedHome, direction: SortDirection, cursor: str | None
) -> None:
    page = ask(home, cursor, 3, direction, "empty")
    assert (page.turn.turn_id, page.lines, page.has_more) == ("empty", (), False)


def test_a_repeated_id_names_its_first_turn(home: IndexedHome) -> None:
    page = ask(home, None, 100, UP)
    assert (page.turn.seq, len(places(page))) == (1, COUNT)


@pytest.mark.parametrize("turn_id", ["", "her", "HERE", "here "])
def test_a_turn_that_is_not_there_is_not_found(home: IndexedHome, turn_id: str) -> None:
    with pytest.raises(TurnNotFound, match=f"^turn not found: {turn_id}$"):
        ask(home, None, 3, UP, turn_id)


def test_a_file_without_rows_is_stale(home: IndexedHome) -> None:
    with home.store.writing() as cursor, pytest.raises(StaleIndex):
        run_here(item_page(99, "here", None, 3, UP), cursor)


def test_items_that_come_late_are_the_last_ones(home: IndexedHome) -> None:
    home.append(
        event(
            "patch_apply_end",
            call_id="late",
            turn_id="here",
            stdout="",
            stderr="",
            success=True,
            status="completed",
        )
    )
    assert home.items("here", cursor=after(COUNT - 1))[0]["id"] == "late"
    assert places(ask(home, None, 1, DOWN)) == [COUNT]
