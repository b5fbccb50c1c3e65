"""The Thread object of a stored thread, from its rows and its session_meta lines in the log."""

from typing import Any
from uuid import UUID

from api.context import Context
from domain.errors import UnreadableThread
from domain.limits import LISTED_TEXT_MAX
from domain.listing.meta import merged, shown_facts
from domain.listing.thread_object import Stored, thread_object
from domain.log import OpenLog
from projections.content import line_payload
from projections.thread_pages import ListRow, ThreadRecord
from rollout.names import NamesFile


def refuse_headless(record: ThreadRecord) -> None:
    """UnreadableThread when no line of the log tells what thread it is."""
    if record.first_meta is None:
        raise UnreadableThread(record.row.path, f"rollout at {record.row.path} is empty")


def refuse_empty(record: ThreadRecord) -> None:
    """UnreadableThread when the log tells neither what thread it is nor of a turn that a writer opened."""
    if not record.is_readable:
        raise UnreadableThread(record.row.path, f"rollout at {record.row.path} is empty")


def stored_facts(source: OpenLog, record: ThreadRecord) -> dict[str, Any]:
    """The facts as restated by later session_meta lines; without any line the file's name tells the id."""
    first, last, git = (
        None if place is None else shown_facts(line_payload(source, place))
        for place in (record.first_meta, record.meta, record.git_meta)
    )
    return {"id": str(record.row.name_id)} if first is None else merged(first, last or first, git)


def stored_object(
    record: ThreadRecord, facts: dict[str, Any], context: Context, names: NamesFile
) -> dict[str, Any]:
    """The thread as `thread/read` shows it, without turns.

    A thread whose log gives no preview shows the one that a goal gave it (lifecycle, case goal-where).
    """
    row = record.row
    preview = row.preview or context.noted.of(UUID(facts["id"])).preview or ""
    name = _name(row, names.name_of(facts["id"]), context)
    stored = Stored(row.path, row.started_s, row.updated_ms, preview, name)
    return thread_object(facts, stored, context.defaults) | {"status": context.live.status(facts["id"])}


def listed_thread(row: ListRow, context: Context, names: NamesFile) -> dict[str, Any]:
    """The thread as lists show it: by its first session_meta line, origin and kind left out (design, D4).

    Of a long preview, and of a long name, the beginning is shown.
    """
    name = _name(row, names.listed_name_of(row.thread_id or "", row.preview), context)
    shown_name = None if name is None else beginning_of(name)
    stored = Stored(row.path, row.started_s, row.updated_ms, beginning_of(row.preview), shown_name)
    thread = thread_object(row.facts, stored, context.defaults)
    status = context.live.status(row.thread_id)
    return thread | {"forkedFromId": None, "threadSource": None, "status": status}


def beginning_of(text: str) -> str:
    """As much of a text as a list shows; an ellipsis stands for the rest."""
    return text if len(text) <= LISTED_TEXT_MAX else f"{text[:LISTED_TEXT_MAX]}…"


def _name(row: ListRow, name: str | None, context: Context) -> str | None:
    """The name that counts: of a thread that begins with a picture its first text, unless we named it."""
    if row.title is None or row.thread_id is None:
        return name
    is_named = name is not None and context.noted.of(UUID(row.thread_id)).is_named
    return name if is_named else row.title
