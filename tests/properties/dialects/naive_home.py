"""A naive reader of a home of both dialects: reads every file each time and keeps nothing.

Written from dialects.md (sections 1, 2, 6, 7 and 8), with `tests.domain.paginated_model` for what turns are
made of counted lines, and `tests.properties.model` for legacy logs.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from zstandard import ZstdDecompressor

from domain.shapes.kept import kept_topic
from domain.shapes.paginated import counted_topic
from domain.views import ItemsView
from tests.domain.paginated_model import turns_of as paginated_turns_of
from tests.properties.model import in_view, turns_of

MARK = "## My request for Codex:"

Json = dict[str, Any]
Counted = tuple[int, str, Json]
"""Ordinal, topic and payload of a line that counts."""

ID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
NAME = re.compile(rf"rollout-(\d{{4}}-\d\d-\d\dT\d\d-\d\d-\d\d)-({ID})(?:_({ID}))?\.jsonl")


@dataclass(frozen=True)
class Log:
    """A log as it lies there; `path` is the plain one, `data` unpacked."""

    path: Path
    started: str
    thread_id: UUID
    rollout_id: UUID
    data: bytes
    mtime_ns: int

    @property
    def is_archived(self) -> bool:
        """Whether it lies among the archived ones."""
        return self.path.parent.name == "archived_sessions"

    @property
    def age(self) -> tuple[str, bool, UUID]:
        """What makes one log of a thread later than another."""
        return self.started, self.rollout_id != self.thread_id, self.rollout_id

    @property
    def head(self) -> Json:
        """The payload of its session_meta."""
        value: Json = json.loads(self.data.split(b"\n", 1)[0])["payload"]
        return value

    @property
    def is_paginated(self) -> bool:
        """Whether it is of the newer dialect."""
        return self.head.get("history_mode") == "paginated"

    @property
    def base(self) -> Json | None:
        """What it goes on from."""
        return self.head.get("history_base") if self.is_paginated else None

    def counted(self) -> Iterator[Counted]:
        """The lines that count in it, its head left out."""
        last = -1 if self.base is None else self.base["end_ordinal_exclusive"]
        for raw in self.data.split(b"\n"):
            value = _value(raw)
            ordinal, topic = value.get("ordinal"), counted_topic(value) if value else None
            if topic is not None and type(ordinal) is int and ordinal > last:
                last = ordinal
                if topic != "session_meta":
                    yield ordinal, topic, value["payload"]


@dataclass(frozen=True)
class Row:
    """What a list shows of a thread."""

    id: str
    path: str
    preview: str
    updated_at: int

    @classmethod
    def of(cls, thread: Json) -> "Row":
        """Of a Thread object."""
        return cls(thread["id"], thread["path"], thread["preview"], thread["updatedAt"])


class NaiveHome:
    """What a home holds at the moment of asking."""

    def __init__(self, root: Path) -> None:
        self.logs = [log for log in map(_look, _plain_paths(root)) if log is not None]

    def current(self, thread_id: UUID) -> Log | None:
        """The current log of a thread: the latest live one, else the latest archived one."""
        mine = [log for log in self.logs if log.thread_id == thread_id]
        return max(mine, key=lambda log: (not log.is_archived, log.age), default=None)

    def threads(self) -> list[Log]:
        """The current log of each thread."""
        found = (self.current(thread_id) for thread_id in sorted({log.thread_id for log in self.logs}))
        return [log for log in found if log is not None]

    def assembled(self, log: Log) -> list[tuple[str, Json]]:
        """All lines that count in the history of a paginated log, the oldest first."""
        lines, met = [list(log.counted())], set[str]()
        while (base := log.base) is not None and base["thread_id"] not in met:
            met.add(base["thread_id"])
            found = self._log(UUID(base["thread_id"]))
            if found is None or not found.is_paginated:
                break
            log = found
            lines.append([one for one in log.counted() if one[0] < base["end_ordinal_exclusive"]])
        return [(topic, payload) for part in reversed(lines) for _, topic, payload in part]

    def turns(self, log: Log, view: ItemsView = ItemsView.FULL) -> list[Json]:
        """The turns of the thread whose current log this is."""
        if log.is_paginated:
            return paginated_turns_of(self.assembled(log), view)
        return in_view(turns_of(log.data), view.value)

    def rows(self, *, archived: bool) -> list[Row]:
        """The rows of a list, the latest first."""
        listed = [log for log in self.threads() if log.is_archived is archived and self.preview(log)]
        listed.sort(key=lambda log: (log.started, log.thread_id.bytes), reverse=True)
        return [
            Row(str(log.thread_id), str(log.path), self.preview(log), log.mtime_ns // 10**9) for log in listed
        ]

    def preview(self, log: Log) -> str:
        """The first words of the user in the history of a thread."""
        if log.is_paginated:
            lines = self.assembled(log)
        else:
            values = (_value(raw) for raw in log.data.split(b"\n"))
            lines = [
                (topic, value["payload"]) for value in values if (topic := _either_topic(value)) is not None
            ]
        return next(filter(None, (_said(topic, payload) for topic, payload in lines)), "")

    def _log(self, rollout_id: UUID) -> Log | None:
        mine = [log for log in self.logs if log.rollout_id == rollout_id]
        return min(mine, key=lambda log: log.is_archived, default=None)


def _either_topic(value: Json) -> str | None:
    """The topic of a line that one of the dialects has."""
    return (kept_topic(value) or counted_topic(value)) if value else None


def _said(topic: str, payload: Json) -> str:
    """What a line gives a preview: a goal, or what the user says in it."""
    if topic == "event_msg:thread_goal_updated":
        return str(payload["goal"]["objective"]).strip()
    if topic == "event_msg:user_message":
        text, has_images = payload["message"], payload.get("images")
    elif topic == "event_msg:item_completed" and payload["item"]["type"] == "UserMessage":
        parts = payload["item"]["content"]
        text = "".join(part["text"] for part in parts if part["type"] == "text")
        has_images = any(part["type"] in ("image", "local_image") for part in parts)
    else:
        return ""
    own = (text.partition(MARK)[2] if MARK in text else text).strip()
    return own or ("[Image]" if has_images else "")


def _value(raw: bytes) -> Json:
    """The object of a line; an empty one for damage."""
    try:
        value = json.loads(raw)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _plain_paths(root: Path) -> set[Path]:
    files = (path for top in ("sessions", "archived_sessions") for path in (root / top).rglob("rollout-*"))
    return {path.with_name(path.name.removesuffix(".zst")) for path in files}


def _look(path: Path) -> Log | None:
    """The log at a path: its plain file where there is one, whatever the times."""
    name = NAME.fullmatch(path.name)
    if name is None:
        return None
    packed = path.with_name(f"{path.name}.zst")
    there = path if path.exists() else packed
    data = there.read_bytes()
    if there is packed:
        data = ZstdDecompressor().decompressobj().decompress(data)
    thread_id = UUID(name[2])
    rollout_id = UUID(name[3]) if name[3] else thread_id
    return Log(path, name[1], thread_id, rollout_id, data, there.stat().st_mtime_ns)
