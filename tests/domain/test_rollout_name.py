"""Names of rollout files: which a listing takes, and what they tell (thread-list.md, section 1)."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.rollout_name import (
    LogIds,
    RolloutName,
    log_path,
    logs_in,
    packed_path,
    read_rollout_name,
    write_rollout_name,
    written_uuid,
)

PLAIN = "0196f0aa-0000-7000-8000-00000000abcd"
THREAD = UUID(PLAIN)
OTHER = "0196f0aa-0000-7000-8000-00000000ffff"
TIME = "2026-05-01T10-00-00"
TEN = 1_777_629_600

SPELLINGS = (
    PLAIN,
    PLAIN.upper(),
    THREAD.hex,
    THREAD.hex.upper(),
    f"{{{PLAIN}}}",
    f"{{{PLAIN.upper()}}}",
    f"urn:uuid:{PLAIN}",
    f"urn:uuid:{PLAIN.upper()}",
)

NO_UUIDS = (
    "",
    "x",
    PLAIN[:-1],
    f"{PLAIN}0",
    f"{THREAD.hex}0",
    THREAD.hex[:-1],
    f"{{{PLAIN}",
    f"{PLAIN}}}",
    f"{{{PLAIN}0",
    f"0{PLAIN}}}",
    f"{{{{{PLAIN}}}}}",
    f"URN:UUID:{PLAIN}",
    f"uuid:{PLAIN}",
    f" {PLAIN}",
    f"{PLAIN}\n",
    f"\n{PLAIN}",
    PLAIN.replace("-", "", 1),
    PLAIN.replace("a", "g"),
    PLAIN.replace("0", "\uff10"),
    PLAIN.replace("-", "_"),
    "0196f0aa-00007000-8000-0000-00000000abcd",
    f"-{PLAIN}",
    f"{PLAIN}-",
)

TIMES = {
    TIME: TEN,
    f"+{TIME}": TEN,
    "2026-05-01T23-59-59": TEN + 14 * 3600 - 1,
    "2024-02-29T00-00-00": 1_709_164_800,
    "1969-12-31T23-59-59": -1,
    "1970-01-01T00-00-00": 0,
    "0001-01-01T00-00-00": -62_135_596_800,
    "9999-12-31T23-59-59": 253_402_300_799,
}

NO_TIMES = (
    "",
    "2026-05-01",
    "2026-05-01T10-00",
    "2026-05-01T24-00-00",
    "2026-05-01T10-60-00",
    "2026-05-01T10-00-60",
    "2026-06-30T23-59-60",
    "2026-13-01T10-00-00",
    "2026-00-01T10-00-00",
    "2026-05-00T10-00-00",
    "2026-02-30T10-00-00",
    "2026-02-29T10-00-00",
    "2026-5-01T10-00-00",
    "2026-05-1T10-00-00",
    "2026-05-01T1-00-00",
    "2026-05-01T10-0-00",
    "2026-05-01T10-00-0",
    "2026-05-01T10-00-00.5",
    "2026-05-01T10-00-00.000",
    "2026-05-01T10-00-00Z",
    "2026-05-01 10-00-00",
    "2026-05-01t10-00-00",
    "2026-05-01T10:00:00",
    "12026-05-01T10-00-00",
    "+12026-05-01T10-00-00",
    "026-05-01T10-00-00",
    "++2026-05-01T10-00-00",
    "\uff12026-05-01T10-00-00",
    " 2026-05-01T10-00-00",
)

NO_NAMES = (
    "",
    "rollout-.jsonl",
    f"rollout-{PLAIN}.jsonl",
    f"rollout-{TIME}.jsonl",
    f"rollout-{TIME}{PLAIN}.jsonl",
    f"rollout-{TIME}-{PLAIN}",
    f"rollout-{TIME}-{PLAIN}.json",
    f"rollout-{TIME}-{PLAIN}.JSONL",
    f"rollout-{TIME}-{PLAIN}.jsonl.bak",
    f"rollout-{TIME}-{PLAIN}.jsonl.zst",
    f"rollout-{TIME}-{PLAIN}.jsonl.jsonl",
    f"rollout-{TIME}-{PLAIN}.jsonl\n",
    f"rollout-{TIME}-{PLAIN}-x.jsonl",
    f"rollout-{TIME}-\n{PLAIN}.jsonl",
    f"Rollout-{TIME}-{PLAIN}.jsonl",
    f"rollout_{TIME}-{PLAIN}.jsonl",
    f"xrollout-{TIME}-{PLAIN}.jsonl",
    f".rollout-{TIME}-{PLAIN}.jsonl",
    f"sessions/rollout-{TIME}-{PLAIN}.jsonl",
)


@pytest.mark.parametrize("uuid", SPELLINGS)
def test_the_uuid_of_a_name_is_read_in_any_usual_spelling(uuid: str) -> None:
    assert read_rollout_name(f"rollout-{TIME}-{uuid}.jsonl") == RolloutName(TEN, THREAD, THREAD)
    assert written_uuid(uuid) == THREAD


@pytest.mark.parametrize("uuid", NO_UUIDS)
def test_what_is_no_uuid_is_not_read_as_one(uuid: str) -> None:
    assert written_uuid(uuid) is None


@pytest.mark.parametrize("uuid", [uuid for uuid in NO_UUIDS if not uuid.startswith("-")])
def test_a_name_without_a_uuid_is_no_rollout_name(uuid: str) -> None:
    assert read_rollout_name(f"rollout-{TIME}-{uuid}.jsonl") is None


@pytest.mark.parametrize(("time", "started_s"), TIMES.items())
def test_a_name_tells_its_time_as_if_it_were_utc(time: str, started_s: int) -> None:
    assert read_rollout_name(f"rollout-{time}-{PLAIN}.jsonl") == RolloutName(started_s, THREAD, THREAD)


@pytest.mark.parametrize("time", NO_TIMES)
def test_a_name_without_a_strict_time_is_no_rollout_name(time: str) -> None:
    assert read_rollout_name(f"rollout-{time}-{PLAIN}.jsonl") is None


@pytest.mark.parametrize("name", NO_NAMES)
def test_a_name_of_another_form_is_no_rollout_name(name: str) -> None:
    assert read_rollout_name(name) is None


@pytest.mark.parametrize("size", range(len(f"rollout-{TIME}-{PLAIN}.jsonl")))
def test_every_cut_of_a_name_is_no_rollout_name(size: int) -> None:
    assert read_rollout_name(f"rollout-{TIME}-{PLAIN}.jsonl"[:size]) is None


@given(st.text() | st.from_regex(r"\Arollout-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-[0-9a-f{}_-]{30,80}\.jsonl\Z"))
def test_any_name_is_read_or_refused(name: str) -> None:
    told = read_rollout_name(name)
    assert told is None or LogIds(told.thread_id, told.rollout_id) in logs_in(name)


@given(st.datetimes(datetime(1970, 1, 1), datetime(9999, 12, 31)), st.uuids())  # noqa: DTZ001  local times
def test_a_written_name_is_read_again(local: datetime, thread_id: UUID) -> None:
    name = write_rollout_name(local, thread_id)
    started_s = int((local.replace(microsecond=0, tzinfo=UTC)).timestamp())
    assert read_rollout_name(name) == RolloutName(started_s, thread_id, thread_id)


def test_a_name_is_written_with_the_local_time_and_the_plain_id() -> None:
    local = datetime(2026, 5, 1, 9, 8, 7, 654321)  # noqa: DTZ001  a writer's clock on the wall
    assert write_rollout_name(local, THREAD) == f"rollout-2026-05-01T09-08-07-{PLAIN}.jsonl"


@pytest.mark.parametrize("thread", SPELLINGS)
@pytest.mark.parametrize("log", [OTHER, OTHER.upper(), UUID(OTHER).hex, f"{{{OTHER}}}", f"urn:uuid:{OTHER}"])
def test_a_further_log_is_named_by_its_thread_and_its_own_id(thread: str, log: str) -> None:
    name = f"rollout-{TIME}-{thread}_{log}.jsonl"
    assert read_rollout_name(name) == RolloutName(TEN, THREAD, UUID(OTHER))
    assert logs_in(name) == {LogIds(THREAD, UUID(OTHER))}


@pytest.mark.parametrize("uuid", NO_UUIDS)
def test_a_further_log_needs_two_uuids(uuid: str) -> None:
    assert read_rollout_name(f"rollout-{TIME}-{PLAIN}_{uuid}.jsonl") is None
    if not uuid.startswith("-"):
        assert read_rollout_name(f"rollout-{TIME}-{uuid}_{PLAIN}.jsonl") is None


@pytest.mark.parametrize("ids", [f"{PLAIN}_{OTHER}_{OTHER}", f"{PLAIN}__{OTHER}", f"_{OTHER}", f"{PLAIN}_x"])
def test_a_log_has_at_most_two_ids(ids: str) -> None:
    assert read_rollout_name(f"rollout-{TIME}-{ids}.jsonl") is None


@given(st.uuids(), st.uuids())
def test_a_further_logs_name_is_read_again(thread_id: UUID, rollout_id: UUID) -> None:
    name = write_rollout_name(datetime(2026, 5, 1, 10), thread_id, rollout_id)  # noqa: DTZ001  local
    assert read_rollout_name(name) == RolloutName(TEN, thread_id, rollout_id)


def test_a_first_logs_own_id_is_not_written() -> None:
    local = datetime(2026, 5, 1, 10)  # noqa: DTZ001  a writer's clock on the wall
    assert write_rollout_name(local, THREAD, THREAD) == write_rollout_name(local, THREAD)


@pytest.mark.parametrize(
    ("name", "logs"),
    [
        (f"rollout-{TIME}-{PLAIN}.jsonl", {(PLAIN, PLAIN)}),
        (f"odd-{PLAIN}.txt", {(PLAIN, PLAIN)}),
        (f"{PLAIN.upper()}.jsonl.bak", {(PLAIN, PLAIN)}),
        (f"session-{THREAD.hex}.json", {(PLAIN, PLAIN)}),
        (f"rollout-{TIME}-{PLAIN}.jsonl.zst", {(PLAIN, PLAIN)}),
        (f"{PLAIN} and {OTHER}", {(PLAIN, PLAIN), (OTHER, OTHER)}),
        (f"x{PLAIN}{OTHER}x", {(PLAIN, PLAIN), (OTHER, OTHER)}),
        (f"odd-{PLAIN}_{OTHER}.bak", {(PLAIN, OTHER)}),
        (f"odd-{THREAD.hex}_{OTHER.upper()}", {(PLAIN, OTHER)}),
        (f"{PLAIN}_and_{OTHER}", {(PLAIN, PLAIN), (OTHER, OTHER)}),
        (f"_{PLAIN}", {(PLAIN, PLAIN)}),
        (PLAIN[:-1], set()),
        ("notes.txt", set()),
        ("", set()),
    ],
)
def test_every_log_that_a_name_may_be_of_is_found_in_it(name: str, logs: set[tuple[str, str]]) -> None:
    assert logs_in(name) == {LogIds(UUID(thread), UUID(log)) for thread, log in logs}


@pytest.mark.parametrize(
    ("path", "log", "packed"),
    [
        ("/h/a.jsonl", "/h/a.jsonl", "/h/a.jsonl.zst"),
        ("/h/a.jsonl.zst", "/h/a.jsonl", None),
        ("/h/a.zst", "/h/a.zst", None),
        ("/h/a.jsonl.bak", "/h/a.jsonl.bak", None),
        ("", "", None),
    ],
)
def test_a_log_is_called_by_its_plain_name(path: str, log: str, packed: str | None) -> None:
    assert (log_path(path), packed_path(path)) == (log, packed)
