"""Values and texts as refusals quote them, in the words of release 0.131.0."""

import unicodedata
from collections.abc import Callable, Mapping

_ESCAPES = {"\t": r"\t", "\r": r"\r", "\n": r"\n", "'": r"\'", '"': r"\"", "\\": r"\\"}

SHOWN_CHARACTERS_MAX = 1000
"""Characters of a text that a refusal repeats: it may have come with 16 MiB."""


def escaped(text: str) -> str:
    """The text with everything but printable ASCII as an escape; quotes and backslashes too."""
    return "".join(_escaped_character(character) for character in text[:SHOWN_CHARACTERS_MAX])


def _escaped_character(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    return character if " " <= character <= "~" else f"\\u{{{ord(character):x}}}"


def seen(value: object) -> str:
    """What kind of JSON value was met, scalars with what they are."""
    tell = _SEEN.get(type(value))
    return "map" if tell is None else tell(value)


_SEEN: Mapping[type, Callable[[object], str]] = {
    type(None): lambda _: "null",
    bool: lambda value: f"boolean `{str(value).lower()}`",
    int: lambda value: f"integer `{value}`",
    float: lambda value: f"floating point `{value}`",
    str: lambda value: f'string "{_quoted(str(value)[:SHOWN_CHARACTERS_MAX])}"',
    list: lambda _: "sequence",
}


def _quoted(text: str) -> str:
    """The text as it stands between double quotes: what cannot be seen by itself is escaped."""
    return "".join(_quoted_character(character) for character in text)


def _quoted_character(character: str) -> str:
    if character != "'" and character in _ESCAPES:
        return _ESCAPES[character]
    if character.isprintable() and unicodedata.category(character) not in {"Mn", "Me"}:
        return character
    return r"\0" if character == "\0" else f"\\u{{{ord(character):x}}}"
