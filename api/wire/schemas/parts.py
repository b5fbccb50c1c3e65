"""The words in which request schemas are written: JSON Schema draft-04, and how a refusal is told.

Draft-04 because its `integer` refuses 1.0, as release 0.131.0 does. The members beginning with `x-` are
ours; a validator passes over them. `title` is what a refusal says was expected.
"""

from collections.abc import Mapping, Sequence
from typing import Literal, TypedDict

DRAFT = "http://json-schema.org/draft-04/schema#"

Form = Literal["struct", "sequence", "map", "variants", "tagged"]

Schema = TypedDict(
    "Schema",
    {
        "$schema": str,
        "title": str,
        "type": str | list[str],
        "enum": list[str | None],
        "minimum": int,
        "maximum": int,
        "pattern": str,
        "maxProperties": int,
        "properties": dict[str, "Schema"],
        "additionalProperties": "Schema",
        "required": list[str],
        "items": "Schema",
        "anyOf": list["Schema"],
        "not": "Schema",
        "x-form": Form,
        "x-names": list[str],
        "x-refusal": str,
        "x-clears": bool,
    },
    total=False,
)
"""`x-form` says how a value is walked to find what is wrong in it; `x-names` are the names of variants;
`x-refusal` is the sentence for a value of the right type; `x-clears` marks a field to which null is not
the same as absence."""


def anything() -> Schema:
    """Any value, null too."""
    return {}


def string() -> Schema:
    """A text."""
    return {"type": "string", "title": "a string"}


def path() -> Schema:
    """A text that names a file or folder."""
    return {"type": "string", "title": "path string"}


def absolute_path() -> Schema:
    """A text that names a file or folder from the root."""
    refusal = "AbsolutePathBuf deserialized without a base path"
    return {"type": "string", "title": "path string", "pattern": "^/", "x-refusal": refusal}


def boolean() -> Schema:
    """True or false; not null."""
    return {"type": "boolean", "title": "a boolean"}


def u32() -> Schema:
    """A whole number of 32 bits, not negative."""
    return _integer("u32", 0, 2**32 - 1)


def u64() -> Schema:
    """A whole number of 64 bits, not negative."""
    return _integer("u64", 0, 2**64 - 1)


def i64() -> Schema:
    """A whole number of 64 bits with a sign."""
    return _integer("i64", -(2**63), 2**63 - 1)


def _integer(title: str, minimum: int, maximum: int) -> Schema:
    return {"type": "integer", "title": title, "minimum": minimum, "maximum": maximum}


def unit() -> Schema:
    """Nothing: null or an object without members."""
    refusal = "invalid type: map, expected unit"
    return {"type": ["object", "null"], "title": "unit", "maxProperties": 0, "x-refusal": refusal}


def sequence(items: Schema) -> Schema:
    """A list of such values."""
    return {"type": "array", "title": "a sequence", "items": items, "x-form": "sequence"}


def mapping(values: Schema) -> Schema:
    """An object whose members are such values, whatever their names."""
    return {"type": "object", "title": "a map", "additionalProperties": values, "x-form": "map"}


def struct(name: str, fields: Mapping[str, Schema], required: Sequence[str] = ()) -> Schema:
    """An object with these members, in the order of declaration; others are passed over."""
    schema: Schema = {
        "type": "object",
        "title": f"struct {name}",
        "properties": dict(fields),
        "x-form": "struct",
    }
    if required:  # draft-04 has no empty list here
        schema["required"] = list(required)
    return schema


def request(name: str, fields: Mapping[str, Schema], required: Sequence[str] = ()) -> Schema:
    """The parameters of a method: a document of its own."""
    return {"$schema": DRAFT, **struct(name, fields, required)}


def enumeration(*names: str) -> Schema:
    """One of these texts."""
    return {"title": "string or map", "enum": [*names], "x-form": "variants", "x-names": [*names]}


def choice(names: Sequence[str], payloads: Mapping[str, Schema]) -> Schema:
    """One of these texts, or for some of the names `{name: payload}`."""
    texts: list[str | None] = [name for name in names if name not in payloads]
    objects: list[Schema] = [
        {"type": "object", "properties": {name: payload}, "required": [name], "maxProperties": 1}
        for name, payload in payloads.items()
    ]
    return {
        "title": "string or map",
        "anyOf": [{"enum": texts}, *objects],
        "x-form": "variants",
        "x-names": [*names],
    }


def tagged(name: str, variants: Mapping[str, Schema], *, is_open: bool = False) -> Schema:
    """An object whose `type` says which of these structs it is; an open one takes unknown types too."""
    names = [*variants]
    options: list[Schema] = [_variant(kind, fields) for kind, fields in variants.items()]
    if is_open:
        known: list[str | None] = [*names]
        options.append({"properties": {"type": {"type": "string", "not": {"enum": known}}}})
    return {
        "type": "object",
        "title": f"internally tagged enum {name}",
        "required": ["type"],
        "anyOf": options,
        "x-form": "tagged",
        "x-names": names,
    }


def _variant(kind: str, fields: Schema) -> Schema:
    tag: Schema = {"enum": [kind]}
    return {**fields, "properties": {"type": tag, **fields.get("properties", {})}}


def untagged(name: str, *options: Schema) -> Schema:
    """A value that fits one of these."""
    refusal = f"data did not match any variant of untagged enum {name}"
    return {"anyOf": [*options], "x-refusal": refusal}


def nullable(schema: Schema) -> Schema:
    """Such a value or null, which is as good as absent."""
    result = schema.copy()
    if "type" in schema:
        kinds = schema["type"]
        result["type"] = [*([kinds] if isinstance(kinds, str) else kinds), "null"]
    if "enum" in schema:
        result["enum"] = [*schema["enum"], None]
    if "anyOf" in schema:
        result["anyOf"] = [*schema["anyOf"], {"type": "null"}]
    return result


def clearable(schema: Schema) -> Schema:
    """Such a value or null, which says that what is stored is to go."""
    result = nullable(schema)
    result["x-clears"] = True
    return result
