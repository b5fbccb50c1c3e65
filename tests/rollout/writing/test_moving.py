"""A thread's file goes to the archive and back as it is, or stays where it is."""

import errno
import os
import stat
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from domain.durability import Durability
from domain.errors import (
    ActiveWriter,
    ArchivedRolloutNotFound,
    IrregularRollout,
    MoveFailed,
    NameTaken,
    RolloutElsewhere,
    RolloutNotFound,
    UndatedRollout,
)
from domain.limits import REOPEN_MAX
from rollout.finding.home import Home
from rollout.finding.paths import ThreadPaths
from rollout.writing import storage
from rollout.writing.append import RolloutFile
from rollout.writing.moving import archive, unarchive
from tests.rollout.appending import ONE, TWO, Pauses
from tests.rollout.failing_calls import FailingCalls, open_descriptors
from tests.rollout.recorders import HEAD, THREAD, Place, events

NAME = f"rollout-2026-05-01T10-00-00-{THREAD}.jsonl"
BYTES = HEAD + b"\n" + ONE + b"\n"
MTIME_NS = 1_777_640_001_000_000_123
NOW_S = 1_900_000_000.5

SHARED_MEMORY = Path("/dev/shm")
"""Another file system, where there is one."""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home with nothing in it."""
    return Home.at(tmp_path)


@pytest.fixture
def live(home: Home) -> Path:
    """A live thread's file."""
    return written(home.sessions / "2026" / "05" / "01" / NAME)


@pytest.fixture
def archived(home: Home) -> Path:
    """An archived thread's file."""
    return written(home.archived / NAME)


def written(path: Path) -> Path:
    """A file of two lines, last changed some time ago."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(BYTES)
    os.utime(path, ns=(MTIME_NS, MTIME_NS))
    return path


def tree(home: Home) -> dict[str, tuple[int, bytes]]:
    """Every file and folder: when files changed, and their bytes."""
    found = {}
    for path in sorted(home.root.rglob("*")):
        is_file = path.is_file()
        name = str(path.relative_to(home.root))
        found[name] = (path.stat().st_mtime_ns, path.read_bytes()) if is_file else (0, b"")
    return found


def test_an_archived_file_lies_flat_with_its_bytes_and_times(home: Home, live: Path) -> None:
    before = live.stat()
    target = archive(home, str(live))
    assert target == str(home.archived / NAME)
    after = Path(target).stat()
    assert (after.st_ino, after.st_mtime_ns, after.st_size) == (before.st_ino, MTIME_NS, len(BYTES))
    assert not live.exists()


def test_a_restored_file_lies_under_its_day_and_counts_as_changed_now(home: Home, archived: Path) -> None:
    target = unarchive(home, str(archived), NOW_S)
    assert target == str(home.sessions / "2026" / "05" / "01" / NAME)
    assert Path(target).stat().st_mtime_ns == 1_900_000_000_500_000_000
    assert Path(target).read_bytes() == BYTES
    assert not archived.exists()


def test_folders_that_are_made_are_their_owners_alone(home: Home, live: Path) -> None:
    path = archive(home, str(live))
    for folder in ("2026/05/01", "2026/05", "2026", ""):
        (home.sessions / folder).rmdir()
    made = Path(unarchive(home, path, NOW_S)).parent
    modes = [folder.stat().st_mode for folder in (home.archived, made, made.parent, made.parent.parent)]
    assert [stat.S_IMODE(mode) for mode in modes] == [0o700] * 4


def test_files_anywhere_below_their_folder_are_moved(home: Home) -> None:
    path = archive(home, str(written(home.sessions / "odd" / NAME)))
    deep = home.archived / "deep" / NAME
    deep.parent.mkdir()
    Path(path).rename(deep)
    assert unarchive(home, str(deep), NOW_S) == str(home.sessions / "2026" / "05" / "01" / NAME)


def test_a_home_whose_sessions_are_a_link_is_served(home: Home, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    home.sessions.symlink_to(tmp_path / "elsewhere")
    live = written(home.sessions / "2026" / "05" / "01" / NAME)
    path = archive(home, str(live))
    assert unarchive(home, path, NOW_S) == str(live)


def test_under_disk_every_folder_with_a_changed_name_is_synced(
    home: Home, live: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders: list[str] = []
    files: list[int] = []
    monkeypatch.setattr(storage, "sync_folder", folders.append)
    monkeypatch.setattr(storage, "sync_times", files.append)
    path = archive(home, str(live), Durability.DISK)
    assert folders == [str(home.archived), str(home.root), str(live.parent)]
    assert not files
    folders.clear()
    unarchive(home, path, NOW_S, Durability.DISK)
    assert folders == [str(live.parent), str(home.archived)]
    assert len(files) == 1
    folders.clear()
    archive(home, str(live), Durability.PROCESS)
    assert (folders, len(files)) == ([], 1)


@pytest.mark.parametrize("code", [errno.ENOSYS, errno.EINVAL], ids=errno.errorcode.get)
def test_without_the_system_call_the_file_is_linked_and_unlinked(
    home: Home, live: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    def rename_new(path: str, target: str) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(storage, "rename_new", rename_new)
    path = archive(home, str(live))
    assert not live.exists()
    assert Path(path).read_bytes() == BYTES
    assert Path(path).stat().st_nlink == 1
    written(live)
    with pytest.raises(NameTaken):
        archive(home, str(live))
    assert live.stat().st_nlink == 1


@pytest.mark.parametrize("make", [Path.touch, Path.mkdir, partial(Path.symlink_to, target="nowhere")])
def test_a_name_that_is_taken_is_never_overwritten(
    home: Home, live: Path, make: Callable[[Path], None]
) -> None:
    home.archived.mkdir()
    make(home.archived / NAME)
    before = tree(home)
    with pytest.raises(NameTaken, match="exists already") as failure:
        archive(home, str(live))
    assert (failure.value.code, tree(home)) == (-32600, before)


def test_a_name_that_is_taken_is_not_restored_onto(home: Home, live: Path, archived: Path) -> None:
    live.write_bytes(b"another")
    with pytest.raises(NameTaken):
        unarchive(home, str(archived), NOW_S)
    assert live.read_bytes() == b"another"
    assert archived.stat().st_mtime_ns == MTIME_NS


def test_a_file_that_is_gone_is_not_found(home: Home, live: Path, archived: Path) -> None:
    live.unlink()
    archived.unlink()
    with pytest.raises(RolloutNotFound, match=rf"^no rollout found for thread id {THREAD}$"):
        archive(home, str(live))
    with pytest.raises(ArchivedRolloutNotFound, match=rf"^no archived rollout found for thread id {THREAD}$"):
        unarchive(home, str(archived), NOW_S)


def linked(path: Path, target: Path) -> None:
    """A link to a file elsewhere."""
    path.symlink_to(written(target))


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo, lambda path: linked(path, path.with_name("x"))])
def test_only_a_plain_file_is_moved(home: Home, live: Path, make: Callable[[Path], None]) -> None:
    live.unlink()
    make(live)
    with pytest.raises(IrregularRollout) as failure:
        archive(home, str(live))
    assert failure.value.code == -32600
    assert not home.archived.exists()


@pytest.mark.parametrize(
    "name",
    [f"x-{THREAD}.jsonl", f"rollout-2026-15-01T10-00-00-{THREAD}.jsonl", "rollout.jsonl", NAME + ".zst"],
)
def test_a_name_without_a_start_is_not_moved(home: Home, name: str) -> None:
    live = written(home.sessions / name)
    with pytest.raises(UndatedRollout, match="missing filename timestamp"):
        archive(home, str(live))
    archived = written(home.archived / name)
    with pytest.raises(UndatedRollout, match="missing filename timestamp"):
        unarchive(home, str(archived), NOW_S)


def test_a_file_is_moved_from_its_own_folder_only(home: Home, live: Path, archived: Path) -> None:
    elsewhere = written(home.root / "elsewhere" / NAME)
    (home.sessions / "linked").symlink_to(elsewhere.parent)
    beside = home.sessions / ".." / "elsewhere" / NAME
    for path in (archived, elsewhere, home.sessions / "linked" / NAME, beside):
        with pytest.raises(RolloutElsewhere, match=r"must be in sessions directory$"):
            archive(home, str(path))
    for path in (live, elsewhere, written(home.root / "archived_sessions_too" / NAME)):
        with pytest.raises(RolloutElsewhere, match=r"must be in archived directory$"):
            unarchive(home, str(path), NOW_S)


def test_a_file_in_place_of_the_archive_is_told(home: Home, live: Path) -> None:
    home.archived.touch()
    with pytest.raises(MoveFailed, match=r"^failed to archive thread: .*Not a directory \(os error 20\)$"):
        archive(home, str(live))
    assert live.read_bytes() == BYTES


@pytest.fixture
def other_disk(home: Home) -> Iterator[Path]:
    """A folder on another file system."""
    if not SHARED_MEMORY.is_dir() or SHARED_MEMORY.stat().st_dev == home.root.stat().st_dev:
        pytest.skip("there is one file system only")
    with tempfile.TemporaryDirectory(dir=SHARED_MEMORY) as folder:
        yield Path(folder)


def test_an_archive_on_another_file_system_is_told(home: Home, live: Path, other_disk: Path) -> None:
    home.archived.symlink_to(other_disk)
    before = tree(home)
    with pytest.raises(MoveFailed, match="are on different file systems") as failure:
        archive(home, str(live))
    assert not failure.value.is_indeterminate
    assert (tree(home), list(other_disk.iterdir())) == (before, [])


def test_a_file_that_a_writer_keeps_is_not_moved(home: Home, live: Path, pauses: Pauses) -> None:
    with RolloutFile(str(live)) as file:
        with pytest.raises(ActiveWriter):
            archive(home, str(live))
        file.append([TWO])
    assert pauses.count > 100
    assert Path(archive(home, str(live))).read_bytes() == BYTES + TWO + b"\n"


def test_the_move_waits_for_a_writer(home: Home, live: Path, pauses: Pauses) -> None:
    file = RolloutFile(str(live)).__enter__()

    def end() -> None:
        file.append([TWO])
        file.__exit__(None, None, None)
        pauses.happen = lambda: None

    pauses.happen = end
    assert Path(archive(home, str(live))).read_bytes() == BYTES + TWO + b"\n"
    assert pauses.count == 1


def test_a_writer_that_waited_for_the_move_does_not_write_into_the_archive(
    home: Home, live: Path, monkeypatch: pytest.MonkeyPatch, pauses: Pauses
) -> None:
    waiting: list[str] = []

    def rename_new(path: str, target: str) -> None:
        with pytest.raises(ActiveWriter), RolloutFile(path):
            pass
        waiting.append(path)
        os.rename(path, target)  # noqa: PTH104

    monkeypatch.setattr(storage, "rename_new", rename_new)
    archive(home, str(live))
    assert waiting == [str(live)]
    with pytest.raises(FileNotFoundError), RolloutFile(str(live)):
        pass


def test_a_file_replaced_while_the_lock_was_waited_for_is_moved_as_it_is_then(
    home: Home, live: Path, pauses: Pauses
) -> None:
    descriptor = storage.open_to_hold(str(live))
    assert storage.lock(descriptor)

    def replace() -> None:
        pauses.happen = lambda: None
        live.unlink()
        live.write_bytes(b"newer\n")
        os.close(descriptor)

    pauses.happen = replace
    assert Path(archive(home, str(live))).read_bytes() == b"newer\n"


def test_following_a_file_that_is_always_another_has_an_end(
    home: Home, live: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = os.lstat(written(live.with_name("other")))
    opened: list[str] = []

    def open_to_hold(path: str) -> int:
        opened.append(path)
        return os.open(path, os.O_RDONLY)

    monkeypatch.setattr(storage, "open_to_hold", open_to_hold)
    monkeypatch.setattr(storage, "lstat", lambda path: other)
    with pytest.raises(MoveFailed, match="replaced again and again"):
        archive(home, str(live))
    assert len(opened) == REOPEN_MAX


def test_a_moved_thread_goes_on_in_the_archive_and_back(home: Home, place: Place) -> None:
    recorder = place.recorder()
    paths = ThreadPaths(home)
    moving = type(recorder)(place.database, paths, place.catalogue)
    moving.insert_events(events(THREAD, 1, HEAD))
    there = archive(home, paths(THREAD))
    assert paths(THREAD) == there
    moving.insert_events(events(THREAD, 2, ONE))
    back = unarchive(home, there, NOW_S)
    moving.insert_events(events(THREAD, 3, TWO))
    assert Path(back).read_bytes().splitlines() == [HEAD, ONE, TWO]
    assert [event.originator_version for event in moving.select_events(THREAD)] == [1, 2, 3]
    assert [one.id for one in moving.select_notifications(None, 10)] == [1, 2, 3]


def test_a_move_that_was_taken_back_is_taken_back_on_the_disk_too(
    home: Home, archived: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders: list[str] = []

    def sync_times(descriptor: int) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(storage, "sync_times", sync_times)
    monkeypatch.setattr(storage, "sync_folder", folders.append)
    with pytest.raises(MoveFailed):
        unarchive(home, str(archived), NOW_S, Durability.DISK)
    assert archived.stat().st_mtime_ns == MTIME_NS
    assert folders == [str(home.archived)]


Moving = Callable[[Home], str]


def archiving(home: Home) -> str:
    """Archives the thread."""
    return archive(home, str(home.sessions / "2026" / "05" / "01" / NAME), Durability.DISK)


def restoring(home: Home) -> str:
    """Restores the thread."""
    return unarchive(home, str(home.archived / NAME), NOW_S, Durability.DISK)


def failure_of(move: Moving, home: Home) -> MoveFailed | None:
    """Why a move failed, if it did."""
    try:
        move(home)
    except MoveFailed as failure:
        return failure
    return None


def points(calls: FailingCalls, do: Callable[[], object]) -> list[tuple[int, str]]:
    """Number and name of every call that something makes and that may fail; resolving links never does."""
    do()
    assert {"open_to_hold", "lock", "lstat", "rename_new", "sync_folder", "close"} <= set(calls.names)
    return [(number, name) for number, name in enumerate(calls.names) if name != "resolved"]


def no_such_call(path: str, target: str) -> None:
    """Takes the place of a system call that there is not."""
    raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))


def fresh(folder: Path, move: Moving) -> Home:
    """A new home with the thread's file where the move begins."""
    folder.mkdir()
    home = Home.at(folder)
    written((home.sessions / "2026" / "05" / "01" if move is archiving else home.archived) / NAME)
    return home


@pytest.mark.parametrize("move", [archiving, restoring])
@pytest.mark.parametrize("has_call", [True, False], ids=["rename", "link"])
@pytest.mark.parametrize(
    "code", [errno.ENOSPC, errno.EIO, errno.EACCES, errno.EINTR], ids=errno.errorcode.get
)
def test_whatever_call_fails_once_the_file_is_moved_or_is_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, move: Moving, code: int, *, has_call: bool
) -> None:
    if not has_call:
        monkeypatch.setattr(storage, "rename_new", no_such_call)
    calls = FailingCalls(monkeypatch)
    trial = fresh(tmp_path / "trial", move)
    for number, name in points(calls, lambda: move(trial)):
        home = fresh(tmp_path / str(number), move)
        before = tree(home)
        descriptors = open_descriptors()
        calls.fail(number, code)
        failure = failure_of(move, home)
        calls.mend()
        assert open_descriptors() == descriptors
        if failure is None:
            assert name == "close"
        else:
            assert not failure.is_indeterminate, name
            assert failure.data is None
            assert tree(home) == before, name
            move(home)
        assert tree(home).keys() == tree(trial).keys()


@pytest.mark.parametrize("move", [archiving, restoring])
@pytest.mark.parametrize("has_call", [True, False], ids=["rename", "link"])
def test_when_every_call_fails_from_somewhere_on_the_file_is_never_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, move: Moving, *, has_call: bool
) -> None:
    if not has_call:
        monkeypatch.setattr(storage, "rename_new", no_such_call)
    calls = FailingCalls(monkeypatch)
    trial = fresh(tmp_path / "trial", move)
    told = set()
    for number, _ in points(calls, lambda: move(trial)):
        home = fresh(tmp_path / str(number), move)
        before = tree(home)
        calls.fail(number, errno.EIO, for_ever=True)
        failure = failure_of(move, home)
        calls.mend()
        files = {name: found for name, found in tree(home).items() if found[1]}
        assert {data for _, data in files.values()} == {BYTES}
        if failure is not None:
            told.add(failure.is_indeterminate)
            assert failure.data == ({"indeterminate": True} if failure.is_indeterminate else None)
            assert failure.is_indeterminate or files.items() <= before.items()
    assert told == {True, False}
