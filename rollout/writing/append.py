"""Appending whole lines to one rollout file, beside programs that take no lock and look at no last byte.

    open ── O_APPEND, never through a link; a new file is begun by its session_meta, a packed one restored
    lock ── among our own writers; then the path must still lead to the file that is open
    settle ─ a last line without line feed gets a moment to be ended, then it is ended with one
    append ─ one write of all lines, wholly or not at all

What another program writes between our look at the end and our write is found out afterwards: the write
begins elsewhere than expected, and if that is in the middle of a line, our first line has run into it
and is written once more.

Every call may fail. Before the write that is a failed append and no more. A write or a wait for the disk
that fails is undone, so long as nobody wrote behind it; what cannot be undone is said to be
indeterminate. Behind a write that succeeded nothing is reported that would make a caller write again.
"""

import errno
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from domain.durability import Durability
from domain.errors import AppendFailed, HeadMissing
from domain.limits import (
    APPEND_TRIES,
    REOPEN_MAX,
    TAIL_POLL_SECONDS,
    TAIL_WAIT_SECONDS,
)
from domain.log import FileState
from domain.rollout_name import packed_path
from domain.topics import is_head
from rollout.log import RolloutReader, file_state
from rollout.writing import storage
from rollout.writing.locking import open_to_append, wait_for_lock
from rollout.writing.restoring import restore


@dataclass(frozen=True, slots=True)
class Appended:
    """Where lines came to stand: from `start` to `end`.

    `is_whole` is false when the first of them ran into another program's line, so that it stands there
    once more behind the others.
    """

    start: int
    end: int
    is_whole: bool = True


class RolloutFile:
    """One rollout file, open and locked between `with` and its end.

    With `create` a file that is not there is made; if nothing gets written it goes again, and so do the
    folders made for it. Under `Durability.DISK` an append ends when its bytes, and the names of new files
    and folders, are on the disk. `begins` tells whether a line may be the first of a file.
    """

    def __init__(
        self,
        path: str,
        *,
        create: bool = False,
        durability: Durability = Durability.PROCESS,
        begins: Callable[[bytes], bool] = is_head,
    ) -> None:
        self.path = path
        self._create = create
        self._durability = durability
        self._begins = begins
        self._descriptor = -1
        self._is_made = False
        self._made_folders: list[str] = []
        self._new_names: list[str] = []

    def __enter__(self) -> Self:
        """Opens and locks; FileNotFoundError when there is no such file and none is to be made.

        UnreadableThread when there is a packed one that cannot be unpacked.
        """
        for left in reversed(range(REOPEN_MAX)):
            try:
                if self._open():
                    wait_for_lock(self._descriptor, self.path)
                    if self._has_its_name():
                        return self
            except FileNotFoundError:  # also where a log was packed and restored again between the looks
                if not left:
                    raise
            except OSError as error:
                self._close()
                raise _failed(self.path, error) from error
            except BaseException:
                self._close()
                raise
            self._close()
        raise AppendFailed(self.path, "it is replaced again and again")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    @property
    def is_new(self) -> bool:
        """Whether it was made here and holds nothing yet."""
        return self._is_made and self.state.size == 0

    @property
    def state(self) -> FileState:
        """What `stat` says of the file that is open."""
        return file_state(storage.fstat(self._descriptor))

    def seam(self, end: int) -> int:
        """The checksum by which the file is known again, once its lines end there."""
        return RolloutReader(self.path, self._descriptor, self.state).seam(end)

    def settle(self) -> None:
        """Waits for the end of a line that another program is writing, then ends it; it counts as a line."""
        waits = round(TAIL_WAIT_SECONDS / TAIL_POLL_SECONDS)
        with self._failures():
            while not self._ends_a_line(self.state.size):
                if not waits:
                    self._write(b"\n")
                    return
                storage.pause(TAIL_POLL_SECONDS)
                waits -= 1

    def append(self, lines: Sequence[bytes]) -> Appended:
        """Appends the lines, each given without its line feed; AppendFailed when that cannot be done."""
        self.settle()
        with self._failures():
            size = self.state.size
        if size == 0 and not self._begins(lines[0]):
            raise HeadMissing(self.path)
        start, end = self._write(b"".join([line + b"\n" for line in lines]))
        with self._failures(is_written=True):
            is_whole = start == size or self._ends_a_line(start)
            if not is_whole:
                end = self._write_again(lines[0])
            if not storage.fstat(self._descriptor).st_nlink:
                raise AppendFailed(self.path, "it was removed meanwhile")
        return Appended(start, end, is_whole)

    def _write_again(self, line: bytes) -> int:
        """Writes a line until it stands by itself; gives its end."""
        try:
            for _ in range(APPEND_TRIES):
                self.settle()
                start, end = self._write(line + b"\n")
                if self._ends_a_line(start):
                    return end
        except AppendFailed as failure:  # the lines behind the first are there, whatever became of this one
            raise failure.as_indeterminate() from failure
        raise AppendFailed(self.path, "other programs write into our lines", is_indeterminate=True)

    def _open(self) -> bool:
        """Whether there is a descriptor now; not when the file was restored, or others made or removed it."""
        try:
            self._descriptor = open_to_append(self.path)
        except FileNotFoundError:
            # One of the two files was there all the time, but who asks for one after the other may miss both.
            packed = packed_path(self.path)
            if restore(self.path) or storage.is_there(self.path) or (packed and storage.is_there(packed)):
                return False
            if not self._create:
                raise
            return self._make()
        if storage.is_regular(storage.fstat(self._descriptor)):
            return True
        raise AppendFailed(self.path, "not a regular file")

    def _make(self) -> bool:
        try:
            self._make_folders(os.path.dirname(self.path))  # noqa: PTH120
            self._descriptor = storage.create(self.path)
        except (FileExistsError, FileNotFoundError):  # others make and remove the same names
            return False
        self._is_made = True
        self._new_names.append(self.path)
        return True

    def _make_folders(self, path: str) -> None:
        """The folder and those above it, as far as they are missing."""
        missing = []
        while path and not storage.is_folder(path):
            missing.append(path)
            path = os.path.dirname(path)  # noqa: PTH120
        for folder in reversed(missing):
            storage.make_folder(folder)
            self._made_folders.append(folder)
            self._new_names.append(folder)

    def _has_its_name(self) -> bool:
        """Whether the path leads to the file that is open: it may have been removed or replaced."""
        try:
            named = storage.lstat(self.path)
        except OSError:
            return False
        return file_state(named).is_same_file(self.state)

    def _ends_a_line(self, offset: int) -> bool:
        """Whether a line can begin at this offset."""
        return offset == 0 or storage.pread(self._descriptor, 1, offset - 1) == b"\n"

    def _write(self, data: bytes) -> tuple[int, int]:
        """Writes all or nothing behind the end; gives where it begins and ends."""
        start = end = -1
        rest = memoryview(data)
        try:
            while rest:
                count = self._write_some(rest)
                rest = rest[count:]
                position = storage.position(self._descriptor)
                if start < 0:
                    start = end = position - count
                _check_contiguous(count, end, position)
                end = position
            if self._durability.waits_for_disk:
                self._sync()
        except OSError as error:
            is_untouched = len(rest) == len(data)
            is_undone = is_untouched or (start >= 0 and self._undo(start, end))
            raise _failed(self.path, error, is_indeterminate=not is_undone) from error
        return start, end

    def _write_some(self, data: memoryview) -> int:
        """How much was written at once; a signal that came before anything was is no failure."""
        while True:
            try:
                return storage.write(self._descriptor, data)
            except InterruptedError:
                continue

    def _undo(self, start: int, end: int) -> bool:
        """Cuts off what a failed append left, unless somebody wrote behind it; tells whether it is gone."""
        try:
            if self.state.size != end:
                return False
            storage.truncate(self._descriptor, start)
            if self._durability.waits_for_disk:
                storage.sync(self._descriptor)
        except OSError:
            return False
        return True

    def _sync(self) -> None:
        """Waits for the disk: the bytes, then the names of what was made."""
        storage.sync(self._descriptor)
        while self._new_names:
            storage.sync_folder(os.path.dirname(self._new_names[-1]))  # noqa: PTH120
            self._new_names.pop()

    def _close(self) -> None:
        with suppress(OSError):  # an empty file that stays is a thread nobody wrote to
            if self._descriptor >= 0 and self.is_new and self._has_its_name():
                storage.remove(self.path)
                self._forget_name(self.path)
                self._is_made = False
        if not self._is_made:
            self._remove_made_folders()
        descriptor, self._descriptor, self._is_made = self._descriptor, -1, False
        if descriptor >= 0:
            with suppress(OSError):  # its bytes are written, and synced where that was asked for
                storage.close(descriptor)

    def _remove_made_folders(self) -> None:
        """Takes back folders whose names nobody has waited for; those that others use by now stay."""
        with suppress(OSError):
            while self._made_folders:
                storage.remove_folder(self._made_folders[-1])
                self._forget_name(self._made_folders.pop())

    def _forget_name(self, name: str) -> None:
        """Nobody has to wait any more for a name that was taken back."""
        with suppress(ValueError):
            self._new_names.remove(name)

    @contextmanager
    def _failures(self, *, is_written: bool = False) -> Iterator[None]:
        """A call that fails is a failed append."""
        try:
            yield
        except OSError as error:
            raise _failed(self.path, error, is_indeterminate=is_written) from error


def _check_contiguous(count: int, end: int, position: int) -> None:
    """OSError when the bytes just written do not follow those before them."""
    if count == 0 or position - count != end:
        raise OSError(errno.EIO, "another program wrote into the middle of it")


def _failed(path: str, error: OSError, *, is_indeterminate: bool = False) -> AppendFailed:
    return AppendFailed(path, error.strerror or str(error), is_indeterminate=is_indeterminate)
