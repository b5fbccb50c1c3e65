"""A log whose name tells no id is found by what it holds, and only then."""

from pathlib import Path
from uuid import UUID

import pytest

from rollout.finding.home import Home
from rollout.finding.odd_names import OddNames
from rollout.finding.sessions import Sessions
from rollout.log import RolloutLog
from tests.home import meta
from tests.projections.counting import CountingLog
from tests.projections.sample import thread

DAY = "sessions/2026/05/01"


@pytest.fixture(name="home")
def _home(tmp_path: Path) -> Home:
    (tmp_path / DAY).mkdir(parents=True)
    return Home.at(tmp_path)


def found(home: Home, thread_id: UUID) -> str | None:
    """The name of the log that is found."""
    path = OddNames(RolloutLog()).log_of(Sessions(home).nameless(), thread_id)
    return None if path is None else Path(path).name


@pytest.mark.parametrize("name", ["copy of it.jsonl", "rollout-2026-05-01T10-00-00-broken.jsonl", ".jsonl"])
def test_it_is_found_by_the_id_in_its_head(home: Home, name: str) -> None:
    (home.root / DAY / name).write_bytes(meta(thread(1)))
    (home.root / DAY / "another.jsonl").write_bytes(meta(thread(2)))
    assert found(home, thread(1)) == name
    assert found(home, thread(3)) is None


@pytest.mark.parametrize("before", [b"garbage\n", b"\n", b"{}\n[]\n"])
def test_damaged_lines_before_the_head_do_no_harm(home: Home, before: bytes) -> None:
    (home.root / DAY / "odd.jsonl").write_bytes(before + meta(thread(1)))
    assert found(home, thread(1)) == "odd.jsonl"


def test_what_is_no_log_or_cannot_be_read_is_passed_over(home: Home) -> None:
    folder = home.root / DAY
    (folder / "empty.jsonl").touch()
    (folder / "folder.jsonl").mkdir()
    (folder / "notes.txt").write_bytes(meta(thread(1)))
    (folder / "link.jsonl").symlink_to(folder / "notes.txt")
    assert found(home, thread(1)) is None


def test_a_log_with_an_id_in_its_name_is_not_looked_at(home: Home) -> None:
    (home.root / DAY / f"rollout-2026-05-01T10-00-00-{thread(2)}.jsonl").write_bytes(meta(thread(1)))
    assert found(home, thread(1)) is None


def test_a_log_is_read_again_only_when_it_changed(home: Home) -> None:
    log, paths = CountingLog(), [str(home.root / DAY / "odd.jsonl")]
    names = OddNames(log)
    Path(paths[0]).write_bytes(b"garbage\n")
    for _ in range(3):
        assert names.log_of(paths, thread(1)) is None
    assert log.opened == paths
    Path(paths[0]).write_bytes(meta(thread(1)))
    assert names.log_of(paths, thread(1)) == paths[0]
    assert names.log_of(paths, thread(2)) is None
    assert log.opened == paths * 2
