"""Restoring puts back what a run changed, byte for byte, and is a run itself."""

import os
from pathlib import Path

import pytest

from domain.damage.finding import Action, DamageClass
from domain.errors import RepairRunning, UnknownRun
from rollout.repairing.home_lock import locked
from tests.damage.kinds import CONTENTS
from tests.damage.repairing import home_at, repaired, restored, runs_of, states
from tests.damage.talk import Talk, joined, write


def damage(home: Path) -> None:
    """Something of everything that a repair does."""
    for number, kind in enumerate(CONTENTS.values(), 1):
        write(home, Talk(number).file, kind.data)
    number = len(CONTENTS) + 1
    write(home, f"sessions/{Talk(number).name}", Talk(number).data())
    write(home, Talk(number + 1).file, Talk(number + 1).data())
    write(home, f"archived_sessions/{Talk(number + 1).name}", joined(Talk(number + 1).lines()[:4]))
    write(home, f"archived_sessions/2025/{Talk(number + 2).name}", Talk(number + 2).data()[:-1])
    write(home, "session_index.jsonl", b"\xef\xbb\xbf{}\nx")
    os.mkfifo(home / Talk(number + 3).file)


def test_a_restore_puts_every_byte_and_time_back_and_can_be_taken_back(tmp_path: Path) -> None:
    damage(tmp_path)
    before = states(tmp_path)
    repaired(tmp_path)
    after = states(tmp_path)
    assert after != before
    (run,) = runs_of(tmp_path)
    outcome = restored(tmp_path, run)
    assert states(tmp_path) == before
    assert {each.damage for each in outcome.findings} == {DamageClass.RESTORED}
    assert not outcome.has_failed
    restored(tmp_path, runs_of(tmp_path)[1])
    assert states(tmp_path) == after


def test_what_was_written_since_is_worth_more_than_the_original(tmp_path: Path) -> None:
    path = write(tmp_path, Talk().file, CONTENTS["torn"].data)
    repaired(tmp_path)
    with path.open("ab") as file:
        file.write(b'{"timestamp":"2025-05-21T09:00:00.000Z","type":"compacted","payload":{"message":""}}\n')
    now = path.read_bytes()
    outcome = restored(tmp_path, runs_of(tmp_path)[0])
    assert path.read_bytes() == now
    assert [(each.damage, each.action) for each in outcome.findings] == [
        (DamageClass.FILE_CHANGED, Action.NONE)
    ]


def test_a_run_is_restored_once(tmp_path: Path) -> None:
    write(tmp_path, Talk().file, CONTENTS["torn"].data)
    repaired(tmp_path)
    run = runs_of(tmp_path)[0]
    restored(tmp_path, run)
    before = states(tmp_path)
    assert not restored(tmp_path, run).is_changed
    assert states(tmp_path) == before


@pytest.mark.parametrize("name", ["", "nothing", "..", "../repair"])
def test_a_run_that_is_none_is_refused(tmp_path: Path, name: str) -> None:
    write(tmp_path, Talk().file, CONTENTS["torn"].data)
    repaired(tmp_path)
    with pytest.raises(UnknownRun):
        restored(tmp_path, name)


def test_one_run_at_a_time_works_on_a_home(tmp_path: Path) -> None:
    write(tmp_path, Talk().file, CONTENTS["torn"].data)
    with locked(home_at(tmp_path)), pytest.raises(RepairRunning):
        repaired(tmp_path)
    assert repaired(tmp_path).is_changed
