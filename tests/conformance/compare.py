"""Whether an answer is the expected one, and every difference when it is not.

An error is judged by its code and by having a message; the wording is the server's own. A result is
judged whole, or as far as the expectation goes, or not at all. Of a cursor only its presence counts.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from tests.conformance.values import Json, JsonObject, as_object

OPAQUE = frozenset({"nextCursor", "backwardsCursor"})
SHOWN_LENGTH = 300


class Match(Enum):
    """How much of an answer has to be as expected."""

    EXACT = "exact"
    SUBSET = "subset"
    CODE = "code"
    MESSAGE = "message"


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a step should give. `ignored` are dotted paths that differ by nature."""

    outcome: JsonObject
    match: Match = Match.EXACT
    ignored: tuple[str, ...] = ()


def judge(expectation: Expectation, got: JsonObject) -> list[str]:
    """The differences between what was expected and what came, one sentence each."""
    want = expectation.outcome
    if "error" in want and expectation.match is not Match.MESSAGE:
        return list(_error(as_object(want["error"]), got))
    if expectation.match is Match.CODE:
        return [] if "result" in got else [f": got {shown(got)}, want a result"]
    return list(differences(want, got, whole=expectation.match is not Match.SUBSET))


def _error(want: JsonObject, got: JsonObject) -> Iterator[str]:
    error = got.get("error")
    if not isinstance(error, dict):
        yield f": got {shown(got)}, want an error {shown(want)}"
        return
    if error.get("code") != want.get("code"):
        yield f".error.code: got {shown(error.get('code'))}, want {shown(want.get('code'))}"
    if not error.get("message"):
        yield ".error.message: empty"


def differences(want: Json, got: Json, *, whole: bool = True, at: str = "") -> Iterator[str]:
    """Where two values differ; with `whole` false the second may hold more keys."""
    if isinstance(want, dict) and isinstance(got, dict):
        yield from _of_objects(want, got, whole=whole, at=at)
    elif isinstance(want, list) and isinstance(got, list):
        if len(want) != len(got):
            yield f"{at}: {len(got)} items, want {len(want)}"
        for place, (wanted, item) in enumerate(zip(want, got, strict=False)):
            yield from differences(wanted, item, whole=whole, at=f"{at}[{place}]")
    elif want != got or type(want) is not type(got):
        yield f"{at}: got {shown(got)}, want {shown(want)}"


def _of_objects(want: JsonObject, got: JsonObject, *, whole: bool, at: str) -> Iterator[str]:
    for key, wanted in want.items():
        if key not in got:
            yield f"{at}.{key}: missing, want {shown(wanted)}"
        elif not (key in OPAQUE and isinstance(wanted, str) and isinstance(got[key], str)):
            yield from differences(wanted, got[key], whole=whole, at=f"{at}.{key}")
    if whole:
        for key in got.keys() - want.keys():
            yield f"{at}.{key}: unexpected {shown(got[key])}"


def shown(value: Json) -> str:
    """A value as JSON, cut to a readable length."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= SHOWN_LENGTH else f"{text[: SHOWN_LENGTH - 1]}…"
