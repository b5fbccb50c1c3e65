"""Repairs as tests run them, and what must hold after each of them."""

import itertools
from hashlib import sha256
from pathlib import Path

from domain.damage.finding import Finding
from domain.lines import BYTE_ORDER_MARK, parse
from rollout.damage.inspect import inspect_home
from rollout.finding.home import Home
from rollout.repairing.outcome import Outcome
from rollout.repairing.repair import Asked, Repair
from rollout.repairing.restoring import Restore

_numbers = itertools.count(1)


def home_at(path: Path) -> Home:
    """The home."""
    return Home.at(path)


def repaired(path: Path, asked: Asked | None = None) -> Outcome:
    """What a repair of the home came to."""
    return Repair(home_at(path), asked or Asked(), f"run-{next(_numbers):04}").apply()


def restored(path: Path, run: str) -> Outcome:
    """What a restore of a run came to."""
    return Restore(home_at(path), run, f"run-{next(_numbers):04}").apply()


def findings_of(path: Path) -> list[Finding]:
    """What is found in the home."""
    return list(inspect_home(home_at(path)))


def runs_of(path: Path) -> list[str]:
    """The runs that changed something, in order."""
    folder = path / "repair"
    return sorted(each.name for each in folder.iterdir()) if folder.exists() else []


def strict_lines(data: bytes) -> list[bytes]:
    """The lines that are strict JSON objects, without line feeds."""
    found = data.removeprefix(BYTE_ORDER_MARK).split(b"\n")
    return [line for line in found if parse(line) is not None]


def is_subsequence(wanted: list[bytes], got: list[bytes]) -> bool:
    """Whether all that is wanted is there in its order."""
    rest = iter(got)
    return all(any(line == other for other in rest) for line in wanted)


def sums(path: Path) -> set[str]:
    """The sha256 of every file below a folder."""
    return {sha256(each.read_bytes()).hexdigest() for each in path.rglob("*") if each.is_file()}


def states(path: Path) -> dict[str, tuple[bytes, int]]:
    """Bytes and time of every regular file of the home, those of runs left out."""
    return {
        str(each.relative_to(path)): (each.read_bytes(), each.stat().st_mtime_ns)
        for each in sorted(path.rglob("*"))
        if each.is_file() and not each.is_symlink() and each.relative_to(path).parts[0] != "repair"
    }


def assert_faithful(before: bytes, after: bytes) -> None:
    """No line that parses is lost, every line parses, and the last one is ended."""
    lines = after.split(b"\n")
    assert lines.pop() == b""
    assert all(parse(line) is not None for line in lines)
    assert is_subsequence(strict_lines(before), lines)
