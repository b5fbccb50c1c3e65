"""List rows without files, and what a naive reader of all of them would answer."""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from domain.cursors import SortDirection, ThreadCursor, read_thread_cursor
from domain.listing.source_kind import SourceKind
from domain.times import day_of_time
from projections.list_query import ListQuery, SortKey
from projections.plans import run_here
from projections.thread_pages import ListRow, ThreadPage, thread_page
from projections.thread_rows import COLUMNS, cwd_key, put_rows
from tests.home import IndexedHome

PAGES_MAX = 100

SECOND_NS, MILLISECOND_NS = 10**9, 10**6

UP, DOWN = SortDirection.ASCENDING, SortDirection.DESCENDING


@dataclass(frozen=True)
class Listed:
    """What a list row holds that pages look at; `day` None is the folder of the time."""

    name_id: UUID
    started_s: int = 0
    updated_ms: int = 0
    day: int | None = None
    is_archived: bool = False
    is_listed: bool = True
    provider: str | None = "openai"
    kind: SourceKind = SourceKind.CLI
    cwd: str | None = "/srv/demo"
    preview: str = "text"
    first_text: str | None = None

    @property
    def folder_day(self) -> int:
        """The number of the folder's day; archived threads are in none."""
        own_day = day_of_time(self.started_s * SECOND_NS) if self.day is None else self.day
        return 0 if self.is_archived else own_day

    def row(self, file_id: int) -> dict[str, Any]:
        """The row as it is stored."""
        marks = {
            name: getattr(self, name) for name in ("started_s", "updated_ms", "is_archived", "is_listed")
        }
        facts = {name: getattr(self, name) for name in ("provider", "cwd", "preview", "first_text")}
        keys = {"name_id": self.name_id.bytes, "thread_id": str(self.name_id), "day": self.folder_day}
        key = None if self.cwd is None else cwd_key(self.cwd)
        nothing = dict.fromkeys(("meta", "git_at", "git"))
        told = {"file_id": file_id, "source_kind": self.kind, "cwd_key": key, "is_listable": self.is_listed}
        return dict.fromkeys(COLUMNS, 0) | marks | facts | keys | nothing | told


def naive_order(rows: Iterable[Listed], query: ListQuery) -> list[Listed]:
    """All rows that the query lets through, in its order; its cursor and limit are not looked at."""
    found = [row for row in rows if row.is_listed and _is_let_through(row, query)]
    return sorted(found, key=lambda row: naive_key(row, query), reverse=query.direction is DOWN)


def naive_key(row: Listed, query: ListQuery) -> tuple[Any, ...]:
    """By what a row stands where it stands."""
    if query.sort_key is SortKey.UPDATED:
        return row.updated_ms, row.name_id
    if query.direction is DOWN and not query.is_archived:
        return row.folder_day, row.started_s, row.name_id
    return row.started_s, row.name_id


def _is_let_through(row: Listed, query: ListQuery) -> bool:
    if row.is_archived is not query.is_archived:
        return False
    if query.kinds is not None and row.kind not in query.kinds:
        return False
    if query.providers is not None:
        is_unnamed = row.provider is None and query.providers.includes_unnamed
        if not is_unnamed and row.provider not in query.providers.names:
            return False
    if query.cwd_keys is not None and (row.cwd is None or cwd_key(row.cwd) not in query.cwd_keys):
        return False
    return query.search is None or is_found(row, query.search.term, query.search.named)


def is_found(row: Listed, term: str, named: Sequence[str] = ()) -> bool:
    """Whether a search for this term finds the row."""
    return term in row.preview or term in (row.first_text or "") or str(row.name_id) in named


class ListedRows:
    """The list rows of a home that has no files."""

    def __init__(self, home: IndexedHome) -> None:
        self._home = home
        with home.store.writing() as cursor:
            for table in ("thread", "rollout_file", "cwd"):
                cursor.execute(f"DELETE FROM {table}")
        self._count = 0

    def put(self, rows: Iterable[Listed]) -> None:
        """Add these."""
        with self._home.store.writing() as cursor:
            for row in rows:
                self._count += 1
                cursor.execute(
                    "INSERT INTO rollout_file (file_id, thread_id, path, device, inode, size, mtime_ns, "
                    "ctime_ns) VALUES (?, ?, ?, '0', '0', 0, '0', '0')",
                    (self._count, str(row.name_id), f"/{self._count}"),
                )
                put_rows(cursor, [row.row(self._count)])

    def page(self, query: ListQuery) -> ThreadPage:
        """One page."""
        with self._home.store.writing() as cursor:
            return run_here(thread_page(query), cursor)

    def ids(self, query: ListQuery) -> list[UUID]:
        """The threads of one page."""
        return [row.name_id for row in self.page(query).rows]

    def walk(self, query: ListQuery) -> list[ListRow]:
        """The threads of all pages, one after another; each full unless it is the last."""
        found: list[ListRow] = []
        for _ in range(PAGES_MAX):
            page = self.page(query)
            found += page.rows
            if not page.has_more:
                return found
            assert len(page.rows) == query.limit
            query = replace(
                query, cursor=told_again(page.rows[-1].cursor(query.sort_key, includes_anchor=False))
            )
        raise AssertionError("the walk does not end")


def told_again(cursor: ThreadCursor) -> ThreadCursor:
    """The cursor as it comes back from a client."""
    return read_thread_cursor(cursor.text())


def agrees_with_rows(cursor: sqlite3.Cursor) -> None:
    """Fail unless the search index holds the pieces of the rows that there are, and no others."""
    terms = "SELECT term, doc FROM thread_words_vocabulary ORDER BY 1, 2"
    cursor.execute(
        "CREATE VIRTUAL TABLE temp.thread_words_vocabulary USING fts5vocab(main, thread_words, instance)"
    )
    found = {(row[0], row[1]) for row in cursor.execute(terms).fetchall()}
    cursor.execute("DROP TABLE temp.thread_words_vocabulary")
    rows = cursor.execute("SELECT file_id, preview, first_text FROM thread").fetchall()
    assert found == {(piece, row[0]) for row in rows for piece in _pieces(row[1], row[2])}


def _pieces(preview: str | None, first_text: str | None) -> set[str]:
    shown = ((preview or "") + "\x1f" + (first_text or "")).replace("\0", "\ufffd")
    return {shown[at : at + 3] for at in range(len(shown) - 2)}
