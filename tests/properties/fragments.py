"""How release 0.131.0 reads a fragment of a hook prompt, in the ways found by asking it.

`thread-history.md`, section 4, tells the rule. The binary is no strict XML parser: it skips comments,
instructions, a document type and one byte order mark before the element, does not look behind it, takes
most characters for a name, and ends lines as XML 1.1 does.
"""

import re
from collections.abc import Iterator

WHITE = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
"""What Unicode calls white space; Python's own idea of it has four control characters more."""

BLANK = " \t\r\n"
"""What XML calls white space."""

TOKEN = re.compile(
    r"""
      <!--(?P<comment>.*?)-->
    | <!\[CDATA\[(?P<verbatim>.*?)\]\]>
    | <!(?P<type>[Dd][Oo][Cc][Tt][Yy][Pp][Ee](?:\[.*?\]|[^>\[])*)>
    | <\?(?P<instruction>.*?)\?>
    | </(?P<end>[^>]*)>
    | <(?P<start>(?![!?/])(?:"[^"]*"|'[^']*'|[^'">])+)>
    | (?P<text>[^<]+)
    """,
    re.DOTALL | re.VERBOSE,
)
ATTRIBUTE = re.compile(r"""[ \t\r\n]*([^= \t\r\n]+)[ \t\r\n]*=[ \t\r\n]*(?:"([^"]*)"|'([^']*)')[ \t\r\n]*""")
LINE_END = re.compile("\r\n|\r\x85|\r|\x85|\u2028")
REFERENCE = re.compile(r"&(?:#x([0-9A-Fa-f]+)|#([0-9]+)|(lt|gt|amp|apos|quot));|&")
NAMED = {"lt": "<", "gt": ">", "amp": "&", "apos": "'", "quot": '"'}
RUN_ID = "hook_run_id"

Token = tuple[str, str]


class NoFragment(ValueError):
    """The text is no fragment of a hook prompt."""


def fragment(text: str) -> dict[str, str] | None:
    """The text and the run's id of a fragment; None when the text is none."""
    try:
        tokens = _tokens(text.strip(WHITE).removeprefix("\ufeff"))
        run_id = _run_id(tag := _root(tokens))
        runs = list(_runs(tokens, _name(tag)))
    except NoFragment:
        return None
    return {"text": runs[0], "hookRunId": run_id} if run_id.strip(WHITE) and len(runs) == 1 else None


def _tokens(text: str) -> Iterator[Token]:
    """The tokens of a text, as long as there are any."""
    at = 0
    while at < len(text):
        match = TOKEN.match(text, at)
        if match is None:
            raise NoFragment
        assert match.lastgroup is not None
        yield match.lastgroup, match[match.lastgroup]
        at = match.end()
    raise NoFragment


def _root(tokens: Iterator[Token]) -> str:
    """What stands in the brackets of the first tag; nothing may be said before it."""
    for kind, content in tokens:
        if kind == "start":
            return content
        said = _resolved(content) if kind == "text" else content if kind == "verbatim" else ""
        if kind == "end" or LINE_END.sub("\n", said).strip(BLANK):
            break
    raise NoFragment


def _runs(tokens: Iterator[Token], name: str) -> Iterator[str]:
    """The runs of text directly inside an element, up to its end; blank ones do not count."""
    if name.endswith("/"):
        return
    run = ""
    for kind, content in tokens:
        if kind in ("text", "verbatim"):
            ended = LINE_END.sub("\n", content)
            run += ended if kind == "verbatim" else _resolved(ended)
        elif kind in ("start", "end", "type"):
            if run.strip(BLANK):
                yield run
            run = ""
            if kind == "end":
                if content.rstrip(BLANK) != name:
                    raise NoFragment
                return
            if kind == "start" and not content.endswith("/"):
                list(_runs(tokens, _name(content)))


def _name(tag: str) -> str:
    """The name in a tag."""
    return re.split("[ \t\r\n]", tag, maxsplit=1)[0]


def _run_id(tag: str) -> str:
    """The value of the attribute that matters, whatever its prefix."""
    if tag.endswith("/"):
        raise NoFragment
    at, values = len(_name(tag)), dict[str, str]()
    while tag[at:].strip(BLANK):
        match = ATTRIBUTE.match(tag, at)
        if match is None or match[1] in values:
            raise NoFragment
        values[match[1]] = match[2] if match[2] is not None else match[3]
        at = match.end()
    found = [value for name, value in values.items() if name.split(":", 1)[-1] == RUN_ID]
    if len(found) != 1:
        raise NoFragment
    return _resolved(found[0])


def _resolved(text: str) -> str:
    """The text with its entities replaced."""
    return REFERENCE.sub(_character, text)


def _character(match: re.Match[str]) -> str:
    hexadecimal, decimal, name = match.groups()
    if name is not None:
        return NAMED[name]
    number = int(hexadecimal, 16) if hexadecimal else int(decimal) if decimal else 0
    if number == 0 or 0xD800 <= number <= 0xDFFF or number > 0x10FFFF:
        raise NoFragment
    return chr(number)
