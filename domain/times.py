"""Times as texts: RFC 3339 in and out, and nanoseconds since 1970 inside."""

import re
from datetime import UTC, datetime, timedelta

RFC_3339 = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})[\x00-\x7f]([0-9]{2}):([0-9]{2}):([0-9]{2})"
    r"(?:\.([0-9]+))?(?:[Zz]|([+-])([0-9]{2}):([0-9]{2}))",
    re.ASCII,
)
"""Any one byte may stand between date and time (case cursor-accepted)."""

FILE_NAME_TIME = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2})-([0-9]{2})-([0-9]{2})", re.ASCII)
"""The form of rollout file names; as a cursor it is in UTC."""

HOUR_MAX, MINUTE_MAX = 23, 59
NANOSECONDS = 1_000_000_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def read_time_ns(text: str) -> int | None:
    """Nanoseconds since 1970 of an RFC 3339 time, cut where it is finer; None for any other text."""
    match = RFC_3339.fullmatch(text)
    if match is None:
        return None
    *parts, fraction, sign, hours, minutes = match.groups()
    whole_s = _seconds(parts)
    if whole_s is None or (sign and (int(hours) > HOUR_MAX or int(minutes) > MINUTE_MAX)):
        return None
    offset_s = (int(hours) * 3600 + int(minutes) * 60) * (-1 if sign == "-" else 1) if sign else 0
    return (whole_s - offset_s) * NANOSECONDS + int(((fraction or "") + "0" * 9)[:9])


def read_cursor_time_ns(text: str) -> int | None:
    """The time of a list cursor: RFC 3339, or as it stands in file names; None for any other text."""
    match = FILE_NAME_TIME.fullmatch(text)
    whole_s = None if match is None else _seconds(list(match.groups()))
    return read_time_ns(text) if whole_s is None else whole_s * NANOSECONDS


def _seconds(parts: list[str]) -> int | None:
    try:
        year, month, day, hour, minute, second = map(int, parts)
        moment = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None
    return (moment - EPOCH) // timedelta(seconds=1)


def write_time_ns(time_ns: int) -> str:
    """The time as `2026-05-01T10:00:00Z`, with as many digits of its fraction as it has."""
    whole_s, rest_ns = divmod(time_ns, NANOSECONDS)
    text = (EPOCH + timedelta(seconds=whole_s)).isoformat()[: len("2026-05-01T10:00:00")]
    fraction = f"{rest_ns:09d}".rstrip("0")
    return f"{text}.{fraction}Z" if fraction else f"{text}Z"


def day_number(year: int, month: int, day: int) -> int:
    """A day as one number, in the order of the folders: year, month and day need not be of a calendar."""
    return year << 16 | month << 8 | day


def day_of_time(time_ns: int) -> int:
    """The number of the day that a time lies in, in UTC; 0 for a time before all days."""
    try:
        moment = EPOCH + timedelta(seconds=time_ns // NANOSECONDS)
    except OverflowError:
        return 0
    return day_number(moment.year, moment.month, moment.day)


def write_milliseconds(time_ms: int) -> str:
    """The time as `2026-05-01T10:00:00.000Z`: always three digits, as lines of the log have it."""
    whole_s, rest_ms = divmod(time_ms, 1000)
    return f"{write_time_ns(whole_s * NANOSECONDS)[:-1]}.{rest_ms:03d}Z"
