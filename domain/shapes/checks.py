"""The words that shapes are written in: small checks of parsed JSON, compiled once to closures.

A check answers whether a value fits. An absent field is checked as `MISSING`, which fits nothing, so a
required field needs no rule of its own. Nothing here raises, whatever JSON it is given.

Types are compared by identity: JSON gives no subclasses, and a bool must not pass for an integer.
"""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final

Check = Callable[[object], bool]
Fields = Mapping[str, Check]

MISSING: Final = object()
"""Stands for the value of an absent field."""

IDS_REMEMBERED = 64
"""Texts of which it is remembered whether they are ids: a log has few of them at a time."""

UUID_FORM = re.compile(
    r"[0-9a-fA-F]{32}"
    r"|(?P<open>\{)?[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}(?(open)\})"
    r"|urn:uuid:[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
)
"""The four written forms of an id: hyphenated, bare, in braces, as a URN."""

UUID_LENGTH_MAX = len("urn:uuid:00000000-0000-0000-0000-000000000000")


def anything(value: object) -> bool:
    """Any JSON value, null too."""
    return value is not MISSING


def string(value: object) -> bool:
    """A string."""
    return type(value) is str


def boolean(value: object) -> bool:
    """True or false."""
    return type(value) is bool


def number(value: object) -> bool:
    """A number, whole or not."""
    return type(value) is float or type(value) is int


def uuid(value: object) -> bool:
    """An id in any of its written forms."""
    return type(value) is str and len(value) <= UUID_LENGTH_MAX and _is_uuid(value)


@lru_cache(maxsize=IDS_REMEMBERED)
def _is_uuid(text: str) -> bool:
    """The same of a text; most lines of a log tell the ids of the line before."""
    return UUID_FORM.fullmatch(text) is not None


def absolute_path(value: object) -> bool:
    """An absolute path; `~` does not count as one."""
    return type(value) is str and value.startswith("/")


def whole(lowest: int, highest: int) -> Check:
    """A whole number in this range; `1.0` is none, and beyond 64 bit the parser gives floats."""

    def check(value: object) -> bool:
        return type(value) is int and lowest <= value <= highest

    return check


i32 = whole(-(2**31), 2**31 - 1)
i64 = whole(-(2**63), 2**63 - 1)
u16 = whole(0, 2**16 - 1)
u32 = whole(0, 2**32 - 1)
u64 = whole(0, 2**64 - 1)


def one_of(*names: str) -> Check:
    """One of these strings."""
    known = frozenset(names)

    def check(value: object) -> bool:
        return type(value) is str and value in known

    return check


def nullable(fits: Check) -> Check:
    """Null, or what fits."""

    def check(value: object) -> bool:
        return value is None or fits(value)

    return check


def either(first: Check, second: Check) -> Check:
    """What fits one of the two checks."""

    def check(value: object) -> bool:
        return first(value) or second(value)

    return check


def list_of(fits: Check) -> Check:
    """A list in which every item fits."""

    def check(value: object) -> bool:
        return type(value) is list and all(map(fits, value))

    return check


def map_of(fits: Check) -> Check:
    """An object with any keys in which every value fits."""

    def check(value: object) -> bool:
        return type(value) is dict and all(map(fits, value.values()))

    return check


def record(required: Fields, optional: Fields | None = None) -> Check:
    """An object with these fields; others are ignored."""
    texts = tuple(name for name, fits in required.items() if fits is string)
    required_items = tuple((name, fits) for name, fits in required.items() if fits is not string)
    optional_items = tuple((optional or {}).items())

    def check(value: object) -> bool:
        if type(value) is not dict:
            return False
        for name in texts:  # the commonest check by far, and a call costs more than it
            if type(value.get(name)) is not str:
                return False
        for name, fits in required_items:
            if not fits(value.get(name, MISSING)):
                return False
        for name, fits in optional_items:  # noqa: SIM110  a generator costs more than all the checks
            if name in value and not fits(value[name]):
                return False
        return True

    return check


def exact_record(required: Fields, optional: Fields | None = None) -> Check:
    """An object with these fields and no other."""
    fits = record(required, optional)
    known = frozenset(required) | frozenset(optional or {})

    def check(value: object) -> bool:
        return type(value) is dict and value.keys() <= known and fits(value)

    return check


def one_spelling(first: str, second: str, fits: Check) -> Check:
    """An object that fits and has one field under one of its two names, not under both."""

    def check(value: object) -> bool:
        return type(value) is dict and not (first in value and second in value) and fits(value)

    return check


def keyed(alternatives: Fields) -> Check:
    """An object whose one key names the alternative and whose value fits it."""

    def check(value: object) -> bool:
        if type(value) is not dict or len(value) != 1:
            return False
        ((name, inner),) = value.items()
        return name in alternatives and alternatives[name](inner)

    return check


def tagged(tag: str, variants: Fields, unknown: Check | None = None) -> Check:
    """An object whose field `tag` names its variant; an unknown name needs `unknown`, when that is given."""

    def check(value: object) -> bool:
        if type(value) is not dict:
            return False
        name = value.get(tag)
        if type(name) is not str:
            return False
        fits = variants.get(name, unknown)
        return fits is not None and fits(value)

    return check
