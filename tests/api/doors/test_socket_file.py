"""The file of a socket: what may be in its place, who may open it, and when it is removed."""

import os
import socket
import stat
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from api.doors.admission import CREDENTIALS, UnixAdmission
from api.doors.socket_file import SocketFile, listen_at
from domain.errors import SocketInUse, ThreadstoreError
from tests.api.doors.opened import opened


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A private folder."""
    path = tmp_path / "d"
    path.mkdir(mode=0o700)
    return path


@pytest.fixture(autouse=True)
def _umask() -> Iterator[None]:
    """The least helpful umask."""
    old = os.umask(0)
    yield
    os.umask(old)


def mode(path: Path) -> int:
    """The permissions of a file."""
    return stat.S_IMODE(path.lstat().st_mode)


def closed_at(path: Path) -> None:
    """Leave the socket of a dead server."""
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(path))


def connect(path: Path) -> None:
    """Connect once; OSError when nobody listens."""
    with socket.socket(socket.AF_UNIX) as caller:
        caller.connect(str(path))


def close(file: SocketFile) -> None:
    """End as a server does."""
    file.remove()
    file.listener.close()


@pytest.mark.parametrize("umask", [0, 0o022, 0o777], ids=oct)
def test_only_the_user_may_open_the_file_whatever_the_umask(folder: Path, umask: int) -> None:
    os.umask(umask)
    file = listen_at(folder / "new" / "s")
    assert (mode(folder / "new"), mode(folder / "new" / "s")) == (0o700, 0o600)
    connect(folder / "new" / "s")
    close(file)
    assert list((folder / "new").iterdir()) == []


def test_a_folder_that_was_there_keeps_its_mode(folder: Path) -> None:
    for kept in (0o755, 0o1777):
        folder.chmod(kept)
        close(listen_at(folder / "s"))
        assert mode(folder) == kept


def _stale(path: Path) -> None:
    closed_at(path)


def _link_to_stale(path: Path) -> None:
    closed_at(path.with_name("other"))
    path.symlink_to("other")


@pytest.mark.parametrize("leave", [_stale, _link_to_stale], ids=["itself", "a link to it"])
def test_the_socket_of_a_dead_server_is_replaced(folder: Path, leave: Callable[[Path], None]) -> None:
    leave(folder / "s")
    file = listen_at(folder / "s")
    assert stat.S_ISSOCK((folder / "s").lstat().st_mode)
    connect(folder / "s")
    close(file)


def _file(path: Path) -> None:
    path.write_text("precious")


def _link(path: Path) -> None:
    path.with_name("real").write_text("precious")
    path.symlink_to("real")


TAKEN = "app-server control socket path exists and is not a socket: {path}"

IN_THE_WAY: dict[str, tuple[Callable[[Path], None], str]] = {
    "a file": (_file, TAKEN),
    "a folder": (Path.mkdir, TAKEN),
    "a FIFO": (os.mkfifo, TAKEN),
    "a link to a file": (_link, TAKEN),
    "a link to nothing": (lambda path: path.symlink_to("nothing"), "Address in use (os error 98)"),
}


@pytest.mark.parametrize(("leave", "told"), IN_THE_WAY.values(), ids=IN_THE_WAY.keys())
def test_what_is_no_socket_is_left_alone(folder: Path, leave: Callable[[Path], None], told: str) -> None:
    path = folder / "s"
    leave(path)
    before = {entry.name: entry.lstat().st_ino for entry in folder.iterdir()}
    with pytest.raises(ThreadstoreError) as refusal:
        listen_at(path)
    assert (str(refusal.value), refusal.value.exit_code) == (told.format(path=path), 1)
    assert {entry.name: entry.lstat().st_ino for entry in folder.iterdir()} == before


def _open_to_all(folder: Path) -> None:
    folder.mkdir()
    folder.chmod(0o777)


def _open_to_the_group(folder: Path) -> None:
    folder.mkdir()
    folder.chmod(0o770)


def _linked_folder(folder: Path) -> None:
    folder.with_name("real").mkdir()
    folder.symlink_to("real")


UNFIT = "socket directory path exists and is not a directory: {folder}"
SHARED = "socket directory can be written by other users: {folder}"

FOLDERS: dict[str, tuple[Callable[[Path], None], str]] = {
    "a file": (Path.touch, UNFIT),
    "a link to a folder": (_linked_folder, UNFIT),
    "open to all": (_open_to_all, SHARED),
    "open to the group": (_open_to_the_group, SHARED),
}


@pytest.mark.parametrize(("make", "told"), FOLDERS.values(), ids=FOLDERS.keys())
def test_a_folder_in_which_a_socket_is_not_safe_is_refused(
    folder: Path, make: Callable[[Path], None], told: str
) -> None:
    make(folder / "f")
    before = mode(folder / "f")
    with pytest.raises(ThreadstoreError) as refusal:
        listen_at(folder / "f" / "s")
    assert (str(refusal.value), refusal.value.exit_code) == (told.format(folder=folder / "f"), 1)
    assert mode(folder / "f") == before


def test_only_the_last_folder_is_made(folder: Path) -> None:
    with pytest.raises(ThreadstoreError, match=r"^No such file or directory \(os error 2\)$"):
        listen_at(folder / "a" / "b" / "s")
    assert list(folder.iterdir()) == []


def test_a_path_may_have_107_bytes_and_not_one_more(folder: Path) -> None:
    room = 107 - len(os.fsencode(folder)) - 1
    close(listen_at(folder / ("ü" * (room // 2) + "s" * (room % 2))))
    with pytest.raises(ThreadstoreError, match=r"^path must be shorter than SUN_LEN$"):
        listen_at(folder / ("s" * (room + 1)))


def test_the_socket_of_a_live_server_is_left_to_it(folder: Path) -> None:
    first = listen_at(folder / "s")
    with pytest.raises(SocketInUse) as refusal:
        listen_at(folder / "s")
    assert str(refusal.value) == f"app-server control socket is already in use at {folder / 's'}"
    connect(folder / "s")
    close(first)


def test_a_live_server_whose_queue_is_full_is_alive(folder: Path) -> None:
    path = folder / "s"
    with socket.socket(socket.AF_UNIX) as busy:
        busy.bind(str(path))
        busy.listen(0)
        callers = [socket.socket(socket.AF_UNIX) for _ in range(3)]
        for caller in callers:
            caller.setblocking(False)  # noqa: FBT003 - its only parameter
            with suppress(BlockingIOError):
                caller.connect(str(path))
        with pytest.raises(SocketInUse):
            listen_at(path)
        for caller in callers:
            caller.close()


def test_of_servers_that_start_together_one_listens(folder: Path) -> None:
    closed_at(folder / "s")

    def start(_: int) -> SocketFile | None:
        with suppress(SocketInUse):
            return listen_at(folder / "s")
        return None

    with ThreadPoolExecutor(16) as pool:
        started = [file for file in pool.map(start, range(16)) if file is not None]
    assert len(started) == 1
    assert [entry.name for entry in folder.iterdir()] == ["s"]
    connect(folder / "s")
    close(started[0])


def test_the_file_is_ready_as_soon_as_it_is_there(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names: list[tuple[int, int]] = []
    rename = os.rename

    def watched(source: str, target: str) -> None:
        connect(Path(source))
        names.append((mode(Path(source)), len(source)))
        assert not Path(target).exists()
        rename(source, target)

    monkeypatch.setattr(os, "rename", watched)
    close(listen_at(folder / "app-server-control.sock"))
    assert names == [(0o600, len(str(folder / "app-server-control.sock")))]


def test_a_bind_that_fails_leaves_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(source: str, target: str) -> None:
        raise OSError(28, "")

    monkeypatch.setattr(os, "rename", refuse)
    with pytest.raises(ThreadstoreError, match=r"^No space left on device \(os error 28\)$"):
        listen_at(folder / "s")
    assert list(folder.iterdir()) == []


def test_a_file_that_another_server_put_there_is_not_removed(folder: Path) -> None:
    first = listen_at(folder / "s")
    (folder / "s").unlink()
    second = listen_at(folder / "s")
    close(first)
    connect(folder / "s")
    close(second)
    assert list(folder.iterdir()) == []


async def test_the_file_goes_with_the_server_and_the_folder_stays(tmp_path: Path) -> None:
    async with opened("unix", tmp_path) as door:
        assert isinstance(door.address, Path)
        assert mode(door.address) == 0o600
        await door.greeted()
    assert list(door.address.parent.iterdir()) == []


class Peer:
    """A socket whose other end belongs to somebody."""

    def __init__(self, family: int, user: int) -> None:
        self.family = family
        self._user = user

    def getsockopt(self, level: int, option: int, size: int) -> bytes:
        """Its credentials."""
        assert (level, option, size) == (socket.SOL_SOCKET, socket.SO_PEERCRED, CREDENTIALS.size)
        return CREDENTIALS.pack(1, self._user, 0)


def test_only_processes_of_the_same_user_are_known() -> None:
    rules, user = UnixAdmission(), os.geteuid()
    assert rules.knows(Peer(socket.AF_UNIX, user))
    assert not rules.knows(Peer(socket.AF_UNIX, user + 1))
    assert not rules.knows(Peer(socket.AF_INET, user))


async def test_a_process_of_another_user_is_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened("unix", tmp_path) as door:
        monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
        assert await (await door.connect()).rest() == b""
        monkeypatch.undo()
        await door.greeted()
