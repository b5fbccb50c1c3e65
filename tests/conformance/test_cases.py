"""Every recorded conversation of the areas we serve is answered as it was recorded."""

import os
import shlex
from collections.abc import Iterator

import pytest

from tests.conformance.areas import AREAS
from tests.conformance.case import CASES, cases_of, name_of
from tests.conformance.deviations import deviations
from tests.conformance.inside import InsideServer
from tests.conformance.runner import Outcomes, played
from tests.conformance.server import Launch, launcher

NAMED = os.environ.get("THREADSTORE_SERVER")
LAUNCH: Launch = launcher(shlex.split(NAMED)) if NAMED else InsideServer
"""The server under test: the one that is named, else ours, without a process for each case."""

PATHS = {name_of(path): path for area in AREAS for path in cases_of(area)}
DEVIATIONS = deviations()


@pytest.fixture(scope="module")
def outcomes(request: pytest.FixtureRequest) -> Iterator[Outcomes]:
    """The differences of the selected cases, which are played side by side."""
    chosen = [
        PATHS[str(item.callspec.params["name"])]
        for item in request.session.items
        if isinstance(item, pytest.Function) and item.function is test_case_is_answered_as_recorded
    ]
    with played(chosen, LAUNCH) as playing:
        yield playing


@pytest.mark.parametrize("name", PATHS)
def test_case_is_answered_as_recorded(name: str, outcomes: Outcomes) -> None:
    differences = outcomes[PATHS[name]].result()
    deviation = DEVIATIONS.get(name)
    if deviation is None:
        assert not differences, "\n".join(differences)
    else:
        assert differences, f"{name} no longer differs: take it out of deviations.toml ({deviation.because})"


def test_deviations_are_of_known_cases() -> None:
    assert [name for name in DEVIATIONS if not (CASES / f"{name}.json").is_file()] == []
