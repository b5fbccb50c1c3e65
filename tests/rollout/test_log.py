"""The log opens regular files and nothing else, and reads what it opened."""

import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import combinations_with_replacement
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import UnreadableThread
from domain.lines import parse
from domain.log import FileState
from domain.shapes.kept import kept_topic
from rollout.log import SEAM_SIZE, SEAM_WHOLE_SIZE, RolloutLog, file_state
from tests.home import event, item, meta

LOG = RolloutLog()
NUMBERS = st.integers(0, 2**64 - 1)
CAN_READ_ALL = os.geteuid() == 0


def open_descriptors() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def refusal(path: str | Path) -> str:
    """The sentence with which this path is refused; it has to come at once."""
    found: list[str] = []

    def look() -> None:
        try:
            with LOG.open(str(path)):
                found.append("opened")
        except UnreadableThread as error:
            found.append(str(error))

    thread = Thread(target=look, daemon=True)
    thread.start()
    thread.join(10)
    return found[0] if found else "hangs"


# -- what is opened ---------------------------------------------------------------------------


@pytest.mark.parametrize("make", [os.mkfifo, Path.mkdir])
def test_what_is_no_file_is_refused_at_once(tmp_path: Path, make: Callable[[Path], None]) -> None:
    make(tmp_path / "odd")
    assert refusal(tmp_path / "odd").endswith(f"failed to read thread {tmp_path}/odd: not a regular file")


@pytest.mark.parametrize("path", ["/dev/zero", "/dev/null", "/dev/random"])
def test_devices_are_refused_at_once(path: str) -> None:
    assert refusal(path).endswith(": not a regular file")


def test_a_socket_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # the whole path may be too long for an address
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("odd")
    assert refusal(tmp_path / "odd").endswith("/odd: No such device or address")


def test_links_in_a_loop_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    assert refusal(tmp_path / "a").endswith("/a: Too many levels of symbolic links")


@pytest.mark.skipif(CAN_READ_ALL, reason="root reads every file")
def test_a_file_without_permission_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_bytes(b"")
    path.chmod(0)
    assert refusal(path).endswith("/log: Permission denied")


@pytest.mark.parametrize("error", [PermissionError(13, ""), OSError(5, ""), OSError(24, "")])
def test_a_file_that_does_not_open_is_refused_with_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: OSError
) -> None:
    def fail(path: str, flags: int) -> int:
        raise error

    monkeypatch.setattr(os, "open", fail)
    with pytest.raises(UnreadableThread, match=f"log: {os.strerror(error.errno or 0)}$"), LOG.open("log"):
        pass


@pytest.mark.parametrize("name", ["gone", "folder/gone", "file/below"])
def test_a_file_that_is_not_there_is_not_found(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(FileNotFoundError, match=name), LOG.open(str(tmp_path / name)):
        pass


def test_a_link_to_nothing_is_not_found(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("gone")
    with pytest.raises(FileNotFoundError), LOG.open(str(tmp_path / "link")):
        pass


def test_a_link_to_a_file_is_followed(tmp_path: Path) -> None:
    (tmp_path / "log").write_bytes(b"abc")
    (tmp_path / "link").symlink_to("log")
    with LOG.open(str(tmp_path / "link")) as source:
        assert source.path == str(tmp_path / "link")
        assert source.read(0, 3) == b"abc"


def test_no_descriptor_stays_open(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_bytes(b"a\n")
    os.mkfifo(tmp_path / "fifo")
    before = open_descriptors()
    with LOG.open(str(path)) as source:
        assert open_descriptors() == before + 1
        next(source.slices(0, 1))
    with pytest.raises(ZeroDivisionError), LOG.open(str(path)):
        _ = 1 / 0
    assert refusal(tmp_path / "fifo") != "opened"
    assert open_descriptors() == before


# -- what is read -----------------------------------------------------------------------------


def test_the_state_is_what_stat_says(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_bytes(b"abc")
    with LOG.open(str(path)) as source:
        assert source.state == LOG.state_of(str(path)) == file_state(path.stat())
    assert source.state.size == 3
    assert LOG.state_of(str(tmp_path / "gone")) is None


def test_a_file_is_read_as_it_was_when_it_was_opened(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_bytes(b"a\nb\nc")
    with LOG.open(str(path)) as source:
        with path.open("ab") as file:
            file.write(b"d\ne\n")
        assert [piece.data for piece in source.slices(0, 1)] == [b"a\nb\n"]
        assert source.tail(4) == b"c"


def test_a_file_that_was_replaced_is_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_bytes(b"old\n")
    with LOG.open(str(path)) as source:
        (tmp_path / "new").write_bytes(b"new\n")
        (tmp_path / "new").rename(path)
        assert [piece.data for piece in source.slices(0, 1)] == [b"old\n"]
    assert LOG.state_of(str(path)) != source.state


def test_a_file_that_became_shorter_gives_fewer_bytes(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_bytes(b"abcdef")
    with LOG.open(str(path)) as source:
        os.truncate(path, 2)
        assert source.read(0, 6) == b"ab"
        assert source.read(3, 3) == b""


# -- the seam ---------------------------------------------------------------------------------


@contextmanager
def holding(path: Path, data: bytes) -> Iterator[Callable[[int], int]]:
    """The seam of a file with these bytes."""
    path.write_bytes(data)
    with LOG.open(str(path)) as source:
        yield source.seam


def flipped(data: bytes, at: int) -> bytes:
    """The same bytes but for one bit."""
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


SEAM_ENDS = (1, 2, SEAM_SIZE, 3 * SEAM_SIZE, *(SEAM_WHOLE_SIZE + more for more in (-1, 0, 1, 9**6)))


@pytest.mark.parametrize("end", SEAM_ENDS)
def test_the_seam_changes_with_the_head_and_with_the_tail(tmp_path: Path, end: int) -> None:
    data = bytes(number * 7 % 256 for number in range(end)) + b"appended"
    with holding(tmp_path / "log", data) as seam:
        known = seam(end)
    ends = {0, 1, SEAM_SIZE // 2, SEAM_SIZE - 1, end - SEAM_SIZE, end - SEAM_SIZE // 2, end - 2, end - 1}
    for at in (at for at in ends if 0 <= at < end):
        with holding(tmp_path / "log", flipped(data, at)) as seam:
            assert seam(end) != known, at


def test_the_seam_of_a_file_up_to_a_size_changes_with_every_byte(tmp_path: Path) -> None:
    data = bytes(range(256)) * (SEAM_WHOLE_SIZE // 256)
    with holding(tmp_path / "log", data) as seam:
        known = seam(len(data))
    for at in range(0, len(data), 999):
        with holding(tmp_path / "log", flipped(data, at)) as seam:
            assert seam(len(data)) != known, at


def test_the_seam_of_a_long_file_changes_with_bytes_all_along_it(tmp_path: Path) -> None:
    data = b"\0" * 20 * SEAM_WHOLE_SIZE
    with holding(tmp_path / "log", data) as seam:
        known = seam(len(data))
    part = len(data) // 10
    for number in range(10):
        other = data[: number * part] + b"\1" * part + data[(number + 1) * part :]
        with holding(tmp_path / "log", other) as seam:
            assert seam(len(data)) != known, number


@pytest.mark.parametrize("end", [0, *SEAM_ENDS])
def test_an_append_leaves_the_seam_alone(tmp_path: Path, end: int) -> None:
    data = b"x" * end
    with holding(tmp_path / "log", data) as seam:
        known = seam(end)
    with holding(tmp_path / "log", data + b"more" * 3000) as seam:
        assert seam(end) == known


def test_the_seam_of_a_file_that_became_shorter_is_another(tmp_path: Path) -> None:
    with holding(tmp_path / "log", b"abc" * 3000) as seam:
        known = seam(9000)
        os.truncate(tmp_path / "log", 8999)
        assert seam(9000) != known


# -- kept lines -------------------------------------------------------------------------------

LINES = (
    meta(),
    event("user_message", message="hello"),
    b"{torn\n",
    b"\n",
    event("exec_command_begin", call_id="never kept"),
    item("reasoning", summary=[], content=None, encrypted_content=None),
    b"\xff\xfe\n",
    event("agent_message", message=""),
    b"[1]\r\n",
    event("user_message", text="no message"),
)


def is_kept(raw: bytes) -> bool:
    value = parse(raw)
    return value is not None and kept_topic(value) is not None


def test_kept_lines_between_two_places_are_those_counted_one_by_one(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_bytes(b"".join(LINES))
    kept = [is_kept(raw) for raw in LINES]
    assert 0 < sum(kept) < len(LINES)
    offsets = [len(b"".join(LINES[:number])) for number in range(len(LINES) + 1)]
    with LOG.open(str(path)) as source:
        for first, last in combinations_with_replacement(range(len(LINES) + 1), 2):
            assert source.kept_between(offsets[first], offsets[last]) == sum(kept[first:last])


# -- states -----------------------------------------------------------------------------------


@given(st.builds(FileState, NUMBERS, NUMBERS, NUMBERS, st.integers(), st.integers()))
def test_a_state_comes_back_from_its_text(state: FileState) -> None:
    assert FileState.of_text(state.text()) == state


def test_a_file_stays_the_same_while_device_and_inode_do() -> None:
    state = FileState(1, 2, 3, 4, 5)
    assert state.is_same_file(FileState(1, 2, 33, 44, 55))
    assert not state.is_same_file(FileState(1, 22, 3, 4, 5))
    assert not state.is_same_file(FileState(11, 2, 3, 4, 5))
