"""The factory is what `PERSISTENCE_MODULE` names, and keeps the log plain."""

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from eventsourcing.persistence import (
    InfrastructureFactory,
    JSONTranscoder,
    Mapper,
    NotSupportedError,
    StoredEvent,
    Tracking,
)

from domain.errors import HomeMissing
from domain.thread.mapper import LineMapper
from rollout.recording.factory import HomeNotNamed, NoSuchDurability, RolloutFactory
from tests.rollout.recorders import HEAD, THREAD, events, message


@pytest.fixture
def factory(tmp_path: Path) -> Iterator[RolloutFactory]:
    """A factory on an empty home."""
    with RolloutFactory({"ROLLOUT_HOME": str(tmp_path), "ROLLOUT_DURABILITY": "process"}) as made:
        yield made
        made.close()


@pytest.mark.parametrize("topic", ["rollout.recording.factory", "rollout.recording.factory:RolloutFactory"])
def test_the_module_names_its_one_factory(tmp_path: Path, topic: str) -> None:
    made = InfrastructureFactory.construct({"PERSISTENCE_MODULE": topic, "ROLLOUT_HOME": str(tmp_path)})
    assert type(made) is RolloutFactory
    made.close()


def test_a_home_has_to_be_named_and_to_be_there(tmp_path: Path) -> None:
    with pytest.raises(HomeNotNamed, match="ROLLOUT_HOME"):
        RolloutFactory({})
    with pytest.raises(HomeMissing):
        RolloutFactory({"ROLLOUT_HOME": str(tmp_path / "nowhere")})


def test_an_unknown_durability_is_refused(tmp_path: Path) -> None:
    made = RolloutFactory({"ROLLOUT_HOME": str(tmp_path), "ROLLOUT_DURABILITY": "paper"})
    with pytest.raises(NoSuchDurability, match="'paper'; there are disk, process, none"):
        made.application_recorder()
    made.close()


def test_lines_are_put_into_the_home(factory: RolloutFactory, tmp_path: Path) -> None:
    recorder = factory.application_recorder()
    assert recorder.insert_events(events(THREAD, 1, HEAD, message("one"))) == [1, 2]
    (file,) = tmp_path.glob(f"sessions/*/*/*/rollout-*-{THREAD}.jsonl")
    assert file.read_bytes().splitlines() == [HEAD, message("one")]
    assert stat.S_IMODE((tmp_path / "threadstore").stat().st_mode) == 0o700


def test_recorders_of_one_factory_share_the_database(factory: RolloutFactory) -> None:
    factory.application_recorder().insert_events(events(THREAD, 1, HEAD))
    assert factory.application_recorder().max_notification_id() == 1


def test_the_index_can_be_anywhere(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    index = tmp_path / "elsewhere" / "log.sqlite"
    made = RolloutFactory({"ROLLOUT_HOME": str(home), "ROLLOUT_INDEX": str(index)})
    made.application_recorder()
    assert index.exists()
    assert list(home.iterdir()) == []
    made.close()


def test_positions_are_tracked_beside_the_catalogue(factory: RolloutFactory) -> None:
    tracking = factory.tracking_recorder()
    tracking.insert_tracking(Tracking("upstream", 5))
    assert factory.tracking_recorder().max_tracking_id("upstream") == 5
    assert factory.application_recorder().max_notification_id() is None


def test_snapshots_are_kept_beside_the_catalogue(factory: RolloutFactory) -> None:
    recorder = factory.aggregate_recorder("snapshots")
    recorder.insert_events([StoredEvent(THREAD, 7, "snapshot", b"state")])
    assert [event.state for event in recorder.select_events(THREAD)] == [b"state"]


def test_events_and_tracking_have_no_common_transaction(factory: RolloutFactory) -> None:
    with pytest.raises(NotSupportedError):
        factory.process_recorder()


def test_neither_cipher_nor_compressor_reaches_the_log(tmp_path: Path) -> None:
    stray = {
        "CIPHER_KEY": "x",
        "COMPRESSOR_TOPIC": "zlib",
        "MAPPER_TOPIC": "eventsourcing.persistence:Mapper",
    }
    made = RolloutFactory({"ROLLOUT_HOME": str(tmp_path), **stray})
    mapper: Mapper[object] = made.mapper()  # type: ignore[type-var]  # the factory's own choice
    assert type(mapper) is LineMapper
    assert (mapper.cipher, mapper.compressor) == (None, None)
    assert type(made.mapper(JSONTranscoder(), Mapper)) is Mapper
    made.close()
