"""Which schemas of a dynamic tool's input are taken; unknown types and keywords are (measured)."""

from collections.abc import Callable, Mapping

from domain.limits import TOOL_SCHEMA_NESTING_MAX
from domain.wording import seen

Fault = str | None
Check = Callable[[object, int], Fault]

NULL_ALONE = ("null", ["null"])


def tool_schema_fault(schema: object) -> str | None:
    """Why the schema is not taken; None when it is."""
    if isinstance(schema, dict) and schema.get("type") in NULL_ALONE:
        return "tool input schema must not be a singleton null type"
    return _schema_fault(schema, 0)


def _schema_fault(schema: object, depth: int) -> Fault:
    if isinstance(schema, bool) or depth > TOOL_SCHEMA_NESTING_MAX:
        return None
    if not isinstance(schema, dict):
        return f"invalid type: {seen(schema)}, expected struct JsonSchema"
    for keyword, value in schema.items():
        check = _KEYWORDS.get(keyword)
        if check is not None and value is not None and (why := check(value, depth + 1)):
            return why
    return None


def _string_fault(value: object, _depth: int) -> Fault:
    return None if isinstance(value, str) else f"invalid type: {seen(value)}, expected a string"


def _sequence_fault(value: object, _depth: int) -> Fault:
    return None if isinstance(value, list) else f"invalid type: {seen(value)}, expected a sequence"


def _strings_fault(value: object, depth: int) -> Fault:
    return _sequence_fault(value, depth) or _first(_string_fault, value, depth)


def _schemas_fault(value: object, depth: int) -> Fault:
    return _sequence_fault(value, depth) or _first(_schema_fault, value, depth)


def _map_fault(value: object, depth: int) -> Fault:
    if not isinstance(value, dict):
        return f"invalid type: {seen(value)}, expected a map"
    return _first(_schema_fault, list(value.values()), depth)


def _additional_fault(value: object, depth: int) -> Fault:
    if _schema_fault(value, depth) is None:
        return None
    return "data did not match any variant of untagged enum AdditionalProperties"


def _first(check: Check, values: object, depth: int) -> Fault:
    found = (check(value, depth) for value in values) if isinstance(values, list) else ()
    return next((why for why in found if why), None)


_KEYWORDS: Mapping[str, Check] = {
    "description": _string_fault,
    "enum": _sequence_fault,
    "required": _strings_fault,
    "properties": _map_fault,
    "items": _schema_fault,
    "anyOf": _schemas_fault,
    "additionalProperties": _additional_fault,
}
"""The keywords that are looked into; null is as good as absent."""
