"""Text for a terminal: no line is wider than it, nothing in it steers it, colour only where it is wanted."""

import os
import shutil
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import TextIO

BOLD, DIM, PLAIN = "\x1b[1m", "\x1b[2m", "\x1b[0m"
WIDTH_DEFAULT, WIDTH_MAX = 110, 140
CELL_MAX = 60


def printable(text: str) -> str:
    """The text with every character that is no letter, sign or space written as an escape."""
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


def one_line(text: str) -> str:
    """The text with every run of white space as one blank."""
    return " ".join(text.split())


def width_of(text: str) -> int:
    """Columns that a printable text takes."""
    return sum(
        2 if unicodedata.east_asian_width(char) in "WF" else not unicodedata.combining(char) for char in text
    )


def cut(text: str, width: int) -> str:
    """As much of a text as fits, with a mark where something is missing."""
    if width_of(text) <= width:
        return text
    while text and width_of(text) > width - 1:
        text = text[: max(0, len(text) - max(1, (width_of(text) - width) // 2))]
    return f"{text}…"


def moment(seconds: float | None) -> str:
    """A time in seconds since 1970, as people read it."""
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M}" if seconds is not None else "-"


class Page:
    """Where the demonstration is printed."""

    def __init__(self, out: TextIO) -> None:
        self.out = out
        self.width = min(shutil.get_terminal_size((WIDTH_DEFAULT, 24)).columns, WIDTH_MAX)
        self.has_colour = out.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"

    def title(self, text: str) -> None:
        """A headline."""
        self.out.write("\n")
        self.line(text, BOLD)

    def input(self, mark: str, text: str) -> None:
        """What is typed, or sent to the server: whole, on as many lines as it takes."""
        shown = printable(text)
        room = max(1, self.width - 2)
        for start in range(0, len(shown), room):
            self.line(f"{mark if start == 0 else ' '} {shown[start : start + room]}", DIM)

    def table(self, rows: Iterable[Sequence[str]], indent: int = 2) -> None:
        """Rows of cells, aligned; the last cell takes what is left of the width."""
        lines = [[*(cut(printable(cell), CELL_MAX) for cell in row[:-1]), printable(row[-1])] for row in rows]
        widths = [max(map(width_of, column)) for column in zip(*lines, strict=True)]
        for cells in lines:
            padded = (
                cell + " " * (width - width_of(cell)) for cell, width in zip(cells, widths, strict=True)
            )
            self.line(" " * indent + "  ".join(padded).rstrip())

    def line(self, text: str, style: str = "") -> None:
        """One line, cut at the width."""
        shown = cut(printable(text), self.width)
        self.out.write(f"{style}{shown}{PLAIN}\n" if style and self.has_colour else f"{shown}\n")
        self.out.flush()
