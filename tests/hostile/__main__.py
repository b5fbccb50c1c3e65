"""Attack a server so long, and until each attack was made: `python -m tests.hostile ADDRESS SECONDS SEED`.

Prints how often each attack was made, as JSON; fails when a request of a flood was not answered.
"""

import asyncio
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator
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
    for attack in _without_end(random):
        await _make(attack, address, random)
        made[attack.__name__] += 1
        if time.monotonic() >= end and len(made) == len(ATTACKS):
            return


def _without_end(random: Random) -> Iterator[Attack]:
    """All attacks, in one order after the other."""
    while True:
        yield from random.sample(ATTACKS, len(ATTACKS))


async def _make(attack: Attack, address: str, random: Random) -> None:
    """One attack; being refused or cut off is what a server may do to it."""
    try:
        await attack(address, random)
    except (OSError, asyncio.IncompleteReadError, ServerUnreachable):
        return


if __name__ == "__main__":
    os.nice(19)  # attackers that took the processor from the server would be what is measured
    asyncio.run(main(*sys.argv[1:]))
