"""What may be taken for the index of a home: one of ours, in whatever state, and nothing of anybody else.

An index that cannot be used is moved away and another begun in its place, so a slip in `--index` must not
name somebody's file.
"""

import re
from pathlib import Path

from projections.database import APPLICATION_ID, LOCK_SUFFIX

OF_CODEX = re.compile(r"(state|logs|goals|memories|queue)(_\d+)?\.sqlite")
"""Databases of Codex: whoever names one as the index gets none, and Codex keeps its own."""

OWN_FOLDER = "threadstore"
"""Where indexes lie unless another place is named: what is in their way there may be moved."""

MARK = APPLICATION_ID.to_bytes(4, "big")
MARK_OFFSET = 68
"""SQLite's application id in the head of a file."""


class NotOurs(OSError):
    """Somebody's file, folder or device named as the index."""

    def __init__(self, path: Path, what: str) -> None:
        super().__init__(f"{path.name} is {what}")


def claim(path: Path) -> None:
    """Nothing where an index is, or may be begun; else NotOurs. Writes nothing, and opens no pipe."""
    if OF_CODEX.fullmatch(path.name):
        raise NotOurs(path, "a database of Codex")
    if path.parent.name != OWN_FOLDER and path.exists() and not _is_index(path):
        raise NotOurs(path, "no index")


def _is_index(path: Path) -> bool:
    """Whether it is an empty file, begins like an index, or was one: their lock lies beside them."""
    if not path.is_file():
        return False
    if not path.stat().st_size or path.with_name(path.name + LOCK_SUFFIX).exists():
        return True
    try:
        with path.open("rb") as file:
            return file.read(MARK_OFFSET + len(MARK))[MARK_OFFSET:] == MARK
    except OSError:  # what cannot be read is not known to be ours
        return False
