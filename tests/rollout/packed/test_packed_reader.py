"""A packed log is read as if it were the plain one: its beginning from memory, the rest from the disk."""

import os
import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest

from domain.errors import UnreadableThread
from domain.limits import (
    UNPACKED_BEGINNING_SIZE,
    UNPACKED_BEGINNING_SIZE_MAX,
    UNPACKING_RATIO_MAX,
    UNPACKING_SIZE_ANYWAY,
)
from domain.log import LogSlice
from rollout.log import RolloutLog
from rollout.packed import beginning as beginning_module
from rollout.packed.unpacking import Unpacking
from rollout.reader import SEAM_WHOLE_SIZE, RolloutReader
from tests.properties.scale import times_longer
from tests.rollout.failing_calls import open_descriptors
from tests.rollout.packed import streams
from tests.rollout.packed.streams import BROKEN, READABLE_AT_FIRST, WHOLE, Stream, log_of, packed_file

SHORT = log_of(5000)
MIDDLE = log_of(300_000) + b'{"last":"line without an end"'
LONG = log_of(UNPACKED_BEGINNING_SIZE_MAX + 1_000_000) + b"torn"


class Pair:
    """The same log twice, packed and plain."""

    def __init__(self, folder: Path, plain: bytes, stream: Stream = streams.frames) -> None:
        self.plain_path = folder / "plain" / "log.jsonl"
        self.plain_path.parent.mkdir()
        self.plain_path.write_bytes(plain)
        self.path = folder / "packed" / "log.jsonl"
        self.packed = packed_file(self.path, stream(plain))
        self.log = RolloutLog(folder / "cache")

    @contextmanager
    def open(self) -> Iterator[tuple[RolloutReader, RolloutReader]]:
        """Readers of both, the packed one first."""
        with self.log.open(str(self.path)) as packed, self.log.open(str(self.plain_path)) as plain:
            yield packed, plain


def joined(slices: Iterator[LogSlice], start: int) -> tuple[bytes, int, int]:
    """The bytes of slices that follow on each other, their end, and the number behind the last line."""
    data, number = [], 1
    for piece in slices:
        assert (piece.start, piece.first_line) == (start, number)
        data.append(piece.data)
        start, number = piece.end, number + piece.line_count
    return b"".join(data), start, number


@pytest.mark.parametrize("plain", [SHORT, MIDDLE, LONG], ids=["short", "middle", "long"])
@pytest.mark.parametrize("is_kept", [False, True], ids=["unpacked now", "unpacked before"])
def test_a_packed_log_answers_as_the_plain_one(tmp_path: Path, plain: bytes, is_kept: bool) -> None:  # noqa: FBT001
    pair = Pair(tmp_path, plain)
    if is_kept:
        with pair.open() as (packed, _):
            assert packed.size == len(plain)
    last = plain.rfind(b"\n") + 1
    middle = plain.find(b"\n", len(plain) // 2) + 1
    ends = [0, 10, SEAM_WHOLE_SIZE, SEAM_WHOLE_SIZE + 1, middle, last, len(plain)]
    asked: list[Callable[[RolloutReader], object]] = [
        lambda source: source.read(0, 100),
        lambda source: source.read(middle, 5000),
        lambda source: source.read(len(plain) - 5, 100),
        lambda source: source.read(len(plain) + 5, 100),
        lambda source: joined(source.slices(0, 1), 0),
        lambda source: joined(source.slices(middle, 1), middle),
        lambda source: joined(source.slices(last, 1), last),
        lambda source: source.tail(last),
        lambda source: source.kept_between(0, middle),
        lambda source: source.size,
        lambda source: source.begin,
        *[lambda source, end=end: source.seam(end) for end in ends if end <= len(plain)],
    ]
    for ask in (*asked, *asked[::-1]):
        with pair.open() as (packed, reader):
            assert ask(packed) == ask(reader)
    with pair.open() as (packed, reader):
        assert [ask(packed) for ask in asked] == [ask(reader) for ask in asked]


def test_its_state_is_that_of_the_packed_file_and_its_path_the_plain_one(tmp_path: Path) -> None:
    pair = Pair(tmp_path, SHORT)
    with pair.open() as (packed, plain):
        assert (packed.is_packed, plain.is_packed) == (True, False)
        assert packed.path == str(pair.path)
        assert packed.state == packed.look() == pair.log.state_of(str(pair.path))
        assert packed.state.size == pair.packed.stat().st_size < packed.size == len(SHORT)


@pytest.mark.parametrize("stream", WHOLE.values(), ids=WHOLE)
@pytest.mark.parametrize("plain", [SHORT, MIDDLE], ids=["short", "middle"])
def test_any_zstd_stream_is_read(tmp_path: Path, stream: Stream, plain: bytes) -> None:
    pair = Pair(tmp_path, plain, stream)
    with pair.open() as (packed, reader):
        assert joined(packed.slices(0, 1), 0) == joined(reader.slices(0, 1), 0)
        assert (packed.size, packed.seam(len(plain))) == (len(plain), reader.seam(len(plain)))


@pytest.mark.parametrize("size", [UNPACKED_BEGINNING_SIZE_MAX + step for step in (-1, 0, 1)])
def test_a_log_about_as_long_as_memory_holds_is_read(tmp_path: Path, size: int) -> None:
    plain = (b"x" * 99 + b"\n") * (size // 100) + b"y" * (size % 100)
    pair = Pair(tmp_path, plain)
    with pair.open() as (packed, _):
        assert packed.size == size
        assert packed.read(0, size) == plain


def test_a_line_longer_than_memory_holds_is_read(tmp_path: Path) -> None:
    plain = SHORT + b'"' + log_of(UNPACKED_BEGINNING_SIZE_MAX).replace(b"\n", b" ") + b'"\n' + SHORT
    with Pair(tmp_path, plain).open() as (packed, reader):
        assert joined(packed.slices(0, 1), 0) == joined(reader.slices(0, 1), 0)


# -- what does not unpack ---------------------------------------------------------------------


@pytest.mark.parametrize(("stream", "reason"), BROKEN.values(), ids=BROKEN)
def test_what_does_not_unpack_is_an_error_of_that_log(tmp_path: Path, stream: Stream, reason: str) -> None:
    pair = Pair(tmp_path, SHORT, stream)
    asked: list[Callable[[RolloutReader], object]] = [
        lambda source: source.size,
        lambda source: source.tail(0),
    ]
    for ask in asked:
        with pair.open() as (packed, _), pytest.raises(UnreadableThread) as failure:
            ask(packed)
        assert f"{pair.packed}: " in str(failure.value)
        assert reason in str(failure.value)
        assert failure.value.code == -32603


@pytest.mark.parametrize("name", BROKEN)
def test_a_beginning_is_read_up_to_what_is_broken(tmp_path: Path, name: str) -> None:
    with Pair(tmp_path, SHORT, BROKEN[name][0]).open() as (packed, _):
        pieces = packed.slices(0, 1)
        if name in READABLE_AT_FIRST:
            assert next(pieces).data == SHORT
        with pytest.raises(UnreadableThread):
            next(pieces)


def test_a_long_frame_that_is_cut_is_read_up_to_the_cut(tmp_path: Path) -> None:
    plain = log_of(2_000_000)
    with Pair(tmp_path, plain, lambda data: streams.frame(data)[:-100_000]).open() as (packed, _):
        pieces = packed.slices(0, 1)
        assert plain.startswith(next(pieces).data)
        with pytest.raises(UnreadableThread, match="incomplete frame"):
            list(pieces)


@pytest.mark.parametrize("cut", range(0, len(streams.frames(SHORT)) - 1, 97 // times_longer() + 1))
def test_a_stream_that_is_cut_anywhere_is_never_taken_for_a_whole_one(tmp_path: Path, cut: int) -> None:
    stream = streams.frame(SHORT, has_checksum=True)[: cut % len(streams.frame(SHORT))]
    with Pair(tmp_path, SHORT, lambda _: stream).open() as (packed, _), pytest.raises(UnreadableThread):
        packed.tail(0)


def test_a_long_log_that_is_broken_far_behind_is_not_unpacked_to_find_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair = Pair(tmp_path, LONG, lambda data: streams.frames(data) + b"garbage!")
    unpacked = counted(monkeypatch)
    for _ in range(2):
        with pair.open() as (packed, _), pytest.raises(UnreadableThread, match="unknown frame descriptor"):
            packed.tail(0)
    assert sum(unpacked) == 2 * UNPACKED_BEGINNING_SIZE_MAX
    assert list((tmp_path / "cache").glob("*")) == []


def test_more_frames_than_anybody_writes_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rollout.packed.frames.UNPACKING_FRAMES_MAX", 10)
    pair = Pair(tmp_path, SHORT, lambda data: streams.frame(b"") * 10 + streams.frame(data))
    with pair.open() as (packed, _), pytest.raises(UnreadableThread, match="more than 10 frames"):
        packed.tail(0)


def test_more_blocks_than_anybody_writes_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rollout.packed.frames.UNPACKING_BLOCKS_MAX", 10)
    pair = Pair(tmp_path, SHORT, lambda data: streams.stored(data * 20))
    with pair.open() as (packed, _), pytest.raises(UnreadableThread, match="more than 10 blocks"):
        packed.tail(0)


# -- bombs ------------------------------------------------------------------------------------


def test_a_bomb_is_refused_before_it_takes_memory_or_disk(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    stream = streams.repeated(b"x", 4 * 1024**3)
    assert len(stream) * UNPACKING_RATIO_MAX < UNPACKING_SIZE_ANYWAY
    packed_file(path, stream)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    log = RolloutLog(tmp_path / "cache")
    with log.open(str(path)) as source, pytest.raises(UnreadableThread, match="more than 200 times its size"):
        source.tail(0)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 32 * 1024  # kilobytes
    assert list((tmp_path / "cache").glob("*")) == []


def test_a_line_of_a_bomb_is_not_held_when_a_list_looks_for_the_head(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    packed_file(path, streams.repeated(b"x", 4 * 1024**3))
    with RolloutLog(tmp_path / "cache").open(str(path)) as source, pytest.raises(UnreadableThread):
        next(source.slices(0, 1))


def test_much_from_little_is_read_as_long_as_it_does_no_harm(tmp_path: Path) -> None:
    plain = b"\n" * (UNPACKING_SIZE_ANYWAY // 4)
    with Pair(tmp_path, plain).open() as (packed, _):
        assert packed.size == len(plain) > UNPACKING_RATIO_MAX * packed.state.size


# -- how much is unpacked ---------------------------------------------------------------------


def counted(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The sizes of the pieces that are unpacked from now on."""
    unpacked: list[int] = []

    class Counting(Unpacking):
        def read_into(self, buffer: memoryview) -> int:
            unpacked.append(super().read_into(buffer))
            return unpacked[-1]

    monkeypatch.setattr(beginning_module, "Unpacking", Counting)
    monkeypatch.setattr("rollout.packed.plain_cache.Unpacking", Counting)
    return unpacked


def test_a_head_costs_what_is_read_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pair = Pair(tmp_path, LONG)
    unpacked = counted(monkeypatch)
    with pair.open() as (packed, reader):
        assert next(packed.slices(0, 1)) == next(reader.slices(0, 1))
        assert packed.seam(1000) == reader.seam(1000)
    assert sum(unpacked) <= 2 * UNPACKED_BEGINNING_SIZE
    assert not (tmp_path / "cache").exists()


def test_a_short_log_never_reaches_the_disk(tmp_path: Path) -> None:
    pair = Pair(tmp_path, MIDDLE)
    with pair.open() as (packed, _):
        assert packed.size == len(MIDDLE)
    assert not (tmp_path / "cache").exists()


def test_a_page_of_a_long_log_unpacks_nothing_after_the_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair = Pair(tmp_path, LONG)
    unpacked = counted(monkeypatch)
    with pair.open() as (packed, _):
        assert packed.read(len(LONG) - 10, 10) == LONG[-10:]
    assert sum(unpacked) <= len(LONG) + UNPACKED_BEGINNING_SIZE_MAX
    unpacked.clear()
    for _ in range(3):
        with pair.open() as (packed, _):
            assert packed.read(len(LONG) - 10, 10) == LONG[-10:]
            assert next(packed.slices(0, 1)).start == 0
    assert unpacked == []


def test_every_descriptor_is_given_back(tmp_path: Path) -> None:
    pair = Pair(tmp_path, LONG)
    before = open_descriptors()
    for _ in range(3):
        with pair.open() as (packed, _):
            next(packed.slices(0, 1))
            assert packed.size == len(LONG)
        assert open_descriptors() == before


# -- changes meanwhile ------------------------------------------------------------------------


def test_the_plain_file_counts_whenever_it_is_there(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    packed_file(path, streams.frame(SHORT))
    log = RolloutLog()
    with log.open(str(path)) as source:
        assert source.is_packed
    path.write_bytes(b"{}\n")
    os.utime(path, ns=(0, 0))
    with log.open(str(path)) as source:
        assert (source.is_packed, source.size) == (False, 3)
    assert log.state_of(str(path)) == source.state


def test_what_was_opened_is_read_though_the_file_goes(tmp_path: Path) -> None:
    pair = Pair(tmp_path, LONG)
    with pair.open() as (packed, _):
        pair.packed.unlink()
        assert packed.size == len(LONG)
    assert pair.log.state_of(str(pair.path)) is None
    with pytest.raises(FileNotFoundError), pair.log.open(str(pair.path)):
        pass


def test_another_log_in_the_same_file_is_read_anew_after_a_look(tmp_path: Path) -> None:
    pair = Pair(tmp_path, SHORT)
    with pair.open() as (packed, _):
        assert packed.size == len(SHORT)
        pair.packed.write_bytes(streams.frame(MIDDLE))
        packed.look()
        assert (packed.size, packed.read(0, 9)) == (len(MIDDLE), MIDDLE[:9])


def test_a_log_is_never_missed_while_it_is_packed_and_restored(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    packed, stream = Path(f"{path}.zst"), streams.frame(SHORT)
    path.write_bytes(SHORT)
    log, is_over = RolloutLog(), False

    def change() -> None:
        while not is_over:
            (tmp_path / "a").write_bytes(stream)
            (tmp_path / "a").rename(packed)
            path.unlink()
            (tmp_path / "b").write_bytes(SHORT)
            (tmp_path / "b").rename(path)
            packed.unlink()

    changing = Thread(target=change)
    changing.start()
    try:
        for _ in range(300):
            with log.open(str(path)) as source:
                assert source.size == len(SHORT)
    finally:
        is_over = True
        changing.join()


def test_without_files_in_memory_a_nameless_one_on_the_disk_serves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(os, "memfd_create", raising=False)
    with Pair(tmp_path, MIDDLE).open() as (packed, _):
        assert packed.read(0, len(MIDDLE)) == MIDDLE


def test_the_disk_failing_costs_the_log_that_was_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> int:
        raise OSError(28, "No space left on device")

    pair = Pair(tmp_path, LONG)
    with pair.open() as (packed, _):
        monkeypatch.setattr("rollout.packed.plain_cache._unpack", fail)
        with pytest.raises(UnreadableThread, match="No space left on device"):
            packed.tail(0)
    assert list((tmp_path / "cache").glob("*")) == []
