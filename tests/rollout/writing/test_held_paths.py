"""A path is looked for once a command, and again when its file is gone."""

from pathlib import Path
from threading import Thread
from uuid import UUID

import pytest

from rollout.writing.held_paths import HeldPaths
from tests.rollout.recorders import OTHER_THREAD, THREAD


class Looks:
    """Counts the looks; what is found can change."""

    def __init__(self, folder: Path) -> None:
        self.count = 0
        self.found = folder / "one.jsonl"
        self.found.touch()

    def __call__(self, thread_id: UUID) -> str:
        """The path as of now."""
        self.count += 1
        return str(self.found)


@pytest.fixture
def looks(tmp_path: Path) -> Looks:
    return Looks(tmp_path)


def test_a_look_is_held(looks: Looks) -> None:
    paths = HeldPaths(looks)
    assert paths.look(THREAD) == str(looks.found)
    assert [paths(THREAD), paths(THREAD)] == [str(looks.found)] * 2
    assert looks.count == 1
    paths.look(THREAD)
    assert looks.count == 2


def test_without_a_look_there_is_nothing_to_hold(looks: Looks) -> None:
    paths = HeldPaths(looks)
    paths(THREAD)
    paths(THREAD)
    assert looks.count == 2


def test_a_file_that_is_gone_is_looked_for_again(looks: Looks) -> None:
    paths = HeldPaths(looks)
    paths.look(THREAD)
    looks.found = looks.found.rename(looks.found.with_name("archived.jsonl"))
    assert paths(THREAD) == str(looks.found)


def test_a_look_is_for_one_thread_and_by_one_thread(looks: Looks) -> None:
    paths = HeldPaths(looks)
    paths.look(THREAD)
    paths(OTHER_THREAD)
    other = Thread(target=paths, args=(THREAD,))
    other.start()
    other.join()
    assert looks.count == 3


def test_a_file_to_be_made_is_made_where_it_was_looked_for(looks: Looks) -> None:
    looks.found.unlink()
    paths = HeldPaths(looks)
    paths.look(THREAD)
    assert paths(THREAD) == str(looks.found)
    looks.found.touch()
    assert paths(THREAD) == str(looks.found)
    assert looks.count == 1
    looks.found = looks.found.rename(looks.found.with_name("archived.jsonl"))
    assert paths(THREAD) == str(looks.found)
