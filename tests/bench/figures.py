"""What was measured."""

from collections.abc import Iterable
from dataclasses import dataclass

OURS = "ours"
REFERENCE = "reference"


@dataclass(frozen=True, slots=True)
class Figure:
    """One number about one server; `wall_ms` beside it where the number is CPU time."""

    measure: str
    server: str
    value: float
    unit: str = "ms CPU"
    wall_ms: float | None = None
    runs: int = 1
    note: str = ""


class Figures:
    """All figures of a run, found by measure and server."""

    def __init__(self, figures: Iterable[Figure]) -> None:
        self.all = tuple(figures)
        self._by_name = {(figure.measure, figure.server): figure for figure in self.all}

    @property
    def measures(self) -> list[str]:
        """The measures in the order in which they were first taken."""
        return list(dict.fromkeys(figure.measure for figure in self.all))

    def find(self, measure: str, server: str) -> Figure | None:
        """The figure, if it was taken."""
        return self._by_name.get((measure, server))

    def value(self, measure: str, server: str = OURS) -> float | None:
        """The number, if it was taken."""
        figure = self.find(measure, server)
        return figure.value if figure else None

    def wall_ms(self, measure: str, server: str = OURS) -> float | None:
        """The wall time beside the number, if it was taken."""
        figure = self.find(measure, server)
        return figure.wall_ms if figure else None

    def highest(self, prefix: str, server: str = OURS) -> float | None:
        """The highest number among measures that begin so."""
        return max(
            (f.value for f in self.all if f.server == server and f.measure.startswith(prefix)), default=None
        )


def ratio(above: float | None, below: float | None) -> float | None:
    """One number over another; None while one is missing."""
    return None if above is None or not below else above / below
