"""Notes are an application of the library, whatever keeps them."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from eventsourcing.persistence import IntegrityError
from eventsourcing.popo import POPOApplicationRecorder

from domain.errors import NoGoal, ThreadContended
from domain.limits import COMMAND_TRIES
from domain.notes.goal import GoalChange
from domain.notes.notes import Notes
from domain.notes.notes_store import NotesStore

THREAD = UUID("0196f000-0000-7000-8000-000000000001")
OTHER = UUID("0196f000-0000-7000-8000-000000000002")
NOW_MS = 1_777_629_600_000


@pytest.fixture
def store() -> Iterator[NotesStore]:
    """Notes in memory."""
    with NotesStore() as made:
        yield made


def test_a_thread_without_notes_has_empty_ones(store: NotesStore) -> None:
    assert store.of(THREAD).version == 0
    assert store.recorder.max_notification_id() is None


def test_commands_are_saved_thread_by_thread(store: NotesStore) -> None:
    goal = store.set_goal(THREAD, GoalChange("o"), NOW_MS, has_preview=False)
    store.archive(OTHER, NOW_MS)
    assert store.of(THREAD).goal == goal
    assert store.of(THREAD).preview == "o"
    assert store.of(OTHER).goal is None
    assert store.of(OTHER).archived_at_s == NOW_MS // 1000
    store.unarchive(OTHER, NOW_MS)
    assert store.of(OTHER).archived_at_s is None
    assert store.clear_goal(THREAD, NOW_MS)
    assert not store.clear_goal(THREAD, NOW_MS)
    assert store.of(THREAD).version == 2


def test_a_refused_command_saves_nothing(store: NotesStore) -> None:
    with pytest.raises(NoGoal):
        store.set_goal(THREAD, GoalChange(), NOW_MS)
    assert store.of(THREAD).version == 0


def test_a_command_that_came_second_is_applied_to_what_the_first_left(store: NotesStore) -> None:
    seen: list[int] = []

    def command(notes: Notes) -> None:
        if not seen:
            store.set_goal(THREAD, GoalChange("first"), NOW_MS)
        seen.append(notes.version)
        notes.archive(NOW_MS)

    store.run(THREAD, command)
    assert seen == [0, 1]
    assert [line.originator_version for line in store.events.get(THREAD)] == [1, 2]


def test_trying_again_has_an_end(store: NotesStore, monkeypatch: pytest.MonkeyPatch) -> None:
    tries = 0

    def insert_events(*_: Any, **__: Any) -> None:
        nonlocal tries
        tries += 1
        raise IntegrityError

    monkeypatch.setattr(store.recorder, "insert_events", insert_events)
    with pytest.raises(ThreadContended):
        store.archive(THREAD, NOW_MS)
    assert tries == COMMAND_TRIES


def test_the_users_environment_does_not_reach_the_notes(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "CIPHER_KEY": "x",
        "COMPRESSOR_TOPIC": "zlib",
        "PERSISTENCE_MODULE": "eventsourcing.sqlite",
        "NOTES_PERSISTENCE_MODULE": "eventsourcing.sqlite",
        "MAPPER_TOPIC": "eventsourcing.persistence:Mapper",
        "IS_SNAPSHOTTING_ENABLED": "y",
    }.items():
        monkeypatch.setenv(name, value)
    with NotesStore() as store:
        assert isinstance(store.recorder, POPOApplicationRecorder)
        assert store.snapshots is None
        store.archive(THREAD, NOW_MS)
        assert store.of(THREAD).version == 1
