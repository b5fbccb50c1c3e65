"""How far a file is folded is stored and loaded as it is; a line comes in by its event once."""

from dataclasses import replace
from pathlib import Path

import pytest
from eventsourcing.persistence import IntegrityError, Tracking

from domain.events import RolloutLine
from domain.history.rows import HistoryHead, LinePlace
from domain.log import FileState
from projections import history
from projections.history import COUNTERS, PLACES, HistoryProjection, HistoryRecord, load, save
from projections.store import UPSTREAM
from rollout.joined.home_log import JoinedLog
from tests.home import THREAD, IndexedHome, event, meta
from tests.projections.counting import CountingLog, positions, rows
from tests.projections.homes import new_home
from tests.projections.sample import SAMPLE, thread

EMPTY = HistoryRecord(7, None, 0, 0, 0, tail_counts=False, head=HistoryHead())
FULL = HistoryRecord(
    7,
    FileState(2**63, 2**64 - 1, 2**40, -1, 2**70),
    2**32 - 1,
    2**40,
    2**33,
    tail_counts=True,
    head=HistoryHead(
        next_seq=1,
        is_open=True,
        next_number=2,
        item_count=3,
        kept=4,
        kept_to=5,
        thread_id="é\0",
        first_meta=LinePlace(0, 6, 7),
        meta=LinePlace(7, 8, 7),
        git_meta=LinePlace(9, 10, 7),
        damaged_count=11,
    ),
)


@pytest.fixture(name="home")
def _home(tmp_path: Path) -> IndexedHome:
    return new_home(tmp_path)


# -- records ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "record", [EMPTY, FULL, replace(FULL, head=replace(FULL.head, meta=None, is_open=False, thread_id=None))]
)
def test_a_record_comes_back_as_it_was_saved(home: IndexedHome, record: HistoryRecord) -> None:
    with home.store.writing() as cursor:
        save(cursor, record)
        assert load(cursor, 7) == record
        save(cursor, replace(record, end=99))
        assert load(cursor, 7) == replace(record, end=99)
        assert load(cursor, 8) == replace(EMPTY, file_id=8)


def test_every_field_of_a_head_has_its_columns(home: IndexedHome) -> None:
    with home.store.writing() as cursor:
        columns = {row["name"] for row in cursor.execute("PRAGMA table_info(history)").fetchall()}
    assert columns == {
        *("file_id", "state", "seam", "end", "line_count", "tail_counts"),
        *COUNTERS,
        *(f"{name}_{what}" for name in PLACES for what in ("at", "size", "crc")),
    }


# -- events -----------------------------------------------------------------------------------


def line(number: int, raw: bytes) -> RolloutLine:
    return RolloutLine(THREAD, number, "any", raw.removesuffix(b"\n"))


@pytest.fixture
def projection(home: IndexedHome) -> HistoryProjection:
    return HistoryProjection(home.store, JoinedLog(home.log))


def catalogue(home: IndexedHome) -> int:
    """Meet the thread's file, without folding any of it; gives its id."""
    with home.log.open(str(home.path_of())) as source, home.store.writing() as cursor:
        return home.store.catalogue.add_file(cursor, THREAD, source.path, source.state).file_id


def test_lines_that_come_as_events_give_the_rows_of_slices(
    home: IndexedHome, projection: HistoryProjection
) -> None:
    home.write(SAMPLE)
    file_id = catalogue(home)
    for number, raw in enumerate(SAMPLE, 1):
        projection.process_event(line(number, raw), Tracking(UPSTREAM, number))
        assert home.store.max_tracking_id(UPSTREAM) == number
    found = rows(home, file_id)
    home.write(SAMPLE, thread(5))
    expected = rows(home, home.catch_up(thread(5)).file_id)
    assert (found["turn"], found["item_line"]) == (expected["turn"], expected["item_line"])


def test_an_event_that_was_folded_before_is_refused(home: IndexedHome, projection: HistoryProjection) -> None:
    home.write(SAMPLE)
    catalogue(home)
    projection.process_event(line(1, SAMPLE[0]), Tracking(UPSTREAM, 5))
    before = home.tables()
    for number, position in ((1, 6), (2, 5), (2, 4), (3, 6)):
        with pytest.raises(IntegrityError):
            projection.process_event(line(number, SAMPLE[number - 1]), Tracking(UPSTREAM, position))
        assert home.tables() == before
        assert home.store.max_tracking_id(UPSTREAM) == 5
    projection.process_event(line(2, SAMPLE[1]), Tracking(UPSTREAM, 6))


def test_an_event_of_a_thread_without_a_file_is_refused(
    home: IndexedHome, projection: HistoryProjection
) -> None:
    with pytest.raises(IntegrityError, match=f"line 1 of {THREAD} is not the next"):
        projection.process_event(line(1, meta()), Tracking(UPSTREAM, 1))
    assert home.store.max_tracking_id(UPSTREAM) is None


def test_an_event_that_fails_leaves_neither_rows_nor_position(
    home: IndexedHome, projection: HistoryProjection, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.write(SAMPLE)
    catalogue(home)
    with monkeypatch.context() as patched:
        patched.setattr(history, "save", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            projection.process_event(line(1, SAMPLE[0]), Tracking(UPSTREAM, 1))
    assert home.tables() == {"history": [], "turn": [], "item_line": []}
    assert home.store.max_tracking_id(UPSTREAM) is None
    projection.process_event(line(1, SAMPLE[0]), Tracking(UPSTREAM, 1))


def test_slices_go_on_where_events_ended(home: IndexedHome, projection: HistoryProjection) -> None:
    home.write(SAMPLE)
    file_id = catalogue(home)
    for number, raw in enumerate(SAMPLE[:6], 1):
        projection.process_event(line(number, raw), Tracking(UPSTREAM, number))
    indexed = home.catch_up()
    assert indexed.file_id == file_id
    home.write(SAMPLE, thread(5))
    assert rows(home, file_id) == rows(home, home.catch_up(thread(5)).file_id)


def test_a_fold_reads_the_lines_it_counts_from_the_file(home: IndexedHome) -> None:
    passed_over = event("token_count", info=None, rate_limits=None)
    home.write([meta(), passed_over, passed_over, event("user_message", message="here")])
    log = CountingLog()
    home.indexer._log = home.indexer._history._log = JoinedLog(log)
    home.catch_up()
    assert home.turns()[0]["id"] == "rollout-3"
    assert log.other > 2 * len(passed_over)
    assert positions(home) == (4, 4)
