"""No bytes in a file, and no text as a cursor, bring anything down; what can be read is read."""

import json
from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from domain.cursors import SortDirection
from domain.errors import ThreadstoreError
from domain.views import ItemsView
from projections.pages import item_page
from tests.properties.homes import assert_shows, home_of, new_home, tables_of
from tests.properties.mutations import MUTATED
from tests.properties.scale import examples
from tests.properties.strategies import TURN_LOGS


@examples(50)
@given(st.binary(max_size=400))
def test_any_bytes_are_a_file(data: bytes) -> None:
    with home_of(data) as home:
        assert_shows(home, data)


@examples(40)
@given(MUTATED)
def test_damaged_real_file_shows_what_the_model_finds_in_it(data: bytes) -> None:
    with home_of(data) as home:
        for view in ItemsView:
            assert_shows(home, data, view)


@examples(20)
@given(MUTATED, MUTATED)
def test_file_that_was_damaged_under_the_index_is_read_anew(former: bytes, data: bytes) -> None:
    with new_home() as home:
        home.write(former)
        home.catch_up()
        home.path_of().unlink()
        home.write(data)
        assert_shows(home, data)
        assert home.tables() == tables_of(data)


CURSORS = st.one_of(
    st.text(max_size=20),
    st.recursive(
        st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=3), st.just("t1")),
        lambda inner: st.one_of(
            st.lists(inner, max_size=3),
            st.dictionaries(st.sampled_from(("turnId", "itemPosition", "includeAnchor", "x")), inner),
        ),
        max_leaves=5,
    ).map(json.dumps),
)


def is_answered(ask: Callable[[], object]) -> bool:
    """Whether the question has an answer; no other failure than one that is told to the client."""
    try:
        ask()
    except ThreadstoreError:
        return False
    return True


@examples(50)
@given(TURN_LOGS, CURSORS, st.sampled_from(SortDirection))
def test_any_cursor_is_answered_or_refused(data: bytes, cursor: str, direction: SortDirection) -> None:
    with home_of(data) as home:
        is_answered(lambda: home.page(cursor, 3, direction))
        is_answered(lambda: home.ask(lambda file_id: item_page(file_id, "t1", cursor, 3, direction)))
        assert is_answered(home.turns)
