"""A home behind every door: one for the tests of a file, with two clients, and one for a test alone."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import NamedTuple

import pytest
import pytest_asyncio

from api.client.client import Client
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


class Two(NamedTuple):
    """Two clients at once: of one server, or over stdio of two servers on one home."""

    one: Client
    other: Client


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def client(server: Served) -> AsyncIterator[Client]:
    """A client for all tests of a file: over stdio each would cost the start of a server."""
    async with server.client() as greeted:
        yield greeted


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def two(server: Served, client: Client) -> AsyncIterator[Two]:
    """That client, and one more."""
    async with server.client() as other:
        yield Two(client, other)
