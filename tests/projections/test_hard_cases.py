"""Hard cases of the index: odd files, several servers, doors used side by side, what is trusted."""

import errno
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Barrier, Thread
from zlib import crc32

import pytest
from eventsourcing.persistence import Tracking

from domain.cursors import SortDirection
from domain.errors import StaleIndex
from domain.events import RolloutLine
from domain.history.rows import LinePlace
from projections import history
from projections.content import line_payload
from projections.database import NewerIndex, connect, prepare
from projections.history import HistoryProjection
from projections.indexer import Indexer
from projections.pages import item_page
from projections.schema import STEPS
from projections.store import UPSTREAM, IndexStore
from projections.turn_rows import SqlTurns
from rollout.catalogue.catalogue import Catalogue
from rollout.joined.home_log import JoinedLog
from tests.home import THREAD, IndexedHome, event, meta
from tests.projections.counting import CountingLog, positions, steps_of
from tests.projections.homes import new_home
from tests.projections.listing import ListedHome, says
from tests.projections.sample import SAMPLE, thread, turns


@pytest.fixture(name="home")
def _home(tmp_path: Path) -> Iterator[ListedHome]:
    home = ListedHome(tmp_path)
    yield home
    home.close()


# -- one thing must not spoil others ----------------------------------------------------------


def test_an_item_id_of_thousands_of_digits_costs_no_thread(home: ListedHome) -> None:
    """`int()` refuses more than 4,300 digits: ValueError in `Turn._position_of`, and no catch-up ever."""
    odd = event("web_search_end", call_id="item-" + "1" * 5000, query="q", action={"type": "other"})
    home.write([meta(), says("text"), odd])
    assert len(home.turns()[0]["items"]) == 2


def test_one_odd_file_does_not_stop_the_filling_of_the_others(home: ListedHome) -> None:
    """The same, in bulk: nothing of the home is indexed."""
    odd = event("web_search_end", call_id="item-" + "1" * 5000, query="q", action={"type": "other"})
    home.write([meta(), says("text"), odd], thread(1))
    home.write([meta(), says("text")], thread(2))
    told: list[str] = []
    home.indexer.catch_up_all(home.places(), lambda place, _, __: told.append(place.path))
    assert len(told) == 2


def test_a_file_whose_name_is_no_text_does_not_empty_the_list(home: ListedHome) -> None:
    """A well-formed name with a byte that is no UTF-8: UnicodeEncodeError out of `reconcile`."""
    home.write([meta(), says("text")])
    odd = home.path_of().with_name(f"rollout-2026-05-01T10-00-01-\udcff-{thread(9)}.jsonl")
    odd.write_bytes(meta() + says("odd"))
    assert home.preview() == "text"


@pytest.mark.parametrize("work", ["list", "bulk", "one"])
def test_a_file_on_a_bad_sector_costs_only_itself(
    home: ListedHome, monkeypatch: pytest.MonkeyPatch, work: str
) -> None:
    """EIO while reading is no UnreadableThread: it ends the list and the filling of the whole home."""
    home.write([meta(), says("good")], thread(1))
    home.write([meta(), says("bad")], thread(2))
    bad, pread = home.path_of(thread(2)).stat().st_ino, os.pread

    def fail(descriptor: int, size: int, at: int) -> bytes:
        if os.fstat(descriptor).st_ino == bad:
            raise OSError(errno.EIO, "Input/output error")
        return pread(descriptor, size, at)

    monkeypatch.setattr(os, "pread", fail)
    if work == "list":
        assert [row.preview for row in home.rows()] == ["good"]
    elif work == "bulk":
        home.indexer.catch_up_all(home.places(), lambda *_: None)
    else:
        with pytest.raises(Exception, match="failed to read thread"):
            home.catch_up(thread(2))


# -- two servers ------------------------------------------------------------------------------


def test_a_look_that_is_older_than_the_index_does_not_drop_it(home: ListedHome) -> None:
    """Opened before, locked after another server: a smaller state counts as `replaced`, all is read again."""
    other = IndexedHome(home.root)
    home.write(SAMPLE[:5])
    known = home.catch_up()

    def grow_and_let_the_other_be_faster(path: str) -> None:
        home.append(b"".join(SAMPLE[5:]))
        other.catch_up()

    log = CountingLog(after_open=grow_and_let_the_other_be_faster)
    indexed = Indexer(home.store, JoinedLog(log)).catch_up(str(home.path_of()), THREAD)
    assert indexed.file_id == known.file_id
    assert log.sliced == 0
    assert positions(home) == (len(SAMPLE), len(SAMPLE))


def test_servers_that_open_a_new_index_at_once_all_succeed(tmp_path: Path) -> None:
    """The library looks for its table before it begins: IntegrityError `Failed to record tracking …`."""
    failures: list[BaseException] = []
    for number in range(10):
        path, start = tmp_path / str(number) / "index.sqlite", Barrier(4)

        def open_it(path: Path = path, start: Barrier = start) -> None:
            try:
                start.wait()
                IndexStore(path, Catalogue()).close()
            except BaseException as error:  # noqa: BLE001 - told to the test
                failures.append(error)

        threads = [Thread(target=open_it) for _ in range(4)]
        for one in threads:
            one.start()
        for one in threads:
            one.join(20)
    assert failures == []


def test_the_write_ahead_log_of_an_index_made_meanwhile_is_not_dropped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`prepare` looks whether there is an index, and unlinks later: what another server wrote is lost."""
    home = new_home(tmp_path)
    home.write([meta()])
    home.catch_up()
    path = home.store.path
    with monkeypatch.context() as patched:  # the look came just before the other server made it
        patched.setattr(Path, "exists", lambda _: False)
        prepare(path)
    other = IndexStore(path, Catalogue())
    assert other.count()["lines"] == home.store.count()["lines"] == 1


# -- doors ------------------------------------------------------------------------------------


def as_event(number: int, raw: bytes, thread_id: object = THREAD) -> RolloutLine:
    assert isinstance(thread_id, type(THREAD))
    return RolloutLine(thread_id, number, "any", raw.removesuffix(b"\n"))


def test_a_page_after_a_live_event_reads_no_old_line(home: ListedHome) -> None:
    """The event moves `end` but not `seam` and `state`: the next catch-up takes the file for another one."""
    home.write([meta(), *turns(300)])
    known = home.catch_up()
    head, _ = positions(home)
    home.append(SAMPLE[-1])
    HistoryProjection(home.store, JoinedLog(home.log)).process_event(
        as_event(head + 1, SAMPLE[-1]), Tracking(UPSTREAM, head + 1)
    )
    log = CountingLog()
    assert Indexer(home.store, JoinedLog(log)).catch_up(str(home.path_of()), THREAD).file_id == known.file_id
    assert log.sliced <= len(SAMPLE[-1])


def test_an_event_of_one_file_is_folded_though_another_file_was_caught_up(home: ListedHome) -> None:
    """`track_head` jumps to the newest catalogued position, over lines that nobody has folded."""
    one, other = thread(1), thread(2)
    home.write([meta(), says("one")], one)
    with home.log.open(str(home.path_of(one))) as source, home.store.writing() as cursor:
        file = home.store.catalogue.add_file(cursor, one, source.path, source.state)
        home.store.catalogue.extend(cursor, file, 2, source.state.size, ())  # the recorder met two lines
    home.write([meta(), says("other")], other)
    home.catch_up(other)
    HistoryProjection(home.store, JoinedLog(home.log)).process_event(
        as_event(1, meta(), one), Tracking(UPSTREAM, 1)
    )


# -- what is kept up --------------------------------------------------------------------------


def test_a_file_that_moved_keeps_its_rows_though_the_list_saw_it_first(home: ListedHome) -> None:
    """`reconcile` catalogues the new path; then it is no more looked whether the file is a moved one."""
    home.write([meta(), *turns(300)])
    known = home.catch_up()
    home.reconcile()
    archived = home.path_of().rename(home.archive / home.path_of().name)
    home.reconcile(archived=True)
    log = CountingLog()
    indexed = Indexer(home.store, JoinedLog(log)).catch_up(str(archived), THREAD)
    assert (indexed.file_id, log.sliced) == (known.file_id, 0)


def test_a_tail_that_became_a_line_counts_no_more_as_a_tail(
    home: ListedHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When a commit ends where the file ends, `tail_counts` stays as it was, for ever."""
    monkeypatch.setattr(history, "COMMIT_SIZE", 1)
    home.write([meta(), says("text")[:-1]])
    assert home.catch_up().tail_counts
    home.append(b"\n")
    assert not home.catch_up().tail_counts


def test_a_change_in_the_middle_is_seen_when_the_file_grows(home: ListedHome) -> None:
    """Only the first and last 4 KiB are compared: columns of turns have no checksum, so they stay wrong."""
    lines = [
        says("a" * 9000),
        *(event("task_started", turn_id="t"), event("task_complete", turn_id="t", completed_at=1111)),
        says("b" * 9000),
    ]
    home.write([meta(), *lines])
    home.catch_up()
    home.write([meta(), *(raw.replace(b"1111", b"2222") for raw in lines), says("more")])
    assert home.turns()[1]["completedAt"] == 2222


# -- what it costs, and what it trusts --------------------------------------------------------


@pytest.mark.parametrize("what", ["item_page", "first"])
def test_a_turn_is_found_by_its_id_at_the_same_cost_in_a_long_thread(home: ListedHome, what: str) -> None:
    """`… AND turn_id = ? … ORDER BY seq LIMIT 1` walks the primary key instead of `turn_by_id`."""
    steps = []
    for count in (50, 5000):
        home.write([meta(), *turns(count)], thread(count))
        file_id, last = home.catch_up(thread(count)).file_id, f"turn-{count - 1}"
        if what == "item_page":
            steps.append(
                steps_of(
                    lambda file_id=file_id, last=last: item_page(
                        file_id, last, None, 20, SortDirection.ASCENDING
                    ),  # type: ignore[misc]  # the defaults bind the loop's values
                    str(home.store.path),
                )
            )
        else:
            with home.store.writing() as cursor:
                steps.append(
                    _steps_of_first(cursor.connection.set_progress_handler, SqlTurns(cursor, file_id))
                )
    assert steps[1] < 2 * steps[0]


def _steps_of_first(set_handler: Callable[..., None], found: SqlTurns) -> int:
    count = 0

    def step() -> int:
        nonlocal count
        count += 1
        return 0

    set_handler(step, 1)
    assert found.first("gone", 10**6) is None
    set_handler(None, 0)
    return count


def test_a_place_of_a_meta_that_holds_another_kept_line_now_is_stale(home: ListedHome) -> None:
    """Nothing says that it is the line it was: `stored_thread` then fails with KeyError `id`."""
    other = says("x" * (len(meta()) - len(says(""))))
    assert len(other) == len(meta())
    home.write([other])
    with home.log.open(str(home.path_of())) as source, pytest.raises(StaleIndex):
        line_payload(source, LinePlace(0, len(other), crc32(meta())))


@pytest.mark.parametrize("mask", [0, 0o022])
def test_the_index_is_readable_by_its_owner_alone(tmp_path: Path, mask: int) -> None:
    """reliability.md: `0600/0700 for what we create`; and `--index` may name a folder that others read."""
    before = os.umask(mask)
    try:
        IndexStore(tmp_path / "index.sqlite", Catalogue()).close()
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "index.sqlite").stat().st_mode) == 0o600


def test_the_index_of_a_newer_program_is_not_written_to(tmp_path: Path) -> None:
    """Our tables are made in it before its version is looked at."""
    path = tmp_path / "index.sqlite"
    newer = connect(str(path))
    newer.execute(f"PRAGMA user_version = {len(STEPS) + 1}")
    with pytest.raises(NewerIndex):
        IndexStore(path, Catalogue())
    assert newer.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0] == 0
    newer.close()
