"""Text rules that differ from Python's own."""

WHITE_SPACE = (
    "\t\n\x0b\x0c\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005"
    "\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
)
"""Unicode White_Space. `str.isspace` also counts U+001C to U+001F, which release 0.131.0 does not."""


def trim(text: str) -> str:
    """The text without white space at both ends."""
    return text.strip(WHITE_SPACE)


def is_blank(text: str) -> bool:
    """Whether there is nothing but white space."""
    return not text.strip(WHITE_SPACE)
