"""What a log goes on from is found by rollout ids and cut by ordinals; it is what it was until it is not."""

from collections.abc import Callable
from pathlib import Path
from shutil import copyfile

import pytest
from zstandard import ZstdCompressor

from domain.limits import BASES_MAX
from domain.log import Bases
from tests.domain.paginated_log import paginated_meta, tokens
from tests.home import meta
from tests.rollout.joined.logs import Logs, head, log_id, named


@pytest.fixture
def logs(tmp_path: Path) -> Logs:
    """An empty folder of logs."""
    return Logs(tmp_path)


def told(bases: Bases) -> list[tuple[int, int, int, bool]]:
    """Of each base: which log, where it begins, how much of it counts, and whether that is all."""
    return [(base.rollout_id.int & 0xFFF, base.start, base.size, base.is_whole) for base in bases]


def end_of(data: bytes, ordinal: int) -> int:
    """The offset behind the line with this ordinal."""
    return data.index(b"\n", data.index(b'"ordinal":%d,' % ordinal)) + 1


HINTS: dict[str, Callable[[bytes, int], int]] = {
    "right": lambda data, at: at,
    "nothing": lambda data, at: 0,
    "inside the head": lambda data, at: 17,
    "a byte too far": lambda data, at: at + 1,
    "a byte too short": lambda data, at: at - 1,
    "a line too far": lambda data, at: end_of(data, 4),
    "a line too short": lambda data, at: end_of(data, 2),
    "past the end": lambda data, at: len(data) + 100,
    "far past the end": lambda data, at: 2**63,
}


@pytest.mark.parametrize("hint", HINTS.values(), ids=HINTS)
def test_the_ordinal_cuts_a_base_whatever_offset_is_told(
    logs: Logs, hint: Callable[[bytes, int], int]
) -> None:
    data = logs.write_log(1, 9)
    at = end_of(data, 3)
    own = head(2, 4, named(1, 4, hint(data, at)))
    assert told(logs.bases_of(own)) == [(1, -at, at, True)]


CUTS: dict[str, tuple[list[bytes], int, int | None, bool]] = {
    "beyond the last line all there is": ([tokens(1), tokens(2)], 9, None, False),
    "just behind the last line all there is": ([tokens(1), tokens(2)], 3, None, True),
    "a gap": ([tokens(1), tokens(7)], 5, 1, True),
    "what repeats a number does not count": ([tokens(2), tokens(1), tokens(2), tokens(3)], 3, 1, True),
    "what has no number does not count": ([tokens(1), meta(), tokens(2), b"{\n"], 3, 3, True),
    "what is behind the last that counts is left": ([tokens(1), b"{\n", meta()], 9, 1, False),
    "a last line that lacks its line feed": ([tokens(1), tokens(2)[:-1]], 3, None, True),
    "a torn last line": ([tokens(1), tokens(2)[:-5]], 3, 1, False),
    "nothing but the head": ([tokens(1)], 1, 0, True),
}
"""Lines behind a head, the ordinal at which the base was left, the lines that count, whether that is all."""


@pytest.mark.parametrize(("lines", "end", "count", "is_whole"), CUTS.values(), ids=CUTS)
def test_a_base_counts_as_far_as_its_lines_do(
    logs: Logs,
    lines: list[bytes],
    end: int,
    count: int | None,
    is_whole: bool,  # noqa: FBT001 - a parameter
) -> None:
    begin = paginated_meta()
    logs.write(1, begin + b"".join(lines))
    size = len(begin + b"".join(lines[:count]))
    if count is None and not lines[-1].endswith(b"\n"):
        size += 1  # the line feed that it lacks is among what counts
    assert told(logs.bases_of(head(2, end, named(1, end)))) == [(1, -size, size, is_whole)]


def test_bases_of_bases_lie_before_them_the_oldest_first(logs: Logs) -> None:
    oldest = logs.write_log(1, 5)
    middle = logs.write_log(2, 5, named(1, 4, end_of(oldest, 3)))
    bases = logs.bases_of(head(3, 7, named(2, 7)))
    sizes = end_of(oldest, 3), end_of(middle, 6)
    assert told(bases) == [(1, -sum(sizes), sizes[0], True), (2, -sizes[1], sizes[1], True)]
    assert [(base.floor, base.end_ordinal) for base in bases] == [(-1, 4), (4, 7)]


UNUSABLE: dict[str, Callable[[Logs], object]] = {
    "missing": lambda logs: None,
    "a legacy log": lambda logs: logs.write(1, meta(log_id(1)) + tokens(1)),
    "a log of an unknown mode": lambda logs: logs.write(1, meta(log_id(1), history_mode="x") + tokens(1)),
    "no file": lambda logs: logs.path(1).mkdir(),
    "a packed file that is none": lambda logs: Path(f"{logs.path(1)}.zst").write_bytes(b"no"),
    "empty": lambda logs: logs.write(1, b""),
}


@pytest.mark.parametrize("make", UNUSABLE.values(), ids=UNUSABLE)
def test_a_base_that_cannot_be_used_counts_nothing_and_ends_the_row(
    logs: Logs, make: Callable[[Logs], object]
) -> None:
    make(logs)
    middle = logs.write_log(2, 5, named(1, 4))
    size = end_of(middle, 5)
    assert told(logs.bases_of(head(3, 6, named(2, 6)))) == [(1, -size, 0, False), (2, -size, size, True)]


def test_a_log_that_was_met_ends_the_row(logs: Logs) -> None:
    logs.write_log(1, 3, named(2, 3), first=0)
    logs.write_log(2, 3, named(1, 3), first=0)
    bases = logs.bases_of(head(3, 4, named(1, 4)))
    assert [(number, is_whole) for number, _, _, is_whole in told(bases)] == [
        (1, False),
        (2, False),
        (1, True),
    ]
    assert [base.size > 0 for base in bases] == [False, True, True]


@pytest.mark.parametrize("count", [BASES_MAX - 1, BASES_MAX, BASES_MAX + 1, BASES_MAX + 5])
def test_a_log_goes_on_from_as_many_as_are_allowed(logs: Logs, count: int) -> None:
    logs.write_log(1, 1)
    for number in range(2, count + 1):
        logs.write_log(number, 1, named(number - 1, 2 * number - 2))
    bases = logs.bases_of(head(count + 1, 2 * count, named(count, 2 * count)))
    usable = [base for base in bases if base.size]
    assert len(usable) == min(count, BASES_MAX)
    assert [base.rollout_id for base in usable] == [
        log_id(number) for number in range(count - len(usable) + 1, count + 1)
    ]
    assert len(bases) == min(count, BASES_MAX + 1)


def pack(logs: Logs, number: int = 1) -> None:
    """Pack a log in place of its plain file."""
    path = logs.path(number)
    Path(f"{path}.zst").write_bytes(ZstdCompressor().compress(path.read_bytes()))
    path.unlink()


def replace(logs: Logs, data: bytes) -> None:
    """Put another file in the place of a log."""
    other = logs.folder / "other"
    other.write_bytes(data)
    other.replace(logs.path(1))


def grow(logs: Logs, data: bytes = tokens(10)) -> None:
    """Add to a log."""
    with logs.path(1).open("ab") as file:
        file.write(data)


def cut(logs: Logs, count: int) -> bytes:
    """The first lines of a log."""
    return b"".join(logs.path(1).read_bytes().splitlines(keepends=True)[:count])


def make_folder(logs: Logs) -> None:
    """Put a folder in the place of a log."""
    logs.path(1).unlink()
    logs.path(1).mkdir()


CHANGES: dict[str, tuple[Callable[[Logs], object], bool]] = {
    "nothing": (lambda logs: None, True),
    "packed": (pack, True),
    "grown": (grow, True),
    "replaced by the same": (lambda logs: replace(logs, logs.path(1).read_bytes()), True),
    "changed behind the cut": (lambda logs: replace(logs, logs.path(1).read_bytes()[:-3] + b"xx\n"), True),
    "shrunk to the cut": (lambda logs: replace(logs, cut(logs, 4)), True),
    "shrunk": (lambda logs: replace(logs, cut(logs, 3)), False),
    "another head": (lambda logs: replace(logs, logs.path(1).read_bytes().replace(b"demo", b"dema")), False),
    "empty": (lambda logs: replace(logs, b""), False),
    "gone": (lambda logs: logs.path(1).unlink(), False),
    "no file any more": (make_folder, False),
}


@pytest.mark.parametrize(("change", "is_kept"), CHANGES.values(), ids=CHANGES)
def test_bases_are_what_they_were_while_they_hold_what_they_held(
    logs: Logs,
    change: Callable[[Logs], object],
    is_kept: bool,  # noqa: FBT001 - a parameter
) -> None:
    logs.write_log(1, 9)
    own = head(2, 4, named(1, 4))
    before = logs.bases_of(own)
    assert logs.renewed(before) == before
    change(logs)
    now = logs.renewed(before)
    assert now == (logs.bases_of(own) if is_kept else None)


def test_a_base_that_moved_is_found_where_it_lies_now(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    former, now = Logs(tmp_path / "a"), Logs(tmp_path / "b")
    former.write_log(1, 9)
    before = former.bases_of(head(2, 4, named(1, 4)))
    copyfile(former.path(1), now.path(1))
    renewed = now.renewed(before)
    assert renewed is not None
    assert renewed[0].path == str(now.path(1))
    assert told(renewed) == told(before)


LACKING: dict[str, tuple[int, Callable[[Logs], object]]] = {
    "a missing one that came": (1, lambda logs: logs.write_log(1, 9)),
    "one that was too short and grew": (99, grow),
    "one that was no log and is one": (4, lambda logs: replace(logs, paginated_meta() + tokens(1))),
}


@pytest.mark.parametrize(("end", "change"), LACKING.values(), ids=LACKING)
def test_a_base_that_lacked_something_is_looked_at_anew(
    logs: Logs, end: int, change: Callable[[Logs], object]
) -> None:
    if end == 99:
        logs.write_log(1, 9)
    elif end == 4:
        logs.write(1, meta(log_id(1)))
    before = logs.bases_of(head(2, end, named(1, end)))
    assert [base.is_whole for base in before] == [False]
    assert logs.renewed(before) == before
    change(logs)
    assert logs.renewed(before) is None


def test_a_log_that_names_none_has_none_and_nothing_is_looked_for(logs: Logs) -> None:
    assert logs.bases_of(head(1, 0, None)) == ()
    assert logs.bases_of(tokens(0)) == ()
    assert logs.bases_of(meta(history_base={"thread_id": str(log_id(1))})) == ()
    assert logs.looked == []
