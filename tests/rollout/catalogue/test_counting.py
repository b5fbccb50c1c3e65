"""Beside another's catalogue: lines are counted from where it stands, and it is never written."""

import os
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from eventsourcing.persistence import IntegrityError

from domain.durability import Durability
from domain.errors import AppendFailed, UnreadableThread
from domain.log import LogFile, OpenLog
from rollout.catalogue import counting as counting_module
from rollout.catalogue.catchup import CatchUp
from rollout.catalogue.counting import UNCATALOGUED, Counting
from rollout.log import RolloutLog, RolloutReader
from rollout.recording.recorder import RolloutRecorder
from rollout.writing import storage
from tests.rollout.recorders import HEAD, OTHER_THREAD, THREAD, Place, events, message, states

ONE, TWO, THREE = message("one"), message("two"), message("three")


class CountingReader(RolloutReader):
    """Notes from where lines are read."""

    def slices(self, start: int, first_line: int):  # type: ignore[no-untyped-def]  # noqa: ANN201, D102
        STARTS.append((start, first_line))
        return super().slices(start, first_line)


STARTS: list[tuple[int, int]] = []


class WatchedLog(RolloutLog):
    """Counts the files that are opened."""

    def __init__(self) -> None:
        self.opened = 0

    def open(self, path: str) -> AbstractContextManager[OpenLog]:  # type: ignore[override]  # a wider type
        """Counts, then opens."""
        self.opened += 1
        return super().open(path)


class Reading:
    """The place's database, for reading only; it can be out of order."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self.failure: Exception | None = None

    def transaction(self, *, commit: bool) -> AbstractContextManager[sqlite3.Cursor]:
        """A transaction that reads."""
        assert not commit
        if self.failure is not None:
            raise self.failure
        return self._place.database.transaction(commit=False)


class Stage(Place):
    """A place whose catalogue somebody else keeps up when told to."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.reading = Reading(self)
        self.log = WatchedLog()
        self.counting = Counting(self.reading, self.catalogue, self.log)
        self.ours = RolloutRecorder(
            self.reading,
            lambda thread_id: str(self.path(thread_id)),
            self.catalogue,
            durability=Durability.PROCESS,
            counting=self.counting,
        )

    def catalogue_it(self) -> LogFile:
        """What the thread that writes the catalogue does."""
        file = CatchUp(self.database, self.catalogue).catch_up(str(self.path()), THREAD)
        assert file is not None
        return file

    def counted(self) -> LogFile:
        """The file as it is counted now."""
        file = self.counting.catch_up(str(self.path()), THREAD)
        assert file is not None
        return file

    def tables(self) -> list[tuple[object, ...]]:
        """All that the catalogue says."""
        with self.database.transaction(commit=False) as cursor:
            return [
                tuple(row)
                for table in ("rollout_file", "segment", "position")
                for row in cursor.execute(f"SELECT * FROM {table}").fetchall()
            ]


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    made = Stage(tmp_path)
    yield made
    made.database.close()


def test_saves_tell_no_positions_and_leave_the_catalogue_alone(stage: Stage) -> None:
    stage.write(HEAD)
    stage.catalogue_it()
    before = stage.tables()
    assert stage.ours.insert_events(events(THREAD, 2, ONE)) is None
    assert stage.ours.insert_events(events(OTHER_THREAD, 1, HEAD, ONE)) is None
    assert stage.ours.catch_up([(str(stage.path()), THREAD)]) == ()
    assert stage.tables() == before
    assert states(stage.ours.select_events(THREAD)) == [HEAD, ONE]
    assert states(stage.ours.select_events(OTHER_THREAD)) == [HEAD, ONE]


def test_who_writes_the_catalogue_finds_the_lines(stage: Stage) -> None:
    stage.ours.insert_events(events(THREAD, 1, HEAD, ONE))
    assert stage.ours.max_notification_id() is None
    stage.catalogue_it()
    assert [found.state for found in stage.ours.select_notifications(None, 9)] == [HEAD, ONE]
    assert stage.ours.max_notification_id() == 2


def test_a_stale_save_writes_nothing(stage: Stage) -> None:
    stage.write(HEAD, ONE)
    for version in (1, 2, 4):
        with pytest.raises(IntegrityError):
            stage.ours.insert_events(events(THREAD, version, TWO))
    assert stage.lines() == [HEAD + b"\n", ONE + b"\n"]


def test_only_what_is_behind_the_catalogued_lines_is_counted(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.write(HEAD, ONE)
    end = stage.catalogue_it().end
    stage.write(TWO)
    STARTS.clear()
    monkeypatch.setattr("rollout.log.RolloutReader", CountingReader)
    file = stage.counted()
    assert (file.line_count, STARTS) == (3, [(end, 3)])


def test_the_second_look_opens_nothing(stage: Stage) -> None:
    stage.write(HEAD, ONE)
    file = stage.counted()
    assert (stage.counted(), stage.log.opened) == (file, 1)


def test_our_own_lines_are_not_counted_again(stage: Stage) -> None:
    stage.ours.insert_events(events(THREAD, 1, HEAD))
    for version in range(2, 6):
        stage.ours.insert_events(events(THREAD, version, ONE))
    assert stage.log.opened == 0
    assert stage.counted().line_count == 5


def test_lines_of_others_are_counted_on(stage: Stage) -> None:
    stage.ours.insert_events(events(THREAD, 1, HEAD))
    stage.write(ONE, b"{damaged")
    with pytest.raises(IntegrityError):
        stage.ours.insert_events(events(THREAD, 2, TWO))
    stage.ours.insert_events(events(THREAD, 4, TWO))
    assert states(stage.ours.select_events(THREAD, gt=1)) == [ONE, b"{damaged", TWO]


def test_an_unfinished_line_is_closed_and_counts(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage, "pause", lambda seconds: None)
    stage.write(HEAD)
    stage.catalogue_it()
    stage.write(b"{torn", end=b"")
    assert stage.counted().line_count == 1
    with pytest.raises(IntegrityError):
        stage.ours.insert_events(events(THREAD, 2, ONE))
    stage.ours.insert_events(events(THREAD, 3, ONE))
    assert stage.lines() == [HEAD + b"\n", b"{torn\n", ONE + b"\n"]


@pytest.mark.parametrize("is_catalogued", [True, False])
def test_a_file_that_was_replaced_is_counted_anew(stage: Stage, *, is_catalogued: bool) -> None:
    stage.write(HEAD, ONE, TWO)
    if is_catalogued:
        stage.catalogue_it()
    assert stage.counted().line_count == 3
    for lines in ([HEAD], [HEAD, THREE, ONE, ONE, ONE], [HEAD, TWO]):
        stage.path().write_bytes(b"".join(line + b"\n" for line in lines))
        assert stage.counted().line_count == len(lines)
        assert stage.counted().file_id == UNCATALOGUED
        assert states(stage.ours.select_events(THREAD)) == lines
    stage.path().unlink()
    assert stage.counting.catch_up(str(stage.path()), THREAD) is None
    stage.write(HEAD)
    assert stage.counted().line_count == 1


def test_a_file_that_moved_is_known_under_its_new_path(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    stage.write(HEAD, ONE)
    stage.catalogue_it()
    stage.path().rename(stage.folder / "archived.jsonl")
    STARTS.clear()
    monkeypatch.setattr("rollout.log.RolloutReader", CountingReader)
    file = stage.counting.catch_up(str(stage.folder / "archived.jsonl"), THREAD)
    assert file is not None
    assert (file.line_count, STARTS[0][1]) == (2, 3)


@pytest.mark.parametrize("failure", [sqlite3.OperationalError("database is locked"), FileNotFoundError()])
def test_a_catalogue_that_cannot_be_read_costs_counting(stage: Stage, failure: Exception) -> None:
    stage.write(HEAD, ONE)
    stage.catalogue_it()
    stage.reading.failure = failure
    stage.ours.insert_events(events(THREAD, 3, TWO))
    assert states(stage.ours.select_events(THREAD, gt=1)) == [ONE, TWO]
    assert stage.counted().file_id == UNCATALOGUED


def test_marks_of_another_index_are_not_used(stage: Stage) -> None:
    stage.write(*[message("x" * 1000)] * 1000)
    file = stage.catalogue_it()
    assert stage.counted().file_id == file.file_id
    assert stage.counting.locate(file, 900)[0] > 1
    with stage.database.transaction(commit=True) as cursor:
        cursor.execute("UPDATE rollout_file SET inode = '1'")
    assert stage.counting.locate(file, 900) == (1, 0)


def test_what_is_remembered_has_a_bound(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting_module, "COUNTED_FILES_MAX", 2)
    for number in range(4):
        path = stage.folder / f"{number}.jsonl"
        path.write_bytes(HEAD + b"\n")
        stage.counting.catch_up(str(path), THREAD)
    assert [Path(path).name for path in stage.counting._counted] == ["2.jsonl", "3.jsonl"]


def test_an_append_of_unknown_end_has_its_file_counted_anew(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(descriptor: int, size: int) -> None:
        raise OSError(5, "Input/output error")

    def write(descriptor: int, data: memoryview) -> int:
        if len(data) > 10:
            return os.write(descriptor, data[: len(data) - 10])
        raise OSError(5, "Input/output error")

    stage.ours.insert_events(events(THREAD, 1, HEAD))
    with monkeypatch.context() as patch:
        patch.setattr(storage, "truncate", fail)
        patch.setattr(storage, "write", write)
        with pytest.raises(AppendFailed) as failure:
            stage.ours.insert_events(events(THREAD, 2, ONE))
    assert failure.value.is_indeterminate
    assert not stage.counting._counted
    monkeypatch.setattr(storage, "pause", lambda seconds: None)
    with pytest.raises(IntegrityError):
        stage.ours.insert_events(events(THREAD, 2, ONE))
    stage.ours.insert_events(events(THREAD, 3, ONE))
    assert stage.lines() == [HEAD + b"\n", ONE[:-9] + b"\n", ONE + b"\n"]


def test_a_file_that_goes_away_behind_a_write_makes_no_one_write_again(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder = stage.recorder()
    recorder.insert_events(events(THREAD, 1, HEAD))

    def write(descriptor: int, data: memoryview) -> int:
        stage.write(TWO)
        count = os.write(descriptor, data)
        monkeypatch.setattr(RolloutLog, "open", gone)
        return count

    def gone(log: RolloutLog, path: str) -> AbstractContextManager[RolloutReader]:
        raise FileNotFoundError(path)

    monkeypatch.setattr(storage, "write", write)
    assert recorder.insert_events(events(THREAD, 2, ONE)) is None
    assert stage.lines() == [HEAD + b"\n", TWO + b"\n", ONE + b"\n"]


def test_a_thread_that_cannot_be_read_is_told(stage: Stage) -> None:
    stage.path().mkdir()
    with pytest.raises(UnreadableThread):
        stage.counting.catch_up(str(stage.path()), THREAD)


def test_signals_interrupt_no_append(stage: Stage) -> None:
    rung = 0

    def ring(*_: object) -> None:
        nonlocal rung
        rung += 1

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)
    try:
        long = message("x" * 3_000_000)
        stage.ours.insert_events(events(THREAD, 1, HEAD))
        version = 2
        while rung < 20:
            stage.ours.insert_events(events(THREAD, version, long))
            version += 1
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert stage.lines() == [HEAD + b"\n", *[long + b"\n"] * (version - 2)]
