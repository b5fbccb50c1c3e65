"""Damage to names and places: what is told, what is moved, and what is left to a person."""

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from domain.damage.finding import Action, DamageClass, Severity
from rollout.damage.inspect import inspect_home
from tests.damage.repairing import findings_of, home_at, repaired, runs_of, states
from tests.damage.talk import Talk, joined, thread_id, write

TALK = Talk()
DAY = "sessions/2025/05/21"

MOVED = {
    "below sessions": (f"sessions/{TALK.name}", DamageClass.MISPLACED, TALK.file),
    "a folder that is no number": (f"sessions/2025/May/21/{TALK.name}", DamageClass.MISPLACED, TALK.file),
    "an impossible time": (
        f"{DAY}/rollout-2025-13-45T99-00-00-{TALK.id}.jsonl",
        DamageClass.MISNAMED,
        f"{DAY}/rollout-2025-05-21T08-00-01-{TALK.id}.jsonl",
    ),
    "no id": (f"{DAY}/rollout-2025-05-21T08-00-00-none.jsonl", DamageClass.MISNAMED, TALK.file),
    "a copy's suffix": (TALK.file.replace(".jsonl", " (1).jsonl"), DamageClass.MISNAMED, TALK.file),
    "folders in the archive": (
        f"archived_sessions/2025/05/21/{TALK.name}",
        DamageClass.NESTED_ARCHIVE,
        f"archived_sessions/{TALK.name}",
    ),
}


@pytest.mark.parametrize(("file", "damage", "target"), MOVED.values(), ids=MOVED)
def test_a_file_that_no_list_looks_at_is_moved_to_its_place(
    tmp_path: Path, file: str, damage: DamageClass, target: str
) -> None:
    path = write(tmp_path, file, TALK.data())
    before = path.stat()
    assert [(each.damage, each.action) for each in findings_of(tmp_path)] == [(damage, Action.MOVED)]
    outcome = repaired(tmp_path)
    assert outcome.summary.moved == 1
    after = (tmp_path / target).stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert not path.exists()
    assert findings_of(tmp_path) == []
    assert not repaired(tmp_path).is_changed


def test_nothing_is_moved_onto_another_file(tmp_path: Path) -> None:
    other = Talk()
    other.records[2]["payload"]["message"] = "something else"
    write(tmp_path, TALK.file, TALK.data())
    write(tmp_path, f"sessions/{TALK.name}", other.data())
    before = states(tmp_path)
    assert not repaired(tmp_path).is_changed
    assert states(tmp_path) == before
    assert {each.damage for each in findings_of(tmp_path)} == {
        DamageClass.COPIES_DIVERGE,
        DamageClass.MISPLACED,
    }


TOLD = {
    "another day": (f"sessions/2024/12/31/{TALK.name}", DamageClass.WRONG_DAY),
    "capitals": (TALK.file.replace(str(TALK.id), str(TALK.id).upper()), DamageClass.NAME_CAPITALS),
    "another id": (TALK.file.replace(str(TALK.id), str(thread_id(2))), DamageClass.ID_MISMATCH),
    "another time": (TALK.file.replace("T08-00-00", "T08-07-00"), DamageClass.TIME_MISMATCH),
}


@pytest.mark.parametrize(("file", "damage"), TOLD.values(), ids=TOLD)
def test_what_readers_cope_with_is_told_and_left(tmp_path: Path, file: str, damage: DamageClass) -> None:
    write(tmp_path, file, TALK.data())
    assert [each.damage for each in findings_of(tmp_path)] == [damage]
    assert not repaired(tmp_path).is_changed


def test_a_name_in_another_zones_time_is_nothing_odd(tmp_path: Path) -> None:
    write(tmp_path, TALK.file.replace("T08-00-00", "T13-30-00"), TALK.data())
    assert findings_of(tmp_path) == []


COPIES = {
    "shorter and archived": (f"archived_sessions/{TALK.name}", joined(TALK.lines()[:6])),
    "shorter and later": (TALK.file.replace("T08-00-00", "T10-00-00"), joined(TALK.lines()[:6])),
    "the same": (f"archived_sessions/{TALK.name}", TALK.data()),
    "empty, with a copy's suffix": (TALK.file.replace(".jsonl", " (1).jsonl"), b""),
    "left by a program that copied": (TALK.file + ".tmp", TALK.data()[:500]),
}


@pytest.mark.parametrize(("file", "data"), COPIES.values(), ids=COPIES)
def test_a_copy_that_another_file_begins_with_is_kept_elsewhere(
    tmp_path: Path, file: str, data: bytes
) -> None:
    whole = write(tmp_path, TALK.file, TALK.data())
    copy = write(tmp_path, file, data)
    assert [(each.file, each.damage, each.action) for each in findings_of(tmp_path)] == [
        (file, DamageClass.COPY_WITHIN, Action.QUARANTINED)
    ]
    outcome = repaired(tmp_path)
    assert not copy.exists()
    assert whole.read_bytes() == TALK.data()
    (original,) = outcome.originals
    assert (tmp_path / original.stored).read_bytes() == data
    assert findings_of(tmp_path) == []


def test_a_second_name_of_the_same_file_is_a_copy(tmp_path: Path) -> None:
    whole = write(tmp_path, TALK.file, TALK.data())
    archived = tmp_path / "archived_sessions" / TALK.name
    archived.parent.mkdir()
    archived.hardlink_to(whole)
    repaired(tmp_path)
    assert (whole.exists(), archived.exists()) == (True, False)


def test_further_logs_of_a_thread_are_no_copies(tmp_path: Path) -> None:
    write(tmp_path, TALK.file, TALK.data())
    write(tmp_path, TALK.file.replace(".jsonl", f"_{thread_id(7)}.jsonl"), joined(TALK.lines()[:6]))
    assert DamageClass.COPY_WITHIN not in {each.damage for each in findings_of(tmp_path)}


def make_dangling(path: Path) -> None:
    path.symlink_to("nowhere")


def make_loop(path: Path) -> None:
    path.symlink_to(path.name)


def make_folder(path: Path) -> None:
    path.mkdir()


def make_link(path: Path) -> None:
    elsewhere = path.parents[4] / "elsewhere.jsonl"
    elsewhere.write_bytes(TALK.data())
    path.symlink_to(elsewhere)


ODD = {
    "a link to nowhere": (make_dangling, DamageClass.DANGLING_LINK),
    "a link to itself": (make_loop, DamageClass.DANGLING_LINK),
    "a folder": (make_folder, DamageClass.IRREGULAR_FILE),
    "a link to a file": (make_link, DamageClass.LINKED_FILE),
}


@pytest.mark.parametrize(("make", "damage"), ODD.values(), ids=ODD)
def test_what_is_no_file_is_told_and_left(
    tmp_path: Path, make: Callable[[Path], None], damage: DamageClass
) -> None:
    path = tmp_path / TALK.file
    path.parent.mkdir(parents=True)
    make(path)
    found = findings_of(tmp_path)
    assert [(each.damage, each.severity, each.thread_id) for each in found] == [
        (damage, Severity.WARNING, TALK.id)
    ]
    assert not repaired(tmp_path).is_changed
    assert os.path.lexists(path)


def test_a_pipe_is_moved_out_of_everybodys_way(tmp_path: Path) -> None:
    path = tmp_path / TALK.file
    path.parent.mkdir(parents=True)
    os.mkfifo(path)
    assert [each.damage for each in findings_of(tmp_path)] == [DamageClass.PIPE]
    repaired(tmp_path)
    assert not path.exists()
    (run,) = runs_of(tmp_path)
    assert stat.S_ISFIFO((tmp_path / "repair" / run / "files" / "0001").stat().st_mode)


def test_a_linked_folder_is_told_and_not_gone_into(tmp_path: Path) -> None:
    write(tmp_path, TALK.file, TALK.data())
    (tmp_path / "sessions/2025/05/98").symlink_to("../../../sessions")
    assert [each.damage for each in findings_of(tmp_path)] == [DamageClass.LINKED_FOLDER]


def test_the_folder_of_sessions_may_be_a_link(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    write(tmp_path / "storage", TALK.file, joined(TALK.lines())[:-1])
    (home / "sessions").symlink_to(tmp_path / "storage" / "sessions")
    assert [each.damage for each in findings_of(home)] == [DamageClass.NO_FINAL_NEWLINE]
    assert repaired(home).is_changed
    assert (home / TALK.file).read_bytes() == TALK.data()


def test_sessions_that_are_a_file_are_told(tmp_path: Path) -> None:
    (tmp_path / "sessions").write_text("no folder")
    assert [each.damage for each in findings_of(tmp_path)] == [DamageClass.UNREADABLE_FOLDER]


def test_a_folder_in_the_place_of_the_names_is_told(tmp_path: Path) -> None:
    (tmp_path / "session_index.jsonl").mkdir()
    assert [each.damage for each in findings_of(tmp_path)] == [DamageClass.IRREGULAR_FILE]


def test_a_name_that_is_no_utf8_is_told_and_left(tmp_path: Path) -> None:
    name = TALK.name.replace("rollout-", "rollout-\udcff-")
    write(tmp_path, f"{DAY}/{name}", TALK.data()[:-1])
    (found,) = findings_of(tmp_path)
    assert found.damage is DamageClass.NAME_NOT_UTF8
    assert found.file == f"{DAY}/{name}"
    assert not repaired(tmp_path).is_changed


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    write(tmp_path, TALK.file, TALK.data()).chmod(0)
    assert [each.damage for each in findings_of(tmp_path)] == [DamageClass.UNREADABLE_FILE]


def test_a_look_can_be_narrowed(tmp_path: Path) -> None:
    for number in (1, 2, 3):
        write(tmp_path, Talk(number).file, Talk(number).data()[:-1])
    os.utime(tmp_path / Talk(3).file, (1_800_000_000, 1_800_000_000))
    home = home_at(tmp_path)
    assert {each.thread_id for each in inspect_home(home, threads=[thread_id(2)])} == {thread_id(2)}
    by_path = inspect_home(home, paths=[str(tmp_path / Talk(1).file), Talk(3).file])
    assert {each.thread_id for each in by_path} == {thread_id(1), thread_id(3)}
    assert len(list(inspect_home(home, paths=["sessions/2025"]))) == 3
    assert {each.thread_id for each in inspect_home(home, since_s=1_790_000_000)} == {thread_id(3)}
    assert list(inspect_home(home, paths=["elsewhere"])) == []


def test_progress_ends_with_all_bytes(tmp_path: Path) -> None:
    for number in (1, 2):
        write(tmp_path, Talk(number).file, Talk(number).data())
    told: list[tuple[int, int]] = []
    list(inspect_home(home_at(tmp_path), progress=lambda done, total: told.append((done, total))))
    size = len(Talk(1).data())
    assert told == [(size, 2 * size), (2 * size, 2 * size)]
