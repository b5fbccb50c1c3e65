"""A log together with what it goes on from reads as one file that holds all of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import accumulate
from pathlib import Path

import pytest

from domain.errors import UnreadableThread
from domain.log import Base, Bases, Log, OpenLog
from rollout.joined.home_log import JoinedLog
from rollout.log import RolloutLog
from tests.properties.homes import NarrowLog
from tests.rollout.joined.logs import log_id

OLDEST = b"".join(b"oldest %d\n" % number for number in range(40))
MIDDLE = b"".join(b"middle %d \xc3\xa9\n" % number for number in range(7))
OWN = b"".join(b"own %d\n" % number for number in range(30))
CUT = OLDEST.index(b"oldest 21")

OLDER: dict[str, list[tuple[bytes, int]]] = {
    "one": [(MIDDLE, len(MIDDLE))],
    "one cut": [(OLDEST, CUT)],
    "two": [(OLDEST, CUT), (MIDDLE, len(MIDDLE))],
    "three, one of which counts nothing": [(OLDEST, CUT), (MIDDLE, 0), (MIDDLE, len(MIDDLE))],
    "last lines that lack their line feeds": [(OLDEST[:-1], len(OLDEST)), (MIDDLE[:-1], len(MIDDLE))],
}
BLOCKS: dict[str, Log] = {"whole": RolloutLog(), "in small blocks": NarrowLog(50)}


@contextmanager
def joined(folder: Path, older: list[tuple[bytes, int]], log: Log) -> Iterator[tuple[OpenLog, bytes]]:
    """A log with its bases, and all their bytes as one file would have them."""
    bases: list[Base] = []
    for number, (data, size) in enumerate(older):
        path = folder / f"base {number}"
        path.write_bytes(data)
        bases.append(
            Base(log_id(number), str(path), log.state_of(str(path)), 0, 0, size, -1, 0, is_whole=True)
        )
    path = folder / "own"
    path.write_bytes(OWN)
    whole = b"".join((data + b"\n")[:size] for data, size in older) + OWN
    with JoinedLog(log).open(str(path), placed(bases)) as source:
        yield source, whole


def placed(bases: list[Base]) -> Bases:
    """The bases, each before what follows it."""
    starts = [-end for end in accumulate(base.size for base in reversed(bases))][::-1]
    return tuple(replace(base, start=start) for base, start in zip(bases, starts, strict=True))


@pytest.mark.parametrize("log", BLOCKS.values(), ids=BLOCKS)
@pytest.mark.parametrize("older", OLDER.values(), ids=OLDER)
def test_slices_from_every_line_on_are_those_of_one_file(
    tmp_path: Path, older: list[tuple[bytes, int]], log: Log
) -> None:
    with joined(tmp_path, older, log) as (source, whole):
        begin = len(OWN) - len(whole)
        assert (source.begin, source.size) == (begin, len(OWN))
        starts = [begin, *(begin + at + 1 for at, byte in enumerate(whole) if byte == ord("\n"))]
        for start in starts:
            pieces = list(source.slices(start, 1))
            assert b"".join(piece.data for piece in pieces) == whole[start - begin :]
            ends = [start, *(piece.end for piece in pieces)]
            assert [piece.start for piece in pieces] == ends[:-1]
            assert all(len(piece.data) == piece.end - piece.start for piece in pieces)
            assert not any(piece.start < 0 < piece.end for piece in pieces)


@pytest.mark.parametrize("older", OLDER.values(), ids=OLDER)
def test_reads_are_those_of_one_file_also_across_borders(
    tmp_path: Path, older: list[tuple[bytes, int]]
) -> None:
    with joined(tmp_path, older, RolloutLog()) as (source, whole):
        begin = len(OWN) - len(whole)
        for at in range(begin, len(OWN), 3):
            for size in (0, 1, 9, 100, len(whole)):
                assert source.read(at, size) == whole[at - begin : at - begin + size]


def test_only_lines_of_the_log_itself_have_numbers(tmp_path: Path) -> None:
    with joined(tmp_path, OLDER["two"], RolloutLog()) as (source, _):
        assert [piece.first_line for piece in source.slices(source.begin, 1)] == [1, 1, 1]
        assert [piece.first_line for piece in source.slices(OWN.index(b"own 4"), 5)] == [5]


def test_what_concerns_the_end_of_the_log_is_that_of_the_log_itself(tmp_path: Path) -> None:
    with joined(tmp_path, OLDER["two"], RolloutLog()) as (source, _), RolloutLog().open(source.path) as own:
        assert (source.state, source.look(), source.is_packed) == (own.state, own.state, False)
        assert source.tail(7) == own.tail(7)
        assert source.seam(40) == own.seam(40)
        assert source.kept_between(0, len(OWN)) == 0


@pytest.mark.parametrize("start", [-1, -len(MIDDLE), -len(MIDDLE) - 1])
def test_a_base_is_opened_when_something_of_it_is_read(tmp_path: Path, start: int) -> None:
    opened: list[str] = []

    class Noting(RolloutLog):
        @contextmanager
        def open(self, path: str) -> Iterator[OpenLog]:  # type: ignore[override]  # the reader is the same
            opened.append(Path(path).name)
            with super().open(path) as source:
                yield source

    with joined(tmp_path, OLDER["two"], Noting()) as (source, _):
        assert opened == ["own"]
        source.read(0, 10)
        assert opened == ["own"]
        source.read(start, 1)
        source.read(start, 1)
        assert opened == ["own", "base 0" if start < -len(MIDDLE) else "base 1"]


@pytest.mark.parametrize("is_known", [True, False])
def test_a_base_that_is_gone_cannot_be_read(
    tmp_path: Path,
    is_known: bool,  # noqa: FBT001 - a parameter
) -> None:
    (tmp_path / "own").write_bytes(OWN)
    path = str(tmp_path / "gone") if is_known else None
    base = Base(log_id(1), path, None, 0, -10, 10, -1, 0, is_whole=True)
    with JoinedLog().open(str(tmp_path / "own"), (base,)) as source:
        assert source.read(0, 5) == OWN[:5]
        with pytest.raises(UnreadableThread, match=f"the log {log_id(1)} is missing"):
            source.read(-1, 1)
