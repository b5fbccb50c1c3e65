"""What time it is, in the forms that logs and answers have."""

import time

from domain.times import NANOSECONDS, write_milliseconds


def now_text() -> str:
    """Now in UTC, RFC 3339 with milliseconds and Z: the timestamp of a line."""
    return write_milliseconds(time.time_ns() // 1_000_000)


def now_ms() -> int:
    """Milliseconds since 1970."""
    return time.time_ns() // 1_000_000


def now_s() -> int:
    """Whole seconds since 1970."""
    return time.time_ns() // NANOSECONDS
