"""The files of a case: how a case file spells them, and how they get on disk."""

import json
import os
from pathlib import Path

from tests.conformance.errors import BadCase
from tests.conformance.values import Json, JsonObject


def lay(home: Path, files: JsonObject, mtimes_s: JsonObject) -> None:
    """Write the files of a case under its home and set their times."""
    for name, body in files.items():
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        target = body.get("symlink") if isinstance(body, dict) else None
        if isinstance(target, str):
            path.symlink_to(target.replace("$HOME", str(home)))
        else:
            path.write_bytes(content(name, body, home))
    for name, mtime_s in mtimes_s.items():
        set_mtime(home / name, mtime_s)


def content(name: str, body: Json, home: Path) -> bytes:
    """The bytes of a file: a list is one value a line, a text the whole, `hex` its bytes."""
    if isinstance(body, list):
        return encoded("".join(f"{_line(item)}\n" for item in body), home)
    if isinstance(body, str):
        return encoded(body, home)
    if isinstance(body, dict) and isinstance(digits := body.get("hex"), str):
        return bytes.fromhex(digits)
    raise BadCase(name, "a file is a list, a text, or an object with hex or symlink")


def appended(items: list[Json], home: Path) -> bytes:
    """The bytes another program appends; a raw item gets no line feed."""
    return encoded("".join(_line(item) + ("" if _raw(item) is not None else "\n") for item in items), home)


def set_mtime(path: Path, mtime_s: Json) -> None:
    """Give a file its time of last change, in seconds since 1970."""
    if isinstance(mtime_s, int | float):
        os.utime(path, (mtime_s, mtime_s))


def encoded(text: str, home: Path) -> bytes:
    """The bytes of a text of a case, the home's path put in."""
    return text.replace("$HOME", str(home)).encode("utf8", "surrogatepass")


def _raw(item: Json) -> str | None:
    raw = item.get("raw") if isinstance(item, dict) and len(item) == 1 else None
    return raw if isinstance(raw, str) else None


def _line(item: Json) -> str:
    raw = _raw(item)
    return json.dumps(item, ensure_ascii=False, separators=(",", ":")) if raw is None else raw
