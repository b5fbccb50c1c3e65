"""Commands are applied to the thread as it is and saved together, whatever keeps the lines."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from eventsourcing.persistence import IntegrityError, StoredEvent
from eventsourcing.popo import POPOApplicationRecorder

from domain.errors import AppendFailed, ThreadContended, ThreadNotFound, ThreadstoreError, TooFewTurns
from domain.thread import application
from domain.thread.application import Command, SnapshotsAreReadOnly, ThreadStore
from domain.thread.thread import Thread, ThreadSnapshot

THREAD = UUID("019de137-7000-7cc2-8062-74c053be9d64")
NOW = "2026-05-01T12:00:00.000Z"
META = {
    "id": str(THREAD),
    "timestamp": NOW,
    "cwd": "/srv",
    "originator": "o",
    "cli_version": "0.131.0",
}
GIT = {"branch": "b"}


class Rival(POPOApplicationRecorder):
    """Before a save, something happens; counts what is read and written."""

    def __init__(self) -> None:
        super().__init__()
        self.before_insert: Callable[[], object] = lambda: None
        self.insert_count = 0
        self.selected: list[int | None] = []

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        """Something happens, then the lines are inserted."""
        happen, self.before_insert = self.before_insert, lambda: None
        happen()
        self.insert_count += 1
        return super().insert_events(stored_events, **kwargs)

    def select_events(self, *args: Any, **kwargs: Any) -> Sequence[StoredEvent]:
        """Notes from where lines are read."""
        self.selected.append(kwargs.get("gt"))
        return super().select_events(*args, **kwargs)


class Known:
    """A source of one snapshot."""

    def __init__(self, snapshot: ThreadSnapshot | None = None) -> None:
        self.snapshot = snapshot

    def of(self, thread_id: UUID) -> ThreadSnapshot | None:
        """The snapshot."""
        return self.snapshot


def add(text: str) -> Callable[[Thread], int]:
    """A command that adds a message and answers its line number."""

    def command(thread: Thread) -> int:
        thread.append([message(text)], NOW)
        return thread.version

    return command


def message(text: str) -> tuple[str, dict[str, str]]:
    return "event_msg", {"type": "user_message", "message": text}


def begin() -> Thread:
    return Thread.start(THREAD, META, NOW)


def texts(store: ThreadStore) -> list[str]:
    """The topics or texts of the log's lines."""
    events = store.recorder.select_events(THREAD)
    found = [store.mapper.to_domain_event(event) for event in events]
    return [line.payload.get("message", line.topic) for line in found]  # type: ignore[attr-defined]


@pytest.fixture
def rival() -> Rival:
    return Rival()


@pytest.fixture
def store(rival: Rival) -> ThreadStore:
    """A store in memory with a thread of one line."""
    made = ThreadStore(recorder=rival)
    made.start(THREAD, META, NOW)
    rival.insert_count = 0
    return made


def rollouts(tmp_path: Path) -> ThreadStore:
    """A store in files."""
    return ThreadStore(
        {
            "PERSISTENCE_MODULE": "rollout.recording.factory",
            "ROLLOUT_HOME": str(tmp_path),
            "ROLLOUT_DURABILITY": "process",
        }
    )


@pytest.mark.parametrize("make", [lambda _: ThreadStore(), rollouts], ids=["memory", "files"])
def test_commands_are_methods(tmp_path: Path, make: Callable[[Path], ThreadStore]) -> None:
    with make(tmp_path) as store:
        store.start(THREAD, META, NOW)
        store.append(THREAD, [message("one")], NOW)
        store.inject(THREAD, [{"type": "message", "role": "user", "content": []}], NOW)
        store.roll_back(THREAD, 1, None, NOW)
        store.restate_git(THREAD, GIT, NOW)
        store.restate_memory_mode(THREAD, "disabled", NOW)
        thread = store.thread(THREAD)
        assert (thread.version, thread.head, thread.git, thread.memory_mode) == (6, META, GIT, "disabled")
        assert texts(store) == [
            "session_meta",
            "one",
            "response_item:message",
            "event_msg:thread_rolled_back",
            "session_meta",
            "session_meta",
        ]


def test_an_unknown_thread_is_not_found(rival: Rival) -> None:
    store = ThreadStore(recorder=rival)
    with pytest.raises(ThreadNotFound, match=str(THREAD)):
        store.thread(THREAD)
    with pytest.raises(ThreadNotFound):
        store.append(THREAD, [message("one")], NOW)
    assert rival.insert_count == 0


def test_starting_a_stored_thread_leaves_it_as_it_is(store: ThreadStore, rival: Rival) -> None:
    store.start(THREAD, META | {"cwd": "/other"}, NOW)
    assert store.thread(THREAD).head == META
    assert rival.insert_count == 0


def test_commands_that_came_together_are_one_save(store: ThreadStore, rival: Rival) -> None:
    answers = store.run_together(THREAD, [Command(add("one")), Command(add("two"))])
    assert answers == [2, 3]
    assert texts(store) == ["session_meta", "one", "two"]
    assert rival.insert_count == 1


def test_a_command_that_adds_nothing_saves_nothing(store: ThreadStore, rival: Rival) -> None:
    assert store.run(THREAD, Command(lambda thread: thread.version)) == 1
    assert rival.insert_count == 0


def refuse(thread: Thread) -> int:
    thread.append([message("never")], NOW)
    raise TooFewTurns


def stumble(thread: Thread) -> int:
    thread.append([message("never")], NOW)
    raise KeyError


def test_a_command_that_fails_fails_alone(store: ThreadStore) -> None:
    commands = [Command(add("one")), Command(refuse), Command(stumble), Command(add("two"))]
    first, refused, stumbled, last = store.run_together(THREAD, commands)
    assert (first, last) == (2, 3)
    assert isinstance(refused, TooFewTurns)
    assert isinstance(stumbled, KeyError)
    assert texts(store) == ["session_meta", "one", "two"]
    with pytest.raises(TooFewTurns):
        store.run(THREAD, Command(refuse))


def test_a_thread_is_begun_by_the_first_command_that_can_and_succeeds(rival: Rival) -> None:
    store = ThreadStore(recorder=rival)
    commands = [
        Command(add("too early")),
        Command(refuse, begin),
        Command(add("one"), begin),
        Command(add("two")),
    ]
    early, refused, first, second = store.run_together(THREAD, commands)
    assert isinstance(early, ThreadNotFound)
    assert isinstance(refused, TooFewTurns)
    assert (first, second) == (2, 3)
    assert texts(store) == ["session_meta", "one", "two"]


def test_a_failing_command_begins_no_thread(rival: Rival) -> None:
    store = ThreadStore(recorder=rival)
    with pytest.raises(TooFewTurns):
        store.run(THREAD, Command(refuse, begin))
    assert rival.insert_count == 0


def test_who_comes_second_is_applied_again_to_what_is_there_then(store: ThreadStore, rival: Rival) -> None:
    rival.before_insert = lambda: store.append(THREAD, [message("rival")], NOW)
    assert store.run_together(THREAD, [Command(add("one")), Command(add("two"))]) == [3, 4]
    assert texts(store) == ["session_meta", "rival", "one", "two"]


def test_a_thread_begun_by_a_rival_is_gone_on_with(rival: Rival) -> None:
    store = ThreadStore(recorder=rival)
    rival.before_insert = lambda: store.start(THREAD, META, NOW)
    assert store.run(THREAD, Command(add("one"), begin)) == 2
    assert texts(store) == ["session_meta", "one"]


def test_coming_second_again_and_again_has_an_end(
    store: ThreadStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = 0

    def late(*_: object, **__: object) -> None:
        nonlocal tries
        tries += 1
        raise IntegrityError

    monkeypatch.setattr(application, "COMMAND_TRIES", 5)
    monkeypatch.setattr(store.recorder, "insert_events", late)
    refused, late_one = store.run_together(THREAD, [Command(refuse), Command(add("one"))])
    assert isinstance(refused, TooFewTurns)
    assert isinstance(late_one, ThreadContended)
    assert tries == 5


def test_a_save_that_fails_is_not_tried_again(store: ThreadStore, monkeypatch: pytest.MonkeyPatch) -> None:
    tries = 0

    def fail(*_: object, **__: object) -> None:
        nonlocal tries
        tries += 1
        raise AppendFailed("/p", "disk full")

    monkeypatch.setattr(store.recorder, "insert_events", fail)
    answers = store.run_together(THREAD, [Command(add("one")), Command(refuse), Command(add("two"))])
    assert [type(answer) for answer in answers] == [AppendFailed, TooFewTurns, AppendFailed]
    assert tries == 1


# -- snapshots --------------------------------------------------------------------------------


def test_a_snapshot_saves_reading_what_is_before_it(rival: Rival) -> None:
    known = Known()
    store = ThreadStore(recorder=rival, snapshots=known)
    store.start(THREAD, META, NOW)
    store.append(THREAD, [message("one")] * 9, NOW)
    store.restate_git(THREAD, GIT, NOW)
    whole = store.thread(THREAD).snapshot()
    rival.selected.clear()
    for version in (1, 5, 10, 11):
        known.snapshot = ThreadSnapshot(THREAD, version, META, GIT if version > 10 else None, None)
        if version == 11:
            known.snapshot = whole
        assert store.thread(THREAD).snapshot() == whole
    assert rival.selected == [1, 5, 10, 11]


def test_a_thread_is_commanded_from_its_snapshot(rival: Rival) -> None:
    store = ThreadStore(recorder=rival)
    store.start(THREAD, META, NOW)
    store.append(THREAD, [message("one")], NOW)
    quick = ThreadStore(recorder=rival, snapshots=Known(store.thread(THREAD).snapshot()))
    assert quick.run(THREAD, Command(add("two"))) == 3


def test_an_older_version_is_made_of_lines_alone(rival: Rival) -> None:
    ThreadStore(recorder=rival).start(THREAD, META, NOW)
    store = ThreadStore(recorder=rival, snapshots=Known(ThreadSnapshot(THREAD, 3, META)))
    project: Any = Thread.project
    assert store.repository.get(THREAD, version=1, projector_func=project).version == 1


def test_nobody_takes_snapshots(rival: Rival) -> None:
    store = ThreadStore(recorder=rival, snapshots=Known())
    assert store.snapshots is not None
    with pytest.raises(SnapshotsAreReadOnly):
        store.snapshots.put([])


# -- settings ---------------------------------------------------------------------------------

STRAY = {
    "CIPHER_KEY": "x",
    "COMPRESSOR_TOPIC": "eventsourcing.compressor:ZlibCompressor",
    "MAPPER_TOPIC": "eventsourcing.persistence:Mapper",
    "IS_SNAPSHOTTING_ENABLED": "y",
    "AGGREGATE_CACHE_MAXSIZE": "10",
    "PERSISTENCE_MODULE": "eventsourcing.sqlite",
    "THREADSTORE_ROLLOUT_HOME": "/nowhere",
}


def test_the_users_environment_does_not_reach_the_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in STRAY.items():
        monkeypatch.setenv(name, value)
    with rollouts(tmp_path) as store:
        store.start(THREAD, META, NOW)
        assert store.snapshots is None
        assert store.repository.cache is None
    (path,) = tmp_path.glob("sessions/*/*/*/*.jsonl")
    assert path.read_bytes().startswith(b'{"timestamp":"2026-05-01T12:00:00.000Z","type":"session_meta"')


def test_failures_of_commands_are_those_of_the_program() -> None:
    assert issubclass(ThreadNotFound, ThreadstoreError)
