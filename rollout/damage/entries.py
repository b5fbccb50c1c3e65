"""Everything below a home's two folders of rollouts, as it lies on the disk: files, links, pipes, folders.

No link is followed but `sessions` and `archived_sessions` themselves. A folder that cannot be read costs
itself. Names are as `os.fsdecode` gives them.
"""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from domain.damage.placing import ACTIVE, ARCHIVED
from rollout.finding.folders import DEPTH_MAX
from rollout.finding.home import Home


class EntryKind(Enum):
    """What an entry is."""

    FILE = auto()
    LINK_TO_FILE = auto()
    LINK_TO_FOLDER = auto()
    DANGLING_LINK = auto()
    FOLDER = auto()
    UNREADABLE_FOLDER = auto()
    PIPE = auto()
    SPECIAL = auto()


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: its path below the home, what it is, and of a file its size and when it was written."""

    file: str
    kind: EntryKind
    size: int = 0
    mtime_ns: int = 0


def entries_of(home: Home) -> Iterator[Entry]:
    """All entries, a folder before what is in it, in the order of their names."""
    for top in (ACTIVE, ARCHIVED):
        path = home.root / top
        if path.is_dir():
            yield from _below(str(home.root), top, 0)
        elif os.path.lexists(path):
            yield Entry(top, EntryKind.UNREADABLE_FOLDER)


def _below(root: str, folder: str, depth: int) -> Iterator[Entry]:
    try:
        with os.scandir(f"{root}/{folder}") as found:
            entries = sorted((each.name, each) for each in found)
    except OSError:
        yield Entry(folder, EntryKind.UNREADABLE_FOLDER)
        return
    for name, each in entries:
        file = f"{folder}/{name}"
        entry = _entry(file, each)
        yield entry
        if entry.kind is EntryKind.FOLDER and depth < DEPTH_MAX:
            yield from _below(root, file, depth + 1)


def _entry(file: str, each: "os.DirEntry[str]") -> Entry:
    try:
        found = each.stat(follow_symlinks=False)
    except OSError:
        return Entry(file, EntryKind.SPECIAL)
    if stat.S_ISLNK(found.st_mode):
        return Entry(file, _kind_of_link(each))
    if stat.S_ISDIR(found.st_mode):
        return Entry(file, EntryKind.FOLDER)
    if stat.S_ISFIFO(found.st_mode):
        return Entry(file, EntryKind.PIPE)
    kind = EntryKind.FILE if stat.S_ISREG(found.st_mode) else EntryKind.SPECIAL
    return Entry(file, kind, found.st_size, found.st_mtime_ns)


def _kind_of_link(each: "os.DirEntry[str]") -> EntryKind:
    try:
        target = each.stat()
    except OSError:
        return EntryKind.DANGLING_LINK
    if stat.S_ISDIR(target.st_mode):
        return EntryKind.LINK_TO_FOLDER
    return EntryKind.LINK_TO_FILE if stat.S_ISREG(target.st_mode) else EntryKind.SPECIAL
