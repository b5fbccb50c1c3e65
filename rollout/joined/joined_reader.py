"""A log and what it goes on from, read as one: the bases lie at offsets below 0."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack

from domain.errors import UnreadableThread
from domain.log import Base, Bases, FileState, LogSlice, OpenLog

Opened = Callable[[str], AbstractContextManager[OpenLog]]


class JoinedReader:
    """An open log with its bases, each of which is opened when something of it is read."""

    def __init__(self, source: OpenLog, bases: Bases, opened: Opened, closing: ExitStack) -> None:
        self._source = source
        self._bases = bases
        self._opened = opened
        self._closing = closing
        self._open: dict[int, OpenLog] = {}

    @property
    def path(self) -> str:
        """The path of the log itself."""
        return self._source.path

    @property
    def state(self) -> FileState:
        """What `stat` said of the log itself at the last look."""
        return self._source.state

    @property
    def begin(self) -> int:
        """The offset of the first byte of the oldest base."""
        return self._bases[0].start

    @property
    def size(self) -> int:
        """The offset behind the last byte."""
        return self._source.size

    @property
    def is_packed(self) -> bool:
        """Whether the log itself is a compressed one."""
        return self._source.is_packed

    def look(self) -> FileState:
        """What `stat` says of the log itself now."""
        return self._source.look()

    def slices(self, start: int, first_line: int) -> Iterator[LogSlice]:
        """The whole lines from an offset on; those of bases have no numbers of their own and begin at 1."""
        for base in self._bases:
            if start < base.start + base.size:
                yield from self._slices_of(base, max(start, base.start))
        yield from self._source.slices(max(start, 0), first_line)

    def tail(self, start: int) -> bytes:
        """What stands behind the last line feed."""
        return self._source.tail(start)

    def read(self, at: int, size: int) -> bytes:
        """These bytes, of one log: no line lies in two."""
        if at >= 0:
            return self._source.read(at, size)
        parts = []
        for base in self._bases:
            start, end = max(at, base.start), min(at + size, base.start + base.size)
            if start < end:
                parts.append(self._read_of(base, start - base.start, end - start))
        if at + size > 0:
            parts.append(self._source.read(0, at + size))
        return b"".join(parts)

    def kept_between(self, start: int, end: int) -> int:
        """How many lines of the log itself are kept between two offsets."""
        return self._source.kept_between(start, end)

    def seam(self, end: int) -> int:
        """A checksum of what an append to the log itself leaves alone."""
        return self._source.seam(end)

    def _reader(self, base: Base) -> OpenLog:
        reader = self._open.get(base.start)
        if reader is None:
            if base.path is None:
                raise UnreadableThread(self.path, f"the log {base.rollout_id} is missing")
            try:
                reader = self._closing.enter_context(self._opened(base.path))
            except FileNotFoundError:
                raise UnreadableThread(self.path, f"the log {base.rollout_id} is missing") from None
            self._open[base.start] = reader
        return reader

    def _slices_of(self, base: Base, start: int) -> Iterator[LogSlice]:
        """The lines of a base from an offset on, as far as they count."""
        reader, inner = self._reader(base), start - base.start
        for piece in reader.slices(inner, 1):
            if piece.end > base.size:
                data = piece.data[: base.size - piece.start]
                if data:
                    yield LogSlice(base.start + piece.start, base.start + base.size, 1, data)
                return
            yield LogSlice(base.start + piece.start, base.start + piece.end, 1, piece.data)
            inner = piece.end
        if inner < base.size:  # a last line that lacks its line feed
            data = self._read_of(base, inner, base.size - inner)
            yield LogSlice(base.start + inner, base.start + base.size, 1, data)

    def _read_of(self, base: Base, at: int, size: int) -> bytes:
        """Bytes of a base; the line feed that its last line lacks is among what counts."""
        data = self._reader(base).read(at, size)
        return data + b"\n" if len(data) == size - 1 and at + size == base.size else data
