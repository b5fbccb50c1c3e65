"""The head of an HTTP request: the first bytes of whoever comes to a door.

Read here and not by the WebSocket library, whose parser knows no requests but those of WebSockets in some
versions, and lets a head grow to a megabyte. Strict: what is not spelled as RFC 9112 says is no request.
"""

import re
from dataclasses import dataclass
from enum import Enum

from domain.limits import REQUEST_HEAD_SIZE_MAX

END = b"\r\n\r\n"

TOKEN = rb"([!#$%&'*+\-.^_`|~0-9A-Za-z]+)"
_REQUEST_LINE = re.compile(TOKEN + rb" ([\x21-\x7e]+) HTTP/1\.[01]")
_HEADER = re.compile(TOKEN + rb":([\t\x20-\x7e\x80-\xff]*)")


@dataclass(frozen=True, slots=True)
class Head:
    """A request line and the headers, their names in small letters, in order."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]

    @property
    def path(self) -> str:
        """What is asked for, without its query."""
        return self.target.partition("?")[0]

    def values(self, name: str) -> list[str]:
        """The values of all headers of this name, given in small letters."""
        return [value for each, value in self.headers if each == name]

    def value(self, name: str) -> str:
        """The first of these values; empty when there is none."""
        return next(iter(self.values(name)), "")


class Fault(Enum):
    """Why there is no head."""

    NOT_HTTP = "no HTTP"
    TOO_LONG = "longer than any request needs"


class HeadBuffer:
    """Holds what came until the head is whole; never more than a head may have, and one read."""

    def __init__(self, size_max: int = REQUEST_HEAD_SIZE_MAX) -> None:
        self._size_max = size_max
        self._held = bytearray()
        self._has_request_line = False

    def feed(self, data: bytes) -> Head | Fault | None:
        """The head once it is whole, or why there will be none; None while more may follow."""
        begin = max(0, len(self._held) - len(END) + 1)
        self._held += data
        if not self._may_be_http():
            return Fault.NOT_HTTP
        end = self._held.find(END, begin)
        if (len(self._held) if end < 0 else end + len(END)) > self._size_max:
            return Fault.TOO_LONG
        if end < 0:
            return None
        return parse_head(bytes(self._held[:end])) or Fault.NOT_HTTP

    def rest(self) -> bytes:
        """What came behind the head."""
        return bytes(self._held[self._held.index(END) + len(END) :])

    def _may_be_http(self) -> bool:
        """Whether it begins like a request: who speaks something else is told so without waiting for more."""
        if self._has_request_line:
            return True
        end = self._held.find(b"\n")
        if end < 0 or not self._held[:1].isalpha():
            return self._held[:1].isalpha()
        self._has_request_line = _REQUEST_LINE.fullmatch(self._held[:end].removesuffix(b"\r")) is not None
        return self._has_request_line


def parse_head(data: bytes) -> Head | None:
    """The head in these bytes, its end left out; None when it is no HTTP."""
    first, *lines = data.split(b"\r\n")
    request = _REQUEST_LINE.fullmatch(first)
    if request is None:
        return None
    headers = [_HEADER.fullmatch(line) for line in lines]
    if not all(headers):
        return None
    pairs = (
        (match[1].decode().lower(), match[2].strip(b" \t").decode("latin-1")) for match in headers if match
    )
    return Head(request[1].decode(), request[2].decode(), tuple(pairs))
