"""The seal of an index: a checksum of its pages, by which damage is known that SQLite cannot see.

SQLite has no checksums: a flipped bit in a row is served as it stands. So whoever changes the database file
seals it. The file changes at checkpoints alone, which are ours to make (`sealed_store`); the write-ahead log
has checksums of its own. The sum is of numbers for single pages, so that a checkpoint costs the pages that
it writes, and a page that was damaged before stays so.
"""

import os
import struct
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from zlib import crc32

import orjson

SEAL_SUFFIX = "-seal"
WAL_SUFFIX = "-wal"

PAGE_SIZE = 4096
"""SQLite's default, and so that of every index."""

PAGES_AT_ONCE = 64

WAL_HEADER_SIZE = 32
FRAME_HEADER_SIZE = 24

MODULUS = 1 << 64


@dataclass(frozen=True, slots=True)
class Seal:
    """What a database file was when it was sealed: which file, as of when, and the sum of its pages.

    `pending` are pages that a checkpoint was about to write: their numbers are not in the sum.
    """

    device: int
    inode: int
    mtime_ns: int
    total: int
    pending: tuple[int, ...] = ()

    def is_of(self, found: os.stat_result) -> bool:
        """Whether it is about this file, whatever that holds by now."""
        return (self.device, self.inode) == (found.st_dev, found.st_ino)

    def is_fresh(self, found: os.stat_result) -> bool:
        """Whether nothing was written to the file since."""
        return self.is_of(found) and self.mtime_ns == found.st_mtime_ns and not self.pending

    def is_kept(self, path: Path) -> bool:
        """Whether every page is what it was, those that are pending aside."""
        return _sum(path, frozenset(self.pending)) == self.total

    def opened(self, path: Path, pages: Iterable[int]) -> "Seal":
        """The seal while these pages are written."""
        new = frozenset(pages) - frozenset(self.pending)
        total = (self.total - _sum_of(path, new)) % MODULUS
        return replace(self, total=total, pending=(*self.pending, *sorted(new)))

    def closed(self, path: Path) -> "Seal":
        """The seal once the pending pages are written."""
        total = (self.total + _sum_of(path, self.pending)) % MODULUS
        found = path.stat()
        return Seal(found.st_dev, found.st_ino, found.st_mtime_ns, total)


def seal_of(path: Path) -> Seal:
    """The seal of a file as it is."""
    total, found = _sum(path, frozenset()), path.stat()
    return Seal(found.st_dev, found.st_ino, found.st_mtime_ns, total)


def read_seal(path: Path) -> Seal | None:
    """The seal that lies beside an index; None when none can be read that is of this very file."""
    try:
        fields = orjson.loads(path.with_name(path.name + SEAL_SUFFIX).read_bytes())
        device, inode, mtime_ns, total = map(int, fields[:4])
        seal = Seal(device, inode, mtime_ns, total, tuple(map(int, fields[4])))
        return seal if seal.is_of(path.stat()) else None
    except (OSError, ValueError, TypeError, KeyError, IndexError):
        return None


def write_seal(path: Path, seal: Seal) -> None:
    """Put the seal beside the index, whole or not at all; one that is lost costs a longer look."""
    beside = path.with_name(path.name + SEAL_SUFFIX)
    part = beside.with_name(beside.name + "-new")
    fields = [seal.device, seal.inode, seal.mtime_ns, seal.total, seal.pending]
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(orjson.dumps(fields))
    part.replace(beside)


def break_seal(path: Path) -> None:
    """Remove the seal: what is there is to be looked at anew."""
    with suppress(OSError):
        path.with_name(path.name + SEAL_SUFFIX).unlink(missing_ok=True)


def wal_size(path: Path) -> int:
    """Bytes of the write-ahead log of an index."""
    try:
        return os.stat(f"{path}{WAL_SUFFIX}").st_size  # noqa: PTH116 - once a transaction
    except OSError:
        return 0


def wal_pages(path: Path) -> set[int]:
    """The pages that a checkpoint may write, those of frames that do not count any more among them."""
    pages: set[int] = set()
    try:
        with Path(f"{path}{WAL_SUFFIX}").open("rb") as log:
            at = WAL_HEADER_SIZE
            while len(header := os.pread(log.fileno(), 4, at)) == 4:  # noqa: PLR2004 - a page number
                pages.add(struct.unpack(">I", header)[0])
                at += FRAME_HEADER_SIZE + PAGE_SIZE
    except FileNotFoundError:
        pass
    return pages


def _sum(path: Path, left_out: frozenset[int]) -> int:
    total, number = 0, 0
    with path.open("rb", buffering=0) as file:
        while block := file.read(PAGES_AT_ONCE * PAGE_SIZE):
            for at in range(0, len(block), PAGE_SIZE):
                number += 1
                if number not in left_out:
                    total += _number_of(number, block[at : at + PAGE_SIZE])
    return total % MODULUS


def _sum_of(path: Path, pages: Iterable[int]) -> int:
    with path.open("rb", buffering=0) as file:
        return sum(_number_of(page, _page(file.fileno(), page)) for page in set(pages)) % MODULUS


def _page(descriptor: int, page: int) -> bytes:
    return os.pread(descriptor, PAGE_SIZE, (page - 1) * PAGE_SIZE) if page > 0 else b""


def _number_of(page: int, data: bytes) -> int:
    """A number for one page at its place; 0 for one that is not there."""
    return (crc32(data) + 1) * (2 * page + 1) if data else 0
