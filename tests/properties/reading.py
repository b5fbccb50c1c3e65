"""How the naive model reads a file: `rollout-format.md`, section 2, word for word and without haste."""

import codecs
import json
from collections.abc import Iterator
from typing import Any

from domain.shapes.kept import kept_topic

Json = dict[str, Any]

NESTING_MAX = 127
WHOLE = range(-(2**63), 2**64)
"""Whole numbers that stay whole; a greater one is read as a floating point number."""


class Refused(ValueError):
    """A value that strict JSON does not have."""

    def __init__(self, text: str) -> None:
        super().__init__(f"not strict JSON: {text[:40]}")


def kept_lines(data: bytes) -> list[tuple[str, Json]]:
    """The canonical topic and the payload of each kept line, in file order.

    A byte order mark before the first is as if it were not there (`damage.md`); 0.131.0 reads no such file.
    """
    kept = []
    for raw in data.removeprefix(codecs.BOM_UTF8).split(b"\n"):
        value = read_line(raw)
        topic = None if value is None else kept_topic(value)
        if value is not None and topic is not None:
            kept.append((topic, value["payload"]))
    return kept


def read_line(raw: bytes) -> Json | None:
    """The JSON object of a line; None for damage, as which bytes that are not UTF-8 count (`damage.md`)."""
    try:
        text = raw.decode("utf-8")
        value = json.loads(text, parse_constant=_refused, parse_float=_number, parse_int=_whole)
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, dict) or any(_is_lone(string) for string in _strings(value)):
        return None
    return value if _depth(text) <= NESTING_MAX else None


def _refused(text: str) -> float:
    raise Refused(text)


def _number(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise Refused(text)
    return number


def _whole(text: str) -> int | float:
    if text == "-0":
        return -0.0  # as 0.131.0 shows it
    number = _number(text)
    is_whole = len(text) <= len(str(-(2**63))) and int(text) in WHOLE
    return int(text) if is_whole else number


def _is_lone(string: str) -> bool:
    """Whether half a surrogate pair stands in the string."""
    return any(0xD800 <= ord(character) <= 0xDFFF for character in string)


def _strings(value: object) -> Iterator[str]:
    """Every string in a value, keys too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)


def _depth(text: str) -> int:
    """How many brackets are open at once at most, those in strings not counted."""
    depth = deepest = 0
    in_string = escaped = False
    for character in text:
        if in_string:
            in_string = escaped or character != '"'
            escaped = character == "\\" and not escaped
        elif character == '"':
            in_string = True
        elif character in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif character in "]}":
            depth -= 1
    return deepest
