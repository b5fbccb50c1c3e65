"""The event store over rollout files: what is selected is what the files hold."""

import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

import pytest
from eventsourcing.persistence import IntegrityError, PersistenceError, StoredEvent
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import UnreadableThread
from domain.limits import REOPEN_MAX
from rollout.log import RolloutLog, RolloutReader
from rollout.recording import recorder as recorder_module
from rollout.recording.recorder import RolloutRecorder, SeveralThreads, UnfitLine
from rollout.recording.writer import StaleVersion
from rollout.writing import storage
from tests.rollout.recorders import HEAD, OTHER_THREAD, THREAD, Place, events, message, states

ONE, TWO, THREE = message("one"), message("two"), message("three")


@pytest.fixture
def recorder(place: Place) -> RolloutRecorder:
    """A recorder of the place."""
    return place.recorder()


def test_saved_lines_are_the_files_lines(place: Place, recorder: RolloutRecorder) -> None:
    assert recorder.insert_events(events(THREAD, 1, HEAD, ONE)) == [1, 2]
    assert recorder.insert_events(events(THREAD, 3, TWO)) == [3]
    assert place.lines() == [HEAD + b"\n", ONE + b"\n", TWO + b"\n"]
    assert recorder.select_events(THREAD) == events(THREAD, 1, HEAD, ONE, TWO)


def test_nothing_is_saved_as_nothing(place: Place, recorder: RolloutRecorder) -> None:
    assert recorder.insert_events([]) is None
    assert recorder.select_events(THREAD) == []
    assert not place.path().exists()
    assert recorder.max_notification_id() is None


def test_an_id_may_be_a_text(recorder: RolloutRecorder) -> None:
    recorder.insert_events([StoredEvent(str(THREAD), 1, "session_meta", HEAD)])
    assert recorder.select_events(str(THREAD)) == events(THREAD, 1, HEAD)


def test_lines_of_others_are_read_with_their_topics(place: Place, recorder: RolloutRecorder) -> None:
    place.write(HEAD, b"{", b"", ONE, b'{"type":"compacted"}')
    place.write(b"not ended", end=b"")
    assert [(event.originator_version, event.topic) for event in recorder.select_events(THREAD)] == [
        (1, "session_meta"),
        (2, "malformed"),
        (3, "malformed"),
        (4, "event_msg:user_message"),
        (5, "compacted"),
    ]


@pytest.mark.parametrize("version", [0, 1, 2, 4, 5])
def test_a_stale_save_writes_nothing(place: Place, recorder: RolloutRecorder, version: int) -> None:
    place.write(HEAD, ONE)
    with pytest.raises(IntegrityError):
        recorder.insert_events(events(THREAD, version, TWO))
    assert place.lines() == [HEAD + b"\n", ONE + b"\n"]


def test_a_save_to_a_missing_file_is_stale_and_makes_none(place: Place, recorder: RolloutRecorder) -> None:
    with pytest.raises(StaleVersion):
        recorder.insert_events(events(THREAD, 2, ONE))
    assert not place.path().exists()


def test_a_gap_within_a_save_is_refused(place: Place, recorder: RolloutRecorder) -> None:
    with pytest.raises(IntegrityError):
        recorder.insert_events([*events(THREAD, 1, HEAD), *events(THREAD, 3, ONE)])
    assert not place.path().exists()


def test_one_save_is_of_one_thread(recorder: RolloutRecorder) -> None:
    with pytest.raises(SeveralThreads, match="2 threads"):
        recorder.insert_events([*events(THREAD, 1, HEAD), *events(OTHER_THREAD, 1, HEAD)])


def test_a_state_is_one_line(
    place: Place, recorder: RolloutRecorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(UnfitLine, match="line feed"):
        recorder.insert_events(events(THREAD, 1, HEAD + b"\n" + ONE))
    monkeypatch.setattr(recorder_module, "LINE_SIZE_MAX", len(HEAD))
    with pytest.raises(UnfitLine, match=f"{len(HEAD)} bytes"):
        recorder.insert_events(events(THREAD, 1, HEAD))
    assert not place.path().exists()


def test_recorders_on_one_database_take_turns(place: Place) -> None:
    one, two = place.recorder(), place.recorder()
    assert one.insert_events(events(THREAD, 1, HEAD)) == [1]
    assert two.insert_events(events(OTHER_THREAD, 1, HEAD)) == [2]
    assert two.insert_events(events(THREAD, 2, ONE)) == [3]
    assert one.insert_events(events(THREAD, 3, TWO)) == [4]
    with pytest.raises(IntegrityError):
        two.insert_events(events(THREAD, 3, TWO))
    assert one.max_notification_id() == two.max_notification_id() == 4
    assert [event.id for event in one.select_notifications(None, 9)] == [1, 2, 3, 4]


def test_an_unfinished_line_is_closed_and_counts(
    place: Place, recorder: RolloutRecorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage, "pause", lambda seconds: None)
    recorder.insert_events(events(THREAD, 1, HEAD))
    place.write(b"{torn", end=b"")
    with pytest.raises(IntegrityError):
        recorder.insert_events(events(THREAD, 2, ONE))
    assert recorder.insert_events(events(THREAD, 3, ONE)) == [3]
    assert states(recorder.select_events(THREAD)) == [HEAD, b"{torn", ONE]


def before_writing(monkeypatch: pytest.MonkeyPatch, *happenings: object) -> None:
    """Lets things happen between the last look and each write."""
    write = storage.write
    waiting = list(happenings)

    def writing(descriptor: int, data: memoryview) -> int:
        if waiting and callable(happening := waiting.pop(0)):
            happening()
        return write(descriptor, data)

    monkeypatch.setattr(storage, "write", writing)


def test_a_line_that_slips_in_shifts_ours(
    place: Place, recorder: RolloutRecorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder.insert_events(events(THREAD, 1, HEAD))
    before_writing(monkeypatch, lambda: place.write(ONE, TWO))
    assert recorder.insert_events(events(THREAD, 2, THREE, THREE)) == [4, 5]
    assert states(recorder.select_events(THREAD)) == [HEAD, ONE, TWO, THREE, THREE]


def test_a_line_that_ours_ran_into_leaves_positions_open(
    place: Place, recorder: RolloutRecorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder.insert_events(events(THREAD, 1, HEAD))
    before_writing(monkeypatch, lambda: place.write(b"{torn", end=b""))
    assert recorder.insert_events(events(THREAD, 2, ONE, TWO)) is None
    assert states(recorder.select_events(THREAD)) == [HEAD, b"{torn" + ONE, TWO, ONE]
    assert recorder.max_notification_id() == 4


def after_writing(monkeypatch: pytest.MonkeyPatch, happening: object) -> None:
    """Lets something happen between a write and its positions."""
    write = storage.write

    def writing(descriptor: int, data: memoryview) -> int:
        count = write(descriptor, data)
        if callable(happening):
            happening()
        return count

    monkeypatch.setattr(storage, "write", writing)


@pytest.mark.parametrize("is_new", [False, True])
def test_lines_that_a_reader_found_first_are_not_given_positions_twice(
    place: Place, recorder: RolloutRecorder, monkeypatch: pytest.MonkeyPatch, *, is_new: bool
) -> None:
    if not is_new:
        recorder.insert_events(events(THREAD, 1, HEAD))
    reader = place.recorder()
    place.write(HEAD, thread_id=OTHER_THREAD)

    def read() -> None:
        reader.select_events(OTHER_THREAD)
        reader.select_events(THREAD)

    after_writing(monkeypatch, read)
    new = events(THREAD, 1, HEAD, ONE) if is_new else events(THREAD, 2, ONE, TWO)
    assert recorder.insert_events(new) == ([2, 3] if is_new else [3, 4])
    assert len(recorder.select_notifications(None, 99)) == len(new) + (2 - is_new)


def test_lines_behind_ours_belong_to_others(
    place: Place, recorder: RolloutRecorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder.insert_events(events(THREAD, 1, HEAD))
    writing = iter([True])

    def behind() -> None:
        if next(writing, False):
            place.write(TWO, THREE)

    place.write(ONE)
    after_writing(monkeypatch, behind)
    # The descriptor knows where its own bytes ended.
    assert recorder.insert_events(events(THREAD, 3, ONE)) == [3]
    assert states(recorder.select_events(THREAD)) == [HEAD, ONE, ONE, TWO, THREE]


class FailingDatabase:
    """A database whose commits fail from some time on."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.error: Exception | None = None

    @contextmanager
    def transaction(self, *, commit: bool) -> Iterator[sqlite3.Cursor]:
        """A transaction, or the error."""
        if commit and self.error is not None:
            raise self.error
        with self.place.database.transaction(commit=commit) as cursor:
            yield cursor


@pytest.mark.parametrize(
    "error",
    [sqlite3.IntegrityError("x"), sqlite3.OperationalError("full"), IntegrityError("x"), PersistenceError()],
)
def test_a_save_that_is_in_the_file_never_fails(
    place: Place, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    database = FailingDatabase(place)
    recorder = RolloutRecorder(database, lambda thread_id: str(place.path(thread_id)))
    recorder.insert_events(events(THREAD, 1, HEAD))
    after_writing(monkeypatch, lambda: setattr(database, "error", error))
    assert recorder.insert_events(events(THREAD, 2, ONE)) is None
    database.error = None
    assert states(recorder.select_events(THREAD)) == [HEAD, ONE]
    assert recorder.max_notification_id() == 2


def test_a_replaced_file_begins_anew(place: Place, recorder: RolloutRecorder) -> None:
    recorder.insert_events(events(THREAD, 1, HEAD, ONE))
    place.path().unlink()
    place.write(HEAD, THREE)
    assert states(recorder.select_events(THREAD)) == [HEAD, THREE]
    notifications = recorder.select_notifications(None, 9)
    assert [(event.id, event.state) for event in notifications] == [(3, HEAD), (4, THREE)]
    assert recorder.insert_events(events(THREAD, 3, TWO)) == [5]


def test_a_file_that_is_gone_takes_its_notifications_along(place: Place, recorder: RolloutRecorder) -> None:
    recorder.insert_events(events(THREAD, 1, HEAD))
    recorder.insert_events(events(OTHER_THREAD, 1, HEAD))
    place.path().unlink()
    assert [event.id for event in recorder.select_notifications(None, 9)] == [2]
    assert recorder.select_events(THREAD) == []
    assert recorder.max_notification_id() == 2
    assert recorder.insert_events(events(THREAD, 1, HEAD)) == [3]
    assert [event.id for event in recorder.select_notifications(None, 9)] == [2, 3]


def test_segments_without_a_file_are_left_out(place: Place, recorder: RolloutRecorder) -> None:
    recorder.insert_events(events(THREAD, 1, HEAD))
    recorder.insert_events(events(OTHER_THREAD, 1, HEAD))
    with place.database.transaction(commit=True) as cursor:
        cursor.execute("DELETE FROM rollout_file WHERE thread_id = ?", (str(THREAD),))
    assert [event.id for event in recorder.select_notifications(None, 9)] == [2]


def test_a_file_replaced_unnoticed_is_not_read_for_the_old_one(
    place: Place, recorder: RolloutRecorder
) -> None:
    recorder.insert_events(events(THREAD, 1, HEAD, ONE))
    place.path().rename(place.folder / "away")
    place.write(HEAD, TWO, THREE)
    assert [event.id for event in recorder.select_notifications(None, 9)] == [3, 4, 5]


def test_a_file_moved_unnoticed_is_read_where_it_is(place: Place) -> None:
    paths = {THREAD: place.path()}
    recorder = RolloutRecorder(place.database, lambda thread_id: str(paths[thread_id]))
    recorder.insert_events(events(THREAD, 1, HEAD, ONE))
    paths[THREAD] = place.path().rename(place.folder / "archived")
    assert states(recorder.select_notifications(None, 9)) == [HEAD, ONE]
    assert states(recorder.select_events(THREAD)) == [HEAD, ONE]
    assert recorder.insert_events(events(THREAD, 3, TWO)) == [3]


def test_a_file_that_cannot_be_read_is_an_error(place: Place, recorder: RolloutRecorder) -> None:
    recorder.insert_events(events(THREAD, 1, HEAD))
    place.path().unlink()
    place.path().mkdir()
    with pytest.raises(UnreadableThread):
        recorder.select_notifications(None, 9)
    with pytest.raises(UnreadableThread):
        recorder.select_events(THREAD)


def test_a_file_that_is_replaced_for_ever_is_given_up(
    place: Place, recorder: RolloutRecorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.write(HEAD)
    opening = RolloutLog.open
    paths: list[str] = []

    def replacing(log: RolloutLog, path: str) -> AbstractContextManager[RolloutReader]:
        paths.append(path)
        place.path().rename(place.folder / f"old-{len(paths)}")
        place.write(HEAD)
        return opening(log, path)

    monkeypatch.setattr(RolloutLog, "open", replacing)
    with pytest.raises(UnreadableThread, match="replaced"):
        recorder.select_events(THREAD)
    assert len(paths) == 2 * REOPEN_MAX


def test_what_others_wrote_is_announced_when_it_is_found(place: Place, recorder: RolloutRecorder) -> None:
    place.write(HEAD, ONE)
    assert recorder.select_notifications(None, 9) == []
    assert recorder.catch_up([(str(place.path()), THREAD)]) == ()
    assert states(recorder.select_notifications(None, 9)) == [HEAD, ONE]


LIMITS = st.none() | st.integers(0, 12)
BOUNDS = st.none() | st.integers(-2, 12)


@settings(deadline=None, max_examples=25)
@given(st.lists(st.sampled_from([ONE, TWO, b"{", b""]), max_size=9), st.data())
def test_selected_events_are_those_of_a_list(lines: list[bytes], data: st.DataObject) -> None:
    with TemporaryDirectory() as folder:
        place = Place(Path(folder))
        place.write(HEAD, *lines)
        recorder = place.recorder()
        everything = events(THREAD, 1, HEAD, *lines)
        for _ in range(12):
            gt, lte = data.draw(BOUNDS), data.draw(BOUNDS)
            limit, desc = data.draw(LIMITS), data.draw(st.booleans())
            expected = [
                event
                for event in everything
                if (gt is None or event.originator_version > gt)
                and (lte is None or event.originator_version <= lte)
            ]
            expected = expected[::-1][:limit] if desc else expected[:limit]
            assert recorder.select_events(THREAD, gt=gt, lte=lte, desc=desc, limit=limit) == expected
        place.database.close()


@settings(deadline=None, max_examples=25)
@given(st.lists(st.tuples(st.integers(0, 2), st.sampled_from([ONE, b"{", HEAD])), max_size=15), st.data())
def test_selected_notifications_are_those_of_a_list(
    saves: list[tuple[int, bytes]], data: st.DataObject
) -> None:
    with TemporaryDirectory() as folder:
        place = Place(Path(folder))
        recorder = place.recorder()
        everything: list[tuple[int, UUID, int, bytes]] = []
        versions = [0, 0, 0]
        for one, line in saves:
            versions[one] += 1
            line = line if versions[one] > 1 else HEAD  # noqa: PLW2901 - a file begins with its head
            recorder.insert_events(events(UUID(int=one), versions[one], line))
            everything.append((len(everything) + 1, UUID(int=one), versions[one], line))
        for _ in range(12):
            start, stop = data.draw(BOUNDS), data.draw(BOUNDS)
            limit, is_inclusive = data.draw(st.integers(0, 9)), data.draw(st.booleans())
            topics = data.draw(
                st.sampled_from([(), ("malformed",), ("session_meta", "event_msg:user_message")])
            )
            expected = [
                one
                for one in everything
                if (start is None or one[0] > start - (is_inclusive is True))
                and (stop is None or one[0] <= stop)
                and (not topics or recorder.unframe(one[3])[0] in topics)
            ][:limit]
            found = recorder.select_notifications(start, limit, stop, topics, inclusive_of_start=is_inclusive)
            assert [
                (one.id, one.originator_id, one.originator_version, one.state) for one in found
            ] == expected
        place.database.close()


def test_lines_far_into_a_big_file_are_found_by_marks(place: Place, recorder: RolloutRecorder) -> None:
    lines = [HEAD, *(message(f"{number:05} " + "x" * 900) for number in range(2, 3001))]
    place.write(*lines)
    assert states(recorder.select_events(THREAD, gt=1500, lte=1502)) == lines[1500:1502]
    assert states(recorder.select_events(THREAD, desc=True, limit=2)) == lines[:-3:-1]
    assert states(recorder.select_notifications(2999, 9)) == lines[2998:]
    assert states(recorder.select_notifications(700, 2)) == lines[699:701]
