"""Names of threads: `session_index.jsonl`, one JSON object a line, the last of a thread counts.

The file is only ever appended to, so it is read on from where the last look ended; when it was replaced
or cut it is read anew. Damaged lines are passed over.
"""

import os
from dataclasses import dataclass, field
from pathlib import Path

import orjson

from domain.errors import UnreadableThread
from domain.lines import BYTE_ORDER_MARK
from domain.log import FileState
from domain.rollout_name import written_uuid
from domain.text import is_blank, trim
from rollout.log import OPEN_FLAGS, RolloutReader, file_state
from rollout.scan import scan, tail


@dataclass(slots=True)
class _Known:
    """Names up to an offset."""

    last: dict[str, str] = field(default_factory=dict)
    last_told: dict[str, str] = field(default_factory=dict)
    end: int = 0
    seam: int = 0
    state: FileState | None = None


class NamesFile:
    """The names of a home's threads, as of the last `refresh`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known = _Known()
        self._unfinished: dict[str, str] = {}

    def name_of(self, thread_id: str) -> str | None:
        """The name as it was written last, a blank one being none (case names-index)."""
        name = self._unfinished.get(thread_id, self._known.last.get(thread_id))
        return None if name is None or is_blank(name) else name

    def listed_name_of(self, thread_id: str, preview: str) -> str | None:
        """The name as lists show it: the last that is not blank, trimmed, unless the preview is the same."""
        name = self._unfinished.get(thread_id, "")
        if is_blank(name):
            name = self._known.last_told.get(thread_id, "")
        name = trim(name)
        return name if name and name != trim(preview) else None

    def named(self, term: str) -> list[str]:
        """The ids of the threads whose listed names hold this text."""
        unfinished = {thread_id: name for thread_id, name in self._unfinished.items() if not is_blank(name)}
        told = self._known.last_told
        if unfinished:
            told = told | unfinished
        return [thread_id for thread_id, name in told.items() if term in name and term in trim(name)]

    def refresh(self) -> None:
        """Read what is new; without a readable file there are no names."""
        try:
            descriptor = os.open(self._path, OPEN_FLAGS)
        except OSError:
            self._known, self._unfinished = _Known(), {}
            return
        try:
            self._read(descriptor)
        except (OSError, UnreadableThread):
            self._known, self._unfinished = _Known(), {}
        finally:
            os.close(descriptor)

    def _read(self, descriptor: int) -> None:
        state = file_state(os.fstat(descriptor))
        known = self._known
        if state == known.state:
            return
        if not _continues(descriptor, state, known):
            known = self._known = _Known()
        for piece in scan(descriptor, known.end, 1, state.size):
            for raw in piece:
                _take(raw.removeprefix(BYTE_ORDER_MARK), known)
            known.end = piece.end
        last = _Known()
        _take(tail(descriptor, known.end, state.size).removeprefix(BYTE_ORDER_MARK), last)
        self._unfinished = last.last
        known.seam = RolloutReader(str(self._path), descriptor, state).seam(known.end)
        known.state = state


def _continues(descriptor: int, state: FileState, known: _Known) -> bool:
    """Whether the file is the known one with more at its end."""
    if known.state is None or not state.is_same_file(known.state) or state.size <= known.state.size:
        return False
    return RolloutReader("", descriptor, state).seam(known.end) == known.seam


def _take(raw: bytes, known: _Known) -> None:
    """Note the name that a line tells, if it is whole and tells one."""
    try:
        entry = orjson.loads(raw)
    except orjson.JSONDecodeError:
        return
    if not isinstance(entry, dict) or not isinstance(entry.get("updated_at"), str):
        return
    thread_id, name = entry.get("id"), entry.get("thread_name")
    found = written_uuid(thread_id) if isinstance(thread_id, str) else None
    if found is None or not isinstance(name, str):
        return
    known.last[str(found)] = name
    if not is_blank(name):
        known.last_told[str(found)] = name
