"""The check of a result before it takes the name: no line that parses is lost, and every line parses.

Read from the bytes of both files, not from what the repair believes to have written.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b

from domain.damage.cutting import PartKind
from domain.damage.grammar import Grammar
from domain.damage.steps import Line, LongLine
from domain.lines import BYTE_ORDER_MARK, parse
from rollout.damage.long_lines import long_parts
from rollout.damage.raw_lines import Read, raw_lines

DIGEST_SIZE = 16
WINDOW = 1024 * 1024


class UnfaithfulResult(Exception):
    """A result that must not take the name of its original, and why."""


@dataclass(frozen=True, slots=True)
class Source:
    """The bytes of a file as they are read."""

    read: Read
    size: int


def verify(original: Source, result: Source, grammar: Grammar) -> None:
    """UnfaithfulResult unless each strict line of the original is in the result, in order, byte for byte."""
    written = _result_lines(result, grammar)
    for digest in _strict_lines(original, grammar):
        if not any(digest == other for other in written):
            raise UnfaithfulResult("a line that parses is missing")
    for _ in written:
        """The rest has to parse too."""


def _strict_lines(source: Source, grammar: Grammar) -> Iterator[bytes]:
    return (digest for digest, is_strict in _digests(source, grammar) if is_strict)


def _result_lines(source: Source, grammar: Grammar) -> Iterator[bytes]:
    for digest, is_strict in _digests(source, grammar):
        if not is_strict:
            raise UnfaithfulResult("a line does not parse")
        yield digest
    if source.size and source.read(1, source.size - 1) != b"\n":
        raise UnfaithfulResult("the last line has no line feed")


def _digests(source: Source, grammar: Grammar) -> Iterator[tuple[bytes, bool]]:
    """Of each line its digest, and whether it is a strict object."""
    for line in raw_lines(source.read, source.size):
        if isinstance(line, Line):
            raw = line.raw.removeprefix(BYTE_ORDER_MARK) if line.offset == 0 else line.raw
            yield blake2b(raw, digest_size=DIGEST_SIZE).digest(), parse(raw) is not None
        else:
            yield _long_digest(source, line), _is_whole(source, line, grammar)


def _long_digest(source: Source, line: LongLine) -> bytes:
    digest = blake2b(digest_size=DIGEST_SIZE)
    end = line.offset + line.length
    for at in range(line.offset, end, WINDOW):
        digest.update(source.read(min(WINDOW, end - at), at))
    return digest.digest()


def _is_whole(source: Source, line: LongLine, grammar: Grammar) -> bool:
    parts = long_parts(source.read, line, grammar)
    return len(parts) == 1 and parts[0].kind is PartKind.RECORD and parts[0].end == line.length
