"""JSON as the type checker sees it, and the ways to reach into it."""

from typing import TypeAlias

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"
JsonObject: TypeAlias = dict[str, Json]


def as_object(value: Json) -> JsonObject:
    """The value when it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def as_list(value: Json) -> list[Json]:
    """The value when it is a list, else an empty one."""
    return value if isinstance(value, list) else []


def strings(value: Json) -> tuple[str, ...]:
    """The texts of a list of texts."""
    return tuple(item for item in as_list(value) if isinstance(item, str))


def pick(value: Json, path: str) -> Json:
    """What stands at a dotted path; LookupError when nothing does."""
    for part in path.split("."):
        if isinstance(value, dict):
            value = value[part]
        elif isinstance(value, list) and part.isdigit():
            value = value[int(part)]
        else:
            raise LookupError(path)
    return value


def without(value: Json, path: str) -> Json:
    """The value with everything at a dotted path left out; `*` is every key or every place of a list.

    A left-out place of a list still counts: it reads `(ignored)`, as in the recorded cases.
    """
    head, _, rest = path.partition(".")
    if isinstance(value, dict):
        kept: JsonObject = {}
        for key, inner in value.items():
            if head not in ("*", key):
                kept[key] = inner
            elif rest:
                kept[key] = without(inner, rest)
        return kept
    if isinstance(value, list):
        return [
            (without(inner, rest) if rest else "(ignored)") if head in ("*", str(place)) else inner
            for place, inner in enumerate(value)
        ]
    return value
