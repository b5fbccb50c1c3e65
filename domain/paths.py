"""Paths as texts, without a look at any disk."""

from posixpath import isabs, normpath

Parts = tuple[tuple[int, str], ...]

ROOT, HERE, UP, NAME = range(4)
"""The kinds of a path's parts, in their order."""


def absolute(path: str, base: str, user_home: str = "") -> str:
    """The path made absolute and clean by its text alone: `.`, `..`, doubled and trailing slashes go.

    `~` stands for the user's home where that is given; a relative path starts at `base`.
    """
    if user_home and (path == "~" or path.startswith("~/")):
        path = user_home + path[1:]
    clean = normpath(path if isabs(path) else f"{base}/{path}")
    return clean[1:] if clean.startswith("//") else clean


def parts_of(path: str) -> Parts:
    """What makes two paths the same, and orders them: doubled slashes and inner `.` do not count."""
    parts = [(ROOT, "")] if path.startswith("/") else []
    for index, name in enumerate(path.split("/")):
        if name == "..":
            parts.append((UP, ""))
        elif name == "." and index == 0:
            parts.append((HERE, ""))
        elif name not in ("", "."):
            parts.append((NAME, name))
    return tuple(parts)
