"""Cutting damaged bytes apart: strict records, records that can be mended, zeros, and the rest.

The bytes may be of one line or of several in a row; none of these is a strict record by itself. A record is
looked for wherever one could begin. What is found counts only as a whole and strict object with a record's
fields, so that a part of a record is never taken for one. Zeros part what is before them from what is
behind them: a record is never put together across a hole.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from domain.damage.finding import DamageClass
from domain.damage.grammar import Grammar
from domain.damage.mending import mend
from domain.limits import LINE_NESTING_MAX, SALVAGE_WORK_MIN, SALVAGE_WORK_RATIO, SPREAD_LINES_MAX
from domain.lines import parse

_ZEROS = re.compile(rb"\0{2,}")
"""A single zero is a character that somebody did not escape."""

_TOKENS = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[\[\]{}]', re.DOTALL)
_DEPTHS = {b"[": 1, b"{": 1, b"]": -1, b"}": -1}

_PLAIN_LINES = re.compile(rb'(?:[ \t\r]*+[^\s{}"\[\]\0][^\n{}"\[\]\0]*+\n){8,}+')
"""Many lines of plain text, which are one rest."""

_BLANK = b" \t\r\n"
_OPENING, _CLOSING = b":[,", b",}]"

_DECODER = json.JSONDecoder(
    strict=False, parse_int=lambda _: 0, parse_float=lambda _: 0.0, parse_constant=lambda _: None
)
"""Finds where an object ends; it takes more than strict JSON and keeps no number."""


WINDOW = 4096
WINDOW_GROWTH = 8
TOKEN_SIZE = 16
"""Bytes before a window's end in which a failure may come from the end itself."""

RECURSION_WORK = 64 * 1024
"""What it costs to find out that an object is too deep."""

WRITE_SIZE = 2 * 1024 * 1024
"""Bytes that release 0.131.0 writes at once."""


class PartKind(Enum):
    """What a part is."""

    RECORD = auto()
    ZEROS = auto()
    REST = auto()


@dataclass(frozen=True, slots=True)
class Part:
    """A run of the bytes from `start` to `end`.

    Of a record `data` is what is to be written, `damages` what was wrong with its bytes. Of a rest,
    `damages` holds what is wrong with it where that was found out here.
    """

    kind: PartKind
    start: int
    end: int
    data: bytes = b""
    damages: tuple[DamageClass, ...] = ()
    is_lossless: bool = True


@dataclass(frozen=True, slots=True)
class _End:
    """Where an object ends, and what it cost to find that out, in bytes."""

    at: int
    is_record: bool
    work: int


def cut(data: bytes, grammar: Grammar) -> list[Part]:
    """All parts in order; between them is white space at most."""
    parts: list[Part] = []
    at = 0
    for zeros in _ZEROS.finditer(data):
        parts += _cut_stretch(data, at, zeros.start(), grammar)
        parts.append(Part(PartKind.ZEROS, zeros.start(), zeros.end()))
        at = zeros.end()
    parts += _cut_stretch(data, at, len(data), grammar)
    return parts


def _cut_stretch(data: bytes, start: int, end: int, grammar: Grammar) -> list[Part]:
    """The parts of a stretch without zeros."""
    parts: list[Part] = []
    at = start
    for part in _objects(data, start, end, grammar):
        parts += _rest(data, at, part.start, grammar)
        parts.append(part)
        at = part.end
    parts += _rest(data, at, end, grammar)
    return parts


def _objects(data: bytes, start: int, end: int, grammar: Grammar) -> Iterator[Part]:
    """The whole objects that are records, or would be if they were strict."""
    text = data[start:end].decode("latin-1")  # a character a byte
    work = SALVAGE_WORK_MIN + SALVAGE_WORK_RATIO * (end - start)
    at = start
    for match in grammar.starts.finditer(data, start, end):
        if match.start() < at or work < 0:
            continue
        found = _object_end(text, match.start() - start, grammar)
        work -= found.work
        if not found.is_record or _is_inner(data, at, match.start(), start + found.at):
            continue
        torn = grammar.starts.search(data, at, match.start())
        at = start + found.at
        if torn is not None and is_interleaved(torn.start(), match.start(), at):
            yield Part(PartKind.REST, match.start(), at, damages=(DamageClass.INTERLEAVED,))
        else:
            yield _judged(data, match.start(), at, grammar)


def _object_end(text: str, at: int, grammar: Grammar) -> _End:
    """Where the object ends that begins here, and whether it has a record's fields.

    It is read in windows that grow, since a failure costs what was looked at.
    """
    size = WINDOW
    while True:
        window = text[at : at + size]
        try:
            value, length = _DECODER.raw_decode(window)
        except json.JSONDecodeError as error:
            is_cut = error.msg.startswith("Unterminated string") or error.pos >= len(window) - TOKEN_SIZE
            if is_cut and at + size < len(text):
                size *= WINDOW_GROWTH
                continue
            return _End(at, is_record=False, work=len(window))
        except RecursionError:
            return _End(at, is_record=False, work=RECURSION_WORK)
        is_record = isinstance(value, dict) and grammar.is_record(value)
        return _End(at + length, is_record, length)


def _is_inner(data: bytes, before: int, start: int, end: int) -> bool:
    """Whether the object is a value inside of another one, of which only something else is damaged."""
    following = data[end : end + 64].lstrip(_BLANK)[:1]
    preceding = data[max(before, start - 64) : start].rstrip(_BLANK)[-1:]
    if not preceding or not following or preceding not in _OPENING or following not in _CLOSING:
        return False
    return preceding == b":" or b'":' in data[before:start]


def is_interleaved(torn: int, start: int, end: int) -> bool:
    """Whether an object longer than one write, behind a record torn at a write's border, is a mix of two.

    Release 0.131.0 writes longer records in pieces of that size; what lies between two of them is another
    writer's, and in the middle of texts the mix parses.
    """
    return end - start > WRITE_SIZE and (start - torn) % WRITE_SIZE == 0


def _judged(data: bytes, start: int, end: int, grammar: Grammar) -> Part:
    """The object as a record, as it is or mended; as a rest when it cannot be one."""
    raw = data[start:end]
    value = None if b"\n" in raw else parse(raw)
    if value is not None and grammar.is_record(value):
        return Part(PartKind.RECORD, start, end, raw)
    mended = mend(raw, grammar)
    if mended is None:
        return Part(PartKind.REST, start, end, damages=(_refusal(raw),))
    return Part(PartKind.RECORD, start, end, mended.data, mended.damages, mended.is_lossless)


def _refusal(raw: bytes) -> DamageClass:
    """Why a whole object is not strict."""
    return DamageClass.DEEP_NESTING if is_deep(raw) else DamageClass.REFUSED_VALUE


def is_deep(raw: bytes) -> bool:
    """Whether more containers lie in one another than readers take; what is in strings does not count."""
    depth = 0
    for token in _TOKENS.finditer(raw):
        depth += _DEPTHS.get(token[0], 0)
        if depth > LINE_NESTING_MAX:
            return True
    return False


def _rest(data: bytes, start: int, end: int, grammar: Grammar) -> Iterator[Part]:
    """What is between records, a part a line, blanks aside; first a record that line feeds have cut."""
    at = start
    while at < end:
        joined = _unspread(data, at, end, grammar)
        if joined is not None:
            yield joined
            at = joined.end
            continue
        plain = _PLAIN_LINES.match(data, at, end)
        if plain is not None:
            yield Part(PartKind.REST, at, plain.end() - 1)
            at = plain.end()
            continue
        line_end = data.find(b"\n", at, end)
        line_end = end if line_end < 0 else line_end
        raw = data[at:line_end]
        if raw.strip(_BLANK):
            lead = len(raw) - len(raw.lstrip(_BLANK))
            yield Part(_kind_of(raw), at + lead, at + len(raw.rstrip(_BLANK)))
        at = line_end + 1


def _kind_of(raw: bytes) -> PartKind:
    return PartKind.REST if raw.strip(_BLANK + b"\0") else PartKind.ZEROS


def _unspread(data: bytes, start: int, end: int, grammar: Grammar) -> Part | None:
    """A record that begins here and is whole without the line feeds in it."""
    if data[start : start + 1] != b"{":
        return None
    stop = start
    for number in range(SPREAD_LINES_MAX):
        found = data.find(b"\n", stop, end)
        stop = end if found < 0 else found + 1
        raw = data[start:stop].rstrip(_BLANK)
        joined = raw.replace(b"\n", b"")
        if number and grammar.starts.match(joined) is None:
            return None
        value = parse(joined) if number else None
        if value is not None and grammar.is_record(value):
            damages = (DamageClass.SPREAD_RECORD,)
            return Part(PartKind.RECORD, start, start + len(raw), joined, damages, is_lossless=False)
        if found < 0:
            return None
    return None
