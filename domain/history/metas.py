"""What a fold remembers of the session_meta lines of its thread: where they are."""

from collections.abc import Mapping
from typing import Any

from domain.history.rows import HistoryHead, LinePlace
from domain.ids import parse_thread_id


def note_meta(head: HistoryHead, payload: Mapping[str, Any], place: LinePlace) -> None:
    """The first names the thread; later ones of the same id restate its facts."""
    thread_id = str(parse_thread_id(payload["id"]))
    if head.thread_id is None:
        head.thread_id, head.first_meta = thread_id, place
    if head.thread_id == thread_id:
        head.meta = place
        if payload.get("git") is not None:
            head.git_meta = place
