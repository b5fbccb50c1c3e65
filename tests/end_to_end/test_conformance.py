"""Recorded conversations are answered by the WebSocket doors as they are over stdio.

Each case is played by one of the doors. THREADSTORE_LONG multiplies the cases, and plays each by all doors;
from 50 on it is all of them.
"""

from collections.abc import Iterator
from functools import partial

import pytest

from tests.conformance.case import cases_of, name_of
from tests.conformance.deviations import deviations
from tests.conformance.runner import Outcomes, played
from tests.end_to_end.doors import GUARDED, UNIX, Door
from tests.end_to_end.synchronous import DoorServer
from tests.properties.scale import times_longer

STEPS = {"smoke": 3, "history": 120, "list": 60, "lifecycle": 60}
"""Every so many cases of an area one is played."""
BY_PATH = {"lifecycle/fork-others", "lifecycle/resume-by-path", "lifecycle/resume-stale-path"}
"""Cases whose client names files; on a port that is not the user's right (tests/security/test_paths.py)."""

CHOSEN = {
    name_of(path): path
    for area, step in STEPS.items()
    for path in cases_of(area)[:: max(1, step // times_longer())]
    if name_of(path) not in deviations().keys() | BY_PATH
}
BY_DOOR = (UNIX, GUARDED)


def chosen(door: Door) -> list[str]:
    """The names of the cases for this door."""
    return list(CHOSEN) if times_longer() > 1 else list(CHOSEN)[BY_DOOR.index(door) :: len(BY_DOOR)]


@pytest.fixture(scope="module")
def outcomes(request: pytest.FixtureRequest) -> Iterator[Outcomes]:
    """The differences of the cases of a door, which are played side by side."""
    door: Door = request.param
    with played([CHOSEN[name] for name in chosen(door)], partial(DoorServer, door=door)) as playing:
        yield playing


PLAYED = [pytest.param(door, name, id=f"{door.name}-{name}") for door in BY_DOOR for name in chosen(door)]


@pytest.mark.parametrize(("outcomes", "name"), PLAYED, indirect=["outcomes"], scope="module")
def test_case_is_answered_as_recorded(name: str, outcomes: Outcomes) -> None:
    assert outcomes[CHOSEN[name]].result() == []
