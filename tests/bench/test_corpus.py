"""The generated homes are what the benchmarks take them for."""

import json
from pathlib import Path

import pytest

from domain.lines import is_passed_over, parse
from tests.bench.corpus import Plan, write_home
from tests.bench.gibberish import pools
from tests.bench.threads import Shape, Truth, further_turn

PLAN = Plan(threads=6, turns=3.0, big_threads=(40,), seed=3)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Truth]]:
    """A small generated home and the truth about it."""
    folder = tmp_path_factory.mktemp("home")
    return folder, write_home(folder, PLAN)


def content(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Every file's bytes and time."""
    return {
        str(path.relative_to(folder)): (
            path.read_bytes(),
            path.stat().st_mtime_ns if "rollout" in path.name else 0,
        )
        for path in folder.rglob("*.json*")
    }


def test_same_seed_gives_the_same_bytes(home: tuple[Path, list[Truth]], tmp_path: Path) -> None:
    write_home(tmp_path, PLAN)
    assert content(home[0]) == content(tmp_path)


def test_every_line_is_a_record_with_its_needle(home: tuple[Path, list[Truth]]) -> None:
    folder, truths = home
    for truth in truths:
        raw = (folder / truth.path).read_bytes()
        assert len(raw) == truth.size
        assert raw.count(b'"type":"task_started"') == truth.turns
        assert truth.needle.encode() in raw
        assert all(parse(line) for line in raw.splitlines())


def test_a_third_of_the_lines_is_needed(home: tuple[Path, list[Truth]]) -> None:
    lines = (home[0] / home[1][-1].path).read_bytes().splitlines()
    needed = [line for line in lines if not is_passed_over(line)]
    assert 0.2 < len(needed) / len(lines) < 0.45
    assert 25_000 < sum(map(len, lines)) / PLAN.big_threads[0] < 60_000


def test_a_further_turn_is_whole_lines_after_the_last(home: tuple[Path, list[Truth]]) -> None:
    lines = further_turn(pools(PLAN.seed), "x", home[1][-1], Shape(), 0).splitlines(keepends=True)
    assert all(line.endswith(b"\n") and parse(line) for line in lines)
    last = (home[0] / home[1][-1].path).read_bytes().splitlines()[-1]
    assert json.loads(last)["timestamp"] < json.loads(lines[0])["timestamp"]
