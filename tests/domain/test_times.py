"""Times as texts: what is RFC 3339 and what is not (thread-list.md, section 5)."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.times import read_cursor_time_ns, read_time_ns, write_time_ns

TEN = 1_777_629_600_000
MILLION = 1_000_000
"""2026-05-01T10:00:00Z in milliseconds."""

HOUR = 3_600_000

ACCEPTED = {
    "2026-05-01T10:00:00Z": TEN,
    "2026-05-01t10:00:00z": TEN,
    # Any one byte stands between date and time.
    "2026-05-01 10:00:00Z": TEN,
    "2026-05-01_10:00:00Z": TEN,
    "2026-05-01510:00:00Z": TEN,
    "2026-05-01\n10:00:00Z": TEN,
    "2026-05-01\x0010:00:00Z": TEN,
    # A fraction of any number of digits.
    "2026-05-01T10:00:00.5Z": TEN + 500,
    "2026-05-01T10:00:00.05Z": TEN + 50,
    "2026-05-01T10:00:00.987Z": TEN + 987,
    # Any offset.
    "2026-05-01T12:00:00+02:00": TEN,
    "2026-05-01T08:30:00-01:30": TEN,
    "2026-05-01T10:00:00+00:00": TEN,
    "2026-05-01T10:00:00-00:00": TEN,
    "2026-05-02T09:59:00+23:59": TEN,
    "2026-04-30T10:01:00-23:59": TEN,
    "2026-05-01T12:00:00.25+02:00": TEN + 250,
    # Dates far off, and days that are not in every year.
    "1970-01-01T00:00:00Z": 0,
    "1969-12-31T23:59:59.5Z": -500,
    "2024-02-29T00:00:00Z": 1_709_164_800_000,
    "0001-01-01T00:00:00Z": -62_135_596_800_000,
    "0001-01-01T00:00:00+01:00": -62_135_596_800_000 - HOUR,
    "9999-12-31T23:59:59.999Z": 253_402_300_799_999,
    "9999-12-31T23:59:59-01:00": 253_402_300_799_000 + HOUR,
}

FINER = {
    "2026-05-01T10:00:00.0004Z": TEN * MILLION + 400_000,
    "2026-05-01T10:00:00.123456789Z": TEN * MILLION + 123_456_789,
    "2026-05-01T10:00:00.9999999999999999999Z": TEN * MILLION + 999_999_999,
    f"2026-05-01T10:00:00.{'1' * 300}Z": TEN * MILLION + 111_111_111,
}
"""Fractions finer than a millisecond, in nanoseconds."""

REFUSED = (
    "",
    "now",
    # Spaces around it.
    " 2026-05-01T10:00:00Z",
    "2026-05-01T10:00:00Z ",
    "2026-05-01T10:00:00Z\n",
    "\n2026-05-01T10:00:00Z",
    # A date alone, or a time that is not whole.
    "2026-05-01",
    "2026-05-01T",
    "2026-05-01T10:00Z",
    "10:00:00Z",
    "2026-05-0110:00:00Z",
    "2026-05-01  10:00:00Z",
    "20260501T100000Z",
    "2026-5-1T10:00:00Z",
    "2026-05-01T1:00:00Z",
    "026-05-01T10:00:00Z",
    "12026-05-01T10:00:00Z",
    # No offset, or none that is one.
    "2026-05-01T10:00:00",
    "2026-05-01T10:00:00.5",
    "2026-05-01T10:00:00+0200",
    "2026-05-01T10:00:00+02",
    "2026-05-01T10:00:00+2:00",
    "2026-05-01T10:00:00+02:60",
    "2026-05-01T10:00:00 +02:00",
    "2026-05-01T10:00:00\u221202:00",
    "2026-05-01T10:00:00+02:00:00",
    "2026-05-01T10:00:00UTC",
    "2026-05-01T10:00:00ZZ",
    # Times and dates that do not exist.
    "2026-05-01T24:00:00Z",
    "2026-05-01T10:60:00Z",
    "2026-05-01T10:00:60Z",
    "2026-05-01T23:59:60Z",
    "2026-13-01T10:00:00Z",
    "2026-00-01T10:00:00Z",
    "2026-05-00T10:00:00Z",
    "2026-04-31T10:00:00Z",
    "2026-02-29T10:00:00Z",
    "2026-02-30T10:00:00Z",
    # A leading sign, an empty fraction, another mark of it.
    "+2026-05-01T10:00:00Z",
    "-2026-05-01T10:00:00Z",
    "+002026-05-01T10:00:00Z",
    "2026-05-01T10:00:00.Z",
    "2026-05-01T10:00:00.+02:00",
    "2026-05-01T10:00:00,5Z",
    "2026-05-01T10:00:00. 5Z",
    # Anything with a bar.
    "2026-05-01T10:00:00Z|",
    "|2026-05-01T10:00:00Z",
    # Digits of other scripts.
    "\uff12026-05-01T10:00:00Z",
    "\u0662026-05-01T10:00:00Z",
    "2026-05-01T10:00:00.\uff15Z",
)


@pytest.mark.parametrize(("text", "time_ms"), ACCEPTED.items())
def test_a_time_of_rfc_3339_is_read(text: str, time_ms: int) -> None:
    assert read_time_ns(text) == time_ms * MILLION


@pytest.mark.parametrize(("text", "time_ns"), FINER.items())
def test_a_fraction_is_read_to_the_nanosecond_and_cut_there(text: str, time_ns: int) -> None:
    assert read_time_ns(text) == time_ns


@pytest.mark.parametrize("text", ["2026-05-01T10:00:00+24:00", "2026-05-01T10:00:00-99:59"])
def test_an_offset_of_a_day_or_more_is_none(text: str) -> None:
    assert read_time_ns(text) is None


def test_a_cursor_may_be_written_as_in_file_names() -> None:
    assert read_cursor_time_ns("2026-05-01T10-00-00") == TEN * MILLION
    assert read_cursor_time_ns("2026-05-01T10:00:00Z") == TEN * MILLION
    assert read_cursor_time_ns("2026-05-01T10-00-60") is None
    assert read_time_ns("2026-05-01T10-00-00") is None


@pytest.mark.parametrize("text", REFUSED)
def test_any_other_text_is_no_time(text: str) -> None:
    assert read_time_ns(text) is None


@pytest.mark.parametrize("size", range(len("2026-05-01T10:00:00.5+02:00")))
def test_every_cut_of_a_time_is_no_time(size: int) -> None:
    assert read_time_ns("2026-05-01T10:00:00.5+02:00"[:size]) is None


@given(st.text(alphabet="0123456789-+:.TtZz |\n", max_size=40) | st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    time_ns = read_time_ns(text)
    assert time_ns is None or len(text) >= len("2026-05-01T10:00:00Z")


OFFSETS = st.integers(-23 * 60 - 59, 23 * 60 + 59).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MOMENTS = st.datetimes(datetime(2, 1, 1), datetime(9998, 12, 31), timezones=OFFSETS)  # noqa: DTZ001  has a zone


@given(MOMENTS)
def test_a_moment_is_read_alike_in_every_offset(moment: datetime) -> None:
    exact = (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1) * 1000
    assert read_time_ns(moment.isoformat()) == exact
    assert read_time_ns(moment.astimezone(UTC).isoformat()) == exact


@pytest.mark.parametrize(
    ("time_ms", "text"),
    [
        (TEN, "2026-05-01T10:00:00Z"),
        (TEN + 980, "2026-05-01T10:00:00.98Z"),
        (TEN + 5, "2026-05-01T10:00:00.005Z"),
        (0, "1970-01-01T00:00:00Z"),
        (-1, "1969-12-31T23:59:59.999Z"),
        (-62_135_596_800_000, "0001-01-01T00:00:00Z"),
        (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
    ],
)
def test_a_time_is_written_in_utc_without_needless_digits(time_ms: int, text: str) -> None:
    assert write_time_ns(time_ms * MILLION) == text


@given(st.integers(-62_135_596_800 * 10**9, 253_402_300_799 * 10**9))
def test_what_was_written_is_read_again(time_ns: int) -> None:
    assert read_time_ns(write_time_ns(time_ns)) == time_ns
