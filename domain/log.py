"""What the rooms say to each other about the log: files, slices, segments and ranges.

The recorder writes it, the read models read it; they meet in these values and protocols, so that
neither imports the other.
"""

import io
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True, slots=True)
class FileState:
    """What `stat` says of a file: enough to notice growth, replacement and rewriting."""

    device: int
    inode: int
    size: int
    mtime_ns: int
    ctime_ns: int

    def text(self) -> str:
        """The facts as one text, to be stored and compared."""
        return f"{self.device}:{self.inode}:{self.size}:{self.mtime_ns}:{self.ctime_ns}"

    def digest(self) -> int:
        """The facts as 64 bits, signed: enough to see that they are others."""
        return int.from_bytes(blake2b(self.text().encode(), digest_size=8).digest(), signed=True)

    @classmethod
    def of_text(cls, text: str) -> "FileState":
        """The facts of a stored text."""
        return cls(*map(int, text.split(":")))

    def is_same_file(self, other: "FileState") -> bool:
        """Whether both are of one file, whatever happened to it between."""
        return self.device == other.device and self.inode == other.inode


@dataclass(frozen=True, slots=True)
class LogSlice:
    """A run of whole lines of one file: their bytes, and where they begin and end.

    `start` is the offset of the first byte, `end` the one behind the last, `first_line` the number of
    the first line (from 1). Every line in `data` ends with a line feed. A line over the size limit is
    alone in its slice and stands there as an empty one: only then is `data` shorter than `end - start`.
    """

    start: int
    end: int
    first_line: int
    data: bytes
    lines: Sequence[bytes] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "lines", io.BytesIO(self.data).readlines())

    @property
    def is_overlong(self) -> bool:
        """Whether this stands for a line over the size limit."""
        return len(self.data) < self.end - self.start

    @property
    def line_count(self) -> int:
        """How many lines there are."""
        return len(self.lines)

    def __iter__(self) -> Iterator[bytes]:
        """The lines, each with its line feed."""
        return iter(self.lines)


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of lines of one file that was found at one time; line k of it has position `first_position + k`.

    Positions run through the whole log in the order of finding, start at 1, and mean something only
    inside one index file. `marks` are (line number, offset) pairs along the way, the segment's own start
    not among them.
    """

    first_position: int
    line_count: int
    file_id: int
    first_line: int
    start: int
    end: int
    marks: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class LogFile:
    """A catalogued rollout file: how far its lines have positions.

    `thread_id` is the one in the file's name: the originator of its lines. `path` is absolute.
    `end` is the offset behind the last catalogued line, `line_count` how many lines that is.
    """

    file_id: int
    thread_id: UUID
    path: str
    end: int
    line_count: int
    state: FileState


@dataclass(frozen=True, slots=True)
class RolloutPlace:
    """A rollout file as it was found: where, and what its name tells.

    `path` is the name of the plain log, `state` what `stat` says of the file that is there, which
    `is_packed` when only the packed one is. `is_listable`: the name is well-formed and the file lies where
    lists look. `started_s` is the second that the name tells, as if it were UTC; `thread_id` and
    `rollout_id` the thread and the log that it tells.
    """

    path: str
    is_archived: bool
    is_listable: bool
    started_s: int
    thread_id: UUID
    state: FileState
    rollout_id: UUID
    is_packed: bool = False


@dataclass(frozen=True, slots=True)
class Base:
    """A log that another one goes on from, as far as it counts there (dialects.md, section 6).

    Its bytes are read at the offsets from `start` on, which is below 0: the log that goes on begins at 0, and
    what it goes on from lies before it. The first `size` bytes count, whole lines, those whose ordinals are
    greater than `floor` and less than `end_ordinal`. `path` is None when the log is missing; `is_whole` tells
    whether it has all that was asked of it. `seam` is `OpenLog.seam(size)` of it.
    """

    rollout_id: UUID
    path: str | None
    state: FileState | None
    seam: int
    start: int
    size: int
    floor: int
    end_ordinal: int
    is_whole: bool


Bases = tuple[Base, ...]
"""All that a log goes on from, the oldest first."""


class OpenLog(Protocol):
    """One rollout file, open for reading: everything is read from the file that was opened.

    With bases it is one log with them: offsets below 0 are theirs.
    """

    @property
    def path(self) -> str:
        """Its absolute path."""

    @property
    def state(self) -> FileState:
        """What `stat` said at the last look; the first is that of opening."""

    @property
    def begin(self) -> int:
        """The offset of the first byte: below 0 when there are bases."""

    @property
    def size(self) -> int:
        """Bytes of the log as of the last look, unpacked; UnreadableThread when a packed one is damaged."""

    @property
    def is_packed(self) -> bool:
        """Whether the file is a packed one: `state` is that of the packed bytes, all else the log's."""

    def look(self) -> FileState:
        """What `stat` says now; reading goes as far as the file goes then."""

    def slices(self, start: int, first_line: int) -> Iterator[LogSlice]:
        """The whole lines from an offset on, which is the beginning of that line."""

    def tail(self, start: int) -> bytes:
        """What stands behind the last line feed, `start` being the offset behind it."""

    def read(self, at: int, size: int) -> bytes:
        """These bytes; fewer when the file has become shorter."""

    def kept_between(self, start: int, end: int) -> int:
        """How many lines between two line beginnings are kept, each read in full."""

    def seam(self, end: int) -> int:
        """A checksum of what an append leaves alone: bytes before `end`."""


class Log(Protocol):
    """The rollout files of a home."""

    def open(self, path: str) -> AbstractContextManager[OpenLog]:
        """Open one file; UnreadableThread when that fails, FileNotFoundError when it is gone."""
        ...

    def state_of(self, path: str) -> FileState | None:
        """What `stat` says of a path now; None when nothing is there."""


class HomeLog(Log, Protocol):
    """The rollout files of a home, each together with what it goes on from."""

    def open(self, path: str, bases: Bases = ()) -> AbstractContextManager[OpenLog]:
        """Open one file; UnreadableThread when that fails, FileNotFoundError when it is gone.

        A base is opened when something of it is read: UnreadableThread when that fails.
        """
        ...

    def joined(self, source: OpenLog, bases: Bases) -> AbstractContextManager[OpenLog]:
        """An open file together with its bases."""
        ...

    def bases_of(self, first: LogSlice) -> Bases:
        """All that the log goes on from that begins with these lines, if its first line names it."""
        ...

    def renewed(self, bases: Bases) -> Bases | None:
        """The same bases where they lie now; None when they do not hold what they held."""
        ...
