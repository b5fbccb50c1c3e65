"""The naive model is right about every rollout that release 0.131.0 wrote itself."""

import pytest

from tests.conformance.corpus import FILES, expected
from tests.conformance.values import as_object
from tests.properties.model import difference, page_of, turns_of


@pytest.mark.parametrize("name", FILES)
def test_model_gives_the_recorded_turns(name: str) -> None:
    recorded = [as_object(turn) for turn in expected(name)[1]]
    assert difference(turns_of(FILES[name].read_bytes()), recorded) is None


def test_page_of_the_model_begins_behind_or_at_its_anchor() -> None:
    turns = [{"id": name} for name in "abcab"]
    assert page_of(turns, None, 2, "asc") == (turns[:2], True)
    assert page_of(turns, ("b", False), 9, "asc") == (turns[2:], False)
    assert page_of(turns, ("b", True), 1, "desc") == ([turns[1]], True)
    assert page_of(turns, ("a", False), 1, "desc") == ([], False)
    assert page_of([], ("gone", True), 1, "desc") == ([], False)
