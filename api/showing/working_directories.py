"""Which working directories a filter means: by their real paths where both exist, else by their texts.

The texts are compared part by part: doubled and trailing slashes and inner `.` do not matter, `..` does
(thread-list.md, section 3).
"""

import os
from collections.abc import Iterable, Sequence

from domain.listing.thread_object import Defaults
from domain.paths import absolute, parts_of


def asked_paths(asked: str | Sequence[str], defaults: Defaults) -> list[str]:
    """The paths of a filter, made absolute by their texts alone."""
    paths = [asked] if isinstance(asked, str) else asked
    return [absolute(path, defaults.working_directory, defaults.user_home) for path in paths]


def keys_of(asked: Iterable[str], known: Iterable[tuple[int, str]], base: str) -> list[int]:
    """The keys of the known directories that the asked ones mean; looks at the disk.

    Relative ones start at `base`.
    """
    texts = {parts_of(path) for path in asked}
    places = {place for path in asked if (place := _place(path)) is not None}
    return [key for key, path in known if parts_of(path) in texts or (places and _is_at(path, base, places))]


Place = tuple[int, int, str]
"""A directory that exists: device, inode, and its path with all links resolved."""


def _is_at(path: str, base: str, places: set[Place]) -> bool:
    if not path:
        return False
    full = os.path.join(base, path)  # noqa: PTH118 - paths are plain text here
    try:
        found = os.stat(full)  # noqa: PTH116
    except (OSError, ValueError):
        return False
    return any(
        (found.st_dev, found.st_ino) == (device, inode) and os.path.realpath(full) == real
        for device, inode, real in places
    )


def _place(path: str) -> Place | None:
    try:
        found = os.stat(path)  # noqa: PTH116
        return found.st_dev, found.st_ino, os.path.realpath(path)
    except (OSError, ValueError):
        return None
