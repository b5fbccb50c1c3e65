"""Plain bytes of long packed logs, kept in a folder, so that a log is unpacked once and not for each page.

    name ──── says which packed file it was, as it was, and since which start of the system
    write ─── to a temporary name, then rename: whoever finds a name finds all of it
    use ───── sets its time; when there is too much, what was not used for longest goes

Several processes share a folder, and anybody may remove anything there at any time: an open descriptor
keeps its bytes. Nothing waits for the disk. What a power failure leaves is of a former start of the system,
so nobody finds it; where the system does not tell its starts, the disk is waited for. Where the folder cannot
be written, the bytes go to a temporary file without a name.
"""

import os
import tempfile
import time
from contextlib import suppress
from functools import cache
from pathlib import Path
from secrets import token_hex
from threading import Lock
from weakref import WeakValueDictionary

from domain.limits import (
    PLAIN_CACHE_SIZE_MAX,
    PLAIN_LEFT_OVER_SECONDS,
    PLAIN_TOUCH_SECONDS,
    UNPACKING_CHUNK_SIZE,
)
from domain.log import FileState
from rollout.packed.unpacking import Unpacking, check_frames
from rollout.presence import file_state

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")

PLAIN, PARTIAL = ".plain", ".partial"
"""How names end of what is whole, and of what is being written."""

FOLDER_MODE = 0o700
FILE_MODE = 0o600

FLAGS = os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class PlainCache:
    """The plain bytes of packed logs in one folder, or in none; for use from any thread."""

    def __init__(self, folder: str | None, size_max: int = PLAIN_CACHE_SIZE_MAX) -> None:
        self._folder = folder
        self._size_max = size_max
        self._unpacking: WeakValueDictionary[str, _Turn] = WeakValueDictionary()

    def find(self, state: FileState) -> int | None:
        """A descriptor of the plain bytes of the packed file of this state, if they are kept."""
        if self._folder is None:
            return None
        try:
            descriptor = os.open(f"{self._folder}/{_name(state)}", FLAGS)
        except OSError:
            return None
        with suppress(OSError):
            if time.time() - os.fstat(descriptor).st_mtime > PLAIN_TOUCH_SECONDS:
                os.utime(descriptor)
        return descriptor

    def make(self, packed: int, state: FileState) -> int:
        """The same, unpacked if they are not kept: OSError or UnfitStream when that cannot be done."""
        if self._folder is None:
            check_frames(packed, state.size)
            return _unnamed(packed, state)
        turn = self._unpacking.setdefault(_name(state), _Turn())
        with turn.lock:  # one thread unpacks, the others find it then
            found = self.find(state)
            if found is not None:
                return found
            check_frames(packed, state.size)
            try:
                return self._kept(self._folder, packed, state)
            except OSError:  # no right to write there, or no room
                return _unnamed(packed, state)

    def _kept(self, folder: str, packed: int, state: FileState) -> int:
        os.makedirs(folder, FOLDER_MODE, exist_ok=True)  # noqa: PTH103 - paths are plain text in this room
        partial = f"{folder}/{token_hex(16)}{PARTIAL}"
        descriptor = os.open(partial, FLAGS | os.O_CREAT | os.O_EXCL, FILE_MODE)
        try:
            _unpack(packed, state, descriptor)
            if file_state(os.fstat(packed)) == state:  # else it is not known what was read
                _wait_where_needed(descriptor)
                os.rename(partial, f"{folder}/{_name(state)}")  # noqa: PTH104
        except BaseException:
            os.close(descriptor)
            raise
        finally:
            with suppress(FileNotFoundError):
                os.unlink(partial)  # noqa: PTH108
        self._make_room(folder, _name(state))
        return descriptor

    def _make_room(self, folder: str, newest: str) -> None:
        """Remove what was used longest ago until the rest may stay, and what nobody finishes."""
        kept: list[tuple[float, int, str]] = []
        with suppress(OSError), os.scandir(folder) as entries:
            for entry in entries:
                with suppress(OSError):
                    found = entry.stat(follow_symlinks=False)
                    if entry.name.endswith(PLAIN):
                        kept.append((found.st_mtime, found.st_size, entry.name))
                    elif entry.name.endswith(PARTIAL) and _age(found) > PLAIN_LEFT_OVER_SECONDS:
                        os.unlink(entry.path)  # noqa: PTH108
        size = sum(size for _, size, _ in kept)
        for _, one, name in sorted(kept):
            if size <= self._size_max:
                return
            if name != newest:
                with suppress(OSError):
                    os.unlink(f"{folder}/{name}")  # noqa: PTH108
                size -= one


class _Turn:
    """Who unpacks a log, of several threads that want it."""

    def __init__(self) -> None:
        self.lock = Lock()


def _name(state: FileState) -> str:
    """By all that `stat` tells: a file that was changed in place with its time set back has another ctime."""
    facts = (state.device, state.inode, state.size, state.mtime_ns, state.ctime_ns)
    return "-".join(f"{fact:x}" for fact in facts) + f"-{_boot_id()}{PLAIN}"


@cache
def _boot_id() -> str:
    """A word for this start of the system; '' where it tells none."""
    try:
        return BOOT_ID.read_text(encoding="ascii").strip().replace("-", "")[:16]
    except (OSError, ValueError):
        return ""


def _wait_where_needed(descriptor: int) -> None:
    if not _boot_id():
        os.fsync(descriptor)


def _unnamed(packed: int, state: FileState) -> int:
    """The plain bytes in a file without a name."""
    with tempfile.TemporaryFile() as file:
        _unpack(packed, state, file.fileno())
        return os.dup(file.fileno())


def _unpack(packed: int, state: FileState, descriptor: int) -> None:
    """Write all plain bytes."""
    unpacking = Unpacking(packed, state.size)
    buffer = memoryview(bytearray(UNPACKING_CHUNK_SIZE))
    while count := unpacking.read_into(buffer):
        rest = buffer[:count]
        while rest:
            rest = rest[os.write(descriptor, rest) :]


def _age(found: os.stat_result) -> float:
    return time.time() - found.st_mtime
