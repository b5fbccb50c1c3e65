"""An application of the library runs on rollout files."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import ClassVar
from uuid import UUID

import pytest
from eventsourcing.application import AggregateNotFoundError, Application
from eventsourcing.persistence import IntegrityError
from eventsourcing.popo import POPOApplicationRecorder
from eventsourcing.utils import Environment, EnvType, TopicError

from domain.events import RolloutLine
from domain.topics import topic_of_raw
from tests.rollout.recorders import HEAD, THREAD, message


class Talk:
    """The smallest of aggregates: it knows its version and what was said."""

    def __init__(self, thread_id: UUID) -> None:
        self.id = thread_id
        self.version = 0
        self.said: list[str] = []
        self._pending: list[RolloutLine] = []

    def add(self, raw: bytes) -> None:
        """A further line."""
        line = RolloutLine(self.id, self.version + 1, topic_of_raw(raw), raw)
        self.apply(line)
        self._pending.append(line)

    def apply(self, line: RolloutLine) -> None:
        """Follows one line."""
        self.version = line.originator_version
        if line.topic == "event_msg:user_message":
            self.said.append(line.payload["message"])

    def collect_events(self) -> list[RolloutLine]:
        """The lines that were added and not saved."""
        pending, self._pending = self._pending, []
        return pending


def project(talk: Talk | None, lines: Iterable[RolloutLine]) -> Talk | None:
    """The talk that the lines tell, from where it stood."""
    for line in lines:
        talk = talk or Talk(line.originator_id)
        talk.apply(line)
    return talk


class Careless(Application[UUID]):
    """Configured as the library does it: the user's environment overrides what the program says."""

    name = "talks"
    env: ClassVar[dict[str, str]] = {
        "PERSISTENCE_MODULE": "rollout.recording.factory",
        "ROLLOUT_DURABILITY": "process",
    }


class Talks(Careless):
    """Configured by the program alone."""

    name = "talks"

    def construct_env(self, name: str, env: EnvType | None = None) -> Environment:
        """The class's and the caller's settings; a stray `CIPHER_KEY` would break the log."""
        return Environment(name, {**type(self).env, **(env or {})})


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    """The settings for an empty home."""
    return {"ROLLOUT_HOME": str(tmp_path)}


@pytest.fixture
def app(env: dict[str, str]) -> Iterator[Talks]:
    """An application on an empty home."""
    with Talks(env) as made:
        yield made


def begun(*lines: bytes) -> Talk:
    talk = Talk(THREAD)
    for line in lines:
        talk.add(line)
    return talk


def loaded(app: Application[UUID]) -> Talk:
    return app.repository.get(THREAD, projector_func=project)


def file_of(env: dict[str, str]) -> Path:
    (file,) = Path(env["ROLLOUT_HOME"]).glob(f"sessions/*/*/*/rollout-*-{THREAD}.jsonl")
    return file


def test_what_is_saved_is_a_rollout_file(app: Talks, env: dict[str, str]) -> None:
    recordings = app.save(begun(HEAD, message("hello")))
    assert [recording.notification.id for recording in recordings] == [1, 2]
    assert file_of(env).read_bytes() == HEAD + b"\n" + message("hello") + b"\n"


def test_what_is_in_the_file_is_loaded(app: Talks, env: dict[str, str]) -> None:
    app.save(begun(HEAD, message("hello")))
    with file_of(env).open("ab") as file:
        file.write(b"{damaged\n" + message("by another program") + b"\n")
    talk = loaded(app)
    assert (talk.version, talk.said) == (4, ["hello", "by another program"])
    talk.add(message("again"))
    app.save(talk)
    assert loaded(app).said == ["hello", "by another program", "again"]


def test_a_line_can_be_saved_by_itself(app: Talks) -> None:
    app.save(RolloutLine(THREAD, 1, "session_meta", HEAD))
    assert [line.originator_version for line in app.events.get(THREAD)] == [1]


def test_of_two_that_save_at_once_the_second_may_try_again(app: Talks, env: dict[str, str]) -> None:
    app.save(begun(HEAD))
    with Talks(env) as other:
        mine, theirs = loaded(app), loaded(other)
        theirs.add(message("first"))
        other.save(theirs)
        mine.add(message("second"))
        with pytest.raises(IntegrityError):
            app.save(mine)
        again = loaded(app)
        again.add(message("second"))
        app.save(again)
        assert loaded(other).said == ["first", "second"]


def test_an_unknown_thread_is_not_found(app: Talks) -> None:
    with pytest.raises(AggregateNotFoundError):
        loaded(app)


def test_an_application_can_be_followed(app: Talks) -> None:
    app.save(begun(HEAD, message("hello")))
    with app.recorder.subscribe(topics=["event_msg:user_message"]) as subscription:
        line = app.mapper.to_domain_event(next(subscription))
    assert isinstance(line, RolloutLine)
    assert line.payload["message"] == "hello"


STRAY = {
    "CIPHER_KEY": "x",
    "COMPRESSOR_TOPIC": "eventsourcing.compressor:ZlibCompressor",
    "MAPPER_TOPIC": "eventsourcing.persistence:Mapper",
    "IS_SNAPSHOTTING_ENABLED": "y",
    "PERSISTENCE_MODULE": "eventsourcing.popo",
    "TALKS_ROLLOUT_HOME": "/nowhere",
}


def test_the_users_environment_does_not_reach_the_log(
    env: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in STRAY.items():
        monkeypatch.setenv(name, value)
    with Talks(env) as app:
        app.save(begun(HEAD, message("hello")))
        assert app.snapshots is None
    assert file_of(env).read_bytes().splitlines() == [HEAD, message("hello")]


def test_without_the_override_a_stray_setting_takes_the_log_elsewhere(
    env: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PERSISTENCE_MODULE", "eventsourcing.popo")
    with Careless(env) as app:
        assert isinstance(app.recorder, POPOApplicationRecorder)
    monkeypatch.setenv("CIPHER_KEY", "x")
    with pytest.raises((ImportError, TopicError, ValueError)):
        Careless(env)


def test_even_then_the_factory_keeps_the_lines_plain(
    env: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CIPHER_KEY", "x")
    with Careless(env) as app:
        app.save(begun(HEAD))
    assert file_of(env).read_bytes() == HEAD + b"\n"
