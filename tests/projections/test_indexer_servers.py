"""Several servers share an index: each line counts once, and a commit that fails leaves nothing behind."""

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle
from pathlib import Path

import pytest
from eventsourcing.persistence import IntegrityError

from domain.history.rows import HistoryDelta
from projections import history, indexer
from projections.history import HistoryRecord, save
from projections.indexer import Indexer
from projections.store import UPSTREAM
from projections.turn_rows import write_delta
from rollout.catalogue.catalogue import Catalogue
from rollout.joined.home_log import JoinedLog
from tests.home import THREAD, IndexedHome, meta
from tests.projections.catcher import follow
from tests.projections.counting import CountingLog, positions, rows
from tests.projections.homes import new_home, rebuilt
from tests.projections.sample import SAMPLE, thread, turns

ROOT = Path(__file__).parents[2]
LINES = [meta(), *turns(60)]
WHOLE = b"".join(LINES)


@pytest.fixture(name="home")
def _home(tmp_path: Path) -> IndexedHome:
    return new_home(tmp_path)


def segments(home: IndexedHome) -> list[tuple[int, int, int]]:
    """The catalogued runs of lines: first position, count, end."""
    with home.store.writing() as cursor:
        found = Catalogue().segments_from(cursor, 1, 10_000)
    return [(segment.first_position, segment.line_count, segment.end) for segment in found]


def check(home: IndexedHome, data: bytes) -> None:
    """The rows are those of the whole, and every line has one position, which is tracked."""
    assert rows(home, home.catch_up().file_id) == rebuilt(data)
    count = data.count(b"\n")
    assert positions(home) == (count, count)
    expected = 1
    for first, line_count, _ in segments(home):
        assert first == expected
        expected += line_count
    assert expected == count + 1
    assert segments(home)[-1][2] == len(data)


def committed(reader: sqlite3.Connection) -> tuple[int, int]:
    """The newest position and the tracked one, as another connection sees them."""
    head = reader.execute("SELECT coalesce(max(next) - 1, 0) FROM position").fetchone()[0]
    tracked = reader.execute(
        "SELECT coalesce(max(notification_id), 0) FROM tracking WHERE application_name = ?", (UPSTREAM,)
    ).fetchone()[0]
    return head, tracked


# -- two servers ------------------------------------------------------------------------------


def test_two_servers_that_take_turns_count_each_line_once(tmp_path: Path) -> None:
    servers = [IndexedHome(tmp_path), IndexedHome(tmp_path)]
    servers[0].write(b"")
    known = 0
    for at, server in zip(range(0, len(WHOLE), 333), cycle(servers), strict=False):
        server.append(WHOLE[at : at + 333])
        server.catch_up()
        head, tracked = positions(server)
        assert known <= head == tracked
        known = head
    for server in servers:
        check(server, WHOLE)
        server.close()


def test_a_server_that_is_late_reads_nothing(tmp_path: Path) -> None:
    first, second = IndexedHome(tmp_path), IndexedHome(tmp_path)
    first.write(WHOLE)
    first.catch_up()
    log = CountingLog()
    Indexer(second.store, JoinedLog(log)).catch_up(str(second.path_of()), THREAD)
    assert log.read == 0
    check(second, WHOLE)


def test_servers_in_threads_count_each_line_once(home: IndexedHome) -> None:
    home.write(b"")
    with ThreadPoolExecutor(3) as pool:
        servers = [pool.submit(follow, home.root, len(LINES)) for _ in range(3)]
        for at in range(0, len(WHOLE), 777):
            home.append(WHOLE[at : at + 777])
        for server in servers:
            server.result(60)
    check(home, WHOLE)


def test_servers_in_processes_count_each_line_once(home: IndexedHome) -> None:
    home.write(b"")
    command = [sys.executable, "-m", "tests.projections.catcher", str(home.root), str(len(LINES))]
    servers = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) for _ in range(2)]
    try:
        assert [server.stdout.readline() for server in servers if server.stdout] == [b"ready\n"] * 2
        for at in range(0, len(WHOLE), 500):
            home.append(WHOLE[at : at + 500])
            home.catch_up()
        assert [server.wait(60) for server in servers] == [0, 0]
    finally:
        for server in servers:
            server.kill()
            server.communicate()
    check(home, WHOLE)


def test_a_file_that_another_server_has_seen_replaced_is_right_for_both(tmp_path: Path) -> None:
    first, second = IndexedHome(tmp_path), IndexedHome(tmp_path)
    first.write(WHOLE)
    first.catch_up()
    second.catch_up()
    first.path_of().unlink()
    first.write(SAMPLE)
    expected = rebuilt(b"".join(SAMPLE))
    for server in (first, second, first):
        indexed = server.catch_up()
        assert rows(server, indexed.file_id) == expected
    assert positions(first) == (len(LINES) + len(SAMPLE),) * 2


# -- positions --------------------------------------------------------------------------------


@pytest.mark.parametrize("commit_size", [1, 3000, 10**9])
def test_after_each_commit_the_tracked_position_is_the_newest(
    home: IndexedHome, monkeypatch: pytest.MonkeyPatch, commit_size: int
) -> None:
    monkeypatch.setattr(history, "COMMIT_SIZE", commit_size)
    monkeypatch.setattr(indexer, "COMMIT_SIZE", commit_size)
    seen: list[tuple[int, int]] = []
    reader = sqlite3.connect(home.store.path)

    def save_and_look(cursor: sqlite3.Cursor, record: HistoryRecord) -> None:
        seen.append(committed(reader))
        save(cursor, record)

    monkeypatch.setattr("projections.indexer.save", save_and_look)
    home.write(LINES)
    Indexer(home.store, JoinedLog(CountingLog(lines_at_once=4))).catch_up(str(home.path_of()), THREAD)
    seen.append(committed(reader))
    reader.close()
    assert [head for head, _ in seen] == [tracked for _, tracked in seen] == sorted(head for head, _ in seen)
    assert (seen[0], seen[-1]) == ((0, 0), (len(LINES), len(LINES)))
    assert (len(set(seen)) > 2) == (commit_size < 10**9)


def test_positions_of_a_file_that_was_replaced_are_not_given_again(home: IndexedHome) -> None:
    home.write(SAMPLE)
    home.catch_up()
    home.path_of().unlink()
    home.write(SAMPLE[:5])
    home.catch_up()
    assert positions(home) == (len(SAMPLE) + 5,) * 2
    assert [first for first, _, _ in segments(home)] == [len(SAMPLE) + 1]


def test_a_position_that_is_tracked_already_is_refused(home: IndexedHome) -> None:
    home.write(SAMPLE)
    home.catch_up()
    with pytest.raises(IntegrityError), home.store.writing() as cursor:
        home.store.track(cursor, len(SAMPLE))
    assert positions(home) == (len(SAMPLE), len(SAMPLE))


# -- commits that fail ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "real"),
    [("projections.history.write_delta", write_delta), ("projections.indexer.save", save)],
)
def test_a_commit_that_fails_leaves_everything_as_it_was(
    home: IndexedHome, monkeypatch: pytest.MonkeyPatch, name: str, real: Callable[..., None]
) -> None:
    home.write(LINES[:100])
    home.catch_up()
    before = (home.tables(), positions(home), segments(home))
    home.append(b"".join(LINES[100:]))

    def write_and_fail(*arguments: object) -> None:
        real(*arguments)
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(name, write_and_fail)
        with pytest.raises(OSError, match="No space"):
            home.catch_up()
    assert (home.tables(), positions(home), segments(home)) == before
    check(home, WHOLE)


def test_a_commit_in_the_middle_that_fails_keeps_those_before_it(
    home: IndexedHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "COMMIT_SIZE", 2000)
    home.write(LINES)
    counted = Indexer(home.store, JoinedLog(CountingLog(lines_at_once=3)))
    count = 0

    def fail_at_the_third(cursor: sqlite3.Cursor, file_id: int, delta: HistoryDelta) -> None:
        nonlocal count
        count += 1
        if count == 3:
            raise OSError(28, "No space left on device")
        write_delta(cursor, file_id, delta)

    with monkeypatch.context() as patched:
        patched.setattr("projections.history.write_delta", fail_at_the_third)
        with pytest.raises(OSError, match="No space"):
            counted.catch_up(str(home.path_of()), THREAD)
    head, tracked = positions(home)
    assert 0 < head == tracked < len(LINES)
    check(home, WHOLE)


def test_two_threads_in_one_index_do_not_meet(home: IndexedHome) -> None:
    for at in range(len(SAMPLE)):
        for number in (1, 2):
            path = home.path_of(thread(number))
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("ab") as file:
                file.write(SAMPLE[at])
            indexed = home.catch_up(thread(number))
            assert len(rows(home, indexed.file_id)["history"]) == 1
    expected = rebuilt(b"".join(SAMPLE))
    assert [rows(home, home.catch_up(thread(number)).file_id) for number in (1, 2)] == [expected] * 2
    assert positions(home) == (2 * len(SAMPLE),) * 2
