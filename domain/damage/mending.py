"""Bringing one record back whose bytes are not quite JSON: its encoding, its control characters.

Nothing is guessed: a byte that is no text becomes U+FFFD, half of a surrogate pair too, and a character
that should have been escaped is escaped. What then is no record is given up.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from domain.damage.finding import DamageClass
from domain.damage.grammar import Grammar
from domain.lines import parse
from domain.text import is_utf8

_TEXTS = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)
"""The strings of a JSON text."""

_CONTROLS = re.compile(rb"[\x00-\x1f]")

_ESCAPES = re.compile(
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"  # a pair
    rb"|\\u[dD][89a-fA-F][0-9a-fA-F]{2}"  # a half
    rb"|\\.",  # any other, so that `\\ud83d` is not taken for one
    re.DOTALL,
)
_HALF_SIZE = len(rb"\ud83d")
_REPLACEMENT = rb"\ufffd"


@dataclass(frozen=True, slots=True)
class Mended:
    """A record as it can be written, what was wrong with it, and whether nothing of it was lost."""

    data: bytes
    damages: tuple[DamageClass, ...]
    is_lossless: bool


@dataclass(frozen=True, slots=True)
class _Step:
    """One way to mend: a function that leaves sound bytes alone, and what it costs."""

    apply: Callable[[bytes], bytes]
    damage: DamageClass
    is_lossless: bool


def mend(raw: bytes, grammar: Grammar) -> Mended | None:
    """The record of these bytes, which hold one object and nothing else; None when it cannot be had."""
    damages: list[DamageClass] = []
    is_lossless = True
    data = raw
    for step in _STEPS:
        mended = step.apply(data)
        if mended != data:
            damages.append(step.damage)
            is_lossless = is_lossless and step.is_lossless
            data = mended
    value = parse(data)
    if value is None or not grammar.is_record(value):
        return None
    return Mended(data, tuple(damages), is_lossless)


def _combine_halves(raw: bytes) -> bytes:
    """Pairs of surrogates that were written as characters of three bytes each become the one they mean."""
    if is_utf8(raw):
        return raw
    try:
        text = raw.decode("utf-8", "surrogatepass")
        return text.encode("utf-16", "surrogatepass").decode("utf-16").encode()
    except UnicodeError:
        return raw


def _replace_bad_bytes(raw: bytes) -> bytes:
    return raw if is_utf8(raw) else raw.decode("utf-8", "replace").encode()


def _escape_controls(raw: bytes) -> bytes:
    """Control characters inside of strings, line feeds aside, as escapes."""
    return _TEXTS.sub(lambda text: _CONTROLS.sub(_escaped_unless_feed, text[0]), raw)


def _escaped_unless_feed(found: re.Match[bytes]) -> bytes:
    return found[0] if found[0] == b"\n" else _escaped(found)


def _escape_feeds(raw: bytes) -> bytes:
    """Line feeds inside of strings as escapes."""
    return _TEXTS.sub(lambda text: text[0].replace(b"\n", b"\\n"), raw)


def _drop_feeds(raw: bytes) -> bytes:
    """Without the line feeds, and the indentation behind them, between tokens."""
    return re.sub(rb"\r?\n[ \t]*", b"", raw)


def _escaped(found: re.Match[bytes]) -> bytes:
    return b"\\u%04x" % found[0][0]


def _replace_halves(raw: bytes) -> bytes:
    return _ESCAPES.sub(lambda found: _REPLACEMENT if _is_half(found[0]) else found[0], raw)


def _is_half(escape: bytes) -> bool:
    return len(escape) == _HALF_SIZE


_STEPS = (
    _Step(_combine_halves, DamageClass.CESU8, is_lossless=True),
    _Step(_replace_bad_bytes, DamageClass.INVALID_UTF8, is_lossless=False),
    _Step(_escape_controls, DamageClass.RAW_CONTROL, is_lossless=True),
    _Step(_escape_feeds, DamageClass.SPREAD_RECORD, is_lossless=False),
    _Step(_drop_feeds, DamageClass.SPREAD_RECORD, is_lossless=True),
    _Step(_replace_halves, DamageClass.LONE_SURROGATE, is_lossless=False),
)
"""In this order: bytes, then characters, then lines. A line feed in a text may have been none of it."""
