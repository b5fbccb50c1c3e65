"""The topic of a line, told by its first bytes where the writer wrote them as it always does.

Naming a line must not cost parsing it: a filter by topic runs over every line of a log. A line is
canonical when it begins with timestamp, ordinal (newer releases), type and the payload's type, in this
order and without spaces, and ends as an object within an object does. It is then taken at its word, as
in `domain/lines`; every other line is parsed, so a foreign writer costs speed, never correctness.
"""

import re

from domain.lines import TAGGED, parse, topic_of

HEAD = "session_meta"
"""The topic of a log's first line."""

_CANONICAL = re.compile(
    rb'\{"timestamp":"[^"\\]*",(?:"ordinal":\d+,)?"type":"(\w+)","payload":\{(?:"type":"(\w+)")?'
)
_END = b"}}"


def topic_of_raw(raw: bytes) -> str:
    """The wire tag of a line of bytes; that of `topic_of` for what it holds."""
    begins = _CANONICAL.match(raw)
    if begins is None or not raw.endswith(_END):
        return topic_of(parse(raw))
    kind = begins[1].decode()
    if kind not in TAGGED:
        return kind
    if begins[2] is None:
        return topic_of(parse(raw))
    return f"{kind}:{begins[2].decode()}"


def is_head(raw: bytes) -> bool:
    """Whether the line may be the first of a log."""
    return topic_of_raw(raw) == HEAD
