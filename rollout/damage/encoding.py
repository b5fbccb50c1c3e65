"""Files in another encoding than UTF-8: how they are known, and how they are read."""

import codecs
from collections.abc import Iterator

from rollout.damage.raw_lines import Read

WINDOW = 1024 * 1024

MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""Byte order marks, the longer first."""

UNMARKED = ((b'{\0"\0', "utf-16-le"), (b'\0{\0"', "utf-16-be"))
"""How a rollout without a mark begins."""


def encoding_of(read: Read) -> str | None:
    """The encoding that the first bytes tell; None for anything that may be UTF-8."""
    first = read(4, 0)
    return next((name for mark, name in (*MARKS, *UNMARKED) if first.startswith(mark)), None)


def is_utf16(read: Read) -> bool:
    """Whether the file is text in an encoding of two or four bytes a character."""
    return encoding_of(read) is not None


def transcoded(read: Read, size: int, encoding: str) -> Iterator[bytes]:
    """The file's text as UTF-8, piece by piece; what is no text becomes U+FFFD."""
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    for at in range(0, size, WINDOW):
        piece = read(min(WINDOW, size - at), at)
        yield decoder.decode(piece).encode("utf-8", "replace")
    yield decoder.decode(b"", final=True).encode("utf-8", "replace")
