"""Lines for the tests of the shapes: one valid line, and one changed line for each rule of each field."""

import copy
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from domain.lines import parse
from domain.shapes.kept import kept_topic

Json = dict[str, Any]

TIMESTAMP = "2026-05-01T10:00:00.000Z"
THREAD_ID = "0196f0aa-0000-7000-8000-000000000001"


@dataclass(frozen=True)
class Kind:
    """Values that a field of this kind takes, and values that it refuses; null is the field's business."""

    good: tuple[Any, ...]
    bad: tuple[Any, ...]


STRING = Kind(good=("", "x"), bad=(5, 1.5, True, [], ["x"], {}, {"x": 1}))
BOOLEAN = Kind(good=(True, False), bad=(0, 1, "true", [], {}))
NUMBER = Kind(good=(0, -1, 0.5, 1e300, 10**30), bad=("1", True, [], {}))
ANYTHING = Kind(good=(None, True, 5, 1.5, "x", [], {}, {"x": [1]}), bad=())
OBJECT = Kind(good=(), bad=(5, 1.5, True, "x", []))
LIST = Kind(good=([],), bad=(5, True, "x", {}))
STRINGS = Kind(good=([], [""], ["x", "y"]), bad=("x", 5, {}, [5], [None], ["x", []]))


def whole(lowest: int, highest: int) -> Kind:
    """Whole numbers of this range."""
    return Kind(
        good=(lowest, 0, highest) if lowest < 1 else (lowest, highest),
        bad=(lowest - 1, highest + 1, 1.0, 1.5, "1", True, [], {}, 10**30),
    )


I32 = whole(-(2**31), 2**31 - 1)
I64 = whole(-(2**63), 2**63 - 1)
U32 = whole(0, 2**32 - 1)
U64 = whole(0, 2**64 - 1)

UUID = Kind(
    good=(
        "0196f0aa-0000-7000-8000-00000000000f",
        "0196F0AA-0000-7000-8000-00000000000F",
        "0196f0aa00007000800000000000000F",
        "{0196f0aa-0000-7000-8000-00000000000f}",
        "urn:uuid:0196f0aa-0000-7000-8000-00000000000f",
        "00000000-0000-0000-0000-000000000000",
    ),
    bad=(
        "",
        "nope",
        5,
        [],
        {},
        "0196f0aa-0000-7000-8000-00000000000",
        "0196f0aa-0000-7000-8000-00000000000f0",
        "0196f0aa-0000-7000-8000-00000000000g",
        "0196f0aa-00007000-8000-0000-00000000000f",
        "{0196f0aa-0000-7000-8000-00000000000f",
        "0196f0aa-0000-7000-8000-00000000000f}",
        "{0196f0aa00007000800000000000000f}",
        "URN:UUID:0196f0aa-0000-7000-8000-00000000000f",
        "urn:uuid:0196f0aa00007000800000000000000f",
        " 0196f0aa-0000-7000-8000-00000000000f",
        "0196f0aa-0000-7000-8000-00000000000f\n",
    ),
)

ABSOLUTE_PATH = Kind(
    good=("/", "/a", "//a/../b/"), bad=("", "a", "./a", "../a", "~", "~/a", " /a", 5, [], {})
)


def names(*known: str) -> Kind:
    """Exactly these names."""
    unknown = (*(name.upper() for name in known), "", "mystery", 0, 5, True, [], {}, {"x": 1})
    return Kind(good=known, bad=unknown)


@dataclass(frozen=True)
class Field:
    """The rules of one field; `path` leads to it, list positions included, with points between."""

    path: str
    kind: Kind
    required: bool
    null_ok: bool

    def cases(self, line: Json) -> Iterator["Case"]:
        """The line with this field changed in each way that is decided."""
        yield Case(f"{self.path} missing", without(line, self.path), not self.required)
        if self.null_ok or None not in self.kind.good:
            yield Case(f"{self.path} null", replaced(line, self.path, None), self.null_ok)
        for value in self.kind.good:
            yield Case(f"{self.path} = {value!r}", replaced(line, self.path, value), kept=True)
        for value in self.kind.bad:
            yield Case(f"{self.path} = {value!r}", replaced(line, self.path, value), kept=False)


def required(path: str, kind: Kind) -> Field:
    """A field that must be there."""
    return Field(path, kind, required=True, null_ok=False)


def optional(path: str, kind: Kind) -> Field:
    """A field that may be absent, but not null."""
    return Field(path, kind, required=False, null_ok=False)


def nullable(path: str, kind: Kind) -> Field:
    """A field that may be absent or null."""
    return Field(path, kind, required=False, null_ok=True)


@dataclass(frozen=True)
class Case:
    """A line, and whether it is kept."""

    name: str
    line: Json
    kept: bool


@dataclass(frozen=True)
class Shape:
    """A topic, a canonical valid payload of it, and the rules of its fields."""

    topic: str
    payload: Json
    fields: tuple[Field, ...] = ()
    exact: tuple[str, ...] = ()
    """Paths of the objects in the payload that take no further field."""

    def __str__(self) -> str:
        return self.topic

    def line(self, **changes: Any) -> Json:
        """The canonical line, with fields of its payload set to other values."""
        return line_of(self.topic, {**self.payload, **changes})

    def cases(self) -> Iterator[Case]:
        """The canonical line, each change of each field, and a further field in each object."""
        line = self.line()
        payload = line["payload"]
        yield Case("canonical", line, kept=True)
        for field in self.fields:
            for case in field.cases(payload):
                yield Case(case.name, line | {"payload": case.line}, case.kept)
        for path in object_paths(payload):
            changed = replaced(payload, path, {**found(payload, path), "surprise": 1})
            yield Case(
                f"{path} with a further field",
                line | {"payload": changed},
                path not in self.exact,
            )


def misjudged(shape: Shape) -> list[str]:
    """The names of the shape's cases that are decided wrongly."""
    return [case.name for case in shape.cases() if is_kept(case.line) is not case.kept]


def line_of(topic: str, payload: object) -> Json:
    """A line of this topic; the payload gets its type from it."""
    line_type, _, payload_type = topic.partition(":")
    if payload_type and isinstance(payload, dict):
        payload = {"type": payload_type, **payload}
    return {"timestamp": TIMESTAMP, "type": line_type, "payload": payload}


def topic_as_read(line: Json) -> str | None:
    """What is decided about the line after it went through its bytes, as every line does."""
    value = parse(json.dumps(line).encode())
    assert value is not None
    return kept_topic(value)


def is_kept(line: Json) -> bool:
    """Whether the line is kept after it went through its bytes."""
    return topic_as_read(line) is not None


def found(value: Any, path: str) -> Any:
    """What stands at this path."""
    for step in path.split(".") if path else []:
        value = value[int(step) if isinstance(value, list) else step]
    return value


def replaced(value: Json, path: str, new: Any) -> Json:
    """A copy with another value at this path."""
    if not path:
        return dict(new)
    changed = copy.deepcopy(value)
    parent, _, last = path.rpartition(".")
    container = found(changed, parent)
    container[int(last) if isinstance(container, list) else last] = new
    return changed


def without(value: Json, path: str) -> Json:
    """A copy without the field at this path."""
    changed = copy.deepcopy(value)
    parent, _, last = path.rpartition(".")
    del found(changed, parent)[last]
    return changed


def object_paths(value: Any, path: str = "") -> Iterator[str]:
    """The paths of all objects in a value, its own first."""
    if isinstance(value, dict):
        yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, inner in items:
        yield from object_paths(inner, f"{path}.{step}" if path else str(step))
