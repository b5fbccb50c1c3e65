"""The first record of a rollout: which session_meta is it, and how one is made up where there is none.

Of a session_meta that is made up, id and time come from the file's name, the rest from what the file still
tells: a session_meta that cannot be used, the first turn_context. What nothing tells is said to be unknown
in the way of an empty place (`/`), and a field says that all this was made up.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson

from domain.rollout_name import written_uuid
from domain.shapes.session_meta import SESSION_META

Payload = dict[str, Any]

REQUIRED = ("id", "timestamp", "cwd", "originator", "cli_version")
RECOVERED = "recovered_by"
"""The field that says that a session_meta was made up, and by what."""

_TOLD = re.compile(
    rb'"(id|timestamp|cwd|originator|cli_version|source|model_provider)":("(?:[^"\\]|\\.){0,4096}")'
)


@dataclass(frozen=True, slots=True)
class Named:
    """What a file's name tells: the thread and the time, RFC 3339, where it tells them."""

    thread_id: UUID | None = None
    timestamp: str | None = None


def is_usable(payload: Mapping[str, Any]) -> bool:
    """Whether readers take it for a thread's head: its id and the four texts are there.

    Releases differ in what they ask of its other fields, which we read as far as they fit.
    """
    thread_id = payload.get("id")
    if not isinstance(thread_id, str) or written_uuid(thread_id) is None:
        return False
    return all(isinstance(payload.get(name), str) for name in REQUIRED)


def fragment_fields(raw: bytes) -> Payload:
    """The texts that a torn session_meta still tells; nothing of any other fragment."""
    kind = raw.find(b'"type":"session_meta"')
    if kind < 0:
        return {}
    found = {name.decode(): _text(value) for name, value in _TOLD.findall(raw, kind)}
    return {name: text for name, text in found.items() if text is not None}


def _text(raw: bytes) -> str | None:
    try:
        value = orjson.loads(raw)
    except orjson.JSONDecodeError:
        return None
    return value if isinstance(value, str) else None


def made_up(named: Named, told: Payload, context: Payload, first: Payload) -> bytes | None:
    """A head for the file, without line feed; None when nothing tells the thread's id.

    `told` is what an unusable session_meta tells, `context` the first turn_context, `first` the first
    record of the file.
    """
    thread_id = named.thread_id or _uuid(told.get("id"))
    if thread_id is None:
        return None
    stamp = _first_text(told.get("timestamp"), named.timestamp, first.get("timestamp")) or ""
    required = {
        "id": str(thread_id),
        "timestamp": stamp,
        "cwd": _first_text(told.get("cwd"), context.get("cwd")) or "/",
        "originator": _first_text(told.get("originator")) or "unknown",
        "cli_version": _first_text(told.get("cli_version")) or "unknown",
    }
    optional = {name: value for name, value in told.items() if name not in REQUIRED}
    fitting = {name: value for name, value in optional.items() if SESSION_META(required | {name: value})}
    if "ordinal" in first:
        fitting.setdefault("history_mode", "paginated")
    payload = required | fitting | {RECOVERED: "threadstore"}
    return orjson.dumps({"timestamp": stamp, "type": "session_meta", "payload": payload})


def without_ordinal(value: Payload) -> bytes:
    """The line of a session_meta that is to stand first although it has the ordinal of a later place."""
    return orjson.dumps({name: part for name, part in value.items() if name != "ordinal"})


def _first_text(*values: object) -> str | None:
    return next((value for value in values if isinstance(value, str) and value), None)


def _uuid(text: object) -> UUID | None:
    return written_uuid(text) if isinstance(text, str) else None
