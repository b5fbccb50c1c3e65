"""A repair that dies, or whose calls fail, anywhere: the home is as before or as after, nothing is lost."""

import errno
import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

import pytest

from tests.damage.kinds import CONTENTS, WHOLE
from tests.damage.repairing import repaired, restored, runs_of, states, sums
from tests.damage.stopping import Killed, StoppingCalls
from tests.damage.talk import Talk, joined, write
from tests.properties.scale import times_longer

TALK = Talk()
ENTRY = b'{"id":"%b","thread_name":"n","updated_at":"2025-05-21T08:00:00Z"}' % str(TALK.id).encode()

Files = dict[str, bytes]

HOMES: dict[str, Files] = {
    "a torn tail": {TALK.file: CONTENTS["torn"].data},
    "another encoding": {TALK.file: CONTENTS["UTF-16"].data},
    "a needless copy": {TALK.file: TALK.data(), f"archived_sessions/{TALK.name}": joined(WHOLE[:6])},
    "a place": {f"sessions/{TALK.name}": CONTENTS["torn and another"].data},
    "a head and names": {TALK.file: joined(WHOLE[1:]), "session_index.jsonl": ENTRY + ENTRY + b"\nxx"},
}

STRIDE = 1 if times_longer() > 1 else 5
"""The everyday run looks at every fifth call, at others for each home."""


class Stage:
    """A home before its repair, what it is after one, and fresh copies of it."""

    def __init__(self, folder: Path, files: Files) -> None:
        self._folder = folder
        self._count = 0
        for file, data in files.items():
            write(folder / "before", file, data)
        self.before = states(folder / "before")
        done = self.fresh()
        repaired(done)
        self.after = states(done)

    def fresh(self) -> Path:
        """A copy of the home."""
        self._count += 1
        copy = self._folder / f"copy-{self._count}"
        shutil.copytree(self._folder / "before", copy)
        for path in copy.rglob("*.jsonl"):
            os.utime(path, ns=(1_747_900_000_000_000_000, 1_747_900_000_123_456_789))
        return copy

    def assert_as_before_or_after(self, home: Path) -> None:
        """Every file is as it was or as it is to be; of what is no more as it was the original is kept."""
        now = {
            file: state for file, state in states(home).items() if not file.rpartition("/")[2].startswith(".")
        }
        assert now.keys() <= self.before.keys() | self.after.keys()
        for file in self.before.keys() | self.after.keys():
            assert now.get(file) in (self.before.get(file), self.after.get(file), *_moved(file, self))
        kept = sums(home)
        assert all(sha256(data).hexdigest() in kept for data, _ in self.before.values())

    def assert_as_after(self, home: Path) -> None:
        """Everything is as after a repair that nobody disturbed, and nothing lies about."""
        assert states(home) == self.after


def _moved(file: str, stage: Stage) -> list[object]:
    """What a file may be where it was or is to be, when only one of two steps was made."""
    name = file.rpartition("/")[2]
    known = [*stage.before.items(), *stage.after.items()]
    return [state for other, state in known if other.endswith(name)]


def calls_of(stage: Stage, calls: StoppingCalls, act: Callable[[Path], object]) -> int:
    """How many calls the act makes on a fresh home."""
    home = stage.fresh()
    calls.go_on()
    act(home)
    return calls.count


@pytest.mark.parametrize(("index", "files"), list(enumerate(HOMES.values())), ids=HOMES)
def test_a_repair_killed_at_any_call_leaves_the_home_as_before_or_after_and_the_next_one_finishes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, index: int, files: Files
) -> None:
    stage = Stage(tmp_path, files)
    calls = StoppingCalls(monkeypatch)
    count = calls_of(stage, calls, repaired)
    assert count > 20
    for number in range(index % STRIDE, count, STRIDE):
        home = stage.fresh()
        calls.kill_at(number)
        with suppress(Killed):
            repaired(home)
        calls.go_on()
        stage.assert_as_before_or_after(home)
        repaired(home)
        stage.assert_as_after(home)
        stage.assert_as_before_or_after(home)
        assert not repaired(home).is_changed


@pytest.mark.parametrize("code", [errno.EIO, errno.ENOSPC], ids=["EIO", "ENOSPC"])
@pytest.mark.parametrize(("index", "files"), list(enumerate(HOMES.values())), ids=HOMES)
def test_a_call_that_fails_costs_at_most_one_file_its_repair(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, index: int, files: Files, code: int
) -> None:
    stage = Stage(tmp_path, files)
    calls = StoppingCalls(monkeypatch)
    count = calls_of(stage, calls, repaired)
    for number in range((index + code) % STRIDE, count, STRIDE):
        home = stage.fresh()
        calls.fail_at(number, code)
        with suppress(OSError):  # the lock of the home, its listing, or the settling of older runs
            repaired(home)
        calls.go_on()
        stage.assert_as_before_or_after(home)
        repaired(home)
        stage.assert_as_after(home)


@pytest.mark.parametrize(("index", "files"), list(enumerate(HOMES.values())), ids=HOMES)
def test_a_restore_killed_at_any_call_can_be_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, index: int, files: Files
) -> None:
    stage = Stage(tmp_path, files)
    calls = StoppingCalls(monkeypatch)

    def repair_and_restore(home: Path, number: int) -> None:
        calls.go_on()
        repaired(home)
        (run,) = runs_of(home)
        calls.kill_at(number)
        restored(home, run)

    count = calls_of(stage, calls, lambda home: repair_and_restore(home, 2**62))
    for number in range(index % STRIDE, count, STRIDE):
        home = stage.fresh()
        with suppress(Killed):
            repair_and_restore(home, number)
        calls.go_on()
        stage.assert_as_before_or_after(home)
        restored(home, runs_of(home)[0])
        assert states(home) == stage.before
