"""An append that fails, or that others get into, leaves whole lines or nothing."""

import errno
import os
from pathlib import Path

import pytest

from domain.durability import Durability
from domain.errors import AppendFailed
from domain.limits import APPEND_TRIES
from rollout.writing import storage
from rollout.writing.append import RolloutFile
from tests.rollout.appending import ONE, TWO, Pauses, append, write_behind
from tests.rollout.recorders import HEAD


class Disk:
    """Writes a few bytes of each write, then fails."""

    def __init__(self, *steps: int | OSError) -> None:
        self.steps = list(steps)

    def write(self, descriptor: int, data: memoryview) -> int:
        """The next step."""
        step = self.steps.pop(0) if self.steps else len(data)
        if isinstance(step, OSError):
            raise step
        return os.write(descriptor, data[:step])


FULL = OSError(errno.ENOSPC, "No space left on device")
BROKEN = OSError(errno.EIO, "Input/output error")


def test_a_short_write_is_completed(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage, "write", Disk(10, 20).write)
    append(path, ONE, TWO)
    assert path.read_bytes().splitlines() == [HEAD, ONE, TWO]


@pytest.mark.parametrize("steps", [(FULL,), (10, FULL), (10, 20, BROKEN), (10, 0)])
def test_a_write_that_fails_leaves_nothing(
    path: Path, monkeypatch: pytest.MonkeyPatch, steps: tuple[int | OSError, ...]
) -> None:
    monkeypatch.setattr(storage, "write", Disk(*steps).write)
    with pytest.raises(AppendFailed) as failure:
        append(path, ONE, TWO)
    assert not failure.value.is_indeterminate
    assert path.read_bytes() == HEAD + b"\n"
    append(path, ONE)
    assert path.read_bytes().splitlines() == [HEAD, ONE]


def test_a_new_file_whose_first_write_fails_goes_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage, "write", Disk(10, FULL).write)
    with pytest.raises(AppendFailed, match="No space left"):
        append(tmp_path / "rollout.jsonl", HEAD, create=True)
    assert list(tmp_path.iterdir()) == []


def test_what_others_wrote_behind_a_failed_write_stays(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    disk = Disk(10, FULL)

    def write(descriptor: int, data: memoryview) -> int:
        if isinstance(disk.steps[0], OSError):
            write_behind(path, TWO + b"\n")
        return disk.write(descriptor, data)

    monkeypatch.setattr(storage, "write", write)
    with pytest.raises(AppendFailed) as failure:
        append(path, ONE)
    assert failure.value.is_indeterminate
    assert path.read_bytes() == HEAD + b"\n" + ONE[:10] + TWO + b"\n"


def test_a_line_in_which_others_wrote_is_told(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    disk = Disk(10)

    def write(descriptor: int, data: memoryview) -> int:
        count = disk.write(descriptor, data)
        end = storage.position(descriptor)
        write_behind(path, TWO + b"\n")
        os.lseek(descriptor, end, os.SEEK_SET)
        return count

    monkeypatch.setattr(storage, "write", write)
    with pytest.raises(AppendFailed, match="another program") as failure:
        append(path, ONE)
    assert failure.value.is_indeterminate


def test_a_failed_cut_is_told_and_mended_by_the_next_append(
    path: Path, monkeypatch: pytest.MonkeyPatch, pauses: Pauses
) -> None:
    def truncate(descriptor: int, size: int) -> None:
        raise BROKEN

    monkeypatch.setattr(storage, "write", Disk(10, FULL).write)
    monkeypatch.setattr(storage, "truncate", truncate)
    with pytest.raises(AppendFailed) as failure:
        append(path, ONE)
    assert failure.value.is_indeterminate
    append(path, ONE)
    assert path.read_bytes().splitlines() == [HEAD, ONE[:10], ONE]


def test_lines_that_came_between_do_no_harm(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def write(descriptor: int, data: memoryview) -> int:
        write_behind(path, TWO + b"\n")
        return os.write(descriptor, data)

    monkeypatch.setattr(storage, "write", write)
    place = append(path, ONE)
    assert place.is_whole
    assert place.start == len(HEAD) + 1 + len(TWO) + 1
    assert path.read_bytes().splitlines() == [HEAD, TWO, ONE]


def test_a_line_that_ran_into_anothers_is_written_again(
    path: Path, monkeypatch: pytest.MonkeyPatch, pauses: Pauses
) -> None:
    chunks = [b'{"a line', b" of three", b' chunks"}\n']

    def write(descriptor: int, data: memoryview) -> int:
        if chunks:
            write_behind(path, chunks.pop(0))
        return os.write(descriptor, data)

    monkeypatch.setattr(storage, "write", write)
    pauses.happen = lambda: write_behind(path, chunks.pop(0))
    assert not append(path, ONE, TWO).is_whole
    lines = path.read_bytes().splitlines()
    assert lines.count(ONE) == 1
    assert lines.count(TWO) == 1
    assert path.read_bytes().endswith(b"\n")


def test_writing_again_has_an_end(path: Path, monkeypatch: pytest.MonkeyPatch, pauses: Pauses) -> None:
    written: list[int] = []

    def write(descriptor: int, data: memoryview) -> int:
        write_behind(path, b"{")
        written.append(len(data))
        return os.write(descriptor, data)

    monkeypatch.setattr(storage, "write", write)
    with pytest.raises(AppendFailed) as failure:
        append(path, ONE)
    assert failure.value.is_indeterminate
    assert len(written) == 1 + APPEND_TRIES


class Syncs:
    """Notes what is synced; may fail."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, error: OSError | None = None) -> None:
        self.error = error
        self.folders: list[str] = []
        self.file_count = 0
        monkeypatch.setattr(storage, "sync", self.sync)
        monkeypatch.setattr(storage, "sync_folder", self.sync_folder)

    def sync(self, descriptor: int) -> None:
        """Counts files."""
        self.file_count += 1
        if self.error is not None:
            raise self.error

    def sync_folder(self, path: str) -> None:
        """Notes folders."""
        self.folders.append(path)


def test_a_durable_append_syncs_the_file_alone(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    syncs = Syncs(monkeypatch)
    append(path, ONE, durability=Durability.DISK)
    assert (syncs.file_count, syncs.folders) == (1, [])
    append(path, ONE)
    assert syncs.file_count == 1


def test_a_durable_beginning_syncs_every_folder_with_a_new_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    syncs = Syncs(monkeypatch)
    there = tmp_path / "a" / "b" / "rollout.jsonl"
    with RolloutFile(str(there), create=True, durability=Durability.DISK) as file:
        file.append([HEAD])
        file.append([ONE])
    assert syncs.file_count == 2
    assert syncs.folders == [str(tmp_path / "a" / "b"), str(tmp_path / "a"), str(tmp_path)]


def test_a_sync_that_fails_is_a_failed_append(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Syncs(monkeypatch, BROKEN)
    with pytest.raises(AppendFailed) as failure:
        append(path, ONE, durability=Durability.DISK)
    assert failure.value.is_indeterminate
    assert path.read_bytes() == HEAD + b"\n"


def test_real_syncs_work(tmp_path: Path) -> None:
    append(tmp_path / "a" / "rollout.jsonl", HEAD, create=True, durability=Durability.DISK)
    append(tmp_path / "a" / "rollout.jsonl", ONE, durability=Durability.DISK)
