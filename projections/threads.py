"""The list read model: one row a rollout file, from the beginning of its log.

A row is made when a file is met, and looked at again when its `stat` changed: read on where the head was
not complete, made anew where the head is another one. `updated_ms` follows the file's modification time.
"""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import chain, takewhile
from uuid import UUID

from domain.errors import UnreadableThread
from domain.lines import PASSED_OVER
from domain.listing.listing import ListFacts, ListFold
from domain.log import Bases, FileState, HomeLog, OpenLog, RolloutPlace
from projections.base_rows import dependents_of, is_any, keep_bases, misled_by, unaware_of
from projections.later_git import keep_git
from projections.store import IndexStore
from projections.thread_rows import HeadRecord, facts_of, put_rows, row_of

SEARCHED = """
    UPDATE thread SET searched_end = ?
    WHERE file_id = (SELECT file_id FROM rollout_file WHERE path = ?)
"""

DOUBT = """
    UPDATE thread SET state = 0, head_end = 0
    WHERE file_id = (SELECT file_id FROM rollout_file WHERE path = ?)
"""
"""Has a row made anew from the beginning of its file."""


@dataclass(frozen=True, slots=True)
class Outdated:
    """Files whose rows are not those of the files: some are changed, some are new and have none.

    `unlisted` have rows and are there, but not among the files: they came later, or lists see them no more.
    `doubtful` go on from logs that came or went, in whatever folder they are; `has_bases` tells whether any
    log goes on from another, so that the rows of one folder depend on the other.
    """

    changed: list[RolloutPlace]
    new: list[RolloutPlace]
    unlisted: list[str]
    doubtful: list[str]
    has_bases: bool


class ThreadList:
    """Keeps table `thread` true to the files that lists look at."""

    def __init__(self, store: IndexStore, log: HomeLog, passed_over: tuple[bytes, ...] = PASSED_OVER) -> None:
        self._store = store
        self._log = log
        self._passed_over = passed_over
        self.outdated: set[str] = set()
        """Paths of files whose rows tell of a log that has come or gone since: to be renewed."""

    def compare(self, files: Iterable[RolloutPlace], *, archived: bool) -> Outdated:
        """Hold the rows of one folder against these files, all there are: drops the rows of those gone."""
        with self._store.writing() as cursor:
            known = dict(
                cursor.execute(
                    "SELECT file.path, thread.state FROM thread JOIN rollout_file AS file USING (file_id) "
                    "WHERE is_archived = ?",
                    (archived,),
                ).fetchall()
            )
            outdated = Outdated([], [], [], [], has_bases=is_any(cursor))
            for file in files:
                state = known.pop(file.path, None)
                if state is None:
                    outdated.new.append(file)
                elif state != file.state.digest():
                    outdated.changed.append(file)
            # Looked at while nobody else writes: a file that came after the walk may have its row already.
            outdated.unlisted.extend(path for path in known if self._log.state_of(path) is not None)
            self.drop(cursor, known.keys() - outdated.unlisted)
            for file in outdated.new if outdated.has_bases else ():
                self._doubt(cursor, unaware_of(cursor, file))
            outdated.doubtful.extend(sorted(self.outdated))
            return outdated

    def reconcile(self, files: Iterable[RolloutPlace], *, archived: bool) -> int:
        """Make the rows of one folder those of these files; tells how many files were opened."""
        outdated = self.compare(files, archived=archived)
        with self._store.writing() as cursor:
            self.drop(cursor, outdated.unlisted)
            self.renew(cursor, [*outdated.changed, *outdated.new])
        self.complete(archived=archived)
        return len(outdated.changed) + len(outdated.new)

    def complete(self, *, archived: bool) -> None:
        """Note that every file of one folder has had its row once."""
        with self._store.writing() as cursor:
            cursor.execute("INSERT INTO listing VALUES (?, 1) ON CONFLICT DO NOTHING", (archived,))

    def renew(self, cursor: sqlite3.Cursor, files: Iterable[RolloutPlace]) -> None:
        """Bring the rows of these files up to date; a file that cannot be read has none."""
        changed: set[str | None] = set()
        rows = []
        for file in files:
            known = self._row_at(cursor, file.path)
            if known is not None and known["state"] == file.state.digest():
                continue
            if known is not None:
                changed.add(known["thread_id"])
            try:
                head, state = self._head(cursor, file, known)
            except (FileNotFoundError, UnreadableThread):
                self.drop(cursor, [file.path])
                continue
            file_id = known["file_id"] if known is not None else self._file_id(cursor, file)
            rows.append(row_of(file_id, replace(file, state=state), head))
            changed.add(rows[-1]["thread_id"])
            keep_bases(cursor, file_id, head.bases)
            if known is None:
                self._note_dependents(cursor, file.rollout_id)
        file_ids = [row["file_id"] for row in rows]
        put_rows(cursor, rows)
        keep_git(cursor, self._log, file_ids)
        self._store.choose(cursor, changed)

    def note_searched(self, cursor: sqlite3.Cursor, found: Iterable[tuple[str, int]]) -> None:
        """The logs at these paths do not restate their heads up to these sizes."""
        cursor.executemany(SEARCHED, [(size, path) for path, size in found])

    def drop(self, cursor: sqlite3.Cursor, paths: Iterable[str]) -> None:
        """Drop the rows of files that lists no longer show; what was folded of them stays."""
        for path in paths:
            row = self._row_at(cursor, path)
            if row is not None:
                cursor.execute("DELETE FROM thread WHERE file_id = ?", (row["file_id"],))
                self._store.choose(cursor, [row["thread_id"]])
                self._note_dependents(cursor, UUID(bytes=row["rollout_id"] or row["name_id"]))

    def _note_dependents(self, cursor: sqlite3.Cursor, rollout_id: UUID) -> None:
        """The rows of what goes on from this log are not true any more: it came, or it went."""
        self._doubt(cursor, dependents_of(cursor, rollout_id))

    def _doubt(self, cursor: sqlite3.Cursor, paths: list[str]) -> None:
        cursor.executemany(DOUBT, [(path,) for path in paths])
        self.outdated.update(paths)

    def _row_at(self, cursor: sqlite3.Cursor, path: str) -> sqlite3.Row | None:
        found = cursor.execute(
            "SELECT thread.* FROM rollout_file AS file JOIN thread USING (file_id) WHERE file.path = ?",
            (path,),
        )
        row: sqlite3.Row | None = found.fetchone()
        return row

    def _file_id(self, cursor: sqlite3.Cursor, file: RolloutPlace) -> int:
        catalogue = self._store.catalogue
        known = catalogue.file_at(cursor, file.path)
        return (known or catalogue.add_file(cursor, file.thread_id, file.path, file.state)).file_id

    def _head(
        self, cursor: sqlite3.Cursor, file: RolloutPlace, row: sqlite3.Row | None
    ) -> tuple[HeadRecord, FileState]:
        """What the head of the file tells, read on from where it was known if it is still the same.

        And the state of what was opened: the file may be another since it was looked at.
        """
        with self._log.open(file.path) as source:
            head = HeadRecord(ListFacts())
            if row is not None and not row["is_provisional"] and source.seam(row["head_end"]) == row["seam"]:
                head.facts, head.searched_end = facts_of(row), row["searched_end"]
            if not head.facts.is_complete:
                head.is_provisional = self._read_on(source, head)
            head.seam = source.seam(head.facts.end)
            if row is not None:
                self._doubt(cursor, misled_by(cursor, file.rollout_id, source))
            return head, source.state

    def _read_on(self, source: OpenLog, head: HeadRecord) -> bool:
        """Read on from where the facts end; tells whether an unfinished last line had a say."""
        facts = head.facts
        fold = ListFold(facts, self._passed_over)
        pieces = source.slices(facts.end, 1)
        if not facts.end and (first := next(pieces, None)) is not None:
            head.bases = self._log.bases_of(first)
            self._read_bases(source, fold, head.bases)
            pieces = chain([first], pieces)
        for piece in pieces:
            if not fold.feed(piece):
                return False
        tail = source.tail(facts.end)
        before = replace(facts)
        if tail:
            fold.line(facts.end, tail)
        return before != facts

    def _read_bases(self, source: OpenLog, fold: ListFold, bases: Bases) -> None:
        """Read what a log goes on from, as far as it tells what the log itself would tell later."""
        if not bases:
            return
        floors = {base.start: base.floor for base in bases}
        with self._log.joined(source, bases) as whole:
            for piece in takewhile(lambda one: one.start < 0, whole.slices(whole.begin, 1)):
                if piece.start in floors:
                    fold.begin_log(floors[piece.start], is_base=True)
                fold.feed(piece)
                if fold.facts.preview is not None and fold.facts.first_text is not None:
                    break
        fold.facts.end = 0
        fold.begin_log(bases[-1].end_ordinal, is_base=False)
