"""A run of whole lines as it is found in a file: counted and marked, not yet given positions."""

from collections.abc import Iterable
from dataclasses import dataclass

from domain.log import LogSlice
from rollout.catalogue.marks import Mark, Marks, marks_of


@dataclass(frozen=True, slots=True)
class Run:
    """How many lines there are, where the last one ends, and the marks along the way."""

    line_count: int
    end: int
    marks: Marks = ()


def measure(pieces: Iterable[LogSlice], start: int, first_line: int) -> Run:
    """The run of all slices, which follow each other from the offset `start` on; none is held."""
    marks: list[Mark] = []
    piece = None
    for piece in pieces:
        marks += marks_of(piece, marks[-1][1] if marks else start)
    if piece is None:
        return Run(0, start)
    # A scanner numbers its slices, so only the last one's lines are still to be counted.
    return Run(piece.first_line - first_line + piece.line_count, piece.end, tuple(marks))
