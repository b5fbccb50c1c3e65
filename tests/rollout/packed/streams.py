"""Zstd streams of every kind that a writer may make, and some that nobody should."""

import struct
from collections.abc import Callable
from pathlib import Path
from random import Random

from zstandard import ZstdCompressionParameters, ZstdCompressor

Stream = Callable[[bytes], bytes]

RANDOM = Random(1)

MAGIC = struct.pack("<I", 0xFD2FB528)


def log_of(size: int) -> bytes:
    """Lines of at least so many bytes together, some of them long, that pack about as real ones do."""
    parts, count = [], 0
    while count < size:
        words = RANDOM.choices(("alpha", "beta", str(RANDOM.random())), k=RANDOM.choice((3, 20, 2000)))
        parts.append(f'{{"timestamp":"t","type":"x","payload":"{" ".join(words)}"}}\n'.encode())
        count += len(parts[-1])
    return b"".join(parts)


def frame(data: bytes, *, level: int = 3, has_size: bool = True, has_checksum: bool = False) -> bytes:
    """One frame."""
    return ZstdCompressor(level, write_content_size=has_size, write_checksum=has_checksum).compress(data)


def frames(data: bytes, count: int = 4) -> bytes:
    """The same in several frames."""
    size = len(data) // count + 1
    return b"".join(frame(data[at : at + size], has_checksum=True) for at in range(0, len(data), size))


def streamed(data: bytes, window_log: int = 20) -> bytes:
    """As a writer does that does not know how much will come."""
    parameters = ZstdCompressionParameters(
        window_log=window_log, write_checksum=True, write_content_size=False
    )
    packing = ZstdCompressor(compression_params=parameters).compressobj()
    return packing.compress(data) + packing.flush()


def skippable(data: bytes, kind: int = 0) -> bytes:
    """A frame that holds no log."""
    return struct.pack("<II", 0x184D2A50 + kind, len(data)) + data


def stored(data: bytes, window: int = 0x50) -> bytes:
    """A frame of blocks that are not packed; the byte tells the window."""
    blocks = [data[at : at + 1000] for at in range(0, len(data), 1000)] or [b""]
    head = MAGIC + bytes([0, window])
    return head + b"".join(
        (len(block) << 3 | (block is blocks[-1])).to_bytes(3, "little") + block for block in blocks
    )


def repeated(byte: bytes, size: int) -> bytes:
    """A frame whose blocks are one byte again and again, 100 KB at once: the cheapest bomb."""
    blocks = size // 100_000
    one = (100_000 << 3 | 2).to_bytes(3, "little") + byte
    last = (100_000 << 3 | 3).to_bytes(3, "little") + byte
    return MAGIC + bytes([0, 0x58]) + one * (blocks - 1) + last


WHOLE: dict[str, Stream] = {
    "one frame": frame,
    "a checksum": lambda data: frame(data, has_checksum=True),
    "no content size": lambda data: frame(data, has_size=False),
    "streamed": streamed,
    "a window of 128 MiB": lambda data: streamed(data, 27),
    "hard packed": lambda data: frame(data, level=12),
    "several frames": frames,
    "a skippable frame first": lambda data: skippable(b"what is this") + frame(data),
    "skippable frames between and behind": lambda data: (
        frame(data[:7]) + skippable(b"", 15) + frame(data[7:]) + skippable(frame(b"no"))
    ),
    "an empty frame first": lambda data: frame(b"") + frame(data),
    "stored blocks": stored,
    "more frames than lines": lambda data: b"".join(
        frame(data[at : at + 997]) for at in range(0, len(data), 997)
    ),
}

BROKEN: dict[str, tuple[Stream, str]] = {
    "empty": (lambda data: b"", "the file is empty"),
    "no zstd": (lambda data: data, "unknown frame descriptor"),
    "half a magic number": (lambda data: MAGIC[:2], "incomplete frame"),
    "a head alone": (lambda data: frame(data)[:6], "incomplete frame"),
    "cut in the middle": (lambda data: frame(data)[: len(frame(data)) // 2], "incomplete frame"),
    "cut by a byte": (lambda data: frame(data, has_checksum=True)[:-1], "incomplete frame"),
    "a skippable frame that is cut": (lambda data: skippable(data)[:-1], "incomplete frame"),
    "half a skippable head": (lambda data: skippable(data)[:6], "incomplete frame"),
    "a reserved block": (lambda data: MAGIC + bytes([0, 0x50, 6, 0, 0]), "corrupted block"),
    "a window of 256 MiB": (lambda data: stored(data, 0x90), "memory"),
    "another frame that is cut": (lambda data: frame(data) + frame(data)[:-1], "incomplete frame"),
    "garbage behind": (lambda data: frame(data) + b"garbage!", "unknown frame descriptor"),
    "lines behind": (lambda data: frame(data) + data, "unknown frame descriptor"),
    "zeros behind": (lambda data: frame(data) + bytes(4096), "unknown frame descriptor"),
    "a wrong checksum": (lambda data: flipped(frame(data, has_checksum=True)), "checksum"),
}
"""What does not unpack to its end, and a word of why."""

READABLE_AT_FIRST = (
    "cut by a byte",
    "another frame that is cut",
    "garbage behind",
    "lines behind",
    "zeros behind",
)
"""Those in which all of the log stands before the damage; release 0.169.0 lists such a thread."""


def flipped(data: bytes) -> bytes:
    """With its last byte another."""
    return data[:-1] + bytes([data[-1] ^ 1])


def packed_file(path: Path, stream: bytes) -> Path:
    """The packed file of a log."""
    made = Path(f"{path}.zst")
    made.parent.mkdir(parents=True, exist_ok=True)
    made.write_bytes(stream)
    return made
