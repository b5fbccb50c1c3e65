"""The journal of a run: what it is about to do, has ready, and has done; a line a mark, each on the disk.

    planned ── the step and all names it uses; nothing is changed yet
    ready ──── the original is kept, the result stands aside, both are on the disk
    done ───── the result has the name
    forgotten ─ the step was given up; what it changed is as it was

Paths are kept in hex: they need not be text.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import orjson

from rollout.repairing.bytes_of import WINDOW
from rollout.writing import storage
from rollout.writing.partial import write_fully


class Deed(StrEnum):
    """What a step does to a file of the home."""

    REWRITE = "rewrite"
    MOVE = "move"
    REMOVE = "remove"
    CREATE = "create"


class Mark(StrEnum):
    """How far a step is."""

    PLANNED = "planned"
    READY = "ready"
    DONE = "done"
    FORGOTTEN = "forgotten"


@dataclass(frozen=True, slots=True)
class Step:
    """One step. Paths are below the home; `stored` is where the original is kept, `aside` the result.

    `former` is a second name of the original while the first one goes to the result. `target` is a move's.
    `sha256` and `size` are the original's, `result` is the result's sha256.
    """

    number: int
    deed: Deed
    file: str
    stored: str = ""
    aside: str = ""
    former: str = ""
    target: str = ""
    sha256: str = ""
    size: int = 0
    result: str = ""
    mark: Mark = Mark.PLANNED

    def line(self) -> bytes:
        """The step as a line of the journal."""
        names = {name: os.fsencode(getattr(self, name)).hex() for name in _PATHS}
        facts = {"number": self.number, "deed": self.deed, "mark": self.mark}
        return orjson.dumps(facts | names | {name: getattr(self, name) for name in _FACTS}) + b"\n"

    def marked(self, mark: Mark) -> "Step":
        """The same step, further."""
        return replace(self, mark=mark)


_PATHS = ("file", "stored", "aside", "former", "target")
_FACTS = ("sha256", "size", "result")


def read_journal(path: str) -> list[Step]:
    """The steps of a journal as of their last marks, in order; a torn last line counts for nothing."""
    steps: dict[int, Step] = {}
    for line in _read(path).split(b"\n")[:-1]:
        step = _step(line)
        if step is not None:
            steps[step.number] = step
    return list(steps.values())


def append_step(descriptor: int, step: Step) -> None:
    """Adds a mark to an open journal and waits for the disk."""
    write_fully(descriptor, step.line())
    storage.sync(descriptor)


def _step(line: bytes) -> Step | None:
    try:
        value: dict[str, Any] = orjson.loads(line)
        file, stored, aside, former, target = (os.fsdecode(bytes.fromhex(value[name])) for name in _PATHS)
        return Step(
            value["number"],
            Deed(value["deed"]),
            file,
            stored,
            aside,
            former,
            target,
            value["sha256"],
            value["size"],
            value["result"],
            Mark(value["mark"]),
        )
    except (ValueError, KeyError, TypeError):
        return None


def _read(path: str) -> bytes:
    try:
        descriptor = storage.open_to_hold(path)
    except (FileNotFoundError, NotADirectoryError):
        return b""
    try:
        return b"".join(_blocks(descriptor))
    finally:
        storage.close(descriptor)


def _blocks(descriptor: int) -> Iterator[bytes]:
    at = 0
    while data := storage.pread(descriptor, WINDOW, at):
        yield data
        at += len(data)
