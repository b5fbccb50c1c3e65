"""A home behind every door: one for the tests of a file, and one for a test alone."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.end_to_end.doors import DOORS, PROGRAMS, REAL, Door, Program, Served, served
from tests.end_to_end.homes import lay_threads

THREADS = 8
TURNS = 5


@pytest.fixture(params=DOORS, ids=lambda door: door.name, scope="module")
def door(request: pytest.FixtureRequest) -> Door:
    """One of the doors."""
    chosen: Door = request.param
    return chosen


@pytest.fixture(
    params=[pytest.param(each, marks=[pytest.mark.reference] * (each is REAL)) for each in PROGRAMS],
    ids=lambda program: program.name,
    scope="module",
)
def program(request: pytest.FixtureRequest) -> Program:
    """Our server; the real one too where it can be had."""
    chosen: Program = request.param
    return chosen


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home of eight threads of five turns, for one test."""
    lay_threads(tmp_path, THREADS, TURNS)
    return tmp_path.resolve()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server(
    tmp_path_factory: pytest.TempPathFactory, door: Door, program: Program
) -> AsyncIterator[Served]:
    """A server on such a home, behind the door, for all tests of a file."""
    home = tmp_path_factory.mktemp("home").resolve()
    lay_threads(home, THREADS, TURNS)
    async with served(home, door, program) as running:
        yield running
