"""The list read model: one row a rollout file, from the beginning of its log.

A row is made when a file is met, and looked at again when its `stat` changed: read on where the head was
not complete, made anew where the head is another one. `updated_ms` follows the file's modification time.
"""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import orjson

from domain.errors import UnreadableThread
from domain.lines import PASSED_OVER
from domain.listing import ListFacts, ListFold
from domain.log import Log, OpenLog, RolloutPlace
from projections.store import IndexStore

COLUMNS = (
    "file_id",
    "state",
    "size",
    "seam",
    "head_end",
    "is_provisional",
    "is_archived",
    "is_listable",
    "is_listed",
    "started_s",
    "name_id",
    "updated_ms",
    "thread_id",
    "meta",
    "preview",
    "preview_is_text",
    "first_text",
)

PUT = f"INSERT OR REPLACE INTO thread ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})"  # noqa: S608


@dataclass(slots=True)
class HeadRecord:
    """What is known of the head of one file: facts, and whether an unfinished last line had a say."""

    facts: ListFacts
    seam: int = 0
    is_provisional: bool = False


class ThreadList:
    """Keeps table `thread` true to the files that lists look at."""

    def __init__(self, store: IndexStore, log: Log, passed_over: tuple[bytes, ...] = PASSED_OVER) -> None:
        self._store = store
        self._log = log
        self._passed_over = passed_over

    def reconcile(self, files: Iterable[RolloutPlace], *, archived: bool) -> int:
        """Make the rows of one folder those of these files; tells how many files were opened."""
        with self._store.writing() as cursor:
            known = self._known(cursor, archived=archived)
            changed: set[str | None] = set()
            opened = 0
            for file in files:
                row = known.pop(file.path, None)
                if row is None or row["state"] != file.state.text():
                    changed |= self._renew(cursor, file, row)
                    opened += 1
            for row in known.values():
                cursor.execute("DELETE FROM thread WHERE file_id = ?", (row["file_id"],))
                changed.add(row["thread_id"])
            self._store.choose(cursor, [(thread_id, archived) for thread_id in changed])
            return opened

    def refresh(self, file: RolloutPlace) -> None:
        """Make the row of one file."""
        with self._store.writing() as cursor:
            known = self._store.catalogue.file_at(cursor, file.path)
            found = cursor.execute(
                "SELECT * FROM thread WHERE file_id = ?", (known.file_id if known else None,)
            )
            row = found.fetchone()
            if row is None or row["state"] != file.state.text():
                changed = self._renew(cursor, file, row)
                self._store.choose(cursor, [(thread_id, file.is_archived) for thread_id in changed])

    def _known(self, cursor: sqlite3.Cursor, *, archived: bool) -> dict[str, sqlite3.Row]:
        rows = cursor.execute(
            "SELECT file.path, thread.* FROM thread JOIN rollout_file AS file USING (file_id) "
            "WHERE is_archived = ?",
            (archived,),
        )
        return {row["path"]: row for row in rows.fetchall()}

    def _renew(self, cursor: sqlite3.Cursor, file: RolloutPlace, row: sqlite3.Row | None) -> set[str | None]:
        """Bring one row up to date, a file that cannot be read having none; gives the threads it is about."""
        before = {row["thread_id"]} if row is not None else set()
        try:
            head = self._head(file, row)
        except (FileNotFoundError, UnreadableThread):
            cursor.execute("DELETE FROM thread WHERE file_id = ?", (row["file_id"] if row else None,))
            return before
        file_id = row["file_id"] if row is not None else self._file_id(cursor, file)
        cursor.execute(PUT, _values(file_id, file, head))
        return before | {head.facts.meta["id"] if head.facts.meta else None}

    def _file_id(self, cursor: sqlite3.Cursor, file: RolloutPlace) -> int:
        catalogue = self._store.catalogue
        known = catalogue.file_at(cursor, file.path)
        return (known or catalogue.add_file(cursor, file.thread_id, file.path, file.state)).file_id

    def _head(self, file: RolloutPlace, row: sqlite3.Row | None) -> HeadRecord:
        """What the head of the file tells, read on from where it was known if it is still the same."""
        with self._log.open(file.path) as source:
            head = HeadRecord(ListFacts())
            if row is not None and not row["is_provisional"] and source.seam(row["head_end"]) == row["seam"]:
                head.facts = _facts_of(row)
            if not head.facts.is_complete:
                head.is_provisional = self._read_on(source, head.facts)
            head.seam = source.seam(head.facts.end)
            return head

    def _read_on(self, source: OpenLog, facts: ListFacts) -> bool:
        """Read on from where the facts end; tells whether an unfinished last line had a say."""
        fold = ListFold(facts, self._passed_over)
        for piece in source.slices(facts.end, 1):
            if not fold.feed(piece):
                return False
        tail = source.tail(facts.end)
        before = replace(facts)
        if tail:
            fold.line(facts.end, tail)
        return before != facts


def _facts_of(row: sqlite3.Row) -> ListFacts:
    meta, preview = row["meta"], row["preview"]
    first_text = preview if row["preview_is_text"] else row["first_text"]
    return ListFacts(row["head_end"], orjson.loads(meta) if meta else None, preview, first_text)


def _values(file_id: int, file: RolloutPlace, head: HeadRecord) -> tuple[Any, ...]:
    facts = head.facts
    preview_is_text = facts.first_text is not None and facts.first_text == facts.preview
    is_listable = facts.is_listed and file.is_listable
    return (
        file_id,
        file.state.text(),
        file.state.size,
        head.seam,
        facts.end,
        head.is_provisional,
        file.is_archived,
        is_listable,
        is_listable,
        file.started_s,
        str(file.thread_id),
        file.state.mtime_ns // 1_000_000,
        facts.meta["id"] if facts.meta else None,
        orjson.dumps(facts.meta) if facts.meta else None,
        facts.preview,
        preview_is_text,
        None if preview_is_text else facts.first_text,
    )
