"""Text for a terminal: nothing from a log reaches it raw."""

import os
import shutil
import sys
from datetime import datetime

WIDTH_DEFAULT = 100
WIDTH_MAX = 200
"""Columns of a line at most, however wide the terminal says it is."""

BIDIRECTIONAL = frozenset(
    "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u2028\u2029\u061c\ufeff"
)
"""Characters that turn or break a line without showing."""


def safe(text: str) -> str:
    """The text with every control character spelt out."""
    return "".join(_spelt(character) for character in text)


def _spelt(character: str) -> str:
    code = ord(character)
    if code < ord(" ") or 0x7F <= code < 0xA0:  # noqa: PLR2004 - C0, DEL and C1
        return f"\\x{code:02x}"
    if 0xDC80 <= code <= 0xDCFF:  # noqa: PLR2004 - a byte of a path that is no UTF-8
        return f"\\x{code - 0xDC00:02x}"
    return f"\\u{code:04x}" if character in BIDIRECTIONAL or 0xD800 <= code < 0xE000 else character  # noqa: PLR2004


def safe_lines(text: str) -> str:
    """The same, but line feeds stay."""
    return "\n".join(map(safe, text.split("\n")))


def one_line(text: str, width: int) -> str:
    """The text on one line, cut to a width."""
    flat = safe(" ".join(text.split()))
    return flat if len(flat) <= width else flat[: max(0, width - 1)] + "…"


def terminal_width() -> int:
    """Columns of the terminal; a page's width where there is none."""
    return min(shutil.get_terminal_size((WIDTH_DEFAULT, 24)).columns, WIDTH_MAX)


def has_colour() -> bool:
    """Whether standard output is a terminal that may be coloured (`NO_COLOR` says no)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def local_time(epoch_s: int) -> str:
    """The time in this machine's zone, to the minute."""
    return datetime.fromtimestamp(epoch_s).astimezone().strftime("%Y-%m-%d %H:%M")
