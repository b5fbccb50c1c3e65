"""Messages on their way to one client, cut into frames as it takes them."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

Piece = bytes | memoryview
"""A part of a message, or of a part."""

END = b"\n"
"""Ends a message, and stands in none: one is a line of JSON."""


@dataclass(frozen=True, slots=True)
class Fragment:
    """What goes into one frame."""

    data: bytes
    is_first: bool
    is_last: bool


class Outbox:
    """What waits for one client; memory is that of the messages themselves, never a copy of them all."""

    def __init__(self, frame_size_max: int) -> None:
        self._frame_size_max = frame_size_max
        self._unfinished: list[bytes] = []
        self._messages: deque[list[Piece]] = deque()
        self._going: Iterator[Fragment] = iter(())
        self.size = 0
        """Bytes that wait."""
        self.size_behind = 0
        """Bytes that wait behind the message that is going out."""

    def put(self, part: bytes) -> bool:
        """Take a message, or a part of one; tells whether a message is whole."""
        self._unfinished.append(part)
        if not part.endswith(END):
            return False
        message: list[Piece] = [*self._unfinished[:-1], part.removesuffix(END)]
        self._unfinished = []
        self._messages.append(message)
        size = sum(map(len, message))
        self.size += size
        self.size_behind += size
        return True

    def next(self) -> Fragment | None:
        """What goes out next."""
        fragment = next(self._going, None)
        if fragment is None and self._messages:
            message = self._messages.popleft()
            self.size_behind -= sum(map(len, message))
            self._going = cut(message, self._frame_size_max)
            fragment = next(self._going)
        if fragment is not None:
            self.size -= len(fragment.data)
        return fragment

    def clear(self) -> None:
        """Forget what waits."""
        self._messages.clear()
        self._going = iter(())
        self.size = self.size_behind = 0


def cut(parts: list[Piece], size: int) -> Iterator[Fragment]:
    """The fragments of a message, each of this size but for the last; takes the parts out of their list."""
    left = sum(map(len, parts))
    is_first = True
    parts.reverse()
    while True:
        data = _take(parts, size)
        left -= len(data)
        yield Fragment(data, is_first, left == 0)
        if left == 0:
            return
        is_first = False


def _take(parts: list[Piece], size: int) -> bytes:
    """So many bytes off the end of a list of parts in reverse, or all that there are."""
    taken: list[Piece] = []
    while parts and size:
        part = parts.pop()
        if len(part) > size:
            view = memoryview(part)
            taken.append(view[:size])
            parts.append(view[size:])
            size = 0
        else:
            taken.append(part)
            size -= len(part)
    return b"".join(taken)
