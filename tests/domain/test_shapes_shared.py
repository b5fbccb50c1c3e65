"""Tests of the shapes that several kinds of line use."""

from typing import Any

import pytest

from domain.shapes.shared import MODE, WEB_ACTION


@pytest.mark.parametrize(
    ("kind", "field"),
    [("search", "query"), ("open_page", "url"), ("find_in_page", "url"), ("find_in_page", "pattern")],
)
def test_the_texts_of_a_web_action_are_strings_or_null(kind: str, field: str) -> None:
    assert WEB_ACTION({"type": kind})
    assert WEB_ACTION({"type": kind, field: None})
    assert WEB_ACTION({"type": kind, field: ""})
    assert not WEB_ACTION({"type": kind, field: 5})


def test_the_queries_of_a_search_are_a_list_of_strings() -> None:
    assert WEB_ACTION({"type": "search", "queries": []})
    assert WEB_ACTION({"type": "search", "queries": None})
    assert not WEB_ACTION({"type": "search", "queries": "q"})
    assert not WEB_ACTION({"type": "search", "queries": [None]})


@pytest.mark.parametrize("kind", ["other", "openPage", "mystery", ""])
def test_a_web_action_of_unknown_type_reads_as_other_whatever_its_fields(kind: str) -> None:
    assert WEB_ACTION({"type": kind, "query": 5, "url": 5})


@pytest.mark.parametrize("action", [None, "search", {}, {"query": "q"}, {"type": None}, {"type": ["search"]}])
def test_a_web_action_needs_a_type(action: Any) -> None:
    assert not WEB_ACTION(action)


@pytest.mark.parametrize("mode", ["plan", "default", "code", "pair_programming", "execute", "custom"])
def test_older_names_of_the_default_mode_are_read(mode: str) -> None:
    assert MODE(mode)
    assert not MODE(mode.upper())
