"""One file from its first line to its last: what is kept, what is salvaged, what is cut out, and why.

    a strict line ──────── kept as it is
    a blank line ───────── dropped
    damaged lines in a row  taken apart together (`cutting`), since a record may stand on several
    the end of the file ── a last line without line feed gets one

The same steps make a report (the findings) and a repair (everything else), so that one cannot say what the
other does not do.
"""

from collections.abc import Iterator, Sequence
from uuid import UUID

from domain.damage.cutting import Part, PartKind, cut
from domain.damage.finding import Action, DamageClass, Finding, finding
from domain.damage.grammar import Grammar
from domain.damage.rest import is_separator, kind_of_rest
from domain.damage.steps import Cut, Keep, Line, LongLine, Step, Write
from domain.damage.stretch import Stretch, unfinished
from domain.damage.survey import Place, Survey
from domain.limits import LINE_SIZE_MAX, SALVAGE_HELD_SIZE, SALVAGE_LINES_MAX
from domain.lines import BYTE_ORDER_MARK, parse

BLANK = b" \t\r\n"

ACTIONS = {
    DamageClass.SPREAD_RECORD: Action.JOINED,
    DamageClass.INVALID_UTF8: Action.DECODED,
    DamageClass.CESU8: Action.DECODED,
    DamageClass.LONE_SURROGATE: Action.DECODED,
    DamageClass.GLUED_RECORDS: Action.SPLIT,
}
"""What is done about a record that was not as it should be; else it is rewritten."""


class Mender:
    """The steps of one file, asked for line by line."""

    def __init__(self, file: str, thread_id: UUID | None, grammar: Grammar, survey: Survey) -> None:
        self._file = file
        self._thread_id = thread_id
        self._grammar = grammar
        self._survey = survey
        self._held = bytearray()
        self._held_lines = 0
        self._held_number = 0
        self._held_offset = 0

    def take(self, line: Line) -> Iterator[Step]:
        """One more line."""
        raw = line.raw
        has_mark = line.offset == 0 and raw.startswith(BYTE_ORDER_MARK)
        raw = raw[len(BYTE_ORDER_MARK) :] if has_mark else raw
        value = parse(raw)
        if value is not None:
            yield from self._flush(is_tail=False)
            place = Place(line.number, line.offset, len(raw))
            if has_mark:
                yield self._finding(DamageClass.BYTE_ORDER_MARK, place, Action.REWRITTEN)
            yield from self._survey.take(value, raw, place)
            if not line.is_ended:
                yield self._finding(DamageClass.NO_FINAL_NEWLINE, place, Action.REWRITTEN)
            start = line.offset + has_mark * len(BYTE_ORDER_MARK)
            yield Keep(start, line.end, line.is_ended)
        elif not raw.strip(BLANK) and not self._held:
            yield self._finding(
                DamageClass.BLANK_LINE, Place(line.number, line.offset, len(raw)), Action.REWRITTEN
            )
        else:
            yield from self._hold(line)

    def take_long(self, line: LongLine, parts: Sequence[Part]) -> Iterator[Step]:
        """One more line, too long to be held; the parts say what is in it."""
        yield from self._flush(is_tail=False)
        place = Place(line.number, line.offset, line.length)
        end = line.offset + line.length
        if _is_one_record(parts, line.length):
            self._survey.take_unread()
            if line.length > LINE_SIZE_MAX:
                yield self._finding(DamageClass.OVERLONG_LINE, place, Action.KEPT)
            if not line.is_ended:
                yield self._finding(DamageClass.NO_FINAL_NEWLINE, place, Action.REWRITTEN)
            yield Keep(line.offset, end + line.is_ended, line.is_ended)
            return
        for number, part in enumerate(parts):
            is_last = number == len(parts) - 1 and not line.is_ended
            yield from self._long_part(line, part, is_last=is_last)

    def finish(self) -> Iterator[Step]:
        """What is said at the end of the file."""
        yield from self._flush(is_tail=True)
        yield from self._survey.finish()

    def _hold(self, line: Line) -> Iterator[Step]:
        if len(self._held) + len(line.raw) > SALVAGE_HELD_SIZE or self._held_lines >= SALVAGE_LINES_MAX:
            yield from self._flush(is_tail=False, is_bound=True)
        if not self._held:
            self._held_number, self._held_offset = line.number, line.offset
        self._held += line.raw + b"\n" * line.is_ended
        self._held_lines += 1

    def _flush(self, *, is_tail: bool, is_bound: bool = False) -> Iterator[Step]:
        """Takes apart what is held; at the bound, what may go on stays held."""
        if not self._held:
            return
        data = bytes(self._held)
        parts = cut(data, self._grammar)
        number, offset = self._held_number, self._held_offset
        self._held.clear()
        self._held_lines = 0
        if is_bound and (start := unfinished(data, parts, self._grammar)) is not None:
            parts = [part for part in parts if part.start < start]
            self._hold_again(data, data.rfind(b"\n", 0, start) + 1)
        is_open = is_tail and not data.endswith(b"\n")
        stretch = Stretch(data, number, offset, parts)
        for index, part in enumerate(stretch.parts):
            if part.kind is PartKind.RECORD:
                yield from self._salvaged(stretch, index)
            else:
                is_last = is_open and index == len(stretch.parts) - 1
                yield from self._removed(stretch, index, is_last=is_last)

    def _hold_again(self, data: bytes, at: int) -> None:
        """Holds what stands from there on."""
        self._held += data[at:]
        self._held_lines = data.count(b"\n", at)
        self._held_number += data.count(b"\n", 0, at)
        self._held_offset += at

    def _salvaged(self, stretch: Stretch, index: int) -> Iterator[Step]:
        part = stretch.parts[index]
        place = stretch.place(part)
        damages = part.damages or (stretch.surroundings(index),)
        for damage in damages:
            action = ACTIONS.get(damage, Action.REWRITTEN)
            yield self._finding(damage, place, action, is_lossless=part.is_lossless)
        value = parse(part.data)
        if value is not None:
            yield from self._survey.take(value, part.data, place)
        if stretch.data[part.start : part.end] == part.data:
            yield Keep(place.offset, place.offset + place.length, is_ended=False)
        else:
            yield Write(part.data)

    def _removed(self, stretch: Stretch, index: int, *, is_last: bool) -> Iterator[Step]:
        part = stretch.parts[index]
        place = stretch.place(part)
        raw = stretch.data[part.start : part.end]
        start, end = place.offset, place.offset + place.length
        if part.kind is PartKind.ZEROS:
            yield from self._zeros(place, is_last=is_last, is_line=stretch.begins_line(part))
            return
        following = stretch.following(index)
        if raw == BYTE_ORDER_MARK and following:
            return
        if is_separator(raw) and stretch.has_record_beside(index):
            return
        if part.damages:
            damage, is_lossless = part.damages[0], False
        else:
            damage, is_lossless = kind_of_rest(raw, self._grammar, following)
        if is_last and damage in {DamageClass.TORN_RECORD, DamageClass.BROKEN_RECORD}:
            damage = DamageClass.TORN_TAIL
        self._survey.take_fragment(raw)
        yield self._finding(damage, place, Action.QUARANTINED, is_lossless=is_lossless)
        yield Cut(start, end)

    def _zeros(self, place: Place, *, is_last: bool, is_line: bool) -> Iterator[Step]:
        """Zeros at the end are padding, as far as no turn is open that they may have been the end of."""
        is_padding = is_last and is_line and not self._survey.has_open_turn
        damage = DamageClass.NUL_TAIL if is_last else DamageClass.NUL_LINE
        action = Action.REWRITTEN if is_padding else Action.QUARANTINED
        yield self._finding(damage, place, action, is_lossless=is_padding)
        yield Cut(place.offset, place.offset + place.length, is_zeros=True)

    def _long_part(self, line: LongLine, part: Part, *, is_last: bool) -> Iterator[Step]:
        place = Place(line.number, line.offset + part.start, part.end - part.start)
        end = place.offset + place.length
        if part.kind is PartKind.ZEROS:
            yield from self._zeros(place, is_last=is_last, is_line=part.start == 0)
        elif part.kind is PartKind.RECORD:
            yield from self._long_record(part, place)
        else:
            damage = part.damages[0] if part.damages else DamageClass.FOREIGN_TEXT
            if is_last and damage is DamageClass.TORN_RECORD:
                damage = DamageClass.TORN_TAIL
            yield self._finding(damage, place, Action.QUARANTINED, is_lossless=False)
            yield Cut(place.offset, end)

    def _long_record(self, part: Part, place: Place) -> Iterator[Step]:
        """A record on a long line; one too long to be looked into has no bytes here."""
        for damage in part.damages or (DamageClass.SURROUNDING_TEXT,):
            action = ACTIONS.get(damage, Action.SPLIT)
            yield self._finding(damage, place, action, is_lossless=part.is_lossless)
        value = parse(part.data) if part.data else None
        if value is None:
            self._survey.take_unread()
        else:
            yield from self._survey.take(value, part.data, place)
        if part.damages:
            yield Write(part.data)
        else:
            yield Keep(place.offset, place.offset + place.length, is_ended=False)

    def _finding(
        self, damage: DamageClass, place: Place, action: Action, *, is_lossless: bool = True
    ) -> Finding:
        return finding(
            self._file,
            self._thread_id,
            damage,
            line=place.line,
            offset=place.offset,
            length=place.length,
            action=action,
            is_lossless=is_lossless,
        )


def _is_one_record(parts: Sequence[Part], length: int) -> bool:
    """Whether the long line is one strict object as it stands."""
    return len(parts) == 1 and parts[0].kind is PartKind.RECORD and parts[0].end == length
