"""`threadstore index` and its workers."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conformance.server import ROOT, environment_for
from tests.home import meta
from tests.projections.sample import thread, turns

FILES = 520
"""More than the 500 from which on workers are worth their start."""


@pytest.mark.parametrize("options", [(), ("--workers", "0"), ("--workers", "3")])
def test_a_home_is_indexed_with_any_number_of_workers(tmp_path: Path, options: tuple[str, ...]) -> None:
    folder = tmp_path / "sessions" / "2026" / "05" / "01"
    folder.mkdir(parents=True)
    for number in range(FILES):
        path = folder / f"rollout-2026-05-01T10-00-00-{thread(number)}.jsonl"
        path.write_bytes(b"".join([meta(thread(number)), *turns(1)]))
    done = subprocess.run(
        [sys.executable, "-m", "tools.cli", "index", "--json", *options],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        cwd=ROOT,
        env=environment_for(tmp_path),
    )
    facts = json.loads(done.stdout)
    assert [facts[name] for name in ("files", "threads", "turns", "unreadable_files")] == [FILES] * 3 + [0]


@pytest.mark.parametrize("asked", ["-1", "33", "many"])
def test_an_impossible_number_of_workers_is_refused(tmp_path: Path, asked: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tools.cli", "index", "--workers", asked],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=ROOT,
        env=environment_for(tmp_path),
    )
    assert done.returncode == 2
    assert "--workers" in done.stderr
