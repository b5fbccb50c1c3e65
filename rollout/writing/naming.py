"""Naming threads: lines at the end of `session_index.jsonl`, which `rollout/names.py` reads.

The file belongs to every program of the home. It is only ever appended to, under the rules of rollout
files: whole lines behind whole lines, in one write, wholly or not at all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import orjson

from domain.durability import Durability
from domain.times import write_time_ns
from rollout.finding.home import Home
from rollout.writing.append import RolloutFile


@dataclass(frozen=True, slots=True)
class NameEntry:
    """A thread's new name, trimmed and not blank, and when it was given, in nanoseconds since 1970."""

    thread_id: UUID
    name: str
    updated_at_ns: int

    def line(self) -> bytes:
        """The entry as release 0.131.0 writes it, without line feed."""
        updated_at = write_time_ns(self.updated_at_ns)
        return orjson.dumps({"id": self.thread_id, "thread_name": self.name, "updated_at": updated_at})


def append_names(home: Home, entries: Sequence[NameEntry], durability: Durability = Durability.DISK) -> None:
    """Appends all entries in one write, so that the last of a thread counts from now on.

    AppendFailed when that cannot be done, and then no entry is there; ActiveWriter when another writer of
    ours keeps the file's lock.
    """
    if not entries:
        return
    with RolloutFile(str(home.names), create=True, durability=durability, begins=_any_line) as file:
        file.append([entry.line() for entry in entries])


def _any_line(_: bytes) -> bool:
    """A file of names has no head."""
    return True
