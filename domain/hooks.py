"""Hook prompts: user messages made of nothing but `<hook_prompt hook_run_id="...">text</hook_prompt>`.

Release 0.131.0 reads them with a lenient reader, not an XML parser: hooks print what they like, terminal
escapes included. Comments, instructions, one document type and a byte order mark before the element are
passed over, and so is all that follows it; nearly any character may stand in a name; line ends are those
of XML 1.1. (Found by asking that release; see the property tests.)
"""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from domain.text import is_blank, trim

RUN_ID = "hook_run_id"

MAY_HOLD = (b"hook_run_id", b"\\u")
"""A line with neither of these bytes holds no hook prompt: the attribute can only be spelt out or escaped."""

SPACE = " \t\r\n"
"""What counts as blank between tags."""

MARKUP = re.compile(
    r"<!--.*?-->|<\?.*?\?>"
    r"|<!\[CDATA\[(?P<verbatim>.*?)\]\]>"
    r"|(?P<doctype><![Dd][Oo][Cc][Tt][Yy][Pp][Ee](?:\[.*?\]|[^>\[])*>)"
    r"|</(?P<end>[^>]*)>"
    r"|<(?P<start>[^!?/'\">](?:[^'\">]|\"[^\"]*\"|'[^']*')*|(?:\"[^\"]*\"|'[^']*')(?:[^'\">]|\"[^\"]*\"|'[^']*')*)>"
    r"|(?P<text>[^<]+)",
    re.DOTALL,
)
NAME = re.compile(rf"[^{SPACE}]*")
ATTRIBUTE = re.compile(rf"[{SPACE}]*([^={SPACE}]+)[{SPACE}]*=[{SPACE}]*(\"[^\"]*\"|'[^']*')[{SPACE}]*")
LINE_ENDS = re.compile("\r\n|\r\x85|\r|\x85|\u2028")
ENTITY = re.compile(r"&(?:#x([0-9A-Fa-f]+)|#([0-9]+)|(lt|gt|amp|apos|quot));|&")
NAMED = {"lt": "<", "gt": ">", "amp": "&", "apos": "'", "quot": '"'}
DIGITS_MAX = 12
"""Digits of a character's number that are looked at: more are no character."""


class Fragment(NamedTuple):
    """One prompt: what the hook said, and which run of a hook said it."""

    text: str
    hook_run_id: str


class _NoFragment(Exception):
    """The text is none."""


def may_hold_prompt(raw: bytes) -> bool:
    """Whether a line needs a closer look."""
    return MAY_HOLD[0] in raw or MAY_HOLD[1] in raw


def fragments_of(payload: dict[str, Any]) -> list[Fragment] | None:
    """The fragments of a response item; None when it is not a hook prompt."""
    if payload.get("role") != "user":
        return None
    fragments = [_fragment_of(part) for part in payload["content"]]
    whole = [fragment for fragment in fragments if fragment is not None]
    return whole if whole and len(whole) == len(fragments) else None


def _fragment_of(part: dict[str, Any]) -> Fragment | None:
    return parse_fragment(part["text"]) if part["type"] == "input_text" else None


def parse_fragment(text: str) -> Fragment | None:
    """The text read as one element with a run id around one run of text; None when it is not that."""
    if RUN_ID not in text:
        return None
    pieces = _pieces(trim(text).removeprefix("\ufeff"))
    try:
        tag = _root(pieces)
        run_id = _run_id(tag)
        runs = _runs(pieces, tag)
    except _NoFragment:
        return None
    return Fragment(runs[0], run_id) if len(runs) == 1 and not is_blank(run_id) else None


def _pieces(text: str) -> Iterator[re.Match[str]]:
    """Tags, texts and what is passed over, one after the other."""
    at = 0
    while at < len(text):
        piece = MARKUP.match(text, at)
        if piece is None:
            raise _NoFragment
        yield piece
        at = piece.end()
    raise _NoFragment


def _root(pieces: Iterator[re.Match[str]]) -> str:
    """What stands inside the first tag; only blanks may come before it."""
    for piece in pieces:
        if piece["start"] is not None:
            return piece["start"]
        if piece["end"] is not None or _said(piece).strip(SPACE):
            break
    raise _NoFragment


def _runs(pieces: Iterator[re.Match[str]], tag: str) -> list[str]:
    """The runs of text directly inside the element; tags part them, blank ones do not count."""
    open_names = [_name(tag)]
    runs = [""]
    for piece in pieces:
        if piece["end"] is not None:
            if piece["end"].rstrip(SPACE) != open_names.pop():
                raise _NoFragment
            if not open_names:
                return [run for run in runs if run.strip(SPACE)]
        elif piece["start"] is not None and not piece["start"].endswith("/"):
            open_names.append(_name(piece["start"]))
        if len(open_names) == 1:
            if _parts_runs(piece):
                runs.append("")
            else:
                runs[-1] += _said(piece)
        else:
            _said(piece)
    raise _NoFragment


def _parts_runs(piece: re.Match[str]) -> bool:
    return any(piece[kind] is not None for kind in ("start", "end", "doctype"))


def _said(piece: re.Match[str]) -> str:
    """The text of a piece: line ends made one, entities decoded except in CDATA."""
    if piece["verbatim"] is not None:
        return LINE_ENDS.sub("\n", piece["verbatim"])
    return ENTITY.sub(_character, LINE_ENDS.sub("\n", piece["text"])) if piece["text"] is not None else ""


def _name(tag: str) -> str:
    found = NAME.match(tag)
    return found[0] if found else ""


def _run_id(tag: str) -> str:
    """The value of the attribute that matters, under any prefix; every attribute has to be well-formed."""
    if tag.endswith("/"):
        raise _NoFragment
    values: dict[str, str] = {}
    at = len(_name(tag))
    while tag[at:].strip(SPACE):
        attribute = ATTRIBUTE.match(tag, at)
        if attribute is None or attribute[1] in values:
            raise _NoFragment
        values[attribute[1]] = attribute[2][1:-1]
        at = attribute.end()
    found = [value for name, value in values.items() if name.partition(":")[2] == RUN_ID or name == RUN_ID]
    if len(found) != 1:
        raise _NoFragment
    return ENTITY.sub(_character, found[0])


def _character(entity: re.Match[str]) -> str:
    hexadecimal, decimal, name = entity.groups()
    if name is not None:
        return NAMED[name]
    digits = hexadecimal or decimal or "0"
    number = int(digits, 16 if hexadecimal else 10) if len(digits.lstrip("0")) <= DIGITS_MAX else 0
    if number == 0 or 0xD800 <= number <= 0xDFFF or number > 0x10FFFF:  # noqa: PLR2004 - surrogates, Unicode's end
        raise _NoFragment
    return chr(number)
