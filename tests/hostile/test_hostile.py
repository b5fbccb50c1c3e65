"""A server under attack serves the others: it lives, answers everybody, does not grow, and is hardly slower.

Attackers give way to the server: what is measured is what it does for them, not the processor they take.
THREADSTORE_LONG multiplies the seconds (120 for a minute) and prints the times, also those beside as many
clients that mean well; THREADSTORE_SEED draws others.
"""

import asyncio
import json
import sys
import time
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from api.client.client import Client
from tests.bench.process import MemoryWatch
from tests.conformance.server import ROOT, environment_for
from tests.crash.test_kills import seed
from tests.end_to_end.doors import GUARDED, UNIX, Door, Served, served
from tests.end_to_end.homes import lay_threads, thread_id
from tests.hostile.attacks import ATTACKS
from tests.properties.scale import times_longer

THREADS, TURNS = 20, 20
ALONE_S = 0.3
ATTACKED_S = 0.5 * times_longer()
TRIES = 4
"""How often it may be tried: a machine that has something else to do makes any server slow for a second."""
SLOWER_MAX = 2.0
FLOOR_S = 0.04
"""How much slower the slowest hundredth of the answers may be than alone, and what is never too slow."""
COMPANY = 4
"""Clients that mean well: as many as there are attackers."""
MEMORY_MAX_MB = 150
SLOWEST_S = 2.0
"""What no answer may take: loose, since attackers and tests share the machine with the server."""


async def asking(client: Client, is_over: asyncio.Event) -> list[float]:
    """Ask for pages until it is over; how long each answer took, in seconds, in order of length."""
    times: list[float] = []
    while not is_over.is_set() or not times:
        begun = time.perf_counter()
        page = await client.request(
            "thread/turns/list", {"threadId": thread_id(len(times) % THREADS), "limit": 20}
        )
        times.append(time.perf_counter() - begun)
        assert len(page["data"]) == TURNS
    return sorted(times)


async def alone(client: Client) -> list[float]:
    """The times without anybody else."""
    is_over = asyncio.Event()
    asyncio.get_running_loop().call_later(ALONE_S, is_over.set)
    return await asking(client, is_over)


async def in_company(server: Served, client: Client) -> list[float]:
    """The times beside others that ask for the same."""
    async with AsyncExitStack() as stack, asyncio.TaskGroup() as group:
        is_over = asyncio.Event()
        for _ in range(COMPANY):
            group.create_task(asking(await stack.enter_async_context(server.client()), is_over))
        asyncio.get_running_loop().call_later(ALONE_S, is_over.set)
        return await asking(client, is_over)


async def attacked(server: Served, client: Client) -> tuple[list[float], dict[str, int]]:
    """The times under attack, and what was done."""
    is_over = asyncio.Event()
    times = asyncio.create_task(asking(client, is_over))
    attack = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.hostile", server.address, str(ATTACKED_S), str(seed())),
        stdout=asyncio.subprocess.PIPE,
        env=environment_for(server.home),
        cwd=ROOT,
    )
    told, _ = await attack.communicate()
    is_over.set()
    assert attack.returncode == 0
    made: dict[str, int] = json.loads(told)
    return await times, made


@pytest.mark.parametrize("door", [UNIX, GUARDED], ids=lambda door: door.name)
async def test_others_are_served_while_a_server_is_attacked(door: Door, tmp_path: Path) -> None:
    lay_threads(tmp_path, THREADS, TURNS)
    async with served(tmp_path, door) as server, server.client() as client:
        await make_known(client)
        watch = MemoryWatch(server.process.pid)
        tries = [await tried(server, client, door)]
        while not any(tries) and len(tries) < TRIES:
            tries.append(await tried(server, client, door))
        assert watch.stop() < MEMORY_MAX_MB
        assert server.process.returncode is None
    assert any(tries)


async def make_known(client: Client) -> None:
    """Have the index know the threads, and the server the code of what is asked."""
    for number in range(THREADS):
        await client.read(thread_id(number), has_turns=True)
    for method in ("thread/list", "thread/loaded/list"):
        await client.request(method)


async def tried(server: Served, client: Client, door: Door) -> bool:
    """Whether answers under attack came about as fast as without."""
    before = await alone(client)
    during, made = await attacked(server, client)
    assert set(made) == {attack.__name__ for attack in ATTACKS}
    assert during[-1] < SLOWEST_S
    if times_longer() > 1:
        lines = {"alone": before, "attacked": during, "in company": await in_company(server, client)}
        tell(door, made, lines)
    return slow(during) <= max(SLOWER_MAX * slow(before), FLOOR_S)


def slow(times: list[float]) -> float:
    """What all but a hundredth of the answers took at most."""
    return times[len(times) * 99 // 100]


def tell(door: Door, made: dict[str, int], lines: dict[str, list[float]]) -> None:
    """Print what was measured, and how it compares."""
    usual = slow(lines["alone"])
    sys.stderr.write(f"\n{door.name}: {made}\n")
    for name, times in lines.items():
        p50, p99, most = times[len(times) // 2] * 1000, slow(times) * 1000, times[-1] * 1000
        figures = f"p50 {p50:.2f} ms, p99 {p99:.2f} ms, at most {most:.1f} ms"
        sys.stderr.write(f"  {name}: {len(times)} answers, {figures} ({slow(times) / usual:.1f} times)\n")
