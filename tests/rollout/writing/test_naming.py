"""Names are appended under the rules of rollout files, and read back by whoever reads names."""

import errno
import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest

from domain.durability import Durability
from domain.errors import ActiveWriter, AppendFailed
from rollout.finding.home import Home
from rollout.names import NamesFile
from rollout.writing import storage
from rollout.writing.naming import NameEntry, append_names
from tests.rollout.appending import Pauses
from tests.rollout.failing_calls import SHORT, FailingCalls, open_descriptors

ROOT = Path(__file__).parents[3]
THREAD = UUID("0196f000-0000-7000-8000-000000000001")
OTHER = UUID("0196f000-0000-7000-8000-000000000002")
TIME_NS = 1_777_629_600_204_846_989

ONE, TWO = NameEntry(THREAD, "one", TIME_NS), NameEntry(OTHER, "two \n words", TIME_NS)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home without names."""
    return Home.at(tmp_path)


def name_of(home: Home, thread_id: UUID = THREAD) -> str | None:
    """The name that readers see."""
    names = NamesFile(home.names)
    names.refresh()
    return names.name_of(str(thread_id))


def lines_of(home: Home) -> list[bytes]:
    """The lines of the file, each with its line feed if it has one."""
    return home.names.read_bytes().splitlines(keepends=True)


def test_an_entry_is_a_line_as_the_reference_writes_it(home: Home) -> None:
    append_names(home, [TWO])
    assert home.names.read_bytes() == (
        b'{"id":"0196f000-0000-7000-8000-000000000002","thread_name":"two \\n words",'
        b'"updated_at":"2026-05-01T10:00:00.204846989Z"}\n'
    )


def test_readers_see_the_last_name(home: Home) -> None:
    append_names(home, [ONE, TWO])
    assert (name_of(home), name_of(home, OTHER)) == ("one", "two \n words")
    append_names(home, [NameEntry(THREAD, "another", TIME_NS)])
    assert (name_of(home), name_of(home, OTHER)) == ("another", "two \n words")


def test_entries_that_come_together_are_one_write_and_one_wait_for_the_disk(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    append_names(home, [ONE])
    written: list[bytes] = []
    synced: list[int] = []

    def write(descriptor: int, data: memoryview) -> int:
        written.append(bytes(data))
        return os.write(descriptor, data)

    monkeypatch.setattr(storage, "write", write)
    monkeypatch.setattr(storage, "sync", synced.append)
    entries = [NameEntry(UUID(int=number), f"name {number}", TIME_NS) for number in range(100)]
    append_names(home, entries, Durability.DISK)
    assert [data.count(b"\n") for data in written] == [100]
    assert len(synced) == 1
    append_names(home, entries, Durability.PROCESS)
    assert len(synced) == 1


def test_no_entry_makes_no_file(home: Home) -> None:
    append_names(home, [])
    assert not home.names.exists()


def test_a_new_file_is_its_owners_alone_and_its_name_is_on_the_disk(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders: list[str] = []
    monkeypatch.setattr(storage, "sync_folder", folders.append)
    append_names(home, [ONE])
    assert stat.S_IMODE(home.names.stat().st_mode) == 0o600
    assert folders == [str(home.root)]


def test_a_torn_last_line_is_ended_first(home: Home, pauses: Pauses) -> None:
    home.names.write_bytes(ONE.line() + b'\n{"id":"0196')
    append_names(home, [TWO])
    assert lines_of(home) == [ONE.line() + b"\n", b'{"id":"0196\n', TWO.line() + b"\n"]
    assert name_of(home, OTHER) == "two \n words"


def test_an_unterminated_last_name_is_kept(home: Home, pauses: Pauses) -> None:
    home.names.write_bytes(ONE.line())
    append_names(home, [TWO])
    assert (name_of(home), name_of(home, OTHER)) == ("one", "two \n words")


def test_a_link_is_not_followed(home: Home, tmp_path: Path) -> None:
    there = tmp_path / "elsewhere"
    there.write_bytes(b"")
    home.names.symlink_to(there)
    with pytest.raises(AppendFailed, match="symbolic link"):
        append_names(home, [ONE])
    assert there.read_bytes() == b""


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo])
def test_what_is_no_file_is_refused(home: Home, make: Callable[[Path], None]) -> None:
    make(home.names)
    with pytest.raises(AppendFailed, match=r"Is a directory|not a regular file"):
        append_names(home, [ONE])


@pytest.mark.skipif(os.geteuid() == 0, reason="everything is permitted")
def test_without_permission_nothing_is_written(home: Home) -> None:
    append_names(home, [ONE])
    home.names.chmod(0o400)
    with pytest.raises(AppendFailed, match="Permission denied"):
        append_names(home, [TWO])
    assert lines_of(home) == [ONE.line() + b"\n"]


def test_a_file_that_another_writer_keeps_is_refused(home: Home, pauses: Pauses) -> None:
    append_names(home, [ONE])
    descriptor = storage.open_to_hold(str(home.names))
    assert storage.lock(descriptor)
    with pytest.raises(ActiveWriter):
        append_names(home, [TWO])
    os.close(descriptor)
    append_names(home, [TWO])


def prepared(home: Home, before: bytes | None) -> None:
    """The file holds this, or is not there."""
    if before is None:
        home.names.unlink(missing_ok=True)
    else:
        home.names.write_bytes(before)


BEFORE = [None, ONE.line() + b"\n", ONE.line() + b'\n{"id":"0196']


@pytest.mark.parametrize("before", BEFORE, ids=["no file", "a file", "a torn line"])
@pytest.mark.parametrize("is_lasting", [False, True], ids=["once", "for ever"])
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EACCES, SHORT])
def test_whatever_call_fails_the_names_are_there_wholly_or_not_at_all(
    home: Home, monkeypatch: pytest.MonkeyPatch, before: bytes | None, code: int, *, is_lasting: bool
) -> None:
    added = [TWO.line() + b"\n"] * 2
    calls = FailingCalls(monkeypatch)
    prepared(home, before)
    append_names(home, [TWO, TWO])
    assert {"open_to_append", "lock", "lstat", "write", "sync", "close"} <= set(calls.names)
    for number, name in enumerate([*calls.names]):
        prepared(home, before)
        descriptors = open_descriptors()
        calls.fail(number, code, for_ever=is_lasting)
        failure = _failure(home)
        calls.mend()
        assert open_descriptors() == descriptors
        kept = lines_of(home) if home.names.exists() else []
        if failure is None:
            assert kept[-2:] == added, name
        elif not failure.is_indeterminate:
            assert added[0] not in kept, name
        append_names(home, [TWO])
        assert lines_of(home)[-1] == added[0]
        assert b"".join(lines_of(home)).startswith(before or b"")
        assert name_of(home) == (None if before is None else "one")


def _failure(home: Home) -> AppendFailed | None:
    try:
        append_names(home, [TWO, TWO])
    except AppendFailed as failure:
        return failure
    return None


def test_a_first_write_that_fails_leaves_no_file(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def write(descriptor: int, data: memoryview) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(storage, "write", write)
    with pytest.raises(AppendFailed, match="No space left") as failure:
        append_names(home, [ONE])
    assert not failure.value.is_indeterminate
    assert list(home.root.iterdir()) == []


def start(home: Home, word: str, count: int, size: int) -> subprocess.Popen[bytes]:
    """A process that names threads."""
    command = [sys.executable, "-m", "tests.rollout.name_appender", str(home.root), word]
    return subprocess.Popen([*command, str(count), str(size)], cwd=ROOT, stdout=subprocess.PIPE)


def test_four_processes_lose_no_name(home: Home) -> None:
    running = [start(home, f"p{number}", 60, 200) for number in range(4)]
    for process in running:
        process.communicate(timeout=60)
    assert [process.returncode for process in running] == [0] * 4
    names = sorted(json.loads(line)["thread_name"] for line in lines_of(home))
    assert names == sorted(f"p{word} {number} ".ljust(200, ".") for word in range(4) for number in range(60))


@pytest.mark.parametrize("size", [100, 3_000_000])
def test_a_killed_process_loses_no_acknowledged_name(home: Home, pauses: Pauses, size: int) -> None:
    for kill in range(4):
        before = len(lines_of(home)) if home.names.exists() else 0
        process = start(home, f"k{kill}", 10_000, size)
        assert process.stdout is not None
        acknowledged = [int(process.stdout.readline()) for _ in range(3 + kill)]
        process.kill()
        acknowledged += [int(line) for line in process.stdout if line.endswith(b"\n")]
        process.wait(60)
        process.stdout.close()
        found = lines_of(home)[before:]
        told = [json.loads(line)["thread_name"].split()[1] for line in found if line.endswith(b"\n")]
        assert told[: len(acknowledged)] == [str(number) for number in acknowledged]
        assert len(found) <= len(acknowledged) + 1
        append_names(home, [ONE])
        assert lines_of(home)[-1] == ONE.line() + b"\n"
        assert name_of(home) == "one"
