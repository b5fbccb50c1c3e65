"""Writing a whole log under a new name: wholly or not at all, and never seen half done.

    folders ─ as far as they are missing
    write ─── to a name that holds no thread id and no ending of a rollout, which no reader takes
    sync ──── the bytes
    rename ── to the name of the log, never onto one that is taken
    sync ──── the folders of the new names

A step that fails takes back those before it. A program that dies in between leaves at most a file that
nobody reads.
"""

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import partial

from domain.durability import Durability
from domain.errors import ForkFailed
from domain.limits import COPY_WRITE_SIZE
from rollout.writing import storage
from rollout.writing.missing_folders import make_missing
from rollout.writing.partial import give_name, partial_path, write_fully
from rollout.writing.undo import Undo


class NewLog:
    """The way of a new file to its name."""

    def __init__(self, target: str, durability: Durability) -> None:
        self._target = target
        self._durability = durability
        self._undo = Undo()
        self._is_named = False

    def write(self, lines: Iterable[bytes]) -> int:
        """Makes the file of these lines, each given without its line feed; gives its bytes.

        An error of the lines passes through, every other is a ForkFailed. None leaves anything behind, but a
        ForkFailed that says so.
        """
        try:
            return self._made(lines)
        except OSError as error:
            is_undone = self._is_undone()
            reason = f"{os.strerror(error.errno or 0)} (os error {error.errno})"
            raise ForkFailed(self._target, reason, is_indeterminate=not is_undone) from error
        except BaseException:
            self._is_undone()
            raise

    def _made(self, lines: Iterable[bytes]) -> int:
        folder = _folder(self._target)
        new_names = [self._target, *make_missing(folder, self._undo)]
        unnamed = partial_path(self._target)
        size = self._write(unnamed, lines)
        self._name(unnamed)
        if self._durability.waits_for_disk:
            for name in new_names:
                storage.sync_folder(_folder(name))
        return size

    def _write(self, path: str, lines: Iterable[bytes]) -> int:
        """Writes the lines to a new file and waits for the disk where that is asked for; gives its size."""
        descriptor = storage.create(path)
        self._undo.add(partial(_remove, path))
        try:
            size = sum(write_fully(descriptor, data) for data in _in_writes(lines))
            if self._durability.waits_for_disk:
                storage.sync(descriptor)
        finally:
            with suppress(OSError):  # its bytes are written, and synced where that was asked for
                storage.close(descriptor)
        return size

    def _name(self, path: str) -> None:
        """Gives the file its own name."""
        give_name(path, self._target, self._named)

    def _named(self) -> None:
        self._is_named = True
        self._undo.add(partial(_remove, self._target))

    def _is_undone(self) -> bool:
        """Takes back what was done; tells whether nothing is left, also on the disk."""
        try:
            if not self._undo.take_back():
                return False
            if self._is_named and self._durability.waits_for_disk:
                storage.sync_folder(_folder(self._target))
        except OSError:
            return False
        return True


def _in_writes(lines: Iterable[bytes]) -> Iterator[bytes]:
    """The lines with their line feeds, gathered for few writes."""
    gathered: list[bytes] = []
    size = 0
    for raw in lines:
        gathered += (raw, b"\n")
        size += len(raw) + 1
        if size >= COPY_WRITE_SIZE:
            yield b"".join(gathered)
            gathered.clear()
            size = 0
    if gathered:
        yield b"".join(gathered)


def _remove(path: str) -> None:
    """Takes the name away, which may be gone already: it was renamed, or never came about."""
    with suppress(FileNotFoundError):
        storage.remove(path)


def _folder(path: str) -> str:
    return os.path.dirname(path)  # noqa: PTH120 - paths are plain text in this room
