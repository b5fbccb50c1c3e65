"""A file of the home that is about to be changed: open, locked, and looked after while others live with it.

Our own writers take the lock. Others take none, and one that has the file open would go on writing into
bytes without a name: such a file is left alone. So is that of a thread which release 0.169.0 has loaded.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from domain.damage.finding import DamageClass
from domain.damage.placing import named
from domain.errors import ActiveWriter
from rollout.finding.home import Home
from rollout.presence import file_state
from rollout.writing import storage
from rollout.writing.locking import wait_for_lock
from rollout.writing.thread_locks import ThreadLocks

PROCESSES = Path("/proc")
WRITING = os.O_WRONLY | os.O_RDWR


class NotTouched(Exception):
    """A file that is left as it is, and why."""

    def __init__(self, damage: DamageClass) -> None:
        super().__init__(damage.value)
        self.damage = damage


@dataclass(frozen=True, slots=True)
class HeldFile:
    """A locked file: its path below the home, its full path, what `stat` said at first."""

    file: str
    path: str
    descriptor: int
    found: os.stat_result

    def read(self, size: int, at: int) -> bytes:
        """At most so many bytes from the offset on."""
        return storage.pread(self.descriptor, size, at)

    def check_unchanged(self) -> None:
        """NotTouched when the file, or what has its name, is another than at first."""
        now = storage.fstat(self.descriptor)
        named = storage.lstat(self.path)
        is_same = file_state(now) == file_state(self.found) == file_state(named)
        if not is_same:
            raise NotTouched(DamageClass.FILE_CHANGED)

    @contextmanager
    def alone(self) -> Iterator[Callable[[], bool]]:
        """While nobody else has the file open for writing: who comes now waits. NotTouched when somebody has.

        What it gives tells whether still nobody has come.
        Where the file system tells nothing of others, the processes of this machine are looked at.
        """
        has_lease = storage.take_lease(self.descriptor)
        try:
            if not has_lease and is_written_elsewhere(self.found):
                raise NotTouched(DamageClass.FILE_IN_USE)
            yield lambda: not has_lease or storage.keeps_lease(self.descriptor)
        finally:
            if has_lease:
                with suppress(OSError):  # it ends with the descriptor at the latest
                    storage.end_lease(self.descriptor)


@contextmanager
def thread_held(home: Home, file: str) -> Iterator[None]:
    """While no other program keeps the thread that the file's name tells; NotTouched when one does."""
    thread_id = named(file).thread_id
    if thread_id is None:
        yield
        return
    try:
        with ThreadLocks(home).held(thread_id):
            yield
    except ActiveWriter:
        raise NotTouched(DamageClass.FILE_IN_USE) from None


@contextmanager
def held(home: Home, file: str) -> Iterator[HeldFile]:
    """The file, locked as for an append; NotTouched when it is in use, or none that can be changed."""
    path = f"{home.root}/{file}"
    try:
        descriptor = storage.open_to_hold(path)
    except FileNotFoundError:
        raise NotTouched(DamageClass.FILE_CHANGED) from None
    try:
        found = storage.fstat(descriptor)
        if not storage.is_regular(found):
            raise NotTouched(DamageClass.IRREGULAR_FILE)
        wait_for_lock(descriptor, path)
        holding = HeldFile(file, path, descriptor, storage.fstat(descriptor))
        with thread_held(home, file):
            with holding.alone():
                pass
            yield holding
    except ActiveWriter:
        raise NotTouched(DamageClass.FILE_IN_USE) from None
    finally:
        with suppress(OSError):
            storage.close(descriptor)


def is_written_elsewhere(found: os.stat_result) -> bool:
    """Whether another process of this machine has the file open for writing, as far as we may see."""
    own = str(os.getpid())
    for process in _names(PROCESSES):
        if process.isdecimal() and process != own and _writes(PROCESSES / process, found):
            return True
    return False


def _writes(process: Path, found: os.stat_result) -> bool:
    for name in _names(process / "fd"):
        with suppress(OSError, ValueError):
            there = (process / "fd" / name).stat()
            if os.path.samestat(there, found) and _is_for_writing(process / "fdinfo" / name):
                return True
    return False


def _is_for_writing(told: Path) -> bool:
    flags = next(line for line in told.read_text().splitlines() if line.startswith("flags:"))
    return bool(int(flags.removeprefix("flags:"), 8) & WRITING)


def _names(folder: Path) -> list[str]:
    try:
        return os.listdir(folder)  # noqa: PTH208
    except OSError:
        return []
