"""The words in which answers are described: JSON Schema draft-07.

Unlike requests (`parts`), nothing is refused by these: clients make types of them, and tests hold our answers
against them. Members that are not described may be there; a client passes over them.
"""

from collections.abc import Mapping
from typing import Any, TypeAlias

DRAFT_07 = "http://json-schema.org/draft-07/schema#"

Shape: TypeAlias = dict[str, Any]

TEXT: Shape = {"type": "string"}
WHOLE: Shape = {"type": "integer"}
FLAG: Shape = {"type": "boolean"}
OBJECT: Shape = {"type": "object"}
ANYTHING: Shape = {}


def one_of(*texts: str) -> Shape:
    """One of these texts."""
    return {"type": "string", "enum": [*texts]}


def or_null(shape: Shape) -> Shape:
    """Such a value or null."""
    return {"anyOf": [shape, {"type": "null"}]}


def list_of(shape: Shape) -> Shape:
    """A list of such values."""
    return {"type": "array", "items": shape}


def record(members: Mapping[str, Shape], optional: Mapping[str, Shape] | None = None) -> Shape:
    """An object that has all of these members, and perhaps the optional ones."""
    shape: Shape = {"type": "object", "properties": {**members, **(optional or {})}}
    if members:
        shape["required"] = [*members]
    return shape


def kind(name: str, members: Mapping[str, Shape], optional: Mapping[str, Shape] | None = None) -> Shape:
    """An object whose `type` is this name."""
    return record({"type": one_of(name), **members}, optional)


def named(name: str) -> Shape:
    """What stands under this name among the definitions (`objects`)."""
    return {"$ref": f"#/definitions/{name}"}


def page_of(shape: Shape) -> Shape:
    """A page of such values; its cursors go on behind it, and back before it."""
    cursors = {"nextCursor": or_null(TEXT), "backwardsCursor": or_null(TEXT)}
    return record({"data": list_of(shape), **cursors})


def list_by_number(shape: Shape) -> Shape:
    """A page of such values that knows no way back."""
    return record({"data": list_of(shape), "nextCursor": or_null(TEXT)})
