"""What is wrong with a value that does not fit its schema, in the words of release 0.131.0.

One fault is told: the first in the order of the request's text; absent members come after wrong ones, in the
order of declaration.
"""

import unicodedata
from collections.abc import Callable, Mapping, Sequence

import orjson

from api.wire.schemas.judge import fits
from api.wire.schemas.parts import Schema

SHOWN_TEXT_MAX = 1000
"""Characters of a wrong text that a refusal repeats: it may have come with 16 MiB."""

_ESCAPES = {"\0": r"\0", "\t": r"\t", "\n": r"\n", "\r": r"\r", '"': r"\"", "\\": r"\\"}

_KINDS: Mapping[type, str] = {
    type(None): "null",
    bool: "boolean",
    int: "integer",
    float: "number",
    str: "string",
    list: "array",
    dict: "object",
}


def fault(schema: Schema, value: object) -> str:
    """The first fault of a value that does not fit."""
    return _WALKS.get(schema.get("x-form", ""), _plain_fault)(schema, value)


def unknown_variant(name: str, names: Sequence[str]) -> str:
    """That a name is none of these."""
    quoted = [f"`{known}`" for known in names]
    expected = " or ".join(quoted) if len(quoted) <= 2 else f"one of {', '.join(quoted)}"  # noqa: PLR2004
    return f"unknown variant `{shortened(name)}`, expected {expected}"


def shortened(text: str) -> str:
    """As much of a text as a refusal repeats."""
    return text if len(text) <= SHOWN_TEXT_MAX else f"{text[:SHOWN_TEXT_MAX]}…"


def _plain_fault(schema: Schema, value: object) -> str:
    """That the value is of another type, or out of its range."""
    kinds = schema.get("type")
    if kinds is not None and _KINDS[type(value)] not in ([kinds] if isinstance(kinds, str) else kinds):
        return f"invalid type: {_seen(value)}, expected {schema['title']}"
    return schema.get("x-refusal") or f"invalid value: {_seen(value)}, expected {schema['title']}"


def _struct_fault(schema: Schema, value: object) -> str:
    if not isinstance(value, dict):
        return _plain_fault(schema, value)
    fields = schema["properties"]
    for name, inner in value.items():
        if name in fields and not fits(fields[name], inner):
            return fault(fields[name], inner)
    return next(f"missing field `{name}`" for name in schema["required"] if name not in value)


def _sequence_fault(schema: Schema, value: object) -> str:
    if not isinstance(value, list):
        return _plain_fault(schema, value)
    items = schema["items"]
    return next(fault(items, inner) for inner in value if not fits(items, inner))


def _map_fault(schema: Schema, value: object) -> str:
    if not isinstance(value, dict):
        return _plain_fault(schema, value)
    values = schema["additionalProperties"]
    return next(fault(values, inner) for inner in value.values() if not fits(values, inner))


def _variants_fault(schema: Schema, value: object) -> str:
    """A variant is written as its name, or as an object of its name and what it holds."""
    if isinstance(value, str):
        name, payload = value, None
    elif not isinstance(value, dict):
        return f"invalid type: {_seen(value)}, expected {schema['title']}"
    elif len(value) != 1:
        return "invalid value: map, expected map with a single key"
    else:
        [(name, payload)] = value.items()
    if name not in schema["x-names"]:
        return unknown_variant(name, schema["x-names"])
    holder = _holder(schema, name)
    if holder is None:
        return f"invalid type: {_seen(payload)}, expected unit"
    if isinstance(value, str):
        return f"invalid type: unit variant, expected {holder['title']}"
    return fault(holder, payload)


def _holder(schema: Schema, name: str) -> Schema | None:
    """The schema of what a variant holds, if it holds anything."""
    options = (option.get("properties", {}) for option in schema.get("anyOf", []))
    return next((fields[name] for fields in options if name in fields), None)


def _tagged_fault(schema: Schema, value: object) -> str:
    if not isinstance(value, dict):
        return _plain_fault(schema, value)
    if "type" not in value:
        return "missing field `type`"
    name = value["type"]
    if not isinstance(name, str):
        return f"invalid type: {_seen(name)}, expected variant identifier"
    if name not in schema["x-names"]:
        return unknown_variant(name, schema["x-names"])
    variants = dict(zip(schema["x-names"], schema["anyOf"], strict=False))
    return _struct_fault(variants[name], value)


_WALKS: Mapping[str, Callable[[Schema, object], str]] = {
    "struct": _struct_fault,
    "sequence": _sequence_fault,
    "map": _map_fault,
    "variants": _variants_fault,
    "tagged": _tagged_fault,
}


def _seen(value: object) -> str:
    """How a refusal calls the value that it met."""
    return _SEEN[type(value)](value)


_SEEN: Mapping[type, Callable[[object], str]] = {
    type(None): lambda _: "null",
    bool: lambda value: f"boolean `{str(value).lower()}`",
    int: lambda value: f"integer `{value}`",
    float: lambda value: f"floating point `{orjson.dumps(value).decode()}`",
    str: lambda value: f'string "{_escaped(shortened(str(value)))}"',
    list: lambda _: "sequence",
    dict: lambda _: "map",
}


def _escaped(text: str) -> str:
    """The text as the reference quotes it: nothing in it that cannot be seen by itself."""
    return "".join(_escaped_character(character) for character in text)


def _escaped_character(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character.isprintable() and unicodedata.category(character) not in {"Mn", "Me"}:
        return character
    return f"\\u{{{ord(character):x}}}"
