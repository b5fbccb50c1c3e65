"""Which log of a thread is current, how others are found, and packed files under their plain names."""

import os
from pathlib import Path
from uuid import UUID

import pytest

from rollout.finding.home import Home
from rollout.finding.sessions import Sessions, regular_state
from tests.rollout.finding.test_sessions import Place

THREAD = UUID("0196f0aa-0000-7000-8000-000000000001")
OTHER = UUID("0196f0aa-0000-7000-8000-000000000002")
LOW = UUID("0196f0aa-0000-7000-8000-0000000000aa")
HIGH = UUID("0196f0aa-0000-7000-8000-0000000000bb")
DAY = "sessions/2026/05/01"
ARCHIVE = "archived_sessions"


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """An empty home."""
    (tmp_path / "home").mkdir()
    return Place(tmp_path / "home")


def name(hour: int = 10, log: UUID | None = None, thread: UUID = THREAD) -> str:
    """The name of a log that began at this hour."""
    return f"rollout-2026-05-01T{hour:02}-00-00-{thread}{'' if log is None else f'_{log}'}.jsonl"


CURRENT: dict[str, tuple[str, list[str]]] = {
    "the later": (f"{DAY}/{name(11, LOW)}", [f"{DAY}/{name(10)}", f"{DAY}/{name(10, HIGH)}"]),
    "the first log if it is later": (f"{DAY}/{name(12)}", [f"{DAY}/{name(11, LOW)}"]),
    "in one second a further log": (f"{DAY}/{name(10, LOW)}", [f"{DAY}/{name(10)}"]),
    "in one second the greater id": (
        f"{DAY}/{name(10, HIGH)}",
        [f"{DAY}/{name(10, LOW)}", f"{DAY}/{name(10)}"],
    ),
    "a live one before a later archived one": (f"{DAY}/{name(10)}", [f"{ARCHIVE}/{name(12, HIGH)}"]),
    "the latest of the archive": (f"{ARCHIVE}/{name(12, LOW)}", [f"{ARCHIVE}/{name(11, HIGH)}"]),
    "in whatever day": (f"sessions/2026/04/01/{name(12, LOW)}", [f"{DAY}/{name(11)}"]),
    "a packed one": (f"{DAY}/{name(11, LOW)}.zst", [f"{DAY}/{name(10)}"]),
    "a plain one before an earlier packed one": (f"{DAY}/{name(11, LOW)}", [f"{DAY}/{name(10)}.zst"]),
    "a short one before earlier copies": (
        f"{DAY}/{name(11, LOW)}",
        [f"{DAY}/{name(10)}", f"sessions/{name(10)}"],
    ),
    "an oddly named one last": (f"{DAY}/{name(10)}", [f"{DAY}/odd-{THREAD}_{HIGH}"]),
}


@pytest.mark.parametrize(("current", "others"), CURRENT.values(), ids=CURRENT)
@pytest.mark.parametrize("is_current_first", [True, False])
def test_the_latest_log_is_read(
    place: Place,
    current: str,
    others: list[str],
    is_current_first: bool,  # noqa: FBT001 - a parameter
) -> None:
    for path in [current, *others] if is_current_first else [*others, current]:
        place.put(path, 1 if path == current else 9)
        os.utime(place.root / path, (1, 1) if path == current else (9, 9))
    assert place.found() == current.removesuffix(".zst")
    found = place.sessions.find(THREAD)
    assert found is not None
    assert found.is_packed == current.endswith(".zst")


def test_copies_of_one_log_are_judged_before_logs_are_compared(place: Place) -> None:
    place.put(f"{DAY}/{name(10)}", 9)
    place.put(f"{DAY}/{name(12)}", 5)  # a shorter copy of the first log
    place.put(f"{DAY}/{name(11, LOW)}", 1)
    assert place.found() == f"{DAY}/{name(11, LOW)}"


def test_a_thread_is_not_found_by_the_id_of_a_further_log(place: Place) -> None:
    for path in (f"{DAY}/{name(11, LOW)}", f"{DAY}/odd-{THREAD}_{HIGH}.bak"):
        place.put(path)
    assert place.found(LOW) is None
    assert place.found(HIGH) is None
    assert place.found(THREAD) is not None


@pytest.mark.parametrize("folder", [DAY, ARCHIVE, "sessions/odd/deep"])
@pytest.mark.parametrize("packed", ["", ".zst"])
def test_every_log_is_found_by_its_own_id(place: Place, folder: str, packed: str) -> None:
    place.put(f"{folder}/{name(10)}{packed}")
    place.put(f"{folder}/{name(11, LOW)}{packed}")
    place.put(f"{folder}/{name(11, thread=OTHER)}{packed}")
    for log, hour, known in ((THREAD, 10, None), (LOW, 11, LOW)):
        found = place.sessions.find_log(log)
        assert found is not None
        assert found.path == str(place.root / folder / name(hour, known))
        assert (found.thread_id, found.rollout_id) == (THREAD, log)
        assert (found.is_archived, found.is_packed) == (folder == ARCHIVE, bool(packed))
    assert place.sessions.find_log(HIGH) is None


def test_a_live_copy_of_a_log_counts_before_an_archived_one(place: Place) -> None:
    live = place.put(f"{DAY}/{name(11, LOW)}", 1)
    archived = place.put(f"{ARCHIVE}/{name(11, LOW)}", 9)
    found = place.sessions.find_log(LOW)
    assert found is not None
    assert found.path == str(live)
    assert [log.path for log in place.sessions.logs_of(THREAD)] == [str(live)]
    live.unlink()
    assert [log.path for log in place.sessions.logs_of(THREAD)] == [str(archived)]


def test_all_logs_of_a_thread_come_in_their_order_wherever_they_lie(place: Place) -> None:
    paths = [
        f"{ARCHIVE}/{name(10)}",
        f"{DAY}/{name(11, HIGH)}.zst",
        f"{ARCHIVE}/{name(12, LOW)}.zst",
        f"{DAY}/{name(12, HIGH.__class__(int=HIGH.int + 1))}",
    ]
    for path in reversed(paths):
        place.put(path)
    place.put(f"{DAY}/{name(13, thread=OTHER)}")
    logs = place.sessions.logs_of(THREAD)
    assert [os.path.relpath(log.path, place.root) for log in logs] == [
        path.removesuffix(".zst") for path in paths
    ]
    assert [log.is_archived for log in logs] == [True, False, True, False]
    assert place.sessions.logs_of(LOW) == []


def test_further_logs_are_listed(place: Place) -> None:
    place.put(f"{DAY}/{name(10)}")
    place.put(f"{DAY}/{name(11, LOW)}")
    found = {log.rollout_id: log for log in place.sessions.listed(archived=False)}
    assert found.keys() == {THREAD, LOW}
    assert {log.thread_id for log in found.values()} == {THREAD}
    assert found[LOW] == place.sessions.find(THREAD) == place.sessions.listed_place(found[LOW].path)


# -- packed files -----------------------------------------------------------------------------


@pytest.mark.parametrize("folder", [DAY, ARCHIVE])
def test_a_packed_file_is_listed_under_its_plain_name(place: Place, folder: str) -> None:
    packed = place.put(f"{folder}/{name()}.zst", 7)
    path = str(place.root / folder / name())
    (listed,) = place.sessions.listed(archived=folder == ARCHIVE)
    assert (listed.path, listed.is_packed, listed.is_listable) == (path, True, True)
    assert listed.state == regular_state(path) == regular_state(str(packed))
    assert listed.state.size == 7
    assert listed == place.sessions.listed_place(path) == place.sessions.place(path, THREAD)
    assert place.sessions.listed_place(str(packed)) is None


def test_a_plain_file_beside_a_packed_one_counts_once(place: Place) -> None:
    packed = place.put(f"{DAY}/{name()}.zst", 9)
    plain = place.put(f"{DAY}/{name()}", 1)
    os.utime(plain, (1, 1))
    (listed,) = place.sessions.listed(archived=False)
    assert (listed.is_packed, listed.state.size) == (False, 1)
    assert place.sessions.find(THREAD) == place.sessions.find_log(THREAD) == listed
    plain.unlink()
    (listed,) = place.sessions.listed(archived=False)
    assert (listed.path, listed.is_packed) == (str(plain), True)
    packed.unlink()
    assert list(place.sessions.listed(archived=False)) == []


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo, lambda path: path.symlink_to("/dev/null")])
def test_what_is_no_file_hides_the_packed_one(place: Place, make: object) -> None:
    place.put(f"{DAY}/{name()}.zst")
    assert callable(make)
    make(place.root / DAY / name())
    assert place.sessions.find(THREAD) is None
    assert list(place.sessions.listed(archived=False)) == []


def test_a_link_to_a_packed_file_is_read_and_not_listed(place: Place, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_bytes(b"x")
    place.put(f"{DAY}/other")
    (place.root / DAY / f"{name()}.zst").symlink_to(tmp_path / "elsewhere")
    found = place.sessions.find(THREAD)
    assert found is not None
    assert (found.is_packed, found.is_listable) == (True, False)
    assert list(place.sessions.listed(archived=False)) == []


def test_only_logs_are_packed(tmp_path: Path) -> None:
    (tmp_path / "sessions").mkdir()
    (tmp_path / "sessions" / f"odd-{THREAD}.txt.zst").write_bytes(b"x")
    found = Sessions(Home.at(tmp_path)).find(THREAD)
    assert found is not None
    assert (found.path.endswith(".txt.zst"), found.is_packed) == (True, False)
    assert regular_state(found.path.removesuffix(".zst")) is None
