"""The catalogue is brought up to what the files hold, whatever others did to them."""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import UnreadableThread
from domain.limits import CATALOGUE_BATCH, CATCH_UP_TRIES
from domain.log import FileState, LogFile, OpenLog
from rollout.catalogue.catchup import CatchUp
from rollout.log import RolloutLog
from tests.rollout.recorders import OTHER_THREAD, THREAD, Place, message

STAT_NAMES = ("dev", "ino", "size", "mtime_ns", "ctime_ns")


class WatchedLog(RolloutLog):
    """Counts the files that are opened, and lets something happen just before."""

    def __init__(self) -> None:
        self.opened = 0
        self.before_open: Callable[[], object] = lambda: None

    def open(self, path: str) -> AbstractContextManager[OpenLog]:  # type: ignore[override]  # a wider type
        """Counts, then opens."""
        self.opened += 1
        self.before_open()
        return super().open(path)


class Stage(Place):
    """A place with something that catches up."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.log = WatchedLog()
        self.catching_up = CatchUp(self.database, self.catalogue, self.log)

    def catch_up(self, thread_id: UUID = THREAD) -> LogFile:
        """The thread's file, caught up with."""
        file = self.catching_up.catch_up(str(self.path(thread_id)), thread_id)
        assert file is not None
        return file

    def positions(self, file: LogFile) -> list[int]:
        """Those of all its lines."""
        with self.database.transaction(commit=False) as cursor:
            return self.catalogue.positions(cursor, file.file_id, 1, file.line_count)

    def files(self) -> list[LogFile]:
        """All that the catalogue knows."""
        with self.database.transaction(commit=False) as cursor:
            return self.catalogue.files(cursor)


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """A place in an empty folder."""
    made = Stage(tmp_path)
    yield made
    made.database.close()


def test_a_file_that_is_not_there_is_none(stage: Stage) -> None:
    assert stage.catching_up.catch_up(str(stage.path()), THREAD) is None
    assert stage.files() == []


def test_whole_lines_are_catalogued_and_the_rest_waits(stage: Stage) -> None:
    stage.write(b"one", b"", b"three", b"torn", end=b"")
    file = stage.catch_up()
    assert (file.line_count, file.end) == (3, 11)
    stage.write(b" but ended")
    assert stage.catch_up().line_count == 4
    assert stage.positions(stage.catch_up()) == [1, 2, 3, 4]


def test_the_second_catch_up_opens_nothing(stage: Stage) -> None:
    stage.write(b"one", b"torn", end=b"")
    file = stage.catch_up()
    assert stage.log.opened == 1
    assert stage.catch_up() == file
    assert stage.log.opened == 1


def test_a_touched_file_stays_as_it_is(stage: Stage) -> None:
    stage.write(b"one")
    file = stage.catch_up()
    os.utime(stage.path(), ns=(1, 2**63))
    touched = stage.catch_up()
    assert touched.state.mtime_ns == 2**63
    assert (touched.file_id, stage.positions(touched)) == (file.file_id, [1])
    stage.catch_up()
    assert stage.log.opened == 2


def test_an_empty_file_is_known(stage: Stage) -> None:
    stage.path().touch()
    assert stage.catch_up().line_count == 0
    assert stage.catch_up() == stage.files()[0]


def replace_file(path: Path) -> None:
    other = path.with_suffix(".new")
    other.write_bytes(b"a\nb\nc\nd\n")
    other.rename(path)


def shorten_file(path: Path) -> None:
    path.write_bytes(b"a\n")


def shift_lines(path: Path) -> None:
    path.write_bytes(b"one and more\ntwo\n")


def rewrite_file(path: Path) -> None:
    path.write_bytes(b"six\nten\n")
    os.utime(path, ns=(1, 1))  # within one tick of the clock nothing would show


@pytest.mark.parametrize("change", [replace_file, shorten_file, shift_lines, rewrite_file])
def test_another_file_at_the_path_is_catalogued_anew(stage: Stage, change: Callable[[Path], None]) -> None:
    stage.write(b"one", b"two")
    before = stage.catch_up()
    change(stage.path())
    after = stage.catch_up()
    lines = len(stage.lines())
    assert after.file_id > before.file_id
    assert after.line_count == lines
    assert stage.positions(after) == list(range(3, 3 + lines))
    assert stage.files() == [after]


@pytest.mark.parametrize("change", [shorten_file, shift_lines])
def test_without_a_checksum_a_line_feed_has_to_be_in_its_place(
    stage: Stage, change: Callable[[Path], None]
) -> None:
    stage.write(b"one", b"two")
    found = FileState(*(getattr(stage.path().stat(), f"st_{name}") for name in STAT_NAMES))
    with stage.database.transaction(commit=True) as cursor:
        before = stage.catalogue.add_file(cursor, THREAD, str(stage.path()), found)
        stage.catalogue.extend(cursor, before, 2, 8, ())
    stage.write(b"three")
    assert stage.positions(stage.catch_up()) == [1, 2, 3]
    with stage.database.transaction(commit=True) as cursor:
        cursor.execute("UPDATE rollout_file SET seam = NULL")
    change(stage.path())
    assert stage.catch_up().file_id > before.file_id


def test_rows_made_from_a_forgotten_file_go_with_it(stage: Stage) -> None:
    forgotten: list[int] = []

    def forget(cursor: object, file_id: int) -> None:
        forgotten.append(file_id)
        stage.catalogue.forget(cursor, file_id)  # type: ignore[arg-type]  # it is a cursor

    stage.catching_up = CatchUp(stage.database, stage.catalogue, forget=forget)
    stage.write(b"one", b"two")
    before = stage.catch_up()
    shorten_file(stage.path())
    stage.catch_up()
    assert forgotten == [before.file_id]


def test_a_moved_file_keeps_its_positions(stage: Stage) -> None:
    stage.write(b"one", b"two")
    before = stage.catch_up()
    there = stage.folder / f"archived-{THREAD}.jsonl"
    stage.path().rename(there)
    with there.open("ab") as file:
        file.write(b"three\n")
    after = stage.catching_up.catch_up(str(there), THREAD)
    assert after is not None
    assert (after.file_id, after.path) == (before.file_id, str(there))
    assert stage.positions(after) == [1, 2, 3]
    assert stage.files() == [after]
    assert stage.catching_up.catch_up(str(stage.path()), THREAD) is None


def test_a_file_moved_over_a_known_one_takes_its_place(stage: Stage) -> None:
    stage.write(b"one")
    before = stage.catch_up()
    there = stage.folder / f"archived-{THREAD}.jsonl"
    stage.path().rename(there)
    stage.write(b"new")
    assert stage.catch_up().file_id != before.file_id
    found = stage.catching_up.catch_up(str(there), THREAD)
    assert found is not None
    assert len(stage.files()) == 2


def test_a_second_name_is_a_file_of_its_own(stage: Stage) -> None:
    stage.write(b"one")
    first = stage.catch_up()
    there = stage.folder / f"copy-{THREAD}.jsonl"
    there.hardlink_to(stage.path())
    second = stage.catching_up.catch_up(str(there), THREAD)
    assert second is not None
    assert stage.files() == [first, second]


def test_what_is_no_file_cannot_be_read(stage: Stage) -> None:
    stage.path().mkdir()
    with pytest.raises(UnreadableThread):
        stage.catch_up()


def test_one_unreadable_file_leaves_the_others_alone(stage: Stage) -> None:
    stage.path().mkdir()
    stage.write(b"one", thread_id=OTHER_THREAD)
    missing = UUID(int=5)
    ids = (THREAD, missing, OTHER_THREAD)
    (failure,) = stage.catching_up.catch_up_all([(str(stage.path(one)), one) for one in ids])
    assert str(stage.path()) in str(failure)
    assert [file.thread_id for file in stage.files()] == [OTHER_THREAD]


def test_many_files_take_few_transactions(stage: Stage) -> None:
    ids = [UUID(int=number) for number in range(CATALOGUE_BATCH + 1)]
    for one in ids:
        stage.path(one).write_bytes(b"one\ntwo\n")
    files = [(str(stage.path(one)), one) for one in ids]
    assert stage.catching_up.catch_up_all(files) == ()
    assert stage.log.opened == len(ids)
    assert stage.catching_up.catch_up_all(files) == ()
    assert stage.log.opened == len(ids)
    assert [stage.positions(file) for file in stage.files()[:2]] == [[1, 2], [3, 4]]


@pytest.mark.parametrize("meetings", range(CATCH_UP_TRIES + 2))
@pytest.mark.parametrize("all_at_once", [False, True])
def test_of_two_that_catch_up_at_once_one_gives_the_positions(
    stage: Stage, meetings: int, *, all_at_once: bool
) -> None:
    other = CatchUp(stage.database, stage.catalogue)
    stage.write(b"one")

    def meet() -> None:
        if stage.log.opened <= min(meetings, CATCH_UP_TRIES):
            other.catch_up(str(stage.path()), THREAD)
            stage.write(message(str(stage.log.opened)))

    stage.log.before_open = meet
    if all_at_once:
        stage.catching_up.catch_up_all([(str(stage.path()), THREAD)])
    file = stage.catch_up()
    assert stage.positions(file) == list(range(1, len(stage.lines()) + 1))


def test_a_file_that_goes_while_it_is_looked_at_is_none(stage: Stage) -> None:
    stage.write(b"one")
    stage.log.before_open = stage.path().unlink
    assert stage.catching_up.catch_up(str(stage.path()), THREAD) is None


def test_a_file_that_turns_unreadable_meanwhile_is_reported(stage: Stage) -> None:
    stage.write(b"one")
    other = CatchUp(stage.database, stage.catalogue)

    def meet() -> None:
        if stage.log.opened == 1:
            other.catch_up(str(stage.path()), THREAD)
            stage.write(b"two")
        else:
            stage.path().unlink()
            stage.path().mkdir()

    stage.log.before_open = meet
    assert len(stage.catching_up.catch_up_all([(str(stage.path()), THREAD)])) == 1


TEXT = st.text(max_size=12).map(lambda text: text.replace("\n", "").encode())


@settings(deadline=None, max_examples=40)
@given(st.lists(TEXT, max_size=25), st.data())
def test_any_split_of_a_file_into_catch_ups_gives_the_same_lines(
    lines: list[bytes], data: st.DataObject
) -> None:
    whole = b"".join(line + b"\n" for line in lines)
    cuts = sorted(data.draw(st.sets(st.integers(0, len(whole)), max_size=8)))
    with TemporaryDirectory() as folder:
        stage = Stage(Path(folder))
        other = UUID(int=7)
        for begin, end in zip([0, *cuts], [*cuts, len(whole)], strict=True):
            with stage.path().open("ab") as file:
                file.write(whole[begin:end])
            stage.catch_up()
            stage.write(b"between", thread_id=other)
            stage.catch_up(other)
        recorder = stage.recorder()
        found = recorder.select_events(THREAD)
        assert [(event.originator_version, event.state) for event in found] == list(enumerate(lines, 1))
        notified = recorder.select_notifications(None, 1000)
        assert [one.id for one in notified] == list(range(1, len(notified) + 1))
        assert [
            (one.originator_version, one.state) for one in notified if one.originator_id == THREAD
        ] == list(enumerate(lines, 1))
        stage.database.close()


def test_state_of_a_file_is_what_stat_said(stage: Stage) -> None:
    stage.write(b"one")
    found = stage.path().stat()
    assert stage.catch_up().state == FileState(*(getattr(found, f"st_{name}") for name in STAT_NAMES))
