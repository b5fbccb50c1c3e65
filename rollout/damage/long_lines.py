"""What is in a line that is too long to be held: read window by window, by the rules of `cutting`."""

import re
from collections.abc import Iterator
from dataclasses import replace

from domain.damage.cutting import Part, PartKind, cut, is_interleaved
from domain.damage.finding import DamageClass
from domain.damage.grammar import Grammar
from domain.damage.object_scanner import ObjectScanner
from domain.damage.steps import LongLine
from domain.limits import SALVAGE_HELD_SIZE, SALVAGE_WORK_RATIO
from rollout.damage.raw_lines import Read

WINDOW = 1024 * 1024
START_SIZE = 256
"""Bytes in which a record's first key stands: windows overlap by so many."""

BLANK = b" \t\r"
_ZEROS = re.compile(rb"\0+")
_ZEROS_MIN = 2

Range = tuple[int, int]


def long_parts(read: Read, line: LongLine, grammar: Grammar) -> list[Part]:
    """The parts of the line, their offsets counted from its beginning; records without their bytes."""
    end = line.offset + line.length
    whole = _object_end(read, line.offset, end)
    if whole is not None and _is_blank(read, whole[0], end):
        return [Part(PartKind.RECORD, 0, line.length)]
    parts: list[Part] = []
    at = line.offset
    for zeros_start, zeros_end in [*_zero_runs(read, line.offset, end), (end, end)]:
        parts += _stretch(read, at, zeros_start, grammar)
        if zeros_end > zeros_start:
            parts.append(Part(PartKind.ZEROS, zeros_start, zeros_end))
        at = zeros_end
    return [replace(part, start=part.start - line.offset, end=part.end - line.offset) for part in parts]


def _stretch(read: Read, start: int, end: int, grammar: Grammar) -> Iterator[Part]:
    """The parts of a stretch without zeros."""
    if end - start <= SALVAGE_HELD_SIZE:
        yield from _held(read, start, end, grammar)
        return
    at = start
    work = SALVAGE_WORK_RATIO * (end - start)
    for begin in _starts(read, start, end, grammar):
        if begin < at or work < 0:
            continue
        found = _object_end(read, begin, end)
        work -= WINDOW if found is None else found[0] - begin
        if found is not None and grammar.is_record(found[1]):
            yield from _gap(read, at, begin, grammar)
            yield _found(read, at, begin, found[0], grammar)
            at = found[0]
    yield from _gap(read, at, end, grammar)


def _found(read: Read, before: int, start: int, end: int, grammar: Grammar) -> Part:
    """A strict object as a record, unless two writers' pieces only happen to make one."""
    torn = next(_starts(read, before, start, grammar), None)
    if torn is not None and is_interleaved(torn, start, end):
        return Part(PartKind.REST, start, end, damages=(DamageClass.INTERLEAVED,), is_lossless=False)
    return Part(PartKind.RECORD, start, end)


def _gap(read: Read, start: int, end: int, grammar: Grammar) -> Iterator[Part]:
    """What stands between long records."""
    if end - start <= SALVAGE_HELD_SIZE:
        yield from _held(read, start, end, grammar)
        return
    is_torn = grammar.starts.match(read(START_SIZE, start)) is not None
    damage = DamageClass.TORN_RECORD if is_torn else DamageClass.FOREIGN_TEXT
    yield Part(PartKind.REST, start, end, damages=(damage,), is_lossless=False)


def _held(read: Read, start: int, end: int, grammar: Grammar) -> Iterator[Part]:
    data = read(end - start, start)
    for part in cut(data, grammar):
        is_torn = part.kind is PartKind.REST and grammar.starts.match(data, part.start) is not None
        damages = part.damages or ((DamageClass.TORN_RECORD,) if is_torn else ())
        yield replace(part, start=start + part.start, end=start + part.end, damages=damages)


def _starts(read: Read, start: int, end: int, grammar: Grammar) -> Iterator[int]:
    """Every place where a record could begin, in order."""
    last = -1
    for at in range(start, end, WINDOW):
        window = read(min(WINDOW + START_SIZE, end - at), at)
        for match in grammar.starts.finditer(window):
            if at + match.start() > last:
                last = at + match.start()
                yield last


def _object_end(read: Read, start: int, end: int) -> tuple[int, dict[str, object]] | None:
    """Where the strict object ends that begins here, and its own short members; None when there is none."""
    scanner = ObjectScanner()
    for at in range(start, end, WINDOW):
        scanner.feed(read(min(WINDOW, end - at), at))
        if not scanner.is_open:
            break
    return None if scanner.ended_at is None else (start + scanner.ended_at, scanner.members)


def _is_blank(read: Read, start: int, end: int) -> bool:
    return all(not read(min(WINDOW, end - at), at).strip(BLANK) for at in range(start, end, WINDOW))


def _zero_runs(read: Read, start: int, end: int) -> Iterator[Range]:
    """Every run of zeros, two at least."""
    run: Range | None = None
    for at in range(start, end, WINDOW):
        window = read(min(WINDOW, end - at), at)
        for found in _ZEROS.finditer(window):
            begin, stop = at + found.start(), at + found.end()
            if run is not None and run[1] == begin:
                run = (run[0], stop)
                continue
            if run is not None and run[1] - run[0] >= _ZEROS_MIN:
                yield run
            run = (begin, stop)
    if run is not None and run[1] - run[0] >= _ZEROS_MIN:
        yield run
