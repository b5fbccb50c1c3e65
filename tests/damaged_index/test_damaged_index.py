"""No state of the index's file stops a server, empties an answer or makes it another."""

import asyncio
import random
from pathlib import Path
from typing import Any

import pytest

from tests.api.lasting import Lasting
from tests.damaged_index.answers import (
    answers,
    difference,
    fill,
    fresh,
    index_of,
    keep_index,
    make_home,
    put_back_index,
    served,
)
from tests.damaged_index.kinds import IN_PLACE, KINDS, damage, flip
from tests.properties.scale import times_longer

Answers = dict[str, Any]

FLIPS = 20 * times_longer()
FLIPS_A_RUN = 10


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home, and its index kept beside it."""
    root = tmp_path_factory.mktemp("filled") / "home"
    make_home(root)
    asyncio.run(fill(root))
    keep_index(root)
    return root


@pytest.fixture(scope="module")
def expected(filled: Path) -> Answers:
    """What is answered without any index from before."""
    return asyncio.run(fresh(filled))


@pytest.fixture
def home(filled: Path, expected: Answers) -> Path:
    """This home, its index as the server left it; the threads' files are the same for all tests."""
    put_back_index(filled)
    return filled


@pytest.mark.parametrize("kind", KINDS)
async def test_a_server_started_on_a_damaged_index_answers_as_with_a_fresh_one(
    home: Path, expected: Answers, kind: str
) -> None:
    damage(index_of(home), kind)
    assert not difference(await served(home), expected)


@pytest.mark.parametrize("kind", IN_PLACE)
async def test_an_index_damaged_under_a_server_changes_no_answer(
    home: Path, expected: Answers, kind: str
) -> None:
    async with Lasting(home) as client:
        await client.rested()
        assert not difference(await answers(client), expected)
        IN_PLACE[kind](index_of(home), random.Random(kind))
        assert not difference(await answers(client), expected)


async def test_a_flipped_bit_changes_no_answer_between_runs(home: Path, expected: Answers) -> None:
    for seed in range(FLIPS // FLIPS_A_RUN):
        damage(index_of(home), "bit", seed)
        assert not difference(await served(home, is_lasting=False), expected), f"seed {seed}"


async def test_a_flipped_bit_changes_no_answer_under_a_server(home: Path, expected: Answers) -> None:
    async with Lasting(home, is_lasting=False) as client:
        assert not difference(await answers(client), expected)
        for seed in range(FLIPS):
            flip(index_of(home), random.Random(seed))
            assert not difference(await answers(client), expected), f"seed {seed}"
