"""Telling whether bytes are one strict JSON object without holding them: for lines too long to be parsed.

Bytes go in piece by piece, cut anywhere. The rules are those of `domain/lines`: RFC 8259, UTF-8, no half of
a surrogate pair, no number beyond a double, no more than so many containers in one another. Of the object's
own keys the short ones are remembered with what stands behind them, which tells whether it is a record.
"""

import codecs
import re
from enum import Enum, auto
from typing import TYPE_CHECKING, Any

from domain.limits import LINE_NESTING_MAX

if TYPE_CHECKING:
    from collections.abc import Callable

_PLAIN = re.compile(rb'[^"\\\x00-\x1f]*+(?:\\["\\/bfnrt][^"\\\x00-\x1f]*+)*+')
_BLANKS = re.compile(rb"[ \t\r\n]*+")
_NUMERIC = re.compile(rb"[-+.0-9eE]*+")
_LETTERS = re.compile(rb"[a-z]*+")
_NUMBER = re.compile(rb"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")
_UNICODE_ESCAPE = re.compile(rb"\\u[0-9a-fA-F]{4}")

_LITERALS = frozenset({b"true", b"false", b"null"})
_ESCAPE_SIZE = len(rb"\u0000")
_NUMBER_SIZE_MAX = 4096
_LITERAL_SIZE_MAX = 5
_WORD_SIZE_MAX = 64
_HIGH, _LOW, _END = 0xD800, 0xDC00, 0xE000

_SIMPLE = b'"\\/bfnrt'
_UNICODE = ord("u")
_QUOTE, _OPEN, _CLOSE, _OPEN_LIST, _CLOSE_LIST, _COLON, _COMMA = b'"{}[]:,'


class _Expected(Enum):
    """What may come next."""

    OBJECT = auto()
    VALUE = auto()
    VALUE_OR_END = auto()
    KEY = auto()
    KEY_OR_END = auto()
    COLON = auto()
    COMMA_OR_END = auto()


class _Broken(Exception):
    """The bytes are no strict object."""


class ObjectScanner:
    """One object from its first brace on.

    `ended_at` is how many bytes it takes, None while it goes on; `is_broken` once it cannot be one any more.
    """

    def __init__(self) -> None:
        self.ended_at: int | None = None
        self.is_broken = False
        self.members: dict[str, Any] = {}
        self._taken = 0
        self._stack = bytearray()
        self._expected = _Expected.OBJECT
        self._lexing: Callable[[bytes, int], int] | None = None
        self._word = bytearray()
        self._word_size = 0
        self._escape = bytearray()
        self._has_high = False
        self._is_key = False
        self._key = ""
        self._utf8 = codecs.getincrementaldecoder("utf-8")()

    @property
    def is_open(self) -> bool:
        """Whether it may still become an object."""
        return self.ended_at is None and not self.is_broken

    def feed(self, data: bytes) -> None:
        """More bytes; those behind the object's end count for nothing."""
        at = 0
        try:
            while at < len(data) and self.ended_at is None:
                at = self._lexing(data, at) if self._lexing else self._token(data, at)
        except (_Broken, UnicodeDecodeError):
            self.is_broken = True
        self._taken += len(data)

    def _token(self, data: bytes, at: int) -> int:
        found = _BLANKS.match(data, at)
        at = found.end() if found else at
        if at == len(data):
            return at
        byte = data[at]
        if byte == _QUOTE and self._begins(_TEXT_PLACES):
            self._is_key = self._expected in _KEY_PLACES
            self._word_size = 0
            self._word.clear()
            self._lexing = self._string
        elif byte in b"{[" and (self._begins(_VALUE_PLACES) or self._is_begin(byte)):
            self._open(byte)
        elif byte in b"}]":
            self._close(byte, at)
        elif byte == _COLON and self._expected is _Expected.COLON:
            self._expected = _Expected.VALUE
        elif byte == _COMMA and self._expected is _Expected.COMMA_OR_END:
            self._expected = _Expected.KEY if self._stack[-1] == _OPEN else _Expected.VALUE
        elif self._begins(_VALUE_PLACES):
            return self._scalar(data, at)
        else:
            raise _Broken
        return at + 1

    def _begins(self, places: frozenset[_Expected]) -> bool:
        return self._expected in places

    def _is_begin(self, byte: int) -> bool:
        return self._expected is _Expected.OBJECT and byte == _OPEN

    def _open(self, byte: int) -> None:
        self._remember({} if byte == _OPEN else [])
        self._stack.append(byte)
        if len(self._stack) > LINE_NESTING_MAX:
            raise _Broken
        self._expected = _Expected.KEY_OR_END if byte == _OPEN else _Expected.VALUE_OR_END

    def _close(self, byte: int, at: int) -> None:
        opened = _OPEN if byte == _CLOSE else _OPEN_LIST
        is_empty = _Expected.KEY_OR_END if byte == _CLOSE else _Expected.VALUE_OR_END
        if not self._stack or self._stack[-1] != opened:
            raise _Broken
        if self._expected not in {_Expected.COMMA_OR_END, is_empty}:
            raise _Broken
        self._stack.pop()
        self._expected = _Expected.COMMA_OR_END
        if not self._stack:
            self.ended_at = self._taken + at + 1

    def _scalar(self, data: bytes, at: int) -> int:
        self._word.clear()
        if data[at] in b"-0123456789":
            self._lexing = self._number
        elif data[at] in b"tfn":
            self._lexing = self._literal
        else:
            raise _Broken
        return at

    def _number(self, data: bytes, at: int) -> int:
        end = self._collect(_NUMERIC, data, at, _NUMBER_SIZE_MAX)
        if end < len(data):
            if not _NUMBER.fullmatch(self._word) or abs(float(self._word)) == float("inf"):
                raise _Broken
            self._scalar_ended()
        return end

    def _literal(self, data: bytes, at: int) -> int:
        end = self._collect(_LETTERS, data, at, _LITERAL_SIZE_MAX)
        if end < len(data):
            if bytes(self._word) not in _LITERALS:
                raise _Broken
            self._scalar_ended()
        return end

    def _collect(self, wanted: re.Pattern[bytes], data: bytes, at: int, size_max: int) -> int:
        found = wanted.match(data, at)
        end = found.end() if found else at
        if len(self._word) + end - at > size_max:
            raise _Broken
        self._word += data[at:end]
        return end

    def _scalar_ended(self) -> None:
        self._remember(None)
        self._lexing = None
        self._expected = _Expected.COMMA_OR_END

    def _string(self, data: bytes, at: int) -> int:
        if self._escape:
            return self._in_escape(data, at)
        found = _PLAIN.match(data, at)
        end = found.end() if found else at
        if end > at:
            self._plain(data[at:end])
        if end == len(data):
            return end
        if data[end] == _QUOTE:
            self._string_ended()
        elif data[end] == ord("\\"):
            self._escape += b"\\"
        else:
            raise _Broken
        return end + 1

    def _plain(self, text: bytes) -> None:
        if self._has_high:
            raise _Broken
        self._utf8.decode(text)
        self._keep(text)

    def _keep(self, text: bytes) -> None:
        self._word_size += len(text)
        if self._word_size <= _WORD_SIZE_MAX:
            self._word += text

    def _in_escape(self, data: bytes, at: int) -> int:
        """An escape goes on; a simple one stands here only where the pieces were cut behind its backslash."""
        wanted = _ESCAPE_SIZE - len(self._escape) if self._escape[1:] else 1
        taken = data[at : at + wanted]
        self._escape += taken
        kind = self._escape[1]
        if kind != _UNICODE:
            if kind not in _SIMPLE:
                raise _Broken
            self._plain(bytes(self._escape))
            self._escape.clear()
        elif len(self._escape) == _ESCAPE_SIZE:
            self._unicode_escape()
        return at + len(taken)

    def _unicode_escape(self) -> None:
        if not _UNICODE_ESCAPE.fullmatch(self._escape):
            raise _Broken
        self._utf8.decode(b"", final=True)
        code = int(self._escape[2:].decode(), base=16)
        if (_LOW <= code < _END) != self._has_high:
            raise _Broken
        self._has_high = _HIGH <= code < _LOW
        self._keep(bytes(self._escape))
        self._escape.clear()

    def _string_ended(self) -> None:
        if self._has_high:
            raise _Broken
        self._utf8.decode(b"", final=True)
        self._lexing = None
        text = self._word.decode("latin-1") if self._word_size <= _WORD_SIZE_MAX else ""
        if self._is_key:
            self._key = text
            self._expected = _Expected.COLON
            return
        self._remember(text)
        self._expected = _Expected.COMMA_OR_END

    def _remember(self, value: object) -> None:
        """What stands behind one of the object's own keys: a text, an object, or something else."""
        if len(self._stack) == 1 and self._key:
            self.members[self._key] = value


_KEY_PLACES = frozenset({_Expected.KEY, _Expected.KEY_OR_END})
_VALUE_PLACES = frozenset({_Expected.VALUE, _Expected.VALUE_OR_END})
_TEXT_PLACES = _KEY_PLACES | _VALUE_PLACES
