"""Notes are kept in files of their own, one a thread, under the rules of rollout files."""

import errno
import json
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from eventsourcing.persistence import (
    InfrastructureFactory,
    InfrastructureFactoryError,
    JSONTranscoder,
    Mapper,
    NotSupportedError,
)

from domain.durability import Durability
from domain.errors import AppendFailed, HomeMissing, UnreadableThread
from domain.limits import NOTES_REMEMBERED_MAX
from domain.notes.goal import GoalChange, GoalStatus
from domain.notes.notes import Notes
from domain.notes.notes_store import NotesStore
from rollout import log
from rollout.finding.home import Home
from rollout.recording import notes_reader
from rollout.recording.notes import NotesFactory, NotesRecorder, NotesUnplaced, notes_path, open_notes
from rollout.recording.notes_reader import NotesReader
from rollout.writing import storage
from tests.rollout.appending import Pauses
from tests.rollout.failing_calls import FailingCalls
from tests.rollout.recorders import OTHER_THREAD, THREAD

ROOT = Path(__file__).parents[3]
NOW_MS = 1_777_629_600_000


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home without notes."""
    return Home.at(tmp_path)


@pytest.fixture
def store(home: Home) -> Iterator[NotesStore]:
    """Its notes."""
    with open_notes(home, Durability.PROCESS) as made:
        yield made


@pytest.fixture
def path(home: Home) -> Path:
    """Where the thread's notes go."""
    return home.notes / f"{THREAD}.jsonl"


def objective(notes: Notes) -> str | None:
    """What the goal is."""
    return notes.goal.objective if notes.goal else None


def test_what_is_noted_is_a_line_of_the_threads_own_file(home: Home, store: NotesStore, path: Path) -> None:
    store.set_goal(THREAD, GoalChange("o"), NOW_MS)
    store.archive(THREAD, NOW_MS)
    assert [json.loads(line)["type"] for line in path.read_bytes().splitlines()] == [
        "note:goal_set",
        "note:archived",
    ]
    assert path == Path(notes_path(home, THREAD))
    assert [entry.name for entry in home.root.iterdir()] == ["threadstore_events"]
    assert [stat.S_IMODE(made.stat().st_mode) for made in (path, home.notes)] == [0o600, 0o700]


def test_notes_are_there_for_the_next_program(home: Home, store: NotesStore) -> None:
    goal = store.set_goal(THREAD, GoalChange("o"), NOW_MS, has_preview=False)
    store.archive(OTHER_THREAD, NOW_MS)
    with open_notes(home) as next_one:
        assert next_one.of(THREAD).goal == goal
        assert next_one.of(THREAD).preview == "o"
        assert next_one.of(OTHER_THREAD).archived_at_s == NOW_MS // 1000
        assert next_one.of(OTHER_THREAD).goal is None


def test_looking_for_notes_makes_nothing(home: Home, store: NotesStore) -> None:
    assert store.of(THREAD).version == 0
    assert NotesReader(home).of(THREAD).version == 0
    assert not store.clear_goal(THREAD, NOW_MS)
    assert list(home.root.iterdir()) == []


def test_the_index_can_be_deleted_at_any_moment(home: Home, store: NotesStore) -> None:
    home.index.parent.mkdir()
    home.index.touch()
    store.set_goal(THREAD, GoalChange("kept"), NOW_MS)
    shutil.rmtree(home.index.parent)
    assert objective(store.of(THREAD)) == "kept"
    store.set_goal(THREAD, GoalChange("changed"), NOW_MS)
    with open_notes(home) as next_one:
        assert objective(next_one.of(THREAD)) == "changed"


def test_two_programs_see_each_others_notes_at_once(home: Home, store: NotesStore) -> None:
    with open_notes(home, Durability.PROCESS) as other:
        store.set_goal(THREAD, GoalChange("one"), NOW_MS)
        assert objective(other.of(THREAD)) == "one"
        other.set_goal(THREAD, GoalChange(status=GoalStatus.PAUSED), NOW_MS)
        store.set_goal(THREAD, GoalChange("two"), NOW_MS)
        goal = other.of(THREAD).goal
    assert goal is not None
    assert (goal.objective, goal.status) == ("two", GoalStatus.PAUSED)


def test_of_two_that_note_at_once_both_are_noted(home: Home, store: NotesStore) -> None:
    tries: list[int] = []

    def command(notes: Notes) -> None:
        tries.append(notes.version)
        if len(tries) == 1:
            with open_notes(home, Durability.PROCESS) as other:
                other.set_goal(THREAD, GoalChange("theirs"), NOW_MS)
        notes.archive(NOW_MS)

    store.run(THREAD, command)
    assert tries == [0, 1]
    assert objective(store.of(THREAD)) == "theirs"
    assert store.of(THREAD).archived_at_s is not None


@pytest.mark.parametrize("damaged", [b"{torn\n", b"\xff\n", b"\0" * 100 + b"\n", b"\n", b"[]\n"])
@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_damaged_line_costs_that_line_alone(
    home: Home, store: NotesStore, path: Path, damaged: bytes, number: int
) -> None:
    store.set_goal(THREAD, GoalChange("o"), NOW_MS)
    store.archive(THREAD, NOW_MS)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines[:number], damaged, *lines[number:]]))
    for notes in (store.of(THREAD), NotesReader(home).of(THREAD)):
        assert (notes.version, objective(notes), notes.archived_at_s) == (3, "o", NOW_MS // 1000)
    store.clear_goal(THREAD, NOW_MS)
    assert store.of(THREAD).goal is None


@pytest.mark.parametrize("before", [b"", b'{"type":"note:goal_set","pay', b"\0\0\0"])
def test_a_torn_last_line_is_ended_first(
    home: Home, store: NotesStore, path: Path, pauses: Pauses, before: bytes
) -> None:
    path.parent.mkdir()
    path.write_bytes(before)
    assert NotesReader(home).of(THREAD).version == 0
    store.set_goal(THREAD, GoalChange("o"), NOW_MS)
    lines = path.read_bytes().splitlines()
    assert lines[:-1] == ([before] if before else [])
    assert objective(store.of(THREAD)) == objective(NotesReader(home).of(THREAD)) == "o"


def test_under_disk_a_note_waits_once_for_its_file(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []
    folders: list[str] = []
    monkeypatch.setattr(storage, "sync", synced.append)
    monkeypatch.setattr(storage, "sync_folder", folders.append)
    with open_notes(home) as store:
        store.archive(THREAD, NOW_MS)
        assert (len(synced), folders) == (1, [str(home.notes), str(home.root)])
        store.unarchive(THREAD, NOW_MS)
        assert (len(synced), len(folders)) == (2, 2)


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO])
def test_whatever_call_fails_a_note_is_taken_or_not(
    home: Home, store: NotesStore, path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    calls = FailingCalls(monkeypatch)
    store.set_goal(THREAD, GoalChange("before"), NOW_MS)
    before = path.read_bytes()
    calls.fail(-1, code)
    store.set_goal(THREAD, GoalChange("after"), NOW_MS)
    taken = path.read_bytes()
    for number, name in enumerate([*calls.names]):
        path.write_bytes(before)
        calls.fail(number, code)
        failure = _failure(store)
        calls.mend()
        if failure is None:
            assert path.read_bytes() == taken, name
        elif not failure.is_indeterminate:
            assert path.read_bytes() == before, name
        store.set_goal(THREAD, GoalChange("again"), NOW_MS)
        assert objective(store.of(THREAD)) == objective(NotesReader(home).of(THREAD)) == "again"


def _failure(store: NotesStore) -> AppendFailed | None:
    try:
        store.set_goal(THREAD, GoalChange("after"), NOW_MS)
    except AppendFailed as failure:
        return failure
    return None


def test_four_processes_lose_no_note(home: Home, path: Path) -> None:
    command = [sys.executable, "-m", "tests.rollout.note_taker", str(home.root)]
    running = [subprocess.Popen([*command, f"p{number}", "25"], cwd=ROOT) for number in range(4)]
    assert [process.wait(60) for process in running] == [0] * 4
    told = [json.loads(line)["payload"]["goal"]["objective"] for line in path.read_bytes().splitlines()]
    assert sorted(told) == sorted(f"p{word} {number}" for word in range(4) for number in range(25))
    assert objective(NotesReader(home).of(THREAD)) == told[-1]


class Openings:
    """Counts the files that a reader opens."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.count = 0
        self._open = os.open
        monkeypatch.setattr("rollout.log.os.open", self)

    def __call__(self, path: str, flags: int) -> int:
        """Opens the file."""
        self.count += 1
        return self._open(path, flags)


def test_a_reader_opens_a_file_again_only_when_it_changed(
    home: Home, store: NotesStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.set_goal(THREAD, GoalChange("one"), NOW_MS)
    reader = NotesReader(home)
    openings = Openings(monkeypatch)
    assert [objective(reader.of(THREAD)) for _ in range(5)] == ["one"] * 5
    assert openings.count == 1
    monkeypatch.undo()
    store.set_goal(THREAD, GoalChange("two"), NOW_MS)
    assert objective(reader.of(THREAD)) == "two"


def test_a_reader_follows_a_file_that_goes_and_comes(home: Home, store: NotesStore, path: Path) -> None:
    reader = NotesReader(home)
    store.set_goal(THREAD, GoalChange("one"), NOW_MS)
    assert objective(reader.of(THREAD)) == "one"
    path.rename(path.with_name("away"))
    assert reader.of(THREAD).version == 0
    store.archive(THREAD, NOW_MS)
    assert reader.of(THREAD).goal is None
    path.with_name("away").replace(path)
    assert objective(reader.of(THREAD)) == "one"


def test_a_file_that_goes_while_it_is_looked_at_is_none(
    home: Home, store: NotesStore, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.archive(THREAD, NOW_MS)
    state = log.RolloutLog().state_of(str(path))
    path.unlink()
    monkeypatch.setattr(log.RolloutLog, "state_of", lambda self, path: state)
    assert NotesReader(home).of(THREAD).version == 0


def test_what_a_reader_gives_is_its_receivers_own(home: Home, store: NotesStore) -> None:
    store.set_goal(THREAD, GoalChange("one"), NOW_MS)
    reader = NotesReader(home)
    reader.of(THREAD).set_goal(GoalChange("two"), NOW_MS)
    assert objective(reader.of(THREAD)) == "one"


def test_a_reader_remembers_a_bounded_number_of_threads(
    home: Home, store: NotesStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert NOTES_REMEMBERED_MAX > 1
    monkeypatch.setattr(notes_reader, "NOTES_REMEMBERED_MAX", 1)
    reader = NotesReader(home)
    for thread_id in (THREAD, OTHER_THREAD):
        store.archive(thread_id, NOW_MS)
        reader.of(thread_id)
    openings = Openings(monkeypatch)
    reader.of(OTHER_THREAD)
    assert openings.count == 0
    reader.of(THREAD)
    assert openings.count == 1


def test_notes_that_cannot_be_read_are_told(home: Home, path: Path) -> None:
    path.mkdir(parents=True)
    with pytest.raises(UnreadableThread, match="not a regular file"):
        NotesReader(home).of(THREAD)


@pytest.mark.parametrize("topic", ["rollout.recording.notes", "rollout.recording.notes:NotesFactory"])
def test_the_module_names_its_one_factory(tmp_path: Path, topic: str) -> None:
    made = InfrastructureFactory.construct({"PERSISTENCE_MODULE": topic, "NOTES_HOME": str(tmp_path)})
    assert type(made) is NotesFactory
    assert type(made.application_recorder()) is NotesRecorder
    made.close()


def test_recorders_of_one_factory_share_the_catalogue(tmp_path: Path, store: NotesStore) -> None:
    store.archive(THREAD, NOW_MS)
    assert store.recorder.max_notification_id() == 1
    assert store.factory.application_recorder().max_notification_id() == 1


def test_a_factory_needs_a_home_and_a_durability(tmp_path: Path) -> None:
    with pytest.raises(InfrastructureFactoryError, match="NOTES_HOME"):
        NotesFactory({})
    with pytest.raises(HomeMissing):
        NotesFactory({"NOTES_HOME": str(tmp_path / "nowhere")})
    with pytest.raises(NotesUnplaced, match="'sometimes'"):
        NotesFactory({"NOTES_HOME": str(tmp_path), "NOTES_DURABILITY": "sometimes"}).application_recorder()


def test_there_are_no_snapshots_and_no_tracking(tmp_path: Path) -> None:
    made = NotesFactory({"NOTES_HOME": str(tmp_path)})
    for construct in (made.aggregate_recorder, made.tracking_recorder, made.process_recorder):
        with pytest.raises(NotSupportedError):
            construct()
    made.close()


def test_the_factory_keeps_lines_plain(tmp_path: Path) -> None:
    made = NotesFactory({"NOTES_HOME": str(tmp_path), "CIPHER_KEY": "x", "COMPRESSOR_TOPIC": "zlib"})
    mapper: Mapper[object] = made.mapper()  # type: ignore[type-var]  # the factory's own choice
    assert (mapper.cipher, mapper.compressor) == (None, None)
    assert type(made.mapper(JSONTranscoder(), Mapper)) is Mapper


def test_the_users_environment_does_not_reach_the_notes(
    home: Home, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "CIPHER_KEY": "x",
        "COMPRESSOR_TOPIC": "zlib",
        "PERSISTENCE_MODULE": "eventsourcing.popo",
        "NOTES_HOME": "/nowhere",
        "NOTES_NOTES_HOME": "/nowhere",
        "NOTES_DURABILITY": "sometimes",
    }.items():
        monkeypatch.setenv(name, value)
    with open_notes(home) as store:
        store.archive(THREAD, NOW_MS)
    assert path.exists()
