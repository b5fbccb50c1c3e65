"""The Thread object of a stored thread, from its rows and its session_meta lines in the log."""

from collections.abc import Callable
from typing import Any

from domain.errors import UnreadableThread
from domain.log import OpenLog
from domain.meta import merged, shown_facts
from domain.thread_object import Defaults, Stored, thread_object
from projections.content import line_payload
from projections.thread_pages import ListRow, ThreadRecord

NameOf = Callable[[str], str | None]


def refuse_headless(record: ThreadRecord) -> None:
    """UnreadableThread when no line of the log tells what thread it is."""
    if record.first_meta is None:
        raise UnreadableThread(record.row.path, f"rollout at {record.row.path} is empty")


def stored_thread(
    source: OpenLog, record: ThreadRecord, defaults: Defaults, name_of: NameOf
) -> dict[str, Any]:
    """The thread as `thread/read` shows it, without turns: facts as restated by later session_meta lines."""
    refuse_headless(record)
    first, last, git = (
        None if place is None else shown_facts(line_payload(source, place))
        for place in (record.first_meta, record.meta, record.git_meta)
    )
    assert first is not None
    facts = merged(first, last or first, git)
    row = record.row
    stored = Stored(row.path, row.started_s, row.updated_ms, row.preview, name_of(facts["id"]))
    return thread_object(facts, stored, defaults)


def listed_thread(row: ListRow, defaults: Defaults, name: str | None) -> dict[str, Any]:
    """The thread as lists show it: by its first session_meta line, origin and kind left out (design, D4)."""
    stored = Stored(row.path, row.started_s, row.updated_ms, row.preview, name)
    return thread_object(row.facts, stored, defaults) | {"forkedFromId": None, "threadSource": None}
