"""Where file systems are mounted, and which of them tell of every change.

The kernel tells of changes that pass through it. On a file system that other machines write, or another
kernel behind a hypervisor, or a program (fuse), most changes pass elsewhere. So the local ones are
listed here, and an unknown one is not trusted: asking it again and again is slower, never wrong.
"""

import os
import re
from dataclasses import dataclass

MOUNTINFO = "/proc/self/mountinfo"

LOCAL = frozenset(
    {
        *("ext2", "ext3", "ext4", "xfs", "btrfs", "bcachefs", "zfs", "f2fs", "jfs", "nilfs2", "reiserfs"),
        *("tmpfs", "ramfs", "rootfs", "overlay", "aufs", "ecryptfs"),
        *("vfat", "exfat", "msdos", "ntfs", "ntfs3", "fuseblk", "hfs", "hfsplus", "udf"),
        *("iso9660", "squashfs", "erofs"),
    }
)
"""Types of file systems that nobody but this kernel writes."""

POINT = 4
"""Which field of a line of mountinfo is the mount point; the type is the first behind ` - ` (proc(5))."""

ESCAPE = re.compile(r"\\([0-7]{3})")
"""How a space, tab, line feed or backslash stands in a mount point."""


@dataclass(frozen=True, slots=True)
class Mount:
    """A mount point and the type of what is mounted there."""

    point: str
    kind: str


def read_mounts(path: str = MOUNTINFO) -> list[Mount]:
    """All mounts that this process sees, later ones over earlier ones; none where nothing tells them."""
    try:
        with open(path, encoding="utf-8", errors="surrogateescape", newline="\n") as file:  # noqa: PTH123 - plain text
            lines = file.read().split("\n")
    except OSError:
        return []
    return [mount for line in lines if (mount := _read_mount(line)) is not None]


def is_local(path: str, mounts: list[Mount]) -> bool:
    """Whether this path, links resolved, and all that is mounted below it tell of every change."""
    resolved = os.path.realpath(path)
    below = [mount.kind for mount in mounts if mount.point.startswith(f"{resolved.rstrip('/')}/")]
    return all(kind in LOCAL for kind in (_kind_of(resolved, mounts), *below))


def _kind_of(resolved: str, mounts: list[Mount]) -> str | None:
    """The type of the file system that a path is on; None when it is not known."""
    found = Mount("", "")
    for mount in mounts:
        if _holds(mount.point, resolved) and len(mount.point) >= len(found.point):
            found = mount
    return found.kind or None


def _holds(point: str, path: str) -> bool:
    return path == point or path.startswith(f"{point.rstrip('/')}/")


def _read_mount(line: str) -> Mount | None:
    head, separator, tail = line.partition(" - ")
    fields, behind = head.split(" "), tail.split(" ")
    if not separator or len(fields) <= POINT:
        return None
    return Mount(ESCAPE.sub(_unescaped, fields[POINT]), behind[0])


def _unescaped(found: re.Match[str]) -> str:
    return chr(int(found.group(1), 8))
