"""The state of an index, without reading the logs."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from api.checking.index_reader import OtherVersion, Unsound, check_as_left, looked_at
from api.indexing.backups import backups_of
from api.indexing.claim import NotOurs, claim
from domain.log import RolloutPlace
from projections.seal import wal_size

FOLDED = "SELECT path, state FROM history JOIN rollout_file USING (file_id)"
DAMAGED = "SELECT coalesce(sum(damaged_count > 0), 0), coalesce(sum(damaged_count), 0) FROM history"


@dataclass(frozen=True, slots=True)
class IndexState:
    """What there is of an index; sizes in bytes, its age in seconds since it was last written.

    `current` files of the home are indexed as they are now. `damaged_lines` of `damaged_files` were passed
    over when they were indexed. `fault` is why it cannot be relied on, None when it can; `is_ours` is false
    of a file of somebody else.
    """

    path: str
    is_there: bool
    size: int = 0
    age_s: int = 0
    version: int = 0
    current: int = 0
    damaged_files: int = 0
    damaged_lines: int = 0
    set_aside: int = 0
    fault: str | None = None
    is_ours: bool = True


def index_state(path: Path, places: Sequence[RolloutPlace]) -> IndexState:
    """The state of the index at this path, for a home with these files."""
    aside = backups_of(path)
    set_aside = sum(each.name.endswith(path.name) for each in aside.iterdir()) if aside.is_dir() else 0
    if not path.exists():
        return IndexState(str(path), is_there=False, set_aside=set_aside)
    try:
        claim(path)
    except NotOurs as fault:
        return IndexState(str(path), is_there=True, fault=str(fault), is_ours=False)
    found = path.stat()
    size, age_s = found.st_size + wal_size(path), max(0, int(time.time() - found.st_mtime))
    try:
        with looked_at(path) as cursor:
            version = check_as_left(cursor, path)
            folded = {row[0]: row[1] for row in cursor.execute(FOLDED).fetchall()}
            files, lines = cursor.execute(DAMAGED).fetchone()
    except (Unsound, OtherVersion) as fault:
        return IndexState(str(path), True, size, age_s, set_aside=set_aside, fault=str(fault))  # noqa: FBT003
    current = sum(folded.get(place.path) == place.state.text() for place in places)
    return IndexState(str(path), True, size, age_s, version, current, files, lines, set_aside)  # noqa: FBT003
