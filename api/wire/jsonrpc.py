"""The envelope: what a line from a client is, and the lines that go back.

One JSON object a line, without a `jsonrpc` member. A line that is no message is dropped without a word, as
release 0.131.0 does (cases malformed-lines, ids-refused); nothing here raises, whatever the bytes are.
"""

import json
import re
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from itertools import accumulate
from secrets import token_hex
from typing import Any, Final, TypeAlias, TypeGuard

import orjson

from domain.errors import ThreadstoreError
from domain.limits import LINE_NESTING_MAX

RequestId: TypeAlias = int | str


class Missing(Enum):
    """The type of `MISSING`."""

    MISSING = "missing"


MISSING: Final = Missing.MISSING
"""Stands for a member that is absent: null is a value."""


@dataclass(frozen=True, slots=True)
class Request:
    """A call that is answered, once, with its id."""

    id: RequestId
    method: str
    params: object = MISSING


@dataclass(frozen=True, slots=True)
class Notification:
    """A call that is not answered."""

    method: str
    params: object = MISSING


@dataclass(frozen=True, slots=True)
class Response:
    """The answer to a request of ours."""

    id: RequestId
    result: object = MISSING
    error: object = MISSING


Message: TypeAlias = Request | Notification | Response

INTEGER_ID_MAX = 2**63 - 1
"""Ids are signed 64-bit integers; what lies below arrives as a float, which is no id."""

MEMBERS_MAX = 1000
"""Members of a message that are searched for repeated ones. With more it is dropped: six mean anything."""

_UNIQUE = frozenset({"id", "method", "params", "trace"})
"""Members that spoil the message when they come twice."""


def read_message(line: bytes) -> Message | None:
    """The message in a line, or None when the line is to be dropped."""
    if _may_be_deep(line) and _nesting(line) > LINE_NESTING_MAX:
        return None
    try:
        value = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(value, dict) or (_may_repeat(line) and _repeats(line)):
        return None
    return _call(value) if "method" in value else _response(value)


def undecodable_id(line: bytes) -> RequestId | None:
    """The id of a request that only its encoding spoils: where `NotUtf8` can be sent."""
    try:
        line.decode()
    except UnicodeDecodeError:
        message = read_message(line.decode(errors="replace").encode())
        return message.id if isinstance(message, Request) else None
    return None


def result(request_id: RequestId, value: object) -> bytes:
    """The line that answers a request; an `orjson.Fragment` goes in as it is and must hold no line feed."""
    return _line({"id": request_id, "result": value})


class Pieces:
    """JSON that is sent as it was made, piece by piece: a long answer is never copied into one text.

    It stands in a result where its `fragment` is put.
    """

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self.pieces = pieces
        self._mark = orjson.dumps(token_hex(16))
        self.fragment = orjson.Fragment(self._mark)

    def around(self, line: bytes) -> tuple[bytes, bytes]:
        """What stands before and behind the pieces in a line that holds the fragment."""
        before, _, behind = line.partition(self._mark)
        return before, behind


def result_in_pieces(request_id: RequestId, value: object, inner: Pieces) -> Iterator[bytes]:
    """The line that answers a request, in pieces; `value` holds the fragment of the inner ones."""
    before, behind = inner.around(result(request_id, value))
    yield before
    yield from inner.pieces
    yield behind


def error(request_id: RequestId, failure: ThreadstoreError, untold: str = "") -> bytes:
    """The line that refuses a request; `untold` is left out of the sentence wherever it stands."""
    # A path in the sentence may hold bytes that are no UTF-8; JSON cannot.
    told = str(failure).replace(untold, "") if untold else str(failure)
    sentence = told.encode("utf-8", "replace").decode()
    body: dict[str, object] = {"code": failure.code, "message": sentence}
    if failure.data is not None:
        body["data"] = failure.data
    return _line({"error": body, "id": request_id})


def notification(method: str, params: object) -> bytes:
    """The line that tells a client something."""
    return _line({"method": method, "params": params})


def _line(value: dict[str, object]) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_APPEND_NEWLINE)


def _call(value: dict[str, Any]) -> Request | Notification | None:
    method, params = value["method"], value.get("params", MISSING)
    if not isinstance(method, str):
        return None
    if "id" not in value:
        return Notification(method, params)
    if not _is_id(value["id"]) or not _is_trace(value.get("trace")):
        return None
    return Request(value["id"], method, params)


def _response(value: dict[str, Any]) -> Response | None:
    if not _is_id(value.get("id")) or not ("result" in value or "error" in value):
        return None
    return Response(value["id"], value.get("result", MISSING), value.get("error", MISSING))


def _is_id(value: object) -> TypeGuard[RequestId]:
    return isinstance(value, str) or (
        isinstance(value, int) and not isinstance(value, bool) and value <= INTEGER_ID_MAX
    )


def _is_trace(value: object) -> bool:
    return value is None or (
        isinstance(value, dict)
        and all(isinstance(value.get(name), str | None) for name in ("traceparent", "tracestate"))
    )


def _may_be_deep(line: bytes) -> bool:
    return line.count(b"{") + line.count(b"[") > LINE_NESTING_MAX


_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)
"""A string, also one without an end: that is no JSON, but must not be searched again from each quote."""
_STEPS = bytes.maketrans(b"{[}]", bytes([1, 1, 255, 255]))
_NO_BRACKET = bytes(set(range(256)) - set(b"{[}]"))


def _nesting(line: bytes) -> int:
    """How deep the containers of a line go, found without parsing it; right for all that is JSON."""
    steps = array("b", _STRING.sub(b"", line).translate(_STEPS, _NO_BRACKET))
    return max(accumulate(steps), default=0)


def _may_repeat(line: bytes) -> bool:
    """Whether a unique member can be there twice: the parser keeps the last one and does not tell.

    Written out, because every message takes this path. The two escapes begin the letters of these names;
    no encoder escapes letters.
    """
    return (
        line.count(b'"id"') > 1
        or line.count(b'"method"') > 1
        or line.count(b'"params"') > 1
        or line.count(b'"trace"') > 1
        or b"\\u006" in line
        or b"\\u007" in line
    )


def _repeats(line: bytes) -> bool:
    """Whether a unique member of a JSON object is there twice at its top level."""
    met = set()
    for count, name in enumerate(_top_level_names(line.decode())):
        if name in met or count == MEMBERS_MAX:
            return True
        if name in _UNIQUE:
            met.add(name)
    return False


_BLANK = re.compile(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder()


def _top_level_names(text: str) -> Iterator[str]:
    """The names of the members of a JSON object, repeated ones too."""
    at = _after_blanks(text, text.index("{") + 1)
    while text[at] != "}":
        name, at = _DECODER.raw_decode(text, at)
        yield name
        _, at = _DECODER.raw_decode(text, _after_blanks(text, _after_blanks(text, at) + 1))
        at = _after_blanks(text, at)
        if text[at] == ",":
            at = _after_blanks(text, at + 1)


def _after_blanks(text: str, at: int) -> int:
    blank = _BLANK.match(text, at)
    assert blank is not None
    return blank.end()
