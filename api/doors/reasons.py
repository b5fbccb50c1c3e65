"""What the system says when it refuses, in the words of release 0.131.0."""

import errno
import os

WORDS = {errno.EADDRINUSE: "Address in use", errno.EADDRNOTAVAIL: "Address not available"}
"""Where the C library that the release is built with says it differently from most."""


def os_reason(error: OSError) -> str:
    """A failure of the system: its sentence and its number."""
    number = error.errno or 0
    return f"{WORDS.get(number) or os.strerror(number)} (os error {number})"
