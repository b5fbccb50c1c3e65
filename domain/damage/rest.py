"""What a rest is: bytes between records, by how they begin and what they hold."""

import orjson

from domain.damage.cutting import is_deep
from domain.damage.finding import DamageClass
from domain.damage.grammar import Grammar
from domain.lines import PREFIX_AT

SEPARATORS = b"[], \t\r"
SEPARATOR_SIZE_MAX = 64
"""What writers of JSON arrays put around records: nothing is lost with it."""


def kind_of_rest(raw: bytes, grammar: Grammar, following: bytes) -> tuple[DamageClass, bool]:
    """What the bytes are, and whether every record that they held is whole nevertheless.

    `following` is the record directly behind them on their line, empty when there is none.
    """
    if is_json(raw):
        return DamageClass.NON_OBJECT, True
    if is_separator(raw):
        return DamageClass.FOREIGN_TEXT, True
    if is_deep(raw):
        return DamageClass.DEEP_NESTING, not grammar.starts.match(raw)
    if raw.startswith(b"{"):
        return _of_torn(raw, following)
    if b'":' in raw or raw.endswith(b"}"):
        return DamageClass.HEADLESS_RECORD, False
    return DamageClass.FOREIGN_TEXT, b'"' not in raw


def is_separator(raw: bytes) -> bool:
    """Whether there is nothing but brackets and commas of an array."""
    return len(raw) <= SEPARATOR_SIZE_MAX and not raw.strip(SEPARATORS)


def _of_torn(raw: bytes, following: bytes) -> tuple[DamageClass, bool]:
    """A record that stops; the beginning of the next one when it goes beyond its time, which others share."""
    if following:
        is_retried = len(raw) > PREFIX_AT and following.startswith(raw)
        return (DamageClass.GLUED_RETRY if is_retried else DamageClass.TORN_RECORD), is_retried
    return (DamageClass.BROKEN_RECORD if raw.endswith(b"}") else DamageClass.TORN_RECORD), False


def is_json(raw: bytes) -> bool:
    """Whether it is one strict JSON value."""
    try:
        orjson.loads(raw)
    except orjson.JSONDecodeError:
        return False
    return True
