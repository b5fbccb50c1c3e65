"""A home of long paginated threads: one plain, one packed, a fork of the plain one, and the fork's own fork."""

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
    """A thread and how many bytes its history has in all its logs, unpacked."""

    name: str
    thread_id: UUID
    size: int


def write_home(home: Path, turns: int) -> list[LongThread]:
    """Write the home; what is true of its threads."""
    plain, packed, fork, its_fork = (UUID(f"0196f0aa-0000-7000-8000-{number:012x}") for number in range(4))
    path = _path(home, plain)
    path.parent.mkdir(parents=True)
    size = _write(path, _renamed(generated(turns, STEPS), plain))
    with path.open("rb") as source, Path(f"{_path(home, packed)}.zst").open("wb") as target:
        target.write(ZstdCompressor(3).compress(b"".join(_renamed(source, packed))))
    ordinal = 1 + LINES_A_TURN * (turns - OWN_TURNS)
    cut = size - sum(len(raw) for raw in _last_lines(path, LINES_A_TURN * OWN_TURNS))
    own = _write_fork(home, fork, (plain, ordinal, cut), turns)
    ordinal += 1 + LINES_A_TURN * OWN_TURNS
    newest = _write_fork(home, its_fork, (fork, ordinal, own), turns + OWN_TURNS)
    return [
        LongThread("plain", plain, size),
        LongThread("packed", packed, size),
        LongThread("fork", fork, cut + own),
        LongThread("fork of the fork", its_fork, cut + own + newest),
    ]


def _path(home: Path, thread_id: UUID) -> Path:
    return home / "sessions" / "2026" / "05" / "01" / f"rollout-2026-05-01T10-00-00-{thread_id}.jsonl"


def _renamed(lines: Iterable[bytes], thread_id: UUID) -> Iterable[bytes]:
    """The lines with a head of this thread."""
    for number, raw in enumerate(lines):
        yield raw if number else paginated_meta(0, thread_id)


def _write(path: Path, lines: Iterable[bytes]) -> int:
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
