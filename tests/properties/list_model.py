"""A naive list of threads: reads every file of a home each time, with the standard library alone.

Written from the reference text (thread-list.md) and the table of differences (design, D1 to D14), not from
the program: a second opinion, as short as it can be.
"""

import json
import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

Json = dict[str, Any]

NAME = re.compile(r"rollout-(\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d)-([0-9a-f-]{36})\.jsonl")
DAY_PARTS = (65535, 255, 255)
MARK = "## My request for Codex:"
INTERACTIVE = ("cli", "vscode")
AGENT = "subAgent"


@dataclass(frozen=True)
class Seen:
    """A file that a list shows."""

    path: str
    day: tuple[int, ...]
    started_s: int
    name_id: UUID
    size: int
    mtime_ns: int
    facts: Json
    preview: str
    first_text: str
    begins_with_picture: bool

    @property
    def thread_id(self) -> str:
        """What its first session_meta says."""
        return str(self.facts["id"])

    def key(self, params: Json) -> tuple[Any, ...]:
        """By what it stands where it stands."""
        if params.get("sortKey") == "updated_at":
            return self.mtime_ns // 10**6, self.name_id.bytes
        if params.get("sortDirection") == "asc":
            return self.started_s, self.name_id.bytes
        return self.day, self.started_s, self.name_id.bytes


class NaiveList:
    """What a home shows at the moment of asking."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._names = _names(root / "session_index.jsonl")
        self._seen = {archived: _listed(root, archived=archived) for archived in (False, True)}

    def threads(self, params: Json) -> list[Seen]:
        """All threads that a request asks for, in its order, without regard to cursor and limit."""
        seen = self._seen[params.get("archived", False)]
        found = [one for one in seen if self._is_let_through(one, params)]
        is_down = params.get("sortDirection") != "asc"
        return sorted(found, key=lambda one: one.key(params), reverse=is_down)

    def shown(self, one: Seen) -> Json:
        """What of a Thread object is looked at."""
        cwd = one.facts["cwd"]
        return {
            "id": one.thread_id,
            "preview": one.preview,
            "path": one.path,
            "createdAt": int(datetime.fromisoformat(one.facts["timestamp"]).timestamp()),
            "updatedAt": one.mtime_ns // 10**9,
            "cwd": os.path.normpath(os.path.join(self._root, cwd)),  # noqa: PTH118
            "modelProvider": one.facts.get("model_provider") or "openai",
            "name": self._name(one),
            "branch": (one.facts.get("git") or {}).get("branch"),
        }

    def _name(self, one: Seen) -> str | None:
        if one.begins_with_picture and one.first_text:
            return one.first_text
        name = self._names.get(one.thread_id, "")
        return name if name and name != one.preview else None

    def _is_let_through(self, one: Seen, params: Json) -> bool:
        return (
            _is_of_source(one.facts.get("source", "vscode"), params.get("sourceKinds") or INTERACTIVE)
            and _is_of_provider(one.facts.get("model_provider"), params.get("modelProviders"))
            and self._is_in(one.facts["cwd"], params.get("cwd"))
            and self._is_found(one, params.get("searchTerm") or "")
        )

    def _is_found(self, one: Seen, term: str) -> bool:
        return any(term in text for text in (one.preview, one.first_text, self._names.get(one.thread_id, "")))

    def _is_in(self, cwd: str, asked: str | list[str] | None) -> bool:
        if asked is None:
            return True
        paths = [asked] if isinstance(asked, str) else asked
        return any(self._is_same_place(cwd, os.path.normpath(self._root / path)) for path in paths)

    def _is_same_place(self, cwd: str, asked: str) -> bool:
        own = os.path.join(self._root, cwd)  # noqa: PTH118 - links and doubled slashes stay
        if os.path.exists(own) and os.path.exists(asked):  # noqa: PTH110
            return os.path.realpath(own) == os.path.realpath(asked)
        return Path(cwd).parts == Path(asked).parts


def _is_of_source(source: Any, asked: tuple[str, ...] | list[str]) -> bool:
    if isinstance(source, dict):
        return AGENT in asked and "subagent" in source
    return source in asked


def _is_of_provider(provider: str | None, asked: list[str] | None) -> bool:
    if asked == []:
        return True
    return bool(provider or provider is None) and (provider or "openai") in (asked or ["openai"])


def _names(path: Path) -> dict[str, str]:
    """The last name of each thread that is not blank, trimmed."""
    names: dict[str, str] = {}
    for entry in _values(path.read_bytes() if path.is_file() else b""):
        is_whole = all(isinstance(entry.get(name), str) for name in ("id", "thread_name", "updated_at"))
        if is_whole and entry["thread_name"].strip():
            names[entry["id"]] = entry["thread_name"].strip()
    return names


def _listed(root: Path, *, archived: bool) -> list[Seen]:
    """One file a thread: of several the longest, of equally long ones the last by path (D11)."""
    chosen: dict[str, Seen] = {}
    for one in filter(None, map(_look, _files(root, archived=archived))):
        best = chosen.get(one.thread_id)
        if best is None or (one.size, one.path) > (best.size, best.path):
            chosen[one.thread_id] = one
    return list(chosen.values())


def _files(root: Path, *, archived: bool) -> list[Path]:
    folders = [root / "archived_sessions"] if archived else [root / "sessions"]
    for greatest in () if archived else DAY_PARTS:
        folders = [
            inner
            for folder in folders
            if folder.is_dir()
            for inner in folder.iterdir()
            if inner.is_dir()
            and not inner.is_symlink()
            and inner.name.isdecimal()
            and int(inner.name) <= greatest
        ]
    return [path for folder in folders if folder.is_dir() for path in folder.iterdir()]


def _look(path: Path) -> Seen | None:
    """What a file shows; None when no list shows it."""
    name = NAME.fullmatch(path.name)
    if name is None or path.is_symlink() or not path.is_file():
        return None
    facts, preview, first_text, begins_with_picture = _read(path.read_bytes())
    if facts is None or not preview:
        return None
    is_dated = path.parent.name != "archived_sessions"
    day = tuple(map(int, path.parts[-4:-1])) if is_dated else ()
    started = datetime.strptime(name[1], "%Y-%m-%dT%H-%M-%S").replace(tzinfo=UTC)
    found = path.stat()
    size, mtime_ns, started_s = found.st_size, found.st_mtime_ns, int(started.timestamp())
    name_id = UUID(name[2])
    return Seen(
        str(path), day, started_s, name_id, size, mtime_ns, facts, preview, first_text, begins_with_picture
    )


def _read(data: bytes) -> tuple[Json | None, str, str, bool]:
    """The first good session_meta, the preview, the first text of the user; whether a picture came before."""
    facts: Json | None = None
    preview, first_text, begins_with_picture = "", "", False
    for line in _values(data):
        payload = line["payload"]
        kind = payload.get("type")
        if line["type"] == "session_meta" and facts is None and payload.get("source", "") is not None:
            facts = payload
        elif kind == "thread_goal_updated":
            preview = preview or payload["goal"]["objective"].strip()
        elif kind == "user_message":
            text = payload["message"]
            text = (text.partition(MARK)[2] if MARK in text else text).strip()
            is_picture = not text and bool(payload.get("images"))
            begins_with_picture |= is_picture and not first_text
            preview = preview or text or ("[Image]" if is_picture else "")
            first_text = first_text or text
    return facts, preview, first_text, begins_with_picture


def _values(data: bytes) -> list[Json]:
    """The JSON objects of the lines that hold one, the unfinished last line's too."""
    found = []
    for line in data.split(b"\n"):
        try:
            value = json.loads(line)
        except ValueError:
            continue
        if isinstance(value, dict):
            found.append(value)
    return found
