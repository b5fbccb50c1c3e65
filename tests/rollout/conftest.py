"""What many tests of the log are given."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from rollout.writing import storage
from tests.rollout.appending import Pauses
from tests.rollout.recorders import HEAD, Place


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """An empty folder with a database."""
    made = Place(tmp_path)
    yield made
    made.database.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file with a head."""
    made = tmp_path / "rollout.jsonl"
    made.write_bytes(HEAD + b"\n")
    return made


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> Pauses:
    """No test sleeps."""
    made = Pauses()
    monkeypatch.setattr(storage, "pause", made)
    return made
