"""Words of a command line, quoted as the newer release shows them."""

import re
from collections.abc import Iterable

BARE = re.compile(r"[A-Za-z0-9+\-./:@\]_]+")
"""Words that stand as they are."""

SINGLE = re.compile(r"\^?[^'^\\]*")
DOUBLE = re.compile(r"[^$`!^]+")
"""The longest pieces that single quotes protect (`^` only as their first character), and double quotes."""

ESCAPED = re.compile(r'["\\]')
DOUBLED = r"\\\g<0>"

NUL_TEXT = "<command included NUL byte>"


def joined_words(words: Iterable[str]) -> str:
    """The words as one line for a shell; a fixed text when one has a NUL byte, which no shell can say."""
    line = " ".join(map(quoted_word, words))
    return NUL_TEXT if "\0" in line else line


def quoted_word(word: str) -> str:
    """The word with the quotes that it needs."""
    if BARE.fullmatch(word):
        return word
    pieces: list[str] = []
    at = 0
    while at < len(word):
        piece = _next_piece(word, at)
        at += len(piece)
        pieces.append(_quoted(piece))
    return "".join(pieces) or "''"


def _next_piece(word: str, at: int) -> str:
    """The longest piece from here that one kind of quotes protects."""
    found = [match[0] for form in (BARE, SINGLE, DOUBLE) if (match := form.match(word, at))]
    return max(found, key=len)


def _quoted(piece: str) -> str:
    """A piece in the first kind of quotes that protects it: none, single, double."""
    if BARE.fullmatch(piece):
        return piece
    return f"'{piece}'" if SINGLE.fullmatch(piece) else f'"{ESCAPED.sub(DOUBLED, piece)}"'
