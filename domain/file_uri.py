"""File URIs as paths, the way the newer release reads and shows them (asked of release 0.169.0).

A URI is read as browsers read it: blanks around it and line breaks in it go, backslashes are slashes, dots
are resolved, `%20` is decoded. It has no query and no fragment. A drive or a host makes the path a Windows
one.
"""

import re
from functools import lru_cache
from urllib.parse import unquote_to_bytes

from domain.limits import FOLDER_LENGTH_REMEMBERED_MAX, FOLDERS_REMEMBERED_MAX

SCHEME = re.compile(r"file:", re.IGNORECASE)
DRIVE = re.compile(r"/([A-Za-z])(?::|%3[Aa])(?=/|\Z)")
DRIVE_ROOT = re.compile(r"[A-Za-z]:")
WINDOWS_ROOT = re.compile(r"[A-Za-z]:|\\\\[^\\]+(?:\\[^\\]+)?")
"""What a path keeps when another one is set against it: its drive, or a share of another machine."""

BLANKS = "".join(map(chr, range(0x21)))
BREAKS = str.maketrans("", "", "\t\n\r")
DOTS = {".": ".", "..": "..", "%2e": ".", "%2e.": "..", ".%2e": "..", "%2e%2e": ".."}
"""Segments that mean this folder or the one above."""


def read_file_uri(text: str) -> str | None:
    """The path that a file URI names; None for any other text."""
    return _remembered(text) if len(text) <= FOLDER_LENGTH_REMEMBERED_MAX else _read(text)


def _read(text: str) -> str | None:
    uri = text.strip(BLANKS).translate(BREAKS)
    if SCHEME.match(uri) is None or "?" in uri or "#" in uri:
        return None
    rest = uri[len("file:") :].replace("\\", "/")
    host, _, path = rest[2:].partition("/") if rest.startswith("//") else ("", "", rest)
    path = "/" + path.lstrip("/")
    if "\0" in (decoded := _decoded(_resolved(path))):
        return None
    if host and host.lower() != "localhost":
        return "\\\\" + host + decoded.replace("/", "\\")
    drive = DRIVE.match(path)
    if drive is None:
        return decoded
    return f"{drive[1].upper()}:" + (_decoded(_resolved(path[drive.end() :] or "/"))).replace("/", "\\")


_remembered = lru_cache(FOLDERS_REMEMBERED_MAX)(_read)


def joined(base: str, path: str) -> str:
    """A path made absolute against a folder in the form of `read_file_uri`, and clean."""
    root = WINDOWS_ROOT.match(base)
    if root is None:
        return _joined(base, path)
    drive = DRIVE_ROOT.match(path)
    if drive is not None:
        root, base, path = drive, "C:/", path[drive.end() :]
    inside = _joined(base[root.end() :].replace("\\", "/") or "/", path.replace("\\", "/"))
    is_share = inside == "/" and drive is None and root[0].startswith("\\")
    return root[0] if is_share else root[0] + inside.replace("/", "\\")


def _joined(base: str, path: str) -> str:
    """The same for paths with slashes: what the folder is called stays, what is added is made clean."""
    if not path:
        return base
    kept = [] if path.startswith("/") else base.removesuffix("/").split("/")[1:]
    for segment in path.split("/"):
        if segment == ".." and kept:
            kept.pop()
        elif segment not in ("", ".", ".."):
            kept.append(segment)
    return "/" + "/".join(kept)


def _decoded(path: str) -> str:
    return unquote_to_bytes(path).decode(errors="replace")


def _resolved(path: str) -> str:
    """The path, which begins with a slash, without segments of dots."""
    kept: list[str] = []
    segments = path[1:].split("/")
    for segment in segments:
        dots = DOTS.get(segment.lower())
        if dots == ".." and kept:
            kept.pop()
        elif dots is None:
            kept.append(segment)
    if segments[-1].lower() in DOTS:
        kept.append("")
    return "/" + "/".join(kept)
