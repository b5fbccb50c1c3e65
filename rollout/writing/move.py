"""One move of a file to another name, wholly or not at all.

    hold ─── the file, open and locked among our own writers; its path must still lead to it
    rename ─ never onto a name that is taken
    sync ─── the folders of both names, and those of folders that were made

A step that fails takes back those before it, so that a failed move has not happened; what cannot be taken
back is said to be indeterminate. A writer that waited for the lock finds the name gone.
"""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial

from domain.durability import Durability
from domain.errors import IrregularRollout, MoveFailed, NameTaken
from domain.limits import REOPEN_MAX
from rollout.log import file_state
from rollout.writing import storage
from rollout.writing.locking import wait_for_lock
from rollout.writing.partial import NO_SUCH_CALL
from rollout.writing.undo import Undo


class Move:
    """A file's way from `path` to `target`; `verb` is the command's word for it in failures.

    Bytes and times stay; with `modified_ns`, nanoseconds since 1970, it counts as changed then.
    """

    def __init__(
        self, verb: str, path: str, target: str, durability: Durability, modified_ns: int | None = None
    ) -> None:
        self._verb = verb
        self._path = path
        self._target = target
        self._durability = durability
        self._modified_ns = modified_ns
        self._new_names = [target]
        self._is_renamed = False
        self._undo = Undo()

    def carry_out(self) -> None:
        """Moves the file; FileNotFoundError when there is none.

        NameTaken, IrregularRollout, ActiveWriter, and MoveFailed for everything else.
        """
        with self._held() as descriptor:
            try:
                self._make_folders(_folder(self._target))
                self._rename()
                if self._modified_ns is not None:
                    self._set_time(descriptor, self._modified_ns)
                if self._durability.waits_for_disk:
                    self._sync(descriptor)
            except FileExistsError:
                self._undo.take_back()
                raise NameTaken(self._path, self._target) from None
            except OSError as error:
                raise self._failed(error, is_indeterminate=not self._is_undone()) from error

    @contextmanager
    def _held(self) -> Iterator[int]:
        """The file, open and locked, while its path leads to it."""
        for _ in range(REOPEN_MAX):
            descriptor = self._open()
            try:
                if self._is_held(descriptor):
                    yield descriptor
                    return
            finally:
                with suppress(OSError):  # nothing was written through it
                    storage.close(descriptor)
        raise MoveFailed(self._verb, f"{self._path} is replaced again and again")

    def _open(self) -> int:
        try:
            return storage.open_to_hold(self._path)
        except FileNotFoundError:
            raise
        except OSError as error:
            if error.errno == errno.ELOOP:
                raise IrregularRollout(self._path) from None
            raise self._failed(error) from error

    def _is_held(self, descriptor: int) -> bool:
        """Locks the file; false when the path leads elsewhere by then."""
        try:
            if not storage.is_regular(storage.fstat(descriptor)):
                raise IrregularRollout(self._path)
            wait_for_lock(descriptor, self._path)
            held = file_state(storage.fstat(descriptor))
            return file_state(storage.lstat(self._path)).is_same_file(held)
        except FileNotFoundError:
            return False
        except OSError as error:
            raise self._failed(error) from error

    def _make_folders(self, path: str) -> None:
        """The folder and those above it, as far as they are missing."""
        missing = []
        while path and not storage.is_folder(path):
            missing.append(path)
            path = _folder(path)
        for folder in reversed(missing):
            self._new_names.append(folder)
            with suppress(FileExistsError):  # others make the same day; a file there fails the rename
                storage.make_folder(folder)
                self._undo.add(partial(_remove_if_empty, folder))

    def _rename(self) -> None:
        try:
            storage.rename_new(self._path, self._target)
            self._undo.add(partial(storage.rename_new, self._target, self._path))
        except OSError as error:
            if error.errno not in NO_SUCH_CALL:
                raise
            self._rename_by_link()
        self._is_renamed = True

    def _rename_by_link(self) -> None:
        """The same in two steps; whoever looks between them finds the thread twice, never not at all."""
        storage.link(self._path, self._target)
        self._undo.add(partial(storage.remove, self._target))
        storage.remove(self._path)
        self._undo.add(partial(storage.link, self._target, self._path))

    def _set_time(self, descriptor: int, modified_ns: int) -> None:
        found = storage.fstat(descriptor)
        storage.set_times(descriptor, found.st_atime_ns, modified_ns)
        self._undo.add(partial(storage.set_times, descriptor, found.st_atime_ns, found.st_mtime_ns))

    def _sync(self, descriptor: int) -> None:
        """Waits for the disk: the new time, then the names, the old one last."""
        if self._modified_ns is not None:
            storage.sync_times(descriptor)
        for name in (*self._new_names, self._path):
            storage.sync_folder(_folder(name))

    def _is_undone(self) -> bool:
        """Takes back what was done; tells whether all is, also on the disk, as it was."""
        try:
            if not self._undo.take_back():
                return False
            if self._is_renamed and self._durability.waits_for_disk:
                storage.sync_folder(_folder(self._path))
        except OSError:
            return False
        return True

    def _failed(self, error: OSError, *, is_indeterminate: bool = False) -> MoveFailed:
        reason = f"{os.strerror(error.errno or 0)} (os error {error.errno})"
        if error.errno == errno.EXDEV:
            reason = f"`{self._path}` and `{_folder(self._target)}` are on different file systems"
        return MoveFailed(self._verb, reason, is_indeterminate=is_indeterminate)


def _folder(path: str) -> str:
    return os.path.dirname(path)  # noqa: PTH120 - paths are plain text in this room


def _remove_if_empty(folder: str) -> None:
    """Takes a folder back that was made for the move; one that others use by now stays."""
    with suppress(OSError):
        storage.remove_folder(folder)
