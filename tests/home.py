"""A home in a temporary folder, and its index driven by hand: what most tests of the read models stand on."""

import json
import sqlite3
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from uuid import UUID

from domain.cursors import SortDirection
from domain.history.rows import ItemLine
from domain.lines import PASSED_OVER
from domain.views import ItemsView
from projections.content import items_json, turns_json
from projections.indexer import Indexed, Indexer
from projections.pages import TurnPage, item_page, turn_page
from projections.plans import Plan, run_here
from projections.store import IndexStore
from rollout.catalogue.catalogue import Catalogue
from rollout.joined.home_log import JoinedLog
from rollout.log import RolloutLog

THREAD = UUID("0196f0aa-0000-7000-8000-000000000001")
TIME = "2026-05-01T10:00:00.000Z"

READ_MODELS = ("history", "turn", "item_line")
"""The tables that a fold fills."""

ACCIDENTAL = ("file_id", "state")
"""Columns that tell when and where a file was read, not what is in it."""

Json = dict[str, Any]
PlanOf = Callable[[int], Plan[Any]]


def line(kind: str, payload: Json, **more: object) -> bytes:
    """A line as the writer writes it, with its line feed."""
    value = {"timestamp": TIME, **more, "type": kind, "payload": payload}
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def event(kind: str, **fields: object) -> bytes:
    """An event line."""
    return line("event_msg", {"type": kind, **fields})


def item(kind: str, **fields: object) -> bytes:
    """A response item line."""
    return line("response_item", {"type": kind, **fields})


def meta(thread_id: UUID = THREAD, **fields: object) -> bytes:
    """A session_meta line."""
    payload = {
        "id": str(thread_id),
        "timestamp": TIME,
        "cwd": "/srv/demo",
        "originator": "tests",
        "cli_version": "0.131.0",
        "source": "cli",
        "model_provider": "openai",
    }
    return line("session_meta", payload | fields)


class IndexedHome:
    """Rollout files below a folder, their index, and what it answers."""

    def __init__(self, root: Path, passed_over: tuple[bytes, ...] = PASSED_OVER) -> None:
        self.root = root
        self.log = RolloutLog()
        self.store = IndexStore(root / "threadstore" / "index.sqlite", Catalogue())
        self.indexer = Indexer(self.store, JoinedLog(self.log), passed_over)

    def path_of(self, thread_id: UUID = THREAD) -> Path:
        """Where the thread's file is."""
        return (
            self.root / "sessions" / "2026" / "05" / "01" / f"rollout-2026-05-01T10-00-00-{thread_id}.jsonl"
        )

    def write(self, lines: bytes | Iterable[bytes], thread_id: UUID = THREAD) -> Path:
        """Make the thread's file hold these lines."""
        path = self.path_of(thread_id)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(lines if isinstance(lines, bytes) else b"".join(lines))
        return path

    def append(self, data: bytes, thread_id: UUID = THREAD) -> None:
        """Add to the thread's file, as another program does."""
        with self.path_of(thread_id).open("ab") as file:
            file.write(data)

    def catch_up(self, thread_id: UUID = THREAD) -> Indexed:
        """Fold what is new."""
        return self.indexer.catch_up(str(self.path_of(thread_id)), thread_id)

    def ask(self, plan_of: PlanOf, thread_id: UUID = THREAD) -> Any:
        """Answer a plan about the thread as of now, its unfinished last line included."""
        indexed = self.catch_up(thread_id)
        if indexed.tail_counts:
            return self.indexer.with_tail(
                indexed.path, thread_id, lambda cursor, file_id: run_here(plan_of(file_id), cursor)
            )
        with self.store.writing() as cursor:
            return run_here(plan_of(indexed.file_id), cursor)

    def page(
        self,
        cursor: str | None = None,
        limit: int | None = None,
        direction: SortDirection = SortDirection.ASCENDING,
        view: ItemsView = ItemsView.FULL,
        thread_id: UUID = THREAD,
    ) -> tuple[list[Json], TurnPage]:
        """A page of turns as the protocol shows them, and the page itself."""
        page: TurnPage = self.ask(
            lambda file_id: turn_page(file_id, cursor, limit, direction, view), thread_id
        )
        with self.log.open(str(self.path_of(thread_id))) as source:
            return json.loads(turns_json(source, page.turns, view)), page

    def turns(self, view: ItemsView = ItemsView.FULL, thread_id: UUID = THREAD) -> list[Json]:
        """All turns, oldest first."""
        return self.page(view=view, thread_id=thread_id)[0]

    def items(self, turn_id: str, limit: int = 100, cursor: str | None = None) -> list[Json]:
        """The items of one turn."""
        page = self.ask(lambda file_id: item_page(file_id, turn_id, cursor, limit, SortDirection.ASCENDING))
        with self.log.open(str(self.path_of())) as source:
            found: list[Json] = json.loads(items_json(source, page))
            return found

    def tables(self) -> dict[str, list[Json]]:
        """The rows of the read models, without what is accidental."""
        with self.store.writing() as cursor:
            return {table: _rows(cursor, table) for table in READ_MODELS}

    def lines(self) -> list[ItemLine]:
        """All item lines."""
        return [ItemLine(**row) for row in self.tables()["item_line"]]

    def close(self) -> None:
        """Close the index."""
        self.store.close()


def _rows(cursor: sqlite3.Cursor, table: str) -> list[Json]:
    rows = cursor.execute(f"SELECT * FROM {table}").fetchall()
    found = [{name: row[name] for name in row.keys() if name not in ACCIDENTAL} for row in rows]  # noqa: SIM118
    return sorted(found, key=lambda row: [str(value).zfill(12) for value in row.values()])
