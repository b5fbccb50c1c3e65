"""Copying a thread's log for a fork: what the fork takes over of it, as release 0.131.0 writes that.

The source is read as far as it goes when it is opened, and may grow meanwhile.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import orjson

from domain.durability import Durability
from domain.errors import HeadMissing
from domain.lines import BYTE_ORDER_MARK
from domain.log import OpenLog
from domain.thread.copied_line import copy_line
from domain.thread.last_turn import LastTurn
from domain.topics import is_head
from rollout.log import RolloutLog
from rollout.writing.new_log import NewLog


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
        lines = _Lines(reader, head_line, now)
        size = NewLog(target, durability).write(lines)
        return Copied(size, lines.count, lines.is_interrupted)


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
