"""A cold log is packed byte for byte, or left as it is."""

import errno
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Thread

import pytest
import zstandard

from domain.errors import NotPacked, PackingFailed
from domain.limits import PACKED_FRAME_SIZE
from rollout.packed.frames import Frames
from rollout.packed.packing import unpacked_digest
from rollout.writing import packing, storage
from rollout.writing.append import RolloutFile
from rollout.writing.packing import pack, unpack
from tests.conformance.server import ROOT
from tests.rollout.appending import append, write_behind
from tests.rollout.failing_calls import SHORT, FailingCalls, open_descriptors
from tests.rollout.packed.streams import frames, log_of
from tests.rollout.recorders import HEAD
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

LOGS = {
    "usual": PLAIN,
    "one line": HEAD + b"\n",
    "torn": PLAIN + b'{"torn',
    "odd bytes": HEAD + b"\n\n\r\n\xff\xfe\x00\n" + bytes(5000) + b"\n",
    "several frames": log_of(2 * PACKED_FRAME_SIZE + 12345),
    "exactly a frame": b"x" * (PACKED_FRAME_SIZE - 1) + b"\n",
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A plain log."""
    return plain_log(tmp_path / "day" / NAME)


@pytest.mark.parametrize("data", LOGS.values(), ids=LOGS)
@pytest.mark.parametrize("level", [1, 3, 19])
def test_what_is_packed_and_unpacked_is_the_same(tmp_path: Path, data: bytes, level: int) -> None:
    data = data[-100_000:] if level > 3 else data
    path = plain_log(tmp_path / NAME, data)
    packed = pack(str(path), level)
    assert files(tmp_path).keys() == {"packed"}
    there = packed_file_of(path).stat()
    assert (packed.plain_size, packed.packed_size) == (len(data), there.st_size)
    assert (there.st_mtime_ns, there.st_mode & 0o777) == (MTIME_NS, MODE)
    assert content(path) == data
    assert unpack(str(path))
    assert files(tmp_path).keys() == {"plain"}
    assert path.read_bytes() == data
    assert (path.stat().st_mtime_ns, path.stat().st_mode & 0o777) == (MTIME_NS, MODE)


def test_frames_are_bounded_and_say_what_they_hold(tmp_path: Path) -> None:
    path = plain_log(tmp_path / NAME, LOGS["several frames"])
    pack(str(path))
    packed = packed_file_of(path).read_bytes()
    with packed_file_of(path).open("rb") as file:
        found = Frames(file.fileno(), len(packed))
        heads = []
        while (frame := found.next()) is not None:
            heads.append(zstandard.get_frame_parameters(packed[frame.start : frame.start + 18]))
    assert len(heads) == 3
    assert sum(head.content_size for head in heads) == len(LOGS["several frames"])
    assert all(head.has_checksum and head.content_size <= PACKED_FRAME_SIZE for head in heads)


def test_doing_it_again_changes_nothing(path: Path) -> None:
    pack(str(path))
    before = packed_file_of(path).stat()
    with pytest.raises(NotPacked, match="there is no plain file"):
        pack(str(path))
    assert packed_file_of(path).stat() == before
    assert unpack(str(path))
    assert not unpack(str(path))


# -- what is left as it is --------------------------------------------------------------------


def with_other_name(path: Path) -> None:
    """Give it a second name."""
    path.with_name("other").hardlink_to(path)


def with_another_beside(path: Path) -> None:
    """Put the packed file of another log there."""
    packed_file_of(path).write_bytes(frames(HEAD + b"\nanother\n"))


def with_a_longer_one_beside(path: Path) -> None:
    """Put a packed file there that holds more."""
    packed_file_of(path).write_bytes(frames(PLAIN + NEW + b"\n"))


def with_garbage_beside(path: Path) -> None:
    """Put something there that nobody can judge."""
    packed_file_of(path).write_bytes(b"garbage")


def as_a_link(path: Path) -> None:
    """Have it lie elsewhere."""
    path.rename(path.with_name("elsewhere"))
    path.symlink_to(path.with_name("elsewhere"))


def as_a_folder(path: Path) -> None:
    """Have a folder there."""
    path.unlink()
    path.mkdir()


LEFT: dict[str, tuple[Callable[[Path], object], str]] = {
    "empty": (lambda path: path.write_bytes(b""), "it is empty"),
    "gone": (Path.unlink, "there is no plain file"),
    "a folder": (as_a_folder, "not a regular file"),
    "with another name": (with_other_name, "it has other names"),
    "beside another packed log": (with_another_beside, "another packed log lies beside it"),
    "beside a longer packed log": (with_a_longer_one_beside, "another packed log lies beside it"),
    "beside garbage": (with_garbage_beside, "another packed log lies beside it"),
}


@pytest.mark.parametrize(("change", "reason"), LEFT.values(), ids=LEFT)
def test_what_cannot_be_packed_safely_is_left_as_it_is(
    path: Path, change: Callable[[Path], object], reason: str
) -> None:
    change(path)
    before = {one.name: one.is_file() and one.read_bytes() for one in path.parent.iterdir()}
    with pytest.raises(NotPacked, match=reason):
        pack(str(path))
    assert {one.name: one.is_file() and one.read_bytes() for one in path.parent.iterdir()} == before


def test_a_link_is_left_as_it_is(path: Path) -> None:
    as_a_link(path)
    with pytest.raises(PackingFailed):
        pack(str(path))
    assert path.read_bytes() == PLAIN


@pytest.mark.parametrize("name", ["session_index.jsonl", "rollout.jsonl", "notes.txt", f"{NAME}.bak"])
def test_only_rollout_files_are_packed(tmp_path: Path, name: str) -> None:
    path = plain_log(tmp_path / name)
    with pytest.raises(NotPacked, match="not named like a log"):
        pack(str(path))
    assert [one.name for one in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("mode", ["ab", "r+b"])
def test_a_log_that_a_program_has_open_for_writing_is_left_as_it_is(path: Path, mode: str) -> None:
    with path.open(mode) as file:
        with pytest.raises(NotPacked, match="a program has it open"):
            pack(str(path))
        file.seek(0, os.SEEK_END)
        file.write(NEW)
    assert path.read_bytes() == PLAIN + NEW
    assert files(path.parent).keys() == {"plain"}
    pack(str(path))


def test_a_log_that_is_read_is_packed(path: Path) -> None:
    with path.open("rb") as file:
        pack(str(path))
        assert file.read() == PLAIN


def test_a_log_that_our_own_writer_keeps_is_left_as_it_is(path: Path) -> None:
    descriptor = storage.open_to_hold(str(path))
    assert storage.lock(descriptor)
    with pytest.raises(NotPacked, match="a writer has it"):
        pack(str(path))
    storage.close(descriptor)
    pack(str(path))


def test_where_the_system_cannot_tell_who_writes_nothing_is_packed(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage, "take_lease", lambda descriptor: False)
    with pytest.raises(NotPacked, match="the file system cannot tell"):
        pack(str(path))
    assert files(path.parent).keys() == {"plain"}


@pytest.mark.parametrize(
    "change",
    [
        lambda path: write_behind(path, NEW + b"\n"),
        lambda path: append(path, NEW),
        lambda path: os.utime(path, ns=(1, 1)),
        lambda path: path.rename(path.with_name(f"x{NAME}")),
        Path.unlink,
        lambda path: plain_log(path.with_name("new"), PLAIN).replace(path),
    ],
    ids=["another's line", "a line of ours", "another time", "moved", "removed", "replaced"],
)
def test_a_log_that_changes_while_it_is_packed_is_left_as_it_is(
    path: Path, monkeypatch: pytest.MonkeyPatch, change: Callable[[Path], object]
) -> None:
    def meanwhile(descriptor: int) -> object:
        change(path)
        return unpacked_digest(descriptor)

    monkeypatch.setattr(packing, "unpacked_digest", meanwhile)
    with pytest.raises(NotPacked, match="it changed meanwhile"):
        pack(str(path))
    assert not {"packed", "other"} & files(path.parent).keys()


def test_what_does_not_unpack_to_the_same_is_not_put_there(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rollout.packed.unpacking.UNPACKING_RATIO_MAX", 0)
    monkeypatch.setattr("rollout.packed.unpacking.UNPACKING_SIZE_ANYWAY", 10)
    with pytest.raises(NotPacked, match="does not unpack to the same"):
        pack(str(path))
    assert files(path.parent).keys() == {"plain"}


def test_a_program_that_opens_it_in_the_last_moment_writes_to_the_log(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename_over, threads = storage.rename_over, []

    def write() -> None:
        with path.open("ab", buffering=0) as file:  # waits until the lease is given back
            file.write(NEW + b"\n")

    def rename(name: str, target: str) -> None:
        if target.endswith(".partial"):
            threads.append(Thread(target=write))
            threads[0].start()
            while storage.keeps_lease(descriptors[0]):  # until it waits
                pass
        rename_over(name, target)

    descriptors: list[int] = []
    take_lease = storage.take_lease

    def lease(descriptor: int) -> bool:
        descriptors[:] = [descriptor]
        return take_lease(descriptor)

    monkeypatch.setattr(storage, "take_lease", lease)
    monkeypatch.setattr(storage, "rename_over", rename)
    with pytest.raises(NotPacked, match="a program opens it"):
        pack(str(path))
    threads[0].join()
    assert path.read_bytes() == PLAIN + NEW + b"\n"
    assert files(path.parent).keys() == {"plain"}


# -- failures ---------------------------------------------------------------------------------


@pytest.mark.parametrize("for_ever", [False, True], ids=["once", "from then on"])
@pytest.mark.parametrize("code", CODES.values(), ids=CODES)
def test_whatever_call_fails_the_log_is_there_and_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, code: int, for_ever: bool
) -> None:
    if code == errno.EINTR and for_ever:
        pytest.skip("a signal interrupts one call")
    calls = FailingCalls(monkeypatch)
    pack(str(plain_log(tmp_path / "trial" / NAME)))
    names = list(calls.names)
    assert {"create", "sync_times", "take_lease", "rename_over", "sync_folder", "keeps_lease"} <= set(names)
    for number, name in enumerate(names):
        path = plain_log(tmp_path / str(number) / NAME)
        before = open_descriptors()
        calls.fail(number, code, for_ever=for_ever)
        failure = None
        try:
            pack(str(path))
        except (PackingFailed, NotPacked) as error:
            failure = error
        calls.mend()
        assert open_descriptors() == before, name
        there = files(path.parent).keys()
        assert content(path) == PLAIN, name
        assert failure is not None or there == {"packed"}, name
        if "plain" in there:
            pack(str(path))
        assert content(path) == PLAIN
        assert unpack(str(path))
        assert path.read_bytes() == PLAIN


@pytest.mark.parametrize("left", ["packed beside", "an older packed beside"])
def test_an_exchange_that_was_cut_short_is_finished(path: Path, left: str) -> None:
    beside = PLAIN if left == "packed beside" else PLAIN[: PLAIN.index(b"\n") + 1]
    packed_file_of(packed_log(path, beside))
    pack(str(path))
    assert files(path.parent).keys() == {"packed"}
    assert content(path) == PLAIN


def test_killed_at_any_call_it_leaves_the_plain_file_the_packed_one_or_both(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.rollout.writing.killed", "pack", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, timeout=60)
    seen = set()
    for folder in tmp_path.iterdir():
        path = folder / NAME
        there = files(folder).keys() & {"plain", "packed"}
        seen.add(frozenset(there))
        assert content(path) == PLAIN
        if "plain" in there:
            pack(str(path))
        assert files(folder).keys() - {"other"} == {"packed"}
        assert content(path) == PLAIN
        append(path, NEW)
        assert path.read_bytes() == PLAIN + NEW + b"\n"
    assert seen == {frozenset({"packed"}), frozenset({"plain", "packed"}), frozenset({"plain"})}


WRITING = """
import sys
from rollout.writing.append import RolloutFile
from tests.rollout.recorders import message
for number in range(int(sys.argv[2])):
    with RolloutFile(sys.argv[1]) as file:
        file.append([message(f"number {number}")])
"""


def test_packing_again_and_again_beside_a_writer_loses_nothing(path: Path) -> None:
    path.write_bytes(HEAD + b"\n")
    writer = subprocess.Popen([sys.executable, "-c", WRITING, str(path), "60"], cwd=ROOT)
    done = 0
    while writer.poll() is None:
        try:
            pack(str(path))
            done += 1
        except NotPacked:
            continue
    assert writer.returncode == 0
    assert len(content(path).splitlines()) == 61
    assert done
    with RolloutFile(str(path)) as file:
        file.append([NEW])
    assert files(path.parent).keys() == {"plain"}
