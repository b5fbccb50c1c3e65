"""No state of the index's file stops a server, empties an answer or makes it another."""

import asyncio
import random
import shutil
from pathlib import Path

import pytest

from tests.api.lasting import Lasting
from tests.damaged_index.answers import answers, difference, fill, fresh, index_of, make_home, served
from tests.damaged_index.kinds import IN_PLACE, KINDS, damage, flip
from tests.properties.scale import times_longer

FLIPS = 20 * times_longer()
FLIPS_A_RUN = 10


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with its index, settled."""
    root = tmp_path_factory.mktemp("filled")
    make_home(root)
    asyncio.run(fill(root))
    return root


@pytest.fixture
def home(tmp_path: Path, filled: Path) -> Path:
    """A copy of it: the threads' files keep their times, the index is as the server left it."""
    root = tmp_path / "home"
    shutil.copytree(filled, root)
    asyncio.run(fill(root))
    return root


@pytest.mark.parametrize("kind", KINDS)
async def test_a_server_started_on_a_damaged_index_answers_as_with_a_fresh_one(home: Path, kind: str) -> None:
    damage(index_of(home), kind)
    got = await served(home)
    assert not difference(got, await fresh(home))


@pytest.mark.parametrize("kind", IN_PLACE)
async def test_an_index_damaged_under_a_server_changes_no_answer(home: Path, kind: str) -> None:
    async with Lasting(home) as client:
        await client.rested()
        expected = await answers(client)
        IN_PLACE[kind](index_of(home), random.Random(kind))
        assert not difference(await answers(client), expected)


async def test_a_flipped_bit_changes_no_answer_between_runs(home: Path) -> None:
    expected = await fresh(home)
    for seed in range(FLIPS // FLIPS_A_RUN):
        damage(index_of(home), "bit", seed)
        assert not difference(await served(home, is_lasting=False), expected), f"seed {seed}"


async def test_a_flipped_bit_changes_no_answer_under_a_server(home: Path) -> None:
    async with Lasting(home, is_lasting=False) as client:
        expected = await answers(client)
        for seed in range(FLIPS):
            flip(index_of(home), random.Random(seed))
            assert not difference(await answers(client), expected), f"seed {seed}"
