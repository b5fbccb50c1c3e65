"""The index shows the turns of the model, in every view, however it came to know them."""

import shutil
from contextlib import closing

import pytest
from hypothesis import given

from domain.views import ItemsView
from tests.home import IndexedHome
from tests.properties.homes import assert_shows, home_of, new_home, without
from tests.properties.scale import examples
from tests.properties.strategies import LOGS

LAZY = ("kept", "kept_to", "damaged_count")
"""Counted only as far as a number depends on it; damage in a line that is passed over is never met."""


@examples(100)
@given(LOGS)
def test_index_shows_the_turns_of_the_model(data: bytes) -> None:
    with home_of(data) as home:
        assert_shows(home, data)


@pytest.mark.parametrize("view", [ItemsView.SUMMARY, ItemsView.NOT_LOADED])
@examples(40)
@given(LOGS)
def test_views_are_those_of_the_model(view: ItemsView, data: bytes) -> None:
    with home_of(data) as home:
        assert_shows(home, data, view)


@examples(50)
@given(LOGS)
def test_passing_lines_over_changes_no_answer(data: bytes) -> None:
    with home_of(data) as home, home_of(data, passed_over=()) as thorough:
        assert home.turns() == thorough.turns()
        assert without(home.tables(), LAZY) == without(thorough.tables(), LAZY)


@examples(40)
@given(LOGS)
def test_deleted_index_comes_back_as_it_was(data: bytes) -> None:
    with new_home() as home:
        home.write(data)
        before = home.turns(), home.tables()
        home.close()
        shutil.rmtree(home.root / "threadstore")
        with closing(IndexedHome(home.root)) as again:
            assert (again.turns(), again.tables()) == before
