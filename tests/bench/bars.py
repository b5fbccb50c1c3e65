"""The numbers to reach, and whether they are."""

from collections.abc import Iterator
from itertools import chain

from tests.bench.bar import Bar
from tests.bench.figures import REFERENCE, Figures, ratio
from tests.bench.list_bars import list_bars, start_bars, writing_bars
from tests.bench.turn_pieces import PAGE, SMALL_TURNS, VIEWS, page_name

FULL_TURNS = 5000
"""The bars are about a thread of this many turns, and a home of as many threads; smaller ones say nothing."""


def bars(figures: Figures, big: int) -> Iterator[Bar]:
    """Every bar with what was measured for it."""
    parts = (turn_bars, list_bars, start_bars, writing_bars)
    return chain.from_iterable(part(figures, big) for part in parts)


def turn_bars(figures: Figures, big: int) -> Iterator[Bar]:
    """What pages of turns cost, and the index."""
    for view in VIEWS:
        name = page_name(view, big)
        gain = ratio(figures.value(name, REFERENCE), figures.value(name))
        yield Bar(f"{name}: reference / ours", gain, ">=", 150, "x")
    for view in VIEWS:
        growth = ratio(figures.value(page_name(view, big)), figures.value(page_name(view, SMALL_TURNS)))
        yield Bar(f"page, {view}: {big} turns / {SMALL_TURNS} turns", growth, "<", 2, "x")
    touch = figures.value(f"first touch: page of {PAGE}, {big} turns")
    known = figures.value(page_name("full", big), REFERENCE)
    yield Bar("first touch / a page of the reference", ratio(touch, known), "<", 0.6, "x")
    appended = figures.value(f"one turn appended, then the page, {big} turns")
    yield Bar("catch-up and page", appended, "<", 5, "ms CPU")
    walked = ratio(figures.value(f"walk by {PAGE}, full, {big} turns"), 1000)
    yield Bar("walk", walked, "<", 5, "s CPU")
    yield Bar("index speed", figures.value("index: log read a second of CPU"), ">=", 400, "MB/s")
    yield Bar("index size", figures.value("index: size"), "<=", 2, "% of log")
    yield Bar("anonymous memory, highest of all", figures.highest("anonymous memory"), "<", 120, "MB")
