"""Appending puts whole lines into the file that the path leads to."""

import errno
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from domain.errors import ActiveWriter, AppendFailed, HeadMissing
from domain.limits import LOCK_WAIT_SECONDS, REOPEN_MAX, TAIL_WAIT_SECONDS
from rollout.writing import storage
from rollout.writing.append import Appended, RolloutFile
from tests.rollout.appending import ONE, TWO, Pauses, append, write_behind
from tests.rollout.recorders import HEAD


def test_lines_come_behind_the_last_one(path: Path, pauses: Pauses) -> None:
    before = path.stat().st_size
    assert append(path, ONE, TWO) == Appended(before, path.stat().st_size)
    assert path.read_bytes() == b"".join(line + b"\n" for line in (HEAD, ONE, TWO))
    assert pauses.count == 0


def test_all_lines_are_one_write(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[bytes] = []

    def write(descriptor: int, data: memoryview) -> int:
        written.append(bytes(data))
        return os.write(descriptor, data)

    monkeypatch.setattr(storage, "write", write)
    append(path, ONE, TWO)
    assert written == [ONE + b"\n" + TWO + b"\n"]


def test_an_unfinished_line_is_closed_after_a_while(path: Path, pauses: Pauses) -> None:
    write_behind(path, b'{"torn')
    append(path, ONE)
    assert path.read_bytes().splitlines() == [HEAD, b'{"torn', ONE]
    assert pauses.seconds == pytest.approx(TAIL_WAIT_SECONDS)


def test_a_slow_writer_may_end_its_line(path: Path, pauses: Pauses) -> None:
    write_behind(path, b'{"slow"')
    pieces = iter([b":", b"1", b"}\n"])
    pauses.happen = lambda: write_behind(path, next(pieces))
    append(path, ONE)
    assert path.read_bytes().splitlines() == [HEAD, b'{"slow":1}', ONE]
    assert pauses.count == 3


def test_a_missing_file_is_made_only_when_asked(tmp_path: Path) -> None:
    there = tmp_path / "a" / "b" / "rollout.jsonl"
    with pytest.raises(FileNotFoundError):
        append(there, HEAD)
    assert not there.parent.exists()
    assert append(there, HEAD, create=True).start == 0
    assert there.read_bytes() == HEAD + b"\n"


def test_only_the_owner_enters_what_is_made(tmp_path: Path) -> None:
    there = tmp_path / "a" / "b" / "rollout.jsonl"
    append(there, HEAD, create=True)
    modes = [stat.S_IMODE(one.stat().st_mode) for one in (there, there.parent, there.parent.parent)]
    assert modes == [0o600, 0o700, 0o700]


@pytest.mark.parametrize("is_there", [True, False])
def test_a_file_begins_with_its_session_meta(tmp_path: Path, *, is_there: bool) -> None:
    there = tmp_path / "rollout.jsonl"
    if is_there:
        there.touch()
    with pytest.raises(HeadMissing):
        append(there, ONE, create=True)
    assert there.exists() == is_there
    append(there, HEAD, ONE, create=True)


def test_a_file_made_for_nothing_goes_again(tmp_path: Path) -> None:
    there = tmp_path / "rollout.jsonl"
    with RolloutFile(str(there), create=True) as file:
        assert file.is_new
        assert there.exists()
    assert not there.exists()


def test_a_file_made_for_nothing_does_not_take_anothers_along(tmp_path: Path) -> None:
    there = tmp_path / "rollout.jsonl"
    with RolloutFile(str(there), create=True):
        there.rename(tmp_path / "away")
        there.write_bytes(HEAD)
    assert there.read_bytes() == HEAD


def test_a_link_is_not_followed(path: Path) -> None:
    link = path.with_name("link.jsonl")
    link.symlink_to(path)
    with pytest.raises(AppendFailed, match="symbolic link"):
        append(link, ONE)
    assert path.read_bytes() == HEAD + b"\n"


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo])
def test_what_is_no_file_is_refused_at_once(tmp_path: Path, make: Callable[[Path], None]) -> None:
    there = tmp_path / "rollout.jsonl"
    make(there)
    with pytest.raises(AppendFailed, match=r"not a regular file|Is a directory"):
        append(there, HEAD, create=True)


def test_a_file_replaced_while_the_lock_was_waited_for_is_not_written(path: Path, pauses: Pauses) -> None:
    lost = path.with_name("lost")

    def replace() -> None:
        if not lost.exists():
            lost.hardlink_to(path)
            path.unlink()
            path.write_bytes(HEAD + b"\n" + TWO + b"\n")
            holder.__exit__(None, None, None)

    holder = RolloutFile(str(path)).__enter__()
    pauses.happen = replace
    append(path, ONE)
    assert path.read_bytes().splitlines() == [HEAD, TWO, ONE]
    assert lost.read_bytes() == HEAD + b"\n"


def test_a_file_that_is_replaced_for_ever_is_given_up(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[int] = []

    def lock(descriptor: int) -> bool:
        opened.append(descriptor)
        path.rename(path.with_name(f"old-{len(opened)}"))
        path.write_bytes(HEAD + b"\n")
        return True

    monkeypatch.setattr(storage, "lock", lock)
    with pytest.raises(AppendFailed, match="replaced"):
        append(path, ONE)
    assert len(opened) == REOPEN_MAX


def test_a_file_removed_while_it_is_locked_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = tmp_path / "rollout.jsonl"
    removals = iter([True])

    def lock(descriptor: int) -> bool:
        if next(removals, False):
            there.unlink()
        return True

    monkeypatch.setattr(storage, "lock", lock)
    append(there, HEAD, create=True)
    assert there.read_bytes() == HEAD + b"\n"


def test_a_file_that_another_makes_first_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    there = tmp_path / "rollout.jsonl"

    def create(path: str) -> int:
        Path(path).write_bytes(HEAD + b"\n")
        raise FileExistsError(errno.EEXIST, "File exists")

    monkeypatch.setattr(storage, "create", create)
    append(there, ONE, create=True)
    assert there.read_bytes().splitlines() == [HEAD, ONE]


def test_a_place_where_nothing_can_be_made_is_told(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(AppendFailed, match="Not a directory"):
        append(path / "below" / "rollout.jsonl", HEAD, create=True)

    def create(path: str) -> int:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(storage, "create", create)
    with pytest.raises(AppendFailed, match="Read-only"):
        append(path.with_name("other.jsonl"), HEAD, create=True)


def test_an_append_that_is_given_up_leaves_no_lock(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def lock(descriptor: int) -> bool:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(storage, "lock", lock)
        with pytest.raises(KeyboardInterrupt):
            append(path, ONE)
    append(path, ONE)


def test_lines_that_went_with_the_file_are_not_acknowledged(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write(descriptor: int, data: memoryview) -> int:
        path.unlink()
        return os.write(descriptor, data)

    monkeypatch.setattr(storage, "write", write)
    with pytest.raises(AppendFailed, match="removed") as failure:
        append(path, ONE)
    assert not failure.value.is_indeterminate


def test_another_writer_is_waited_for(path: Path, pauses: Pauses) -> None:
    holder = RolloutFile(str(path)).__enter__()
    pauses.happen = lambda: holder.__exit__(None, None, None)
    append(path, ONE)
    assert pauses.count == 1


def test_a_writer_that_never_leaves_is_told(path: Path, pauses: Pauses) -> None:
    with RolloutFile(str(path)), pytest.raises(ActiveWriter):
        append(path, ONE)
    assert pauses.seconds == pytest.approx(LOCK_WAIT_SECONDS)
    append(path, ONE)
