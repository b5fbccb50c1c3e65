"""The protocol of this server as JSON Schema documents, for clients that make types of them.

Requests are described by the very schemas that they are judged by; only the words for refusals are left out.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from api.wire.methods import (
    APPROVAL_POLICY,
    EXPERIMENTAL_FIELDS,
    EXPERIMENTAL_METHODS,
    LATER_METHODS,
    METHODS,
    OWN_METHODS,
)
from api.wire.schemas import REQUESTS
from api.wire.schemas.answers import ANSWERS
from api.wire.schemas.notices import EXPERIMENTAL_NOTIFICATIONS, NOTIFICATIONS
from api.wire.schemas.objects import DEFINITIONS
from api.wire.schemas.shapes import ANYTHING, DRAFT_07, TEXT, WHOLE, Shape, named, one_of, record

FOLDERS = {"initialize": "v1"}
"""Where what belongs to a method lies, as in release 0.131.0: in `v2` unless told here."""

_NAMES = {
    "account/rateLimits/read": "GetAccountRateLimits",
    "configRequirements/read": "ConfigRequirementsRead",
    "remoteControl/status/read": "RemoteControlStatusRead",
    "remoteControl/disable": "RemoteControlDisable",
    "windowsSandbox/readiness": "WindowsSandboxReadiness",
    "threadStore/describe": "ThreadStoreDescribe",
}
"""What documents of methods without parameters are called."""

_ERROR = record({"code": WHOLE, "message": TEXT}, {"data": ANYTHING})

ENVELOPE: Mapping[str, Shape] = {
    "RequestId": named("RequestId"),
    "JSONRPCRequest": record({"id": named("RequestId"), "method": TEXT}, {"params": ANYTHING}),
    "JSONRPCNotification": record({"method": TEXT}, {"params": ANYTHING}),
    "JSONRPCResponse": record({"id": named("RequestId"), "result": ANYTHING}),
    "JSONRPCErrorError": _ERROR,
    "JSONRPCError": record({"id": named("RequestId"), "error": _ERROR}),
}
"""The lines themselves, one JSON object each, by the names that release 0.131.0 has for them."""


def published_schemas(*, experimental: bool) -> dict[str, dict[str, Any]]:
    """The documents by file name; methods, fields and notifications that are experimental if asked.

    What this server refuses for what it is is not among them.
    """
    methods = [method for method in served_methods() if experimental or not _is_experimental(method)]
    notices = [name for name in NOTIFICATIONS if experimental or name not in EXPERIMENTAL_NOTIFICATIONS]
    documents = {f"{name}.json": _document(name, shape) for name, shape in ENVELOPE.items()}
    requests = {method: _request(method, experimental=experimental) for method in methods}
    for method, request in requests.items():
        folder, name = FOLDERS.get(method, "v2"), _name(method)
        if request is not None:
            documents[f"{folder}/{name}Params.json"] = _document(f"{name}Params", request)
        documents[f"{folder}/{name}Response.json"] = _document(f"{name}Response", ANSWERS[method])
    for notice in notices:
        title = f"{_camel(notice)}Notification"
        documents[f"v2/{title}.json"] = _document(title, NOTIFICATIONS[notice])
    calls = [_call(method, request) for method, request in requests.items()]
    documents["ClientRequest.json"] = _document("ClientRequest", {"oneOf": calls})
    told = [record({"method": one_of(notice), "params": NOTIFICATIONS[notice]}) for notice in notices]
    documents["ServerNotification.json"] = _document("ServerNotification", {"oneOf": told})
    heard = [record({"method": one_of("initialized")}, {"params": ANYTHING})]
    documents["ClientNotification.json"] = _document("ClientNotification", {"oneOf": heard})
    return documents


def served_methods() -> list[str]:
    """The methods that are served, in the order of the protocol."""
    return [method for method in (*METHODS, *LATER_METHODS, *OWN_METHODS) if method in ANSWERS]


def _is_experimental(method: str) -> bool:
    return method in EXPERIMENTAL_METHODS or method in OWN_METHODS


def _call(method: str, request: Shape | None) -> Shape:
    fixed = {"id": named("RequestId"), "method": one_of(method)}
    if request is None:
        return record(fixed, {"params": {"type": ["object", "null"]}})
    return record({**fixed, "params": request})


def _request(method: str, *, experimental: bool) -> Shape | None:
    """The parameters of a method; None when it has none."""
    shape: Shape = _plain(REQUESTS[method])
    if "properties" not in shape:
        return None
    if not experimental:
        for field in EXPERIMENTAL_FIELDS.get(method, ()):
            if field == APPROVAL_POLICY:
                shape["properties"][field] = _without_objects(shape["properties"][field])
            else:
                del shape["properties"][field]
    return shape


def _without_objects(shape: Shape) -> Shape:
    """The choices of a field that are no objects: a granular approval policy is experimental."""
    return {"anyOf": [option for option in shape["anyOf"] if option.get("type") != "object"]}


def _plain(schema: Any) -> Any:
    """A request's schema without the words for refusals, and without its draft."""
    if isinstance(schema, list):
        return [_plain(inner) for inner in schema]
    if not isinstance(schema, dict):
        return schema
    result = {}
    for name, value in schema.items():
        if name == "properties":
            result[name] = {field: _plain(inner) for field, inner in value.items()}
        elif name not in {"title", "$schema"} and not name.startswith("x-"):
            result[name] = _plain(value)
    return result


def _name(method: str) -> str:
    """What the documents of a method are called: after its parameters, as in release 0.131.0."""
    title = REQUESTS[method]["title"]
    return _NAMES[method] if title == "unit" else title.removeprefix("struct ").removesuffix("Params")


def _camel(method: str) -> str:
    return "".join(f"{part[0].upper()}{part[1:]}" for part in re.split("[/_]", method))


def _document(title: str, shape: Shape) -> dict[str, Any]:
    """A document that stands alone: with all definitions that it refers to."""
    document = {"$schema": DRAFT_07, "title": title, **shape}
    names = set(_referred(shape))
    waiting = list(names)
    while waiting:
        for name in set(_referred(DEFINITIONS[waiting.pop()])) - names:
            names.add(name)
            waiting.append(name)
    if "$ref" in shape:  # draft-07 passes over what stands beside a reference
        document = {"$schema": DRAFT_07, "title": title, "allOf": [shape]}
    if names:
        document["definitions"] = {name: DEFINITIONS[name] for name in sorted(names)}
    return document


def _referred(shape: Any) -> Iterator[str]:
    """The names of the definitions that a shape refers to itself."""
    if isinstance(shape, list):
        for inner in shape:
            yield from _referred(inner)
    elif isinstance(shape, dict):
        if isinstance(shape.get("$ref"), str):
            yield shape["$ref"].rpartition("/")[2]
        for inner in shape.values():
            yield from _referred(inner)
