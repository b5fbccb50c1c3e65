"""What a page of the thread list asks for, and the statement that answers it.

Each order has an index that begins with the order's keys and ends with what filters look at. A page follows
its index from the cursor on and passes over what a filter does not let through without looking at the row,
so it sorts nothing and touches no more rows than it shows; candidates of a search come from an index of
three-letter pieces (`thread_words`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import orjson

from domain.cursors import SortDirection, ThreadCursor
from domain.listing.source_kind import INTERACTIVE
from domain.times import NANOSECONDS
from projections.plans import Statement

UNIT_NS = {"started_s": NANOSECONDS, "updated_ms": 1_000_000}
"""How long the units of the time columns are."""

PIECE_LENGTH = 3
PIECES_MAX = 32
"""Pieces of a search term that are looked up; the whole term is compared with what they find anyway."""


class SortKey(StrEnum):
    """What a list is ordered by."""

    CREATED = "created_at"
    UPDATED = "updated_at"


@dataclass(frozen=True, slots=True)
class Providers:
    """Model providers by name; `includes_unnamed`: threads that tell none are meant too."""

    names: Sequence[str]
    includes_unnamed: bool


@dataclass(frozen=True, slots=True)
class Search:
    """A literal text in what a thread shows; `named` are the threads whose names hold it."""

    term: str
    named: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class ListQuery:
    """A page of the thread list; None lets everything through."""

    limit: int
    is_archived: bool = False
    sort_key: SortKey = SortKey.CREATED
    direction: SortDirection = SortDirection.DESCENDING
    cursor: ThreadCursor | None = None
    providers: Providers | None = None
    kinds: frozenset[int] | None = field(default=INTERACTIVE)
    cwd_keys: Sequence[int] | None = None
    search: Search | None = None

    @property
    def order(self) -> tuple[str, ...]:
        """The columns that the page is ordered by, all in its direction.

        Release 0.131.0 walks day folders backwards, and forwards looks at the names alone (case wrong-day).
        """
        if self.sort_key is SortKey.UPDATED:
            return "updated_ms", "name_id"
        if self.direction is SortDirection.DESCENDING and not self.is_archived:
            return "day", "started_s", "name_id"
        return "started_s", "name_id"

    def statement(self, columns: str) -> Statement:
        """The statement that selects these columns of the page's threads, and of one more if there is one."""
        clauses, parameters = self._clauses()
        way = "ASC" if self.direction is SortDirection.ASCENDING else "DESC"
        order = ", ".join(f"{column} {way}" for column in self.order)
        sql = (
            f"SELECT {columns} FROM thread INDEXED BY thread_by_{self.order[0]} "  # noqa: S608 - our own names
            "CROSS JOIN rollout_file AS file ON file.file_id = thread.file_id "
            f"WHERE {' AND '.join(clauses)} ORDER BY {order} LIMIT ?"
        )
        return Statement(sql, (*parameters, self.limit + 1))

    def _clauses(self) -> tuple[list[str], list[object]]:
        clauses: list[str] = ["is_archived = ?", "is_listed = 1"]
        parameters: list[object] = [self.is_archived]
        for more, values in (self._behind(), *self._filters()):
            if more:
                clauses.append(more)
                parameters += values
        return clauses, parameters

    def _filters(self) -> list[tuple[str, list[object]]]:
        """What is filtered by: SQLite asks in this order, so what lets the least through comes first."""
        filters = [self._in_folders(), self._of_providers(), self._of_kinds()]
        is_looked_up = self.search is not None and bool(_pieces(self.search.term))
        filters.insert(0 if is_looked_up else len(filters), self._found())
        return filters

    def _behind(self) -> tuple[str, list[object]]:
        if self.cursor is None:
            return "", []
        time, *_ = [column for column in self.order if column in UNIT_NS]
        units, anchor, is_included = self.cursor.place(self.direction, UNIT_NS[time])
        day = [self.cursor.folder_day] if self.order[0] == "day" else []
        way = ">" if self.direction is SortDirection.ASCENDING else "<"
        columns, marks = ", ".join(self.order), ", ".join("?" * len(self.order))
        return f"({columns}) {way}{'=' if is_included else ''} ({marks})", [*day, units, anchor.bytes]

    def _of_kinds(self) -> tuple[str, list[object]]:
        if self.kinds is None:
            return "", []
        return "source_kind IN (SELECT value FROM json_each(?))", [_array(sorted(self.kinds))]

    def _of_providers(self) -> tuple[str, list[object]]:
        if self.providers is None:
            return "", []
        named = "provider IN (SELECT value FROM json_each(?))"
        if self.providers.includes_unnamed:
            named = f"({named} OR provider IS NULL)"
        return named, [_array(self.providers.names)]

    def _in_folders(self) -> tuple[str, list[object]]:
        if self.cwd_keys is None:
            return "", []
        return "cwd_key IN (SELECT value FROM json_each(?))", [_array(self.cwd_keys)]

    def _found(self) -> tuple[str, list[object]]:
        if self.search is None:
            return "", []
        term = self.search.term
        shown = "(instr(preview, ?) OR instr(coalesce(first_text, ''), ?))"
        values: list[object] = [term, term]
        pieces = _pieces(term)
        if pieces:
            # The unary plus keeps the planner from leaving the order's index for the few that were found.
            found = "SELECT rowid FROM thread_words WHERE thread_words MATCH ?"
            shown = f"+thread.file_id IN ({found}) AND {shown}"
            values.insert(0, pieces)
        if not self.search.named:
            return shown, values
        named = "SELECT file_id FROM thread WHERE thread_id IN (SELECT value FROM json_each(?))"
        return f"(({shown}) OR +thread.file_id IN ({named}))", [*values, _array(self.search.named)]


def _pieces(term: str) -> str:
    """The term as a query of three-letter pieces; empty where it has none."""
    pieces = {term[at : at + PIECE_LENGTH] for at in range(len(term) - PIECE_LENGTH + 1)}
    usable = [piece for piece in sorted(pieces) if "\0" not in piece][:PIECES_MAX]
    return " AND ".join('"' + piece.replace('"', '""') + '"' for piece in usable)


def _array(values: Sequence[object]) -> str:
    return orjson.dumps(list(values)).decode()
