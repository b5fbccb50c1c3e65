"""Text rules that differ from Python's own."""

WHITE_SPACE = (
    "\t\n\x0b\x0c\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005"
    "\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
)
"""Unicode White_Space. `str.isspace` also counts U+001C to U+001F, which release 0.131.0 does not."""


def trim(text: str) -> str:
    """The text without white space at both ends."""
    return text.strip(WHITE_SPACE)


def is_utf8(raw: bytes) -> bool:
    """Whether these bytes are text in UTF-8."""
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True


def is_encodable(text: str) -> bool:
    """Whether a text can be UTF-8: it holds no halves of characters, as names of other bytes do."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def is_blank(text: str) -> bool:
    """Whether there is nothing but white space."""
    return not text.strip(WHITE_SPACE)
