"""Packing one cold log: its plain file goes when its packed file is there, whole, and on the disk.

    write ─── the packed bytes to a name that no reader takes; unpack them again and compare digests
    hold ──── the plain file: our own writers by the lock, all others by a lease of the kernel
    look ──── it has to be what was packed, under its name, and nobody may have it open for writing
    rename ── the packed file to its name, and wait for the disk; the plain one counts until now
    aside ─── the plain file loses its name; has anybody come to open it before, it gets that back
    remove ── the plain file

Release 0.131.0 and others keep a log open and take no lock: a line that they write to a file without a name
would be lost. The lease is what tells of them, exactly, and holds up who comes; where a file system
gives none, nothing is packed. A program that dies anywhere leaves the plain file, the packed one, or both.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from domain.errors import ActiveWriter, AppendFailed, NotPacked, PackingFailed, UnreadableThread
from domain.rollout_name import packed_path, read_rollout_name
from rollout.packed.packing import LEVEL_DEFAULT, Digest, is_beginning, packed_frames, unpacked_digest
from rollout.presence import file_state
from rollout.writing import storage
from rollout.writing.partial import give_name, keep_facts, partial_path, write_fully
from rollout.writing.restoring import restore


@dataclass(frozen=True, slots=True)
class Packed:
    """Bytes of a log before and after."""

    plain_size: int
    packed_size: int


def pack(path: str, level: int = LEVEL_DEFAULT) -> Packed:
    """Packs the log of this plain file: NotPacked when it is left alone, PackingFailed when a call fails."""
    packed = packed_path(path)
    if packed is None or read_rollout_name(path.rpartition("/")[2]) is None:
        raise NotPacked(path, "it is not named like a log")
    with _failures(path), _opened(path) as descriptor:
        return _Packing(path, packed, descriptor).carry_out(level)


def unpack(path: str) -> bool:
    """Restores the plain file of a packed log; tells whether there was one. The errors are those above."""
    with _failures(path):
        try:
            return restore(path)
        except (ActiveWriter, AppendFailed, UnreadableThread) as failure:
            raise NotPacked(path, str(failure)) from failure


class _Packing:
    """One log's way to its packed file; the descriptor only reads the plain one."""

    def __init__(self, path: str, packed: str, descriptor: int) -> None:
        self._path = path
        self._packed = packed
        self._descriptor = descriptor
        self._found = storage.fstat(descriptor)
        self._folder = os.path.dirname(path)  # noqa: PTH120 - paths are plain text in this room

    def carry_out(self, level: int) -> Packed:
        """Packs it."""
        self._check()
        partial = partial_path(self._path)
        try:
            size = self._write(partial, level)
            with self._held():
                self._exchange(partial)
        except BaseException:
            with suppress(OSError):
                storage.remove(partial)
            raise
        return Packed(self._found.st_size, size)

    def _check(self) -> None:
        """NotPacked when it is seen before the work that this cannot be packed."""
        if not storage.is_regular(self._found):
            raise NotPacked(self._path, "it is not a regular file")
        if not self._found.st_size:
            raise NotPacked(self._path, "it is empty")
        if self._found.st_nlink > 1:
            raise NotPacked(self._path, "it has other names, by which it may be written")
        self._check_beside()
        with self._held():
            pass

    def _check_beside(self) -> None:
        """A packed file that is there already is of an exchange that was cut short, or it is somebody's."""
        try:
            descriptor = storage.open_to_hold(self._packed)
        except FileNotFoundError:
            return
        try:
            if not is_beginning(descriptor, self._descriptor):
                raise NotPacked(self._path, "another packed log lies beside it")
        finally:
            storage.close(descriptor)

    def _write(self, partial: str, level: int) -> int:
        """Writes the packed bytes, on the disk, and reads them again; gives their size."""
        digest = Digest()
        descriptor = storage.create(partial)
        try:
            size = sum(
                write_fully(descriptor, frame) for frame in packed_frames(self._descriptor, level, digest)
            )
            keep_facts(descriptor, self._found)
            again = unpacked_digest(descriptor)
        finally:
            storage.close(descriptor)
        if again is None or again.value() != digest.value():
            raise NotPacked(self._path, "what was packed does not unpack to the same")
        return size

    @contextmanager
    def _held(self) -> Iterator[None]:
        """While nobody can write: NotPacked when somebody may, or did."""
        if not storage.lock(self._descriptor):
            raise NotPacked(self._path, "a writer has it")
        try:
            if not storage.take_lease(self._descriptor):
                raise NotPacked(self._path, "a program has it open, or the file system cannot tell")
            if not self._is_unchanged():
                raise NotPacked(self._path, "it changed meanwhile")
            yield
        finally:
            with suppress(OSError):  # both end with the descriptor
                storage.end_lease(self._descriptor)
            with suppress(OSError):
                storage.unlock(self._descriptor)

    def _is_unchanged(self) -> bool:
        """Whether the file is what it was, and still what its path leads to."""
        now, known = file_state(storage.fstat(self._descriptor)), file_state(self._found)
        try:
            return now == known == file_state(storage.lstat(self._path))
        except FileNotFoundError:
            return False

    def _exchange(self, partial: str) -> None:
        """Puts the packed file in the place of the plain one."""
        storage.rename_over(partial, self._packed)
        aside = partial_path(self._path)
        try:
            storage.sync_folder(self._folder)
            storage.rename_over(self._path, aside)
        except OSError:
            self._remove_packed()
            raise
        if not storage.keeps_lease(self._descriptor):
            self._put_back(aside)
            raise NotPacked(self._path, "a program opens it")
        storage.remove(aside)
        storage.sync_folder(self._folder)

    def _put_back(self, aside: str) -> None:
        """Gives the plain file its name again, so that it counts."""
        try:
            give_name(aside, self._path)
        except OSError as error:
            raise PackingFailed(self._path, f"a program writes to it, and it is {aside} now") from error
        self._remove_packed()

    def _remove_packed(self) -> None:
        with suppress(OSError):  # beside the plain file it does not count
            storage.remove(self._packed)


@contextmanager
def _opened(path: str) -> Iterator[int]:
    """The plain file, open for reading."""
    try:
        descriptor = storage.open_to_hold(path)
    except FileNotFoundError:
        raise NotPacked(path, "there is no plain file") from None
    try:
        yield descriptor
    finally:
        with suppress(OSError):  # nothing was written through it
            storage.close(descriptor)


@contextmanager
def _failures(path: str) -> Iterator[None]:
    """A call that fails is a log that was not packed."""
    try:
        yield
    except OSError as error:
        raise PackingFailed(path, f"{os.strerror(error.errno or 0)} (os error {error.errno})") from error
