"""Files that others live with are left to them."""

import fcntl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from domain.damage.finding import Action, DamageClass
from domain.durability import Durability
from rollout.repairing import holding
from rollout.writing import storage
from rollout.writing.append import RolloutFile
from tests.damage.kinds import CONTENTS
from tests.damage.repairing import home_at, repaired, runs_of
from tests.damage.talk import Talk, thread_id, write

MORE = b'{"timestamp":"2025-05-21T09:00:00.000Z","type":"compacted","payload":{"message":"more"}}'

APPENDER = """
import sys
file = open(sys.argv[1], "ab")
print("open", flush=True)
sys.stdin.readline()
"""


@contextmanager
def opened_by_another(path: Path) -> Iterator[None]:
    """While another process has the file open to append, and takes no lock."""
    with subprocess.Popen(
        [sys.executable, "-c", APPENDER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        assert process.stdout.readline() == "open\n"
        try:
            yield
        finally:
            process.stdin.write("\n")
            process.stdin.flush()


@pytest.mark.parametrize("has_leases", [True, False])
def test_a_file_that_another_program_has_open_is_told_and_not_touched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, has_leases: bool
) -> None:
    path = write(tmp_path, Talk().file, CONTENTS["torn"].data)
    if not has_leases:
        monkeypatch.setattr(storage, "take_lease", lambda descriptor: False)
    with opened_by_another(path):
        outcome = repaired(tmp_path)
    assert path.read_bytes() == CONTENTS["torn"].data
    assert not outcome.is_changed
    assert DamageClass.FILE_IN_USE in {each.damage for each in outcome.findings}
    assert {each.action for each in outcome.findings} == {Action.NONE}
    assert not runs_of(tmp_path)
    assert repaired(tmp_path).is_changed


def test_a_file_that_only_readers_have_open_is_repaired(tmp_path: Path) -> None:
    path = write(tmp_path, Talk().file, CONTENTS["torn"].data)
    with path.open("rb"):
        assert repaired(tmp_path).is_changed


def test_a_file_that_our_own_writer_holds_is_not_touched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path, Talk().file, CONTENTS["torn"].data)
    monkeypatch.setattr(storage, "pause", lambda seconds: None)
    with RolloutFile(str(path), durability=Durability.NONE):
        outcome = repaired(tmp_path)
    assert path.read_bytes() == CONTENTS["torn"].data
    assert DamageClass.FILE_IN_USE in {each.damage for each in outcome.findings}


def test_a_thread_that_another_program_keeps_is_not_touched(tmp_path: Path) -> None:
    path = write(tmp_path, Talk().file, CONTENTS["torn"].data)
    home = home_at(tmp_path)
    home.thread_locks.mkdir()
    with (home.thread_locks / f"{thread_id(1)}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        outcome = repaired(tmp_path)
    assert path.read_bytes() == CONTENTS["torn"].data
    assert DamageClass.FILE_IN_USE in {each.damage for each in outcome.findings}
    assert repaired(tmp_path).is_changed


def test_a_file_that_grew_since_it_was_looked_at_is_looked_at_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path, Talk().file, CONTENTS["torn"].data)
    check, appends = holding.HeldFile.check_unchanged, iter([MORE])

    def append_first(held: holding.HeldFile) -> None:
        for data in appends:
            with path.open("ab") as file:
                file.write(data + b"\n")
        check(held)

    monkeypatch.setattr(storage, "take_lease", lambda descriptor: False)
    monkeypatch.setattr(holding.HeldFile, "check_unchanged", append_first)
    outcome = repaired(tmp_path)
    kind = CONTENTS["torn"]
    assert kind.after is not None
    assert path.read_bytes().split(b"\n")[:-1] == [*kind.after, MORE]
    assert DamageClass.TORN_RECORD in {each.damage for each in outcome.findings}


def test_a_file_that_never_rests_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path, Talk().file, CONTENTS["torn"].data)

    def append_always(held: holding.HeldFile) -> None:
        raise holding.NotTouched(DamageClass.FILE_CHANGED)

    monkeypatch.setattr(holding.HeldFile, "check_unchanged", append_always)
    outcome = repaired(tmp_path)
    assert path.read_bytes() == CONTENTS["torn"].data
    assert DamageClass.FILE_CHANGED in {each.damage for each in outcome.findings}


def test_who_comes_to_write_while_the_name_changes_gets_the_original_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path, Talk().file, CONTENTS["torn"].data)
    inode = path.stat().st_ino
    monkeypatch.setattr(storage, "keeps_lease", lambda descriptor: False)
    outcome = repaired(tmp_path)
    assert (path.stat().st_ino, path.read_bytes()) == (inode, CONTENTS["torn"].data)
    assert DamageClass.FILE_IN_USE in {each.damage for each in outcome.findings}
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_mode_and_time_are_kept(tmp_path: Path) -> None:
    path = write(tmp_path, Talk().file, CONTENTS["torn"].data)
    path.chmod(0o640)
    before = path.stat()
    repaired(tmp_path)
    after = path.stat()
    assert (after.st_mode, after.st_mtime_ns, after.st_uid) == (
        before.st_mode,
        before.st_mtime_ns,
        before.st_uid,
    )
    (run,) = runs_of(tmp_path)
    stored = (tmp_path / "repair" / run / "files" / "0001").stat()
    assert (stored.st_mode, stored.st_mtime_ns) == (before.st_mode, before.st_mtime_ns)


def test_a_result_that_would_lose_a_line_never_takes_the_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path, Talk().file, CONTENTS["torn"].data)
    monkeypatch.setattr("rollout.repairing.result.pieces", lambda read, start, end: iter([b""]))
    outcome = repaired(tmp_path)
    assert path.read_bytes() == CONTENTS["torn"].data
    assert outcome.has_failed
    assert DamageClass.REPAIR_FAILED in {each.damage for each in outcome.findings}
