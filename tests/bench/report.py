"""The figures and bars as a table for people, and as JSON."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path

from tests.bench.bar import Bar
from tests.bench.figures import OURS, REFERENCE, Figure, Figures, ratio

NAME_WIDTH = 52
CELL_WIDTH = 21


def table(figures: Figures) -> Iterator[str]:
    """A line a measure: the reference, ours, and how many times less ours is."""
    head = f"{'measure':{NAME_WIDTH}}{REFERENCE:>{CELL_WIDTH}}{OURS:>{CELL_WIDTH}}{'ratio':>9}  "
    yield f"{head}unit (wall ms)"
    for measure in figures.measures:
        reference, ours = figures.find(measure, REFERENCE), figures.find(measure, OURS)
        gain = ratio(figures.value(measure, REFERENCE), figures.value(measure, OURS))
        either = ours or reference
        assert either
        cells = f"{_cell(reference):>{CELL_WIDTH}}{_cell(ours):>{CELL_WIDTH}}"
        times = f"{_number(gain)}x" if gain is not None else ""
        yield f"{measure:{NAME_WIDTH}}{cells}{times:>9}  {either.unit}{_notes(reference, ours)}"


def verdicts(bars: Iterable[Bar], *, judged: bool) -> Iterator[str]:
    """A line a bar, and how many are met."""
    bars = list(bars)
    for bar in bars:
        got = _number(bar.got)
        verdict = bar.verdict if judged else "not judged"
        yield f"{verdict:13}{bar.what:{NAME_WIDTH}}{got:>10} {bar.sign:>2} {bar.wanted:g} {bar.unit}"
    if judged:
        yield f"{sum(bar.verdict == 'met' for bar in bars)} of {len(bars)} bars met"
    else:
        yield "The threads were too small for the bars to mean anything."


def write_json(path: Path, figures: Figures, bars: Iterable[Bar]) -> None:
    """All figures and bars, for other programs."""
    rows = [asdict(bar) | {"verdict": bar.verdict} for bar in bars]
    path.write_text(
        json.dumps({"figures": [asdict(figure) for figure in figures.all], "bars": rows}, indent=1)
    )


def _cell(figure: Figure | None) -> str:
    if figure is None:
        return "-"
    wall = f" ({_number(figure.wall_ms)})" if figure.wall_ms is not None else ""
    return f"{_number(figure.value)}{wall}"


def _number(value: float | None) -> str:
    """Three digits or more, never an exponent."""
    if value is None:
        return "-"
    size = abs(value)
    return f"{value:,.0f}" if size >= 100 else f"{value:.1f}" if size >= 10 else f"{value:.3g}"


def _notes(*figures: Figure | None) -> str:
    told = {figure.server: figure.note for figure in figures if figure and figure.note}
    if len(set(told.values())) == 1:
        return f"  [{next(iter(told.values()))}]"
    return f"  [{'; '.join(f'{server}: {note}' for server, note in told.items())}]" if told else ""
