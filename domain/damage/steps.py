"""What becomes of a file, step by step: what is kept, written and cut out, in the order of the file."""

from dataclasses import dataclass

from domain.damage.finding import Finding


@dataclass(frozen=True, slots=True)
class Keep:
    """The bytes from `start` to `end` stay as they are; `is_ended` when a line feed is among them."""

    start: int
    end: int
    is_ended: bool


@dataclass(frozen=True, slots=True)
class Write:
    """A record in other bytes, without its line feed."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Cut:
    """The bytes from `start` to `end` are taken out; zeros need not be kept, their place says it all."""

    start: int
    end: int
    is_zeros: bool = False


Step = Keep | Write | Cut | Finding


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it was read: its number from 1, where it begins, its bytes without line feed."""

    number: int
    offset: int
    raw: bytes
    is_ended: bool

    @property
    def end(self) -> int:
        """The offset behind it, its line feed included."""
        return self.offset + len(self.raw) + self.is_ended


@dataclass(frozen=True, slots=True)
class LongLine:
    """A line too long to be held: its number from 1, where it begins, its size without line feed."""

    number: int
    offset: int
    length: int
    is_ended: bool
