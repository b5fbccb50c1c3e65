"""Copying a thread's log for a fork: wholly or not at all, and never seen half done.

    folders ─ as far as they are missing
    write ─── to a name that holds no thread id and no ending of a rollout, which no reader takes
    sync ──── the bytes
    rename ── to the name of the fork, never onto one that is taken
    sync ──── the folders of the new names

A step that fails takes back those before it. A program that dies in between leaves at most a file that
nobody reads. The source is read as far as it goes when it is opened, and may grow meanwhile.
"""

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

import orjson

from domain.durability import Durability
from domain.errors import ForkFailed, HeadMissing
from domain.limits import COPY_WRITE_SIZE
from domain.lines import BYTE_ORDER_MARK
from domain.log import OpenLog
from domain.thread.copied_line import copy_line
from domain.thread.last_turn import LastTurn
from domain.topics import is_head
from rollout.log import RolloutLog
from rollout.writing import storage
from rollout.writing.missing_folders import make_missing
from rollout.writing.partial import give_name, partial_path, write_fully
from rollout.writing.undo import Undo


@dataclass(frozen=True, slots=True)
class Copied:
    """A finished copy: its bytes, its lines, and whether its last turn was given the end it had not."""

    size: int
    line_count: int
    is_interrupted: bool


def copy_log(source: str, target: str, head_line: bytes, now: str, durability: Durability) -> Copied:
    """Writes a fork's file: `head_line`, what it takes over of the source, and the end of its last turn.

    `now` is RFC 3339 with milliseconds and Z. FileNotFoundError when the source is gone, UnreadableThread
    when it cannot be read, HeadMissing when the head is none, and ForkFailed when the file cannot be
    written; none of them leaves anything behind, but a ForkFailed that says so.
    """
    if not is_head(head_line):
        raise HeadMissing(target)
    with RolloutLog().open(source) as reader:
        return _Copy(target, durability).carry_out(_Lines(reader, head_line, now))


class _Lines:
    """The lines of the copy, one after the other; afterwards, how many they were."""

    def __init__(self, reader: OpenLog, head_line: bytes, now: str) -> None:
        self.count = 0
        self.is_interrupted = False
        self._reader = reader
        self._head_line = head_line
        self._now = now
        self._last_turn = LastTurn()

    def __iter__(self) -> Iterator[bytes]:
        for raw in self._all():
            self.count += 1
            yield raw

    def _all(self) -> Iterator[bytes]:
        yield self._head_line
        for raw in self._source_lines():
            line = copy_line(raw, self._now)
            if line is not None:
                self._last_turn.take(line.topic, line.payload)
                yield line.raw
        for line_type, payload in self._last_turn.missing_end():
            self.is_interrupted = True
            yield orjson.dumps({"timestamp": self._now, "type": line_type, "payload": payload})

    def _source_lines(self) -> Iterator[bytes]:
        end = 0
        for piece in self._reader.slices(0, 1):
            for number, raw in enumerate(piece):
                yield raw.removeprefix(BYTE_ORDER_MARK) if piece.start == number == 0 else raw
            end = piece.end
        yield self._reader.tail(end)


class _Copy:
    """The way of a new file to its name."""

    def __init__(self, target: str, durability: Durability) -> None:
        self._target = target
        self._durability = durability
        self._undo = Undo()
        self._is_named = False

    def carry_out(self, lines: _Lines) -> Copied:
        """Makes the file; an error of the lines passes through, every other is a ForkFailed."""
        try:
            return self._made(lines)
        except OSError as error:
            is_undone = self._is_undone()
            reason = f"{os.strerror(error.errno or 0)} (os error {error.errno})"
            raise ForkFailed(self._target, reason, is_indeterminate=not is_undone) from error
        except BaseException:
            self._is_undone()
            raise

    def _made(self, lines: _Lines) -> Copied:
        folder = _folder(self._target)
        new_names = [self._target, *make_missing(folder, self._undo)]
        unnamed = partial_path(self._target)
        size = self._write(unnamed, lines)
        self._name(unnamed)
        if self._durability.waits_for_disk:
            for name in new_names:
                storage.sync_folder(_folder(name))
        return Copied(size, lines.count, lines.is_interrupted)

    def _write(self, path: str, lines: _Lines) -> int:
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


def _in_writes(lines: _Lines) -> Iterator[bytes]:
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
