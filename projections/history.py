"""The history read model: turns and items of each rollout file, kept up with its lines.

Two doors lead in, and both end in the same rows: `process_event` takes one line (the library's runners
call it), `process_slices` as many as a commit holds.
"""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from itertools import takewhile
from typing import Any

from eventsourcing.persistence import IntegrityError, Tracking
from eventsourcing.projection import Projection

from domain.changes import Span
from domain.events import RolloutLine
from domain.history.log_fold import LogFold
from domain.history.ports import KeptBetween
from domain.history.rows import Dialect, HistoryHead, LinePlace
from domain.limits import COMMIT_SIZE
from domain.lines import PASSED_OVER
from domain.log import Bases, FileState, HomeLog, LogFile, LogSlice, OpenLog
from projections.base_rows import doubt_row, load_bases, save_bases
from projections.changes import note_lines
from projections.store import IndexStore
from projections.turn_rows import SqlTurns, write_delta

PLACES = ("first_meta", "meta", "git_meta")
"""Head fields that are places of lines: a column for each part."""

COUNTERS = tuple(item.name for item in fields(HistoryHead) if item.name not in PLACES)

COLUMNS = (
    *("file_id", "state", "seam", '"end"', "line_count", "tail_counts"),
    *COUNTERS,
    *(f"{name}_{part}" for name in PLACES for part in LinePlace._fields),
)

PUT = f"INSERT OR REPLACE INTO history ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})"  # noqa: S608

NOWHERE = (None,) * len(LinePlace._fields)
"""The columns of a line that the log does not have."""


@dataclass(slots=True)
class HistoryRecord:
    """How far one file is folded: the row of table `history`.

    `end` is the offset behind the last folded line and `line_count` how many lines that is; `state` and
    `seam` are what the file looked like then; `tail_counts` tells whether what stands behind the last
    line feed counts as a line. While `end` is below 0 the `bases` are being folded.
    """

    file_id: int
    state: FileState | None
    seam: int
    end: int
    line_count: int
    tail_counts: bool
    head: HistoryHead
    bases: Bases = ()

    @property
    def is_begun(self) -> bool:
        """Whether any line was folded, or is to be folded before the first."""
        return self.line_count > 0 or bool(self.bases)

    @property
    def floors(self) -> dict[int, int]:
        """Where each log begins whose lines must have ordinals above a floor, and that floor."""
        if not self.bases:
            return {}
        return {base.start: base.floor for base in self.bases} | {0: self.bases[-1].end_ordinal}


class HistoryProjection(Projection[IndexStore]):
    """Folds lines into the tables `history`, `turn` and `item_line`."""

    name = "history"

    def __init__(self, view: IndexStore, log: HomeLog, passed_over: tuple[bytes, ...] = PASSED_OVER) -> None:
        super().__init__(view)
        self._log = log
        self._passed_over = passed_over

    def process_event(self, domain_event: RolloutLine, tracking: Tracking) -> None:
        """Fold one line, in a transaction of its own; IntegrityError when it was folded before.

        A line of a file that is another one by now is accounted for and not folded.
        """
        with self.view.writing() as cursor:
            self.view.track(cursor, tracking.notification_id)
            for file, record in self._candidates(cursor, domain_event):
                with self._log.open(file.path) as source:
                    piece = _piece_of(domain_event, source, max(record.end, 0))
                    if piece is not None:
                        self._process_piece(cursor, record, file, source, piece)
                        return

    def _candidates(self, cursor: sqlite3.Cursor, line: RolloutLine) -> list[tuple[LogFile, HistoryRecord]]:
        """The files whose next line this may be: a thread can have several; IntegrityError when none is."""
        files = self.view.catalogue.files_of(cursor, line.originator_id)
        records = [(file, load(cursor, file.file_id)) for file in files]
        found = [pair for pair in records if pair[1].line_count + 1 == line.originator_version]
        if not found:
            raise IntegrityError(f"line {line.originator_version} of {line.originator_id} is not the next")
        return found

    def _process_piece(
        self, cursor: sqlite3.Cursor, record: HistoryRecord, file: LogFile, source: OpenLog, piece: LogSlice
    ) -> None:
        """Fold the next line of a file, before its first one what it goes on from."""
        self.begin(cursor, record, piece)
        with self._log.joined(source, record.bases) as whole:
            inherited = takewhile(lambda one: one.start < 0, whole.slices(record.end, 1))
            while record.end < 0 and self.process_slices(cursor, record, file, inherited, whole.kept_between):
                pass
            self.process_slices(cursor, record, file, [piece], source.kept_between)
        record.state = replace(source.state, size=record.end)
        record.seam = source.seam(record.end)
        record.tail_counts = False
        save(cursor, record)

    def begin(self, cursor: sqlite3.Cursor, record: HistoryRecord, first: LogSlice) -> None:
        """Before the first lines of a log are folded: find out what it goes on from."""
        if record.is_begun:
            return
        record.bases = self._log.bases_of(first)
        if record.bases:
            record.end = record.bases[0].start
            if load_bases(cursor, record.file_id) != record.bases:
                doubt_row(cursor, record.file_id)
            save_bases(cursor, record.file_id, record.bases)

    def process_slices(
        self,
        cursor: sqlite3.Cursor,
        record: HistoryRecord,
        file: LogFile,
        pieces: Iterable[LogSlice],
        kept_between: KeptBetween,
    ) -> bool:
        """Fold and journal slices of a file up to the size of a commit; tells whether there may be more.

        `record` moves on with the lines; the caller saves it in the same transaction.
        """
        fold = LogFold(record.head, SqlTurns(cursor, record.file_id), kept_between, self._passed_over)
        floors = record.floors
        if record.end < 0 and record.end not in floors:  # left in the middle of a base
            fold.begin_log(record.head.last_ordinal, is_base=True)
        start, first_line = record.end, record.line_count + 1
        may_have_more = False
        for piece in pieces:
            if piece.start in floors:
                fold.begin_log(floors[piece.start], is_base=piece.start < 0)
            fold.feed(piece)
            record.end = piece.end
            record.line_count += piece.line_count if piece.start >= 0 else 0
            if record.end - start >= COMMIT_SIZE:
                may_have_more = True
                break
        delta = fold.take()
        write_delta(cursor, record.file_id, delta)
        if record.line_count >= first_line:
            span = Span(first_line, record.line_count, max(start, 0), record.end)
            note_lines(cursor, file, span, delta)
        return may_have_more

    def try_tail(
        self, cursor: sqlite3.Cursor, record: HistoryRecord, tail: bytes, kept_between: KeptBetween
    ) -> None:
        """Fold a last line without a line feed; for a transaction that is rolled back."""
        fold = LogFold(record.head, SqlTurns(cursor, record.file_id), kept_between, self._passed_over)
        fold.line(record.end, tail)
        write_delta(cursor, record.file_id, fold.take())
        save(cursor, record)


def _piece_of(line: RolloutLine, source: OpenLog, at: int) -> LogSlice | None:
    """The line as it stands in the file; None when another one stands there by now."""
    raw = line.raw + b"\n"
    if source.read(at, len(raw)) == raw:
        return LogSlice(at, at + len(raw), line.originator_version, raw)
    there = next(iter(source.slices(at, line.originator_version)), None)
    return there if there is not None and there.is_overlong else None


def load(cursor: sqlite3.Cursor, file_id: int) -> HistoryRecord:
    """How far this file is folded; a new record when it is not begun."""
    row = cursor.execute("SELECT * FROM history WHERE file_id = ?", (file_id,)).fetchone()
    if row is None:
        return HistoryRecord(file_id, None, 0, 0, 0, tail_counts=False, head=HistoryHead())
    values: dict[str, Any] = {name: row[name] for name in COUNTERS}
    values["is_open"] = bool(values["is_open"])
    values["dialect"] = Dialect(values["dialect"])
    for name in PLACES:
        place = LinePlace(*(row[f"{name}_{part}"] for part in LinePlace._fields))
        values[name] = place if row[f"{name}_at"] is not None else None
    has_bases = values["dialect"] is Dialect.PAGINATED
    return HistoryRecord(
        file_id,
        FileState.of_text(row["state"]) if row["state"] else None,
        row["seam"],
        row["end"],
        row["line_count"],
        bool(row["tail_counts"]),
        HistoryHead(**values),
        load_bases(cursor, file_id) if has_bases else (),
    )


def save(cursor: sqlite3.Cursor, record: HistoryRecord) -> None:
    """Store how far this file is folded."""
    head = record.head
    values: list[Any] = [
        record.file_id,
        record.state.text() if record.state else "",
        record.seam,
        record.end,
        record.line_count,
        record.tail_counts,
    ]
    values += (getattr(head, name) for name in COUNTERS)
    for place in (head.first_meta, head.meta, head.git_meta):
        values += NOWHERE if place is None else place
    cursor.execute(PUT, values)
