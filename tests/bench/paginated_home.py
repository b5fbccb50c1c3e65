"""Homes of long paginated threads: one plain, one packed, a fork of the plain one, and its own fork.

Each has a home of its own with what it goes on from and nothing else: no other thread is indexed beside it.
"""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from random import Random
from uuid import UUID

from zstandard import ZstdCompressor

from tests.domain.generated_log import generated, turn
from tests.domain.paginated_log import paginated_meta

OWN_TURNS = 5
"""Turns that each fork adds to what it goes on from: a page of twenty reaches into the base."""

STEPS = 3
LINES_A_TURN = 6 + 6 * STEPS
"""How many lines the generator makes of a turn."""


@dataclass(frozen=True, slots=True)
class LongThread:
    """A thread, its home, and how many bytes its history has in all its logs, unpacked."""

    name: str
    home: Path
    thread_id: UUID
    size: int


def write_homes(work: Path, turns: int) -> list[LongThread]:
    """Write the homes; what is true of their threads."""
    plain, packed, fork, its_fork = (UUID(f"0196f0aa-0000-7000-8000-{number:012x}") for number in range(4))
    homes = {name: work / name for name in ("plain", "packed", "fork", "fork-of-fork")}
    path = _path(homes["plain"], plain)
    size = _write(path, _renamed(generated(turns, STEPS), plain))
    _pack(path, _path(homes["packed"], packed), packed)
    ordinal = 1 + LINES_A_TURN * (turns - OWN_TURNS)
    cut = size - sum(len(raw) for raw in _last_lines(path, LINES_A_TURN * OWN_TURNS))
    own = _write_fork(homes["fork"], fork, (plain, ordinal, cut), turns)
    _share(homes["plain"], homes["fork"], plain)
    ordinal += 1 + LINES_A_TURN * OWN_TURNS
    newest = _write_fork(homes["fork-of-fork"], its_fork, (fork, ordinal, own), turns + OWN_TURNS)
    _share(homes["plain"], homes["fork-of-fork"], plain)
    _share(homes["fork"], homes["fork-of-fork"], fork)
    return [
        LongThread("plain", homes["plain"], plain, size),
        LongThread("packed", homes["packed"], packed, size),
        LongThread("fork", homes["fork"], fork, cut + own),
        LongThread("fork of the fork", homes["fork-of-fork"], its_fork, cut + own + newest),
    ]


def _pack(source: Path, target: Path, thread_id: UUID) -> None:
    """A packed log of another thread that says the same."""
    target.parent.mkdir(parents=True)
    with source.open("rb") as plain:
        data = b"".join(_renamed(plain, thread_id))
    Path(f"{target}.zst").write_bytes(ZstdCompressor(3).compress(data))


def _share(home: Path, other: Path, thread_id: UUID) -> None:
    """Let another home have a log too."""
    os.link(_path(home, thread_id), _path(other, thread_id))


def _path(home: Path, thread_id: UUID) -> Path:
    return home / "sessions" / "2026" / "05" / "01" / f"rollout-2026-05-01T10-00-00-{thread_id}.jsonl"


def _renamed(lines: Iterable[bytes], thread_id: UUID) -> Iterable[bytes]:
    """The lines with a head of this thread."""
    for number, raw in enumerate(lines):
        yield raw if number else paginated_meta(0, thread_id)


def _write(path: Path, lines: Iterable[bytes]) -> int:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        return sum(map(file.write, lines))


def _last_lines(path: Path, count: int) -> list[bytes]:
    """Read from the end, as the log is long; a turn has some 50 kilobytes."""
    with path.open("rb") as file:
        file.seek(-min(path.stat().st_size, count * 20_000), 2)
        return file.readlines()[-count:]


def _write_fork(home: Path, thread_id: UUID, base: tuple[UUID, int, int], first: int) -> int:
    """A log with a few turns on top of another one; how long it is itself."""
    base_id, ordinal, offset = base
    told = {"thread_id": str(base_id), "end_ordinal_exclusive": ordinal, "end_byte_offset": offset}
    lines = [paginated_meta(ordinal, thread_id, history_base=told)]
    for number in range(first, first + OWN_TURNS):
        for one in turn(Random(number), number, STEPS):
            ordinal += 1
            lines.append(one(ordinal))
    return _write(_path(home, thread_id), lines)
