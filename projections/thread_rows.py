"""Rows of the list read model: from a file and the facts of its head, and back."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import orjson

from domain.listing.listing import ListFacts
from domain.listing.meta import spawn_of
from domain.listing.source_kind import source_kind
from domain.log import Bases, RolloutPlace
from domain.rollout_name import folder_day

Row = dict[str, Any]

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
    "day",
    "started_s",
    "updated_ms",
    "name_id",
    "thread_id",
    "source_kind",
    "provider",
    "cwd_key",
    "parent_id",
    "meta",
    "git_at",
    "git",
    "preview",
    "preview_is_text",
    "begins_with_picture",
    "first_text",
    "rollout_id",
    "last_ordinal",
    "searched_end",
)

PUT = (
    f"INSERT INTO thread ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))}) "  # noqa: S608
    "ON CONFLICT (file_id) DO UPDATE SET "
    + ", ".join(f"{column} = excluded.{column}" for column in COLUMNS if column != "file_id")
)
"""Not INSERT OR REPLACE, which deletes without telling the triggers of the search index."""

PUT_CWD = "INSERT INTO cwd (key, path) VALUES (?, ?) ON CONFLICT (key) DO NOTHING"


@dataclass(slots=True)
class HeadRecord:
    """What is known of the head of one file: facts, and whether an unfinished last line had a say.

    Up to `searched_end` the log does not restate its head.
    """

    facts: ListFacts
    seam: int = 0
    is_provisional: bool = False
    bases: Bases = ()
    searched_end: int = 0


def cwd_key(path: str) -> int:
    """The key of a working directory in every index: 64 bits of a digest of its text."""
    return int.from_bytes(blake2b(path.encode(), digest_size=8).digest(), signed=True)


def put_rows(cursor: sqlite3.Cursor, rows: Iterable[Row]) -> None:
    """Write rows, and the working directories that they name."""
    values: list[tuple[Any, ...]] = []
    folders: dict[int, str] = {}
    for row in rows:
        if row["cwd_key"] is not None:
            folders[row["cwd_key"]] = row.pop("cwd")
        values.append(tuple([row[column] for column in COLUMNS]))
    cursor.executemany(PUT_CWD, list(folders.items()))
    cursor.executemany(PUT, values)


def row_of(file_id: int, file: RolloutPlace, head: HeadRecord) -> Row:
    """The row of a file; `cwd` is the text that its `cwd_key` stands for."""
    facts = head.facts
    meta = facts.meta or {}
    preview_is_text = facts.first_text is not None and facts.first_text == facts.preview
    is_listable = facts.is_listed and file.is_listable
    cwd = meta.get("cwd")
    return {
        "file_id": file_id,
        "state": file.state.digest(),
        "size": file.state.size,
        "seam": head.seam,
        "head_end": facts.end,
        "is_provisional": head.is_provisional,
        "is_archived": file.is_archived,
        "is_listable": is_listable,
        "is_listed": is_listable,
        "day": folder_day(file.path) if file.is_listable and not file.is_archived else 0,
        "started_s": file.started_s,
        "updated_ms": file.state.mtime_ns // 1_000_000,
        "name_id": file.thread_id.bytes,
        "thread_id": meta.get("id"),
        "source_kind": source_kind(meta) if facts.meta else None,
        "provider": meta.get("model_provider"),
        "cwd_key": None if cwd is None else cwd_key(cwd),
        "cwd": cwd,
        "parent_id": (spawn_of(meta) or {}).get("parent_thread_id"),
        "meta": orjson.dumps(meta) if facts.meta else None,
        "git_at": None,
        "git": None,
        "preview": facts.preview,
        "preview_is_text": preview_is_text,
        "begins_with_picture": facts.begins_with_picture,
        "first_text": None if preview_is_text else facts.first_text,
        "rollout_id": None if file.rollout_id == file.thread_id else file.rollout_id.bytes,
        "last_ordinal": facts.last_ordinal,
        "searched_end": head.searched_end,
    }


def facts_of(row: sqlite3.Row) -> ListFacts:
    """The facts that a row was made from."""
    meta, preview = row["meta"], row["preview"]
    first_text = preview if row["preview_is_text"] else row["first_text"]
    return ListFacts(
        row["head_end"],
        orjson.loads(meta) if meta else None,
        preview,
        first_text,
        bool(row["begins_with_picture"]),
        row["last_ordinal"],
    )
