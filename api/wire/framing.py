"""Cutting what comes in into lines."""

from dataclasses import dataclass

from domain.limits import MESSAGE_SIZE_MAX

HEAD_SIZE = 1024
"""Bytes kept of a line that is too long: its id is mostly among them."""


@dataclass(frozen=True, slots=True)
class Overlong:
    """The beginning of a line that is too long to be read."""

    head: bytes


Line = bytes | Overlong


class LineBuffer:
    """Holds the line that has begun; one over the limit is passed over without being held."""

    def __init__(self, size_max: int = MESSAGE_SIZE_MAX) -> None:
        self._size_max = size_max
        self._parts: list[bytes] = []
        self._size = 0

    def feed(self, data: bytes) -> list[Line]:
        """The lines that are whole now, without their line feeds."""
        *ends, rest = data.split(b"\n")
        lines = []
        for end in ends:
            self._hold(end)
            lines.append(self.finish())
        self._hold(rest)
        return lines

    def finish(self) -> Line:
        """The line that is held, as if it ended here."""
        held = b"".join(self._parts)
        line = held if self._size <= self._size_max else Overlong(held)
        self._parts, self._size = [], 0
        return line

    def _hold(self, data: bytes) -> None:
        self._size += len(data)
        if self._size <= self._size_max:
            self._parts.append(data)
        elif len(self._parts) != 1 or len(self._parts[0]) != HEAD_SIZE:
            self._parts = [b"".join([*self._parts, data[:HEAD_SIZE]])[:HEAD_SIZE]]
