"""Unpacked logs are kept in a bounded folder that several processes share and anybody may empty."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from domain.log import FileState
from rollout.packed import plain_cache
from rollout.packed.plain_cache import PlainCache
from rollout.presence import file_state
from tests.conformance.server import ROOT
from tests.rollout.packed import streams
from tests.rollout.packed.streams import log_of

PLAIN = log_of(100_000)
STREAM = streams.frames(PLAIN)


class Packed:
    """A packed log, open."""

    def __init__(self, path: Path, stream: bytes = STREAM) -> None:
        path.write_bytes(stream)
        self.path = path
        self.descriptor = os.open(path, os.O_RDONLY)
        self.state = file_state(os.fstat(self.descriptor))

    def make(self, cache: PlainCache) -> bytes:
        """Its plain bytes, by way of the cache."""
        return read(cache.make(self.descriptor, self.state))

    def find(self, cache: PlainCache) -> bytes | None:
        """Its plain bytes if they are kept."""
        found = cache.find(self.state)
        return None if found is None else read(found)


def read(descriptor: int) -> bytes:
    """All bytes; the descriptor is closed."""
    try:
        return os.pread(descriptor, 1 << 30, 0)
    finally:
        os.close(descriptor)


@pytest.fixture
def packed(tmp_path: Path) -> Packed:
    return Packed(tmp_path / "log.jsonl.zst")


def test_what_was_unpacked_is_found_again_by_anybody(tmp_path: Path, packed: Packed) -> None:
    assert packed.find(PlainCache(str(tmp_path / "cache"))) is None
    assert packed.make(PlainCache(str(tmp_path / "cache"))) == PLAIN
    assert packed.find(PlainCache(str(tmp_path / "cache"))) == PLAIN
    (kept,) = (tmp_path / "cache").iterdir()
    assert (kept.stat().st_mode & 0o777, kept.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_another_file_or_another_state_of_it_is_not_taken_for_it(tmp_path: Path, packed: Packed) -> None:
    cache = PlainCache(str(tmp_path / "cache"))
    packed.make(cache)
    assert Packed(tmp_path / "other.jsonl.zst").find(cache) is None
    before = packed.path.stat()
    other = log_of(100_000)
    packed.path.write_bytes(streams.frames(other).ljust(before.st_size, b"\0")[: before.st_size])
    os.utime(packed.path, ns=(before.st_atime_ns, before.st_mtime_ns))
    packed.state = file_state(packed.path.stat())
    assert packed.find(cache) is None


def test_what_a_former_start_of_the_system_left_is_not_found(
    tmp_path: Path, packed: Packed, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = PlainCache(str(tmp_path / "cache"))
    packed.make(cache)
    monkeypatch.setattr(plain_cache, "_boot_id", lambda: "another")
    assert packed.find(cache) is None


def test_where_the_system_tells_no_starts_the_disk_is_waited_for(
    tmp_path: Path, packed: Packed, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", synced.append)
    packed.make(PlainCache(str(tmp_path / "one")))
    assert synced == []
    monkeypatch.setattr(plain_cache, "BOOT_ID", tmp_path / "nothing")
    plain_cache._boot_id.cache_clear()
    packed.make(PlainCache(str(tmp_path / "two")))
    plain_cache._boot_id.cache_clear()
    assert len(synced) == 1


def test_what_was_not_used_for_longest_goes_when_there_is_too_much(tmp_path: Path) -> None:
    cache = PlainCache(str(tmp_path / "cache"), size_max=3 * len(PLAIN))
    logs = [Packed(tmp_path / f"{number}.jsonl.zst") for number in range(4)]
    for number, log in enumerate(logs[:3]):
        log.make(cache)
        for path in (tmp_path / "cache").iterdir():
            if path.stat().st_mtime > 2e9 or path.stat().st_mtime > 1e9 + 10:
                os.utime(path, (1e9 + number, 1e9 + number))
    assert logs[0].find(cache) == PLAIN  # which is a use
    logs[3].make(cache)
    assert [log.find(cache) is not None for log in logs] == [True, False, True, True]


def test_a_log_longer_than_all_that_may_be_kept_is_kept_alone(tmp_path: Path, packed: Packed) -> None:
    cache = PlainCache(str(tmp_path / "cache"), size_max=10)
    other = Packed(tmp_path / "other.jsonl.zst")
    packed.make(cache)
    assert other.make(cache) == PLAIN
    assert (packed.find(cache), other.find(cache)) == (None, PLAIN)


def test_what_nobody_finishes_goes_after_a_while(tmp_path: Path, packed: Packed) -> None:
    (tmp_path / "cache").mkdir()
    old, new = tmp_path / "cache" / "old.partial", tmp_path / "cache" / "new.partial"
    old.touch()
    new.touch()
    os.utime(old, (1e9, 1e9))
    packed.make(PlainCache(str(tmp_path / "cache")))
    assert (old.exists(), new.exists()) == (False, True)


def test_the_folder_may_be_emptied_at_any_time(tmp_path: Path, packed: Packed) -> None:
    cache = PlainCache(str(tmp_path / "cache"))
    descriptor = cache.make(packed.descriptor, packed.state)
    for path in (tmp_path / "cache").iterdir():
        path.unlink()
    (tmp_path / "cache").rmdir()
    assert read(descriptor) == PLAIN
    assert packed.make(cache) == PLAIN


@pytest.mark.parametrize("is_file", [True, False], ids=["a file in its place", "no folder asked for"])
def test_where_nothing_can_be_kept_the_log_is_read_all_the_same(
    tmp_path: Path,
    packed: Packed,
    is_file: bool,  # noqa: FBT001 - a parameter
) -> None:
    (tmp_path / "cache").touch()
    cache = PlainCache(str(tmp_path / "cache") if is_file else None)
    assert packed.make(cache) == PLAIN
    assert packed.find(cache) is None


def test_a_folder_on_a_full_disk_is_done_without(
    tmp_path: Path, packed: Packed, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(path: str, target: str) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "rename", fail)
    assert packed.make(PlainCache(str(tmp_path / "cache"))) == PLAIN
    assert list((tmp_path / "cache").iterdir()) == []


def test_a_log_that_changed_while_it_was_unpacked_is_not_kept(tmp_path: Path, packed: Packed) -> None:
    cache = PlainCache(str(tmp_path / "cache"))
    packed.path.chmod(0o640)
    assert packed.make(cache) == PLAIN
    assert list((tmp_path / "cache").iterdir()) == []


def test_threads_that_want_one_log_unpack_it_once(
    tmp_path: Path, packed: Packed, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache, unpacked = PlainCache(str(tmp_path / "cache")), []
    unpack = plain_cache._unpack

    def counted(descriptor: int, state: FileState, target: int) -> None:
        unpacked.append(descriptor)
        unpack(descriptor, state, target)

    monkeypatch.setattr(plain_cache, "_unpack", counted)
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _: packed.make(cache), range(8)))
    assert found == [PLAIN] * 8
    assert len(unpacked) == 1


READING = """
import sys, zlib
from rollout.log import RolloutLog
log = RolloutLog(sys.argv[1])
for path in sys.argv[2:] * 5:
    with log.open(path) as source:
        print(zlib.crc32(source.read(0, source.size)))
"""


def test_processes_share_a_folder_that_holds_only_half_of_what_they_read(tmp_path: Path) -> None:
    plain = log_of(4_500_000)
    paths = [tmp_path / f"{number}.jsonl" for number in range(4)]
    for path in paths:
        streams.packed_file(path, streams.frames(plain))
    code = READING.replace(
        "log = ", "from domain import limits; from rollout.packed import plain_cache; log = "
    )
    code = code.replace(
        "RolloutLog(sys.argv[1])",
        f"RolloutLog(); log._cache = plain_cache.PlainCache(sys.argv[1], {2 * len(plain)})",
    )
    started = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(tmp_path / "cache"), *map(str, paths)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    answers = {line for process in started for line in process.communicate()[0].split()}
    assert [process.returncode for process in started] == [0, 0]
    assert len(answers) == 1
    sizes = [path.stat().st_size for path in (tmp_path / "cache").iterdir()]
    assert len(plain) <= sum(sizes) <= 3 * len(plain)
