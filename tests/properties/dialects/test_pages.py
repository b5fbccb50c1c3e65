"""Pages of threads whose histories lie in several logs, joined, are the whole, both ways."""

from hypothesis import given
from hypothesis import strategies as st

from domain.cursors import SortDirection, TurnCursor
from domain.views import ItemsView
from tests.properties.dialects.indexed import Json, indexed, worlds
from tests.properties.dialects.test_rows import HAPPENED
from tests.properties.dialects.world import Step
from tests.properties.model import page_of
from tests.properties.scale import examples


@examples(60)
@given(
    HAPPENED,
    st.integers(1, 4),
    st.sampled_from(SortDirection),
    st.sampled_from(ItemsView),
    st.booleans(),
)
def test_pages_joined_are_the_whole_and_there_is_a_way_back(
    steps: list[Step],
    limit: int,
    direction: SortDirection,
    view: ItemsView,
    turns_back: bool,  # noqa: FBT001 - drawn
) -> None:
    other_way = SortDirection.DESCENDING if direction is SortDirection.ASCENDING else SortDirection.ASCENDING
    with worlds(steps) as world, indexed(world.root) as index:
        for log in world.home.threads():
            whole = world.home.turns(log, view)
            joined: list[Json] = []
            anchor: str | None = None
            has_more = True
            while has_more and len(joined) <= len(whole):
                text = None if anchor is None else TurnCursor(anchor, include_anchor=False).text()
                page, told = index.page(log, view, text, limit, direction)
                wanted = page_of(whole, None if anchor is None else (anchor, False), limit, direction.value)
                assert (page, told.has_more) == wanted
                if page and turns_back:
                    back = TurnCursor(page[-1]["id"], include_anchor=True).text()
                    returned, _ = index.page(log, view, back, limit, other_way)
                    assert returned == page_of(whole, (page[-1]["id"], True), limit, other_way.value)[0]
                joined, has_more = joined + page, told.has_more
                anchor = page[-1]["id"] if page else None
            is_legacy_twice = len({turn["id"] for turn in whole}) < len(whole)
            assert is_legacy_twice or joined == (
                whole if direction is SortDirection.ASCENDING else whole[::-1]
            )
