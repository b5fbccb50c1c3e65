"""Pages, joined, are the whole; a cursor works in either direction and stands where the model says."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice

from hypothesis import given
from hypothesis import strategies as st

from domain.cursors import ItemCursor, SortDirection, TurnCursor
from domain.views import ItemsView
from projections.content import items_json
from projections.pages import item_page
from tests.home import IndexedHome, Json
from tests.properties.homes import home_of
from tests.properties.model import difference, in_view, page_of, turns_of
from tests.properties.scale import examples
from tests.properties.strategies import LOGS, TURN_LOGS

LIMITS = range(1, 7)


@dataclass(frozen=True)
class Step:
    """A request for a page: where it begins, how long it is, which way it runs."""

    limit: int
    direction: SortDirection
    is_onward: bool
    view: ItemsView


STEPS = st.lists(
    st.builds(
        Step,
        st.integers(1, 6),
        st.sampled_from(SortDirection),
        st.booleans(),
        st.sampled_from(ItemsView),
    ),
    min_size=1,
    max_size=12,
)


def asked(
    home: IndexedHome, turns: list[Json], step: Step, anchor: TurnCursor | None
) -> tuple[list[Json], bool]:
    """The page that the home gives; it is the model's."""
    text = None if anchor is None else anchor.text()
    got, page = home.page(text, step.limit, step.direction, step.view)
    place = None if anchor is None else (anchor.turn_id, anchor.include_anchor)
    wanted, has_more = page_of(turns, place, step.limit, step.direction.value)
    assert difference(got, in_view(wanted, step.view.value)) is None
    assert page.has_more is has_more
    return wanted, has_more


@examples(40)
@given(TURN_LOGS, STEPS)
def test_cursor_of_one_direction_works_in_the_other(data: bytes, steps: list[Step]) -> None:
    turns = turns_of(data)
    with home_of(data) as home:
        anchor = None
        for step in steps:
            page, _ = asked(home, turns, step, anchor)
            if page:
                at = page[-1] if step.is_onward else page[0]
                anchor = TurnCursor(at["id"], include_anchor=not step.is_onward)


@examples(30)
@given(TURN_LOGS, st.sampled_from(SortDirection))
def test_pages_joined_are_the_whole(data: bytes, direction: SortDirection) -> None:
    turns = turns_of(data)
    ids = [turn["id"] for turn in turns]
    with home_of(data) as home:
        for limit in LIMITS:
            step = Step(limit, direction, is_onward=True, view=ItemsView.FULL)
            joined: list[Json] = []
            anchor, has_more = None, True
            while has_more and len(joined) <= len(turns):
                page, has_more = asked(home, turns, step, anchor)
                joined += page
                anchor = TurnCursor(page[-1]["id"], include_anchor=False) if page else None
            if len(set(ids)) == len(ids):  # else a cursor leads back to the first turn of its id
                assert joined == (turns if direction is SortDirection.ASCENDING else turns[::-1])


def item_pages(home: IndexedHome, turn_id: str, limit: int, direction: SortDirection) -> Iterator[list[Json]]:
    """The items of a turn, page after page."""
    cursor: str | None = None
    while True:
        page = home.ask(
            partial(item_page, turn_id=turn_id, cursor_text=cursor, limit=limit, direction=direction)
        )
        with home.log.open(str(home.path_of())) as source:
            yield json.loads(items_json(source, page))
        if not page.has_more:
            return
        cursor = ItemCursor(page.lines[-1].position, include_anchor=False).text()


@examples(30)
@given(LOGS, st.sampled_from(SortDirection))
def test_pages_of_items_joined_are_the_items_of_the_turn(data: bytes, direction: SortDirection) -> None:
    with home_of(data) as home:
        first = {turn["id"]: turn for turn in reversed(home.turns())}
        for turn_id, turn in first.items():
            whole = turn["items"] if direction is SortDirection.ASCENDING else turn["items"][::-1]
            for limit in LIMITS:
                pages = list(islice(item_pages(home, turn_id, limit, direction), len(whole) + 1))
                assert [item for page in pages for item in page] == whole
                assert all(len(page) == limit for page in pages[:-1])
