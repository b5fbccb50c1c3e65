"""Exit codes of the commands that look after a home: those of fsck, added up where several hold."""

from enum import IntFlag


class ExitCode(IntFlag):
    """What a run came to; 0 is that nothing is wrong."""

    CORRECTED = 1
    """Everything that was done was done."""
    LEFT = 4
    """Something is left, or a check found damage."""
    FAILED = 8
    """A call failed, or nothing could be done at all."""
    USAGE = 16
    """The command line does not read."""
    STOPPED = 32
    """A signal ended it."""
