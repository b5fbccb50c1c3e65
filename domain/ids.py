"""Thread ids as clients write them: UUIDs in four forms.

Plain (`8-4-4-4-12`), 32 digits, `{plain}` and `urn:uuid:plain`, digits in any case. Everything else is
refused with the reason that release 0.131.0 gives.
"""

import re
from uuid import UUID

from domain.errors import InvalidThreadId

PREFIX = "urn:uuid:"
PLAIN_LENGTH = 36
GROUP_LENGTHS = (8, 4, 4, 4, 12)

_PLAIN = "-".join(f"[0-9a-fA-F]{{{length}}}" for length in GROUP_LENGTHS)
_FORMS = re.compile(rf"[0-9a-fA-F]{{32}}|{_PLAIN}|\{{{_PLAIN}\}}|{PREFIX}{_PLAIN}")
_STRANGE = re.compile(r"[^0-9a-fA-F-]")


def parse_thread_id(text: str) -> UUID:
    """The id that a text names in one of the four forms."""
    if _FORMS.fullmatch(text) is None:
        raise InvalidThreadId(_reason(text))
    return UUID(text)


def _reason(text: str) -> str:
    body, before = _unwrapped(text)
    if before and _size(body) == PLAIN_LENGTH:
        # The reference reads a body of the right length by itself, and counts from its first character.
        return _reason(body)
    if strange := _STRANGE.search(body):
        place = before + _size(body[: strange.start()]) + 1
        return (
            f"invalid character: expected an optional prefix of `{PREFIX}` followed by [0-9a-fA-F-], "
            f"found `{strange[0]}` at {place}"
        )
    groups = body.split("-")
    if len(groups) == 1 and not before:
        return f"invalid length: expected length 32 for simple format, found {len(text)}"
    if len(groups) != len(GROUP_LENGTHS):
        return f"invalid group count: expected {len(GROUP_LENGTHS)}, found {len(groups)}"
    return _group_reason(groups, len(text))


def _group_reason(groups: list[str], length: int) -> str:
    """The first group that ends at the wrong place; the last one is measured to the end of the whole text."""
    last = len(GROUP_LENGTHS) - 1
    lengths = [*map(len, groups[:last]), length - (PLAIN_LENGTH - GROUP_LENGTHS[last])]
    wrong = (index for index in range(last) if lengths[index] != GROUP_LENGTHS[index])
    index = next(wrong, last)
    return f"invalid group length in group {index}: expected {GROUP_LENGTHS[index]}, found {lengths[index]}"


def _unwrapped(text: str) -> tuple[str, int]:
    """What stands between braces or behind the prefix, and how many bytes stand before it."""
    if len(text) > 1 and text.startswith("{") and text.endswith("}"):
        return text[1:-1], 1
    if text.startswith(PREFIX):
        return text.removeprefix(PREFIX), len(PREFIX)
    return text, 0


def _size(text: str) -> int:
    """Bytes of UTF-8; an argument of the command line may hold surrogates."""
    return len(text.encode("utf-8", "surrogatepass"))


def new_thread_id(now_ms: int, random_bits: int) -> UUID:
    """A UUID of version 7: the time in milliseconds, then 74 random bits."""
    high, low = random_bits >> 62, random_bits & (2**62 - 1)
    return UUID(int=now_ms << 80 | 0x7 << 76 | (high & 0xFFF) << 64 | 0b10 << 62 | low)
