"""The numbers to reach in lists, starts and commands."""

from collections.abc import Iterator

from tests.bench.bar import Bar
from tests.bench.figures import Figures, ratio
from tests.bench.fresh_pieces import IDLE, MANY, SEEN
from tests.bench.list_pieces import FEW_THREADS, FILTERS, WAYS, list_name
from tests.bench.start_pieces import start_name
from tests.bench.writing_pieces import FORK, IN_FLIGHT, RESUME, append_name, command_name

PAGE_MS = {"default": 10, "state db": 5}
"""CPU time of a page, by where it comes from."""

START_S = {
    "new home: initialize": 0.3,
    "new home: first page": 0.5,
    "new home: all rows in state db": 4,
    "new home: whole index": 4,
    "known home: initialize": 0.3,
}
MEMORY_MB = 120


def list_bars(figures: Figures, big: int) -> Iterator[Bar]:
    """What a page costs in the big home, and how that grows with the home."""
    for kind in FILTERS:
        for way in WAYS:
            name = list_name(kind, way, big)
            yield Bar(name, figures.value(name), "<", PAGE_MS[way], "ms CPU")
    for kind in FILTERS:
        for way in WAYS:
            small = figures.value(list_name(kind, way, FEW_THREADS))
            growth = ratio(figures.value(list_name(kind, way, big)), small)
            yield Bar(f"list, {kind}, {way}: {big} / {FEW_THREADS} threads", growth, "<", 2, "x")


def start_bars(figures: Figures, big: int) -> Iterator[Bar]:
    """How soon a server is there, how soon it sees what others write, and what it costs idle."""
    for what, wanted_s in START_S.items():
        name = start_name(what, big)
        yield Bar(name, ratio(figures.wall_ms(name), 1000), "<", wanted_s, "s wall")
    yield Bar(f"{SEEN}, p95", figures.value(f"{SEEN}, p95"), "<", 10, "ms wall")
    yield Bar(IDLE, figures.value(IDLE), "<", 0.5, "% of a core")
    memory = figures.value(f"anonymous memory, {MANY}")
    yield Bar(f"anonymous memory, {2 * big} threads", memory, "<", MEMORY_MB, "MB")


def writing_bars(figures: Figures, big: int) -> Iterator[Bar]:
    """What commands on the big thread cost, and how many appends a second there are."""
    renamed, resumed = command_name("rename", big), command_name("resume without turns", big)
    yield Bar(renamed, figures.value(renamed), "<", 5, "ms CPU")
    yield Bar(resumed, figures.value(resumed), "<", 50, "ms CPU")
    for piece in (RESUME, FORK):
        name = f"anonymous memory, {piece}"
        yield Bar(name, figures.value(name), "<", MEMORY_MB, "MB")
    for in_flight in (1, IN_FLIGHT):
        name = append_name("process", in_flight)
        yield Bar(name, figures.value(name), ">=", 2000, "a second")
