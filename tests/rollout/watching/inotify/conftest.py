"""What the tests of the exact watch are given; without the kernel's word there are none."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from rollout.finding.home import Home
from rollout.watching.mounts import Mount
from rollout.watching.watch import Watch
from tests.rollout.watching.words import DAYS, NAMES, Open, make_home, told

collect_ignore_glob = [] if sys.platform == "linux" else ["test_*.py"]


@pytest.fixture(autouse=True)
def _is_local(monkeypatch: pytest.MonkeyPatch) -> None:
    """Temporary folders may be anywhere; the kernel tells of what one machine does everywhere."""
    monkeypatch.setattr("rollout.watching.watched_folders.read_mounts", lambda: [Mount("/", "ext4")])


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home with two days."""
    (tmp_path / "home").mkdir()
    (tmp_path / "outside").mkdir()
    return make_home(tmp_path / "home")


@pytest.fixture
def opened(home: Home) -> Iterator[Open]:
    """Opens watches that are closed at the end."""
    # Only Linux can load it.
    from rollout.watching.inotify_watch import InotifyWatch  # noqa: PLC0415

    watches: list[InotifyWatch] = []

    def open_one() -> InotifyWatch:
        watches.append(InotifyWatch(home))
        return watches[-1]

    yield open_one
    for watch in watches:
        watch.close()


@pytest.fixture
def watch(opened: Open) -> Watch:
    """A watch that has nothing to tell yet."""
    made = opened()
    assert told(made) == set()
    return made


@pytest.fixture
def first(home: Home) -> Path:
    """The file of the first day."""
    return home.sessions / DAYS[0] / NAMES[0]
