"""Attack a server for some seconds: `python -m tests.hostile ADDRESS SECONDS SEED`.

Prints how often each attack was made, as JSON; fails when a request of a flood was not answered.
"""

import asyncio
import json
import sys
import time
from collections import Counter
from random import Random

from domain.errors import ServerUnreachable
from tests.hostile.attacks import ATTACKS, Attack

AT_ONCE = 4
"""Attackers; two of them may be crowds, which leaves room for others among the connections."""


async def main(address: str, seconds: str, seed: str) -> None:
    """Attack."""
    made: Counter[str] = Counter()
    end = time.monotonic() + float(seconds)
    async with asyncio.TaskGroup() as group:
        for number in range(AT_ONCE):
            group.create_task(_attacker(address, Random(f"{seed} {number}"), end, made))
    json.dump(made, sys.stdout)


async def _attacker(address: str, random: Random, end: float, made: Counter[str]) -> None:
    while time.monotonic() < end:
        for attack in random.sample(ATTACKS, len(ATTACKS)):
            await _make(attack, address, random)
            made[attack.__name__] += 1


async def _make(attack: Attack, address: str, random: Random) -> None:
    """One attack; being refused or cut off is what a server may do to it."""
    try:
        await attack(address, random)
    except (OSError, asyncio.IncompleteReadError, ServerUnreachable):
        return


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
