"""How much an acknowledged write survives."""

from enum import StrEnum


class Durability(StrEnum):
    """What has happened to the bytes of a write before it is acknowledged.

    `DISK`: they and the names of new files and folders are on the disk, so they survive a power failure.
    `PROCESS`: the system has them, so they survive the death of this program. `NONE` promises nothing; it
    is for tests.
    """

    DISK = "disk"
    PROCESS = "process"
    NONE = "none"

    @property
    def waits_for_disk(self) -> bool:
        """Whether a write ends only when the disk has it."""
        return self is Durability.DISK
