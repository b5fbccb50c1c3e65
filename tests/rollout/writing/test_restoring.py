"""A packed log is plain again before anything is written to it, whatever fails meanwhile."""

import errno
import subprocess
import sys
from pathlib import Path

import pytest

from domain.durability import Durability
from domain.errors import ActiveWriter, AppendFailed, UnreadableThread
from rollout.writing import storage
from rollout.writing.append import RolloutFile
from rollout.writing.restoring import restore
from tests.conformance.server import ROOT
from tests.rollout.appending import Pauses, append
from tests.rollout.failing_calls import SHORT, FailingCalls, open_descriptors
from tests.rollout.packed.streams import BROKEN, packed_file
from tests.rollout.recorders import HEAD, THREAD, Place, events, message
from tests.rollout.writing.packed_logs import (
    MODE,
    MTIME_NS,
    NAME,
    NEW,
    PLAIN,
    content,
    files,
    packed_file_of,
    packed_log,
    plain_log,
)

CODES = {"ENOSPC": errno.ENOSPC, "EIO": errno.EIO, "EINTR": errno.EINTR, "short write": SHORT}


@pytest.fixture
def packed(tmp_path: Path) -> Path:
    """A packed log, by its plain path."""
    return packed_log(tmp_path / "day" / NAME)


def test_a_line_is_written_to_the_plain_file(packed: Path) -> None:
    appended = append(packed, NEW)
    assert (appended.start, appended.is_whole) == (len(PLAIN), True)
    assert packed.read_bytes() == PLAIN + NEW + b"\n"
    assert files(packed.parent).keys() == {"plain"}


def test_a_restored_file_keeps_its_time_and_mode(packed: Path) -> None:
    assert restore(str(packed))
    assert packed.read_bytes() == PLAIN
    assert (packed.stat().st_mtime_ns, packed.stat().st_mode & 0o777) == (MTIME_NS, MODE)
    assert files(packed.parent).keys() == {"plain"}


def test_opening_it_and_writing_nothing_keeps_its_time(packed: Path) -> None:
    with RolloutFile(str(packed)) as file:
        assert not file.is_new
    assert packed.stat().st_mtime_ns == MTIME_NS


def test_where_nothing_is_packed_nothing_is_restored(tmp_path: Path) -> None:
    assert not restore(str(tmp_path / NAME))
    assert not restore(str(tmp_path / "notes.txt"))
    with pytest.raises(FileNotFoundError), RolloutFile(str(tmp_path / NAME)):
        pass


def test_a_file_to_be_made_is_the_packed_one_where_that_is_there(packed: Path) -> None:
    with RolloutFile(str(packed), create=True) as file:
        assert not file.is_new
        file.append([NEW])
    assert packed.read_bytes() == PLAIN + NEW + b"\n"


def test_beside_a_plain_file_the_packed_one_is_left_alone(packed: Path) -> None:
    plain_log(packed, HEAD + b"\n")
    append(packed, NEW)
    assert packed.read_bytes() == HEAD + b"\n" + NEW + b"\n"
    assert files(packed.parent).keys() == {"plain", "packed"}


def test_the_recorder_goes_on_behind_the_packed_lines(place: Place) -> None:
    recorder = place.recorder()
    lines = [HEAD, message("one")]
    packed_log(place.path(), b"".join(line + b"\n" for line in lines))
    assert [event.state for event in recorder.select_events(THREAD)] == lines
    recorder.insert_events(events(THREAD, 3, NEW))
    assert [event.state for event in recorder.select_events(THREAD)] == [*lines, NEW]
    assert place.lines() == [line + b"\n" for line in (*lines, NEW)]


@pytest.mark.parametrize("name", BROKEN)
def test_what_does_not_unpack_is_refused_and_stays(tmp_path: Path, name: str) -> None:
    path = tmp_path / "day" / NAME
    packed = packed_file(path, BROKEN[name][0](PLAIN))
    before = packed.read_bytes()
    with pytest.raises(UnreadableThread):
        append(path, NEW)
    assert files(path.parent).keys() == {"packed"}
    assert packed.read_bytes() == before


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    packed_file_of(tmp_path / NAME).mkdir()
    with pytest.raises(AppendFailed, match="not a regular file"):
        append(tmp_path / NAME, NEW)


def test_a_link_is_not_restored(tmp_path: Path) -> None:
    elsewhere = packed_log(tmp_path / "elsewhere" / NAME)
    packed_file_of(tmp_path / NAME).symlink_to(packed_file_of(elsewhere))
    with pytest.raises(AppendFailed):
        append(tmp_path / NAME, NEW)
    assert files(elsewhere.parent).keys() == {"packed"}


def test_a_writer_who_keeps_it_is_waited_for_and_given_up(packed: Path, pauses: Pauses) -> None:
    descriptor = storage.open_to_hold(str(packed_file_of(packed)))
    assert storage.lock(descriptor)
    with pytest.raises(ActiveWriter):
        append(packed, NEW)
    assert pauses.count > 100
    storage.close(descriptor)
    append(packed, NEW)


def test_what_another_program_restored_meanwhile_counts(
    packed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename_new = storage.rename_new

    def rename(path: str, target: str) -> None:
        plain_log(packed, PLAIN + b"{}\n")
        rename_new(path, target)

    monkeypatch.setattr(storage, "rename_new", rename)
    append(packed, NEW)
    assert packed.read_bytes() == PLAIN + b"{}\n" + NEW + b"\n"
    assert "other" not in files(packed.parent)


def test_one_that_moved_while_the_lock_was_waited_for_is_not_made_anew(packed: Path, pauses: Pauses) -> None:
    descriptor = storage.open_to_hold(str(packed_file_of(packed)))
    assert storage.lock(descriptor)

    def move() -> None:
        pauses.happen = lambda: None
        packed_file_of(packed).rename(packed.parent.parent / "moved")
        storage.close(descriptor)

    pauses.happen = move
    with pytest.raises(FileNotFoundError):
        append(packed, NEW)
    assert files(packed.parent) == {}


def test_who_packs_keeps_writers_from_opening_for_a_moment(tmp_path: Path, pauses: Pauses) -> None:
    path = plain_log(tmp_path / NAME)
    descriptor = storage.open_to_hold(str(path))
    assert storage.take_lease(descriptor)
    pauses.happen = lambda: storage.close(descriptor)
    append(path, NEW)
    assert pauses.count == 1
    descriptor = storage.open_to_hold(str(path))
    assert storage.take_lease(descriptor)
    pauses.happen = lambda: None
    with pytest.raises(ActiveWriter):
        append(path, NEW)
    storage.close(descriptor)


# -- failures ---------------------------------------------------------------------------------


@pytest.mark.parametrize("has_call", [True, False], ids=["rename", "link"])
@pytest.mark.parametrize("for_ever", [False, True], ids=["once", "from then on"])
@pytest.mark.parametrize("code", CODES.values(), ids=CODES)
def test_whatever_call_fails_no_line_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, code: int, for_ever: bool, has_call: bool
) -> None:
    if code == errno.EINTR and for_ever:
        pytest.skip("a signal interrupts one call")
    if not has_call:
        monkeypatch.setattr(storage, "rename_new", _no_such_call)
    calls = FailingCalls(monkeypatch)
    trial = packed_log(tmp_path / "trial" / NAME)
    append(trial, NEW, durability=Durability.DISK)
    names = list(calls.names)
    assert {"create", "sync_times", "rename_new", "sync_folder", "remove", "write"} <= set(names)
    for number, name in enumerate(names):
        path = packed_log(tmp_path / str(number) / NAME)
        before = open_descriptors()
        calls.fail(number, code, for_ever=for_ever)
        failure = None
        try:
            append(path, NEW, durability=Durability.DISK)
        except AppendFailed as error:
            failure = error
        calls.mend()
        assert open_descriptors() == before, name
        held = content(path)
        assert held.startswith(PLAIN), name
        if failure is None:
            assert held == PLAIN + NEW + b"\n", name
        elif not failure.is_indeterminate:
            assert held == PLAIN, name
        assert for_ever or "other" not in files(path.parent), name
        append(path, NEW)
        assert content(path).endswith(NEW + b"\n")


def _no_such_call(path: str, target: str) -> None:
    """Takes the place of a system call that there is not."""
    raise OSError(errno.ENOSYS, errno.errorcode[errno.ENOSYS])


def test_killed_at_any_call_it_leaves_the_plain_file_the_packed_one_or_both(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.rollout.writing.killed", "restore", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, timeout=60)
    seen = set()
    for folder in tmp_path.iterdir():
        path = folder / NAME
        there = files(folder).keys() & {"plain", "packed"}
        seen.add(frozenset(there))
        assert content(path).removeprefix(PLAIN) in {b"", NEW + b"\n"}
        append(path, NEW)
        assert content(path).startswith(PLAIN + NEW + b"\n")
        assert "plain" in files(folder)
    assert seen == {frozenset({"packed"}), frozenset({"plain", "packed"}), frozenset({"plain"})}


WRITING = """
import sys
from rollout.writing.append import RolloutFile
from tests.rollout.recorders import message
for number in range(int(sys.argv[3])):
    with RolloutFile(sys.argv[1]) as file:
        file.append([message(f"{sys.argv[2]} {number}")])
"""


def test_processes_that_write_at_once_restore_it_together(packed: Path) -> None:
    started = [
        subprocess.Popen([sys.executable, "-c", WRITING, str(packed), name, "20"], cwd=ROOT)
        for name in ("one", "two", "three")
    ]
    assert [process.wait(60) for process in started] == [0, 0, 0]
    data = packed.read_bytes()
    assert data.startswith(PLAIN)
    assert sorted(data.removeprefix(PLAIN).splitlines()) == sorted(
        message(f"{name} {number}") for name in ("one", "two", "three") for number in range(20)
    )
    assert files(packed.parent).keys() == {"plain"}
