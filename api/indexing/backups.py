"""Indexes that cannot be used go to a folder beside them, under dated names."""

from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from domain.limits import INDEX_BACKUPS_KEPT
from projections.database import alone
from projections.seal import SEAL_SUFFIX

BACKUPS_SUFFIX = "-backups"
COMPANIONS = ("", "-wal", "-shm", SEAL_SUFFIX)

Place = tuple[int, int]
"""Device and inode: which file it is, whatever its name."""


def backups_of(path: Path) -> Path:
    """The folder of the indexes that were set aside."""
    return path.with_name(path.name + BACKUPS_SUFFIX)


def place_of(path: Path) -> Place | None:
    """Which file lies there now; None when there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def set_aside(path: Path, place: Place) -> Path | None:
    """Move an index away, if it is still this one, with what belongs to it; where it is now.

    None when another server was faster: what lies there then is a new one. OSError when it cannot be moved.
    """
    with alone(path):
        if place_of(path) != place:
            return None
        folder = backups_of(path)
        folder.mkdir(mode=0o700, exist_ok=True)
        target = folder / f"{datetime.now(UTC):%Y-%m-%dT%H-%M-%S.%f}-{path.name}"
        for suffix in COMPANIONS:
            beside = path.with_name(path.name + suffix)
            if beside.exists():
                beside.replace(target.with_name(target.name + suffix))
        _prune(folder, path.name)
        return target


def _prune(folder: Path, name: str) -> None:
    """Keep the newest; a folder that lay in the place of an index stays."""
    kept = sorted(each for each in folder.iterdir() if each.name.endswith(f"-{name}") and each.is_file())
    for old in kept[:-INDEX_BACKUPS_KEPT]:
        for suffix in COMPANIONS:
            with suppress(OSError):
                old.with_name(old.name + suffix).unlink(missing_ok=True)
