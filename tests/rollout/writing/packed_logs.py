"""A log, plain and packed, as the tests of packing and restoring find it."""

import os
from pathlib import Path

from rollout.log import RolloutLog
from tests.rollout.packed.streams import frames
from tests.rollout.recorders import HEAD, THREAD, message

NAME = f"rollout-2026-05-01T10-00-00-{THREAD}.jsonl"
PLAIN = b"".join(line + b"\n" for line in (HEAD, *(message(f"number {number}") for number in range(2000))))
NEW = message("new")
MTIME_NS = 1_777_640_001_000_000_123
MODE = 0o640


def plain_log(path: Path, data: bytes = PLAIN) -> Path:
    """The log as it was written; gives its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    _date(path)
    return path


def packed_log(path: Path, data: bytes = PLAIN) -> Path:
    """The log with nothing there but its packed file; gives the path of the plain one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    packed = packed_file_of(path)
    packed.write_bytes(frames(data))
    _date(packed)
    return path


def packed_file_of(path: Path) -> Path:
    """Where its packed file lies."""
    return path.with_name(f"{path.name}.zst")


def content(path: Path) -> bytes:
    """The bytes of the log, packed or not."""
    with RolloutLog().open(str(path)) as source:
        return source.read(0, source.size)


def files(folder: Path) -> dict[str, str]:
    """What lies in a folder: `plain`, `packed`, and how many `others` that nobody reads."""
    names = sorted(path.name for path in folder.iterdir())
    kinds = {NAME: "plain", f"{NAME}.zst": "packed"}
    return {kinds.get(name, "other" if name.endswith(".partial") else name): name for name in names}


def _date(path: Path) -> None:
    path.chmod(MODE)
    os.utime(path, ns=(MTIME_NS, MTIME_NS))
