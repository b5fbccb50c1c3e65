"""Parameters read: from what came with a request to what its method takes."""

from functools import cache
from typing import Any

from api.wire.jsonrpc import MISSING
from api.wire.methods import (
    APPROVAL_POLICY,
    EXPERIMENTAL_FIELDS,
    EXPERIMENTAL_METHODS,
    METHODS,
    NOT_OF_THREAD_STORE,
    OWN_METHODS,
    SHOWN_AS,
)
from api.wire.schemas import REQUESTS
from api.wire.schemas.faults import fault, shortened
from api.wire.schemas.judge import Judge, fits, judge_of
from api.wire.schemas.parts import Schema
from domain.errors import NotOfThreadStore, UnknownMethod, UnreadableParams


def validate(method: str, params: object) -> dict[str, Any]:
    """The fields that the parameters set, by name; a null that means absence is left out.

    The first field ever costs 4 to 10 ms (the import of fastjsonschema), a kind of field met for the first
    time 0.1 to 0.5 ms (12 ms for a history), and a request after that 0.3 to 1.5 us. What has one schema as a
    whole, and no fields, is checked and gives nothing: no such method is served with parameters.
    """
    schema = REQUESTS.get(method)
    if schema is None:
        if method in NOT_OF_THREAD_STORE:
            raise NotOfThreadStore(method, NOT_OF_THREAD_STORE[method])
        raise UnknownMethod(shortened(method), METHODS)
    if params is MISSING:
        params = None
    if "properties" not in schema:
        if why := complaint(schema, params):
            raise UnreadableParams("missing field `params`" if params is None else why)
        return {}
    if isinstance(params, dict):
        fields = _fields(method, schema, params)
        _check_presence(schema, params)
        return fields
    if isinstance(params, list):
        fields = _fields(method, schema, dict(zip(schema["properties"], params, strict=False)))
        _check_length(schema, len(params))
        return fields
    raise UnreadableParams("missing field `params`" if params is None else fault(schema, params))


def complaint(schema: Schema, value: object) -> str | None:
    """What is wrong with a value, for methods that look into a part of their parameters themselves."""
    return None if fits(schema, value) else fault(schema, value)


def experimental_needs(method: str, params: dict[str, Any]) -> str | None:
    """What of a request needs the experimental API: its method, or the first such field that is set."""
    if method in EXPERIMENTAL_METHODS or method in OWN_METHODS:
        return method
    for field in EXPERIMENTAL_FIELDS.get(method, ()):
        value = params.get(field)
        if field == APPROVAL_POLICY:
            if isinstance(value, dict):
                return "askForApproval.granular"
        elif value is not None and value is not False:
            return f"{method}.{SHOWN_AS.get(field, field)}"
    return None


def _fields(method: str, schema: Schema, params: dict[str, Any]) -> dict[str, Any]:
    """The known ones among the parameters; the first wrong one in the order of the text is refused."""
    known = schema["properties"]
    fields = {}
    for name, value in params.items():
        if name not in known:
            continue
        if not _field_judge(method, name)(value):
            raise UnreadableParams(fault(known[name], value))
        if value is not None or "x-clears" in known[name]:
            fields[name] = value
    return fields


@cache
def _field_judge(method: str, name: str) -> Judge:
    # Bounded by the tables: only known names of known methods come here.
    return judge_of(REQUESTS[method]["properties"][name])


def _check_presence(schema: Schema, params: dict[str, Any]) -> None:
    for name in schema.get("required", ()):
        if name not in params:
            raise UnreadableParams(f"missing field `{name}`")


def _check_length(schema: Schema, length: int) -> None:
    """Of parameters given as a list all are needed but those with a default, and no more."""
    known = schema["properties"]
    elements = "1 element" if len(known) == 1 else f"{len(known)} elements"
    for place, (name, field) in enumerate(known.items()):
        if place >= length and not _has_default(schema, name, field):
            raise UnreadableParams(f"invalid length {place}, expected {schema['title']} with {elements}")
    if length > len(known):
        raise UnreadableParams(f"invalid length {length}, expected {elements} in sequence")


def _has_default(schema: Schema, name: str, field: Schema) -> bool:
    """Whether a field is optional without taking null, or null is not the same as its absence."""
    return name not in schema.get("required", ()) and ("x-clears" in field or not fits(field, None))
