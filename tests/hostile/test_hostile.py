"""A server under attack serves the others: it lives, answers everybody, and does not grow.

THREADSTORE_LONG multiplies the seconds (20 for a minute) and prints the times; THREADSTORE_SEED draws others.
"""

import asyncio
import json
import sys
import time
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
ALONE_S = 0.5
ATTACKED_S = 2.0 * times_longer()
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
        for number in range(THREADS):  # from here on the index knows them
            await client.read(thread_id(number), has_turns=True)
        watch = MemoryWatch(server.process.pid)
        before = await alone(client)
        during, made = await attacked(server, client)
        after = await alone(client)
        peak_mb = watch.stop()
        assert server.process.returncode is None
    assert set(made) == {attack.__name__ for attack in ATTACKS}
    if times_longer() > 1:
        lines = (f"{door.name}: {made}, {peak_mb:.0f} MB", *map(in_words, (before, during, after)))
        sys.stderr.write("\n  ".join(lines) + "\n")
    assert peak_mb < MEMORY_MAX_MB
    assert during[-1] < SLOWEST_S


def in_words(times: list[float]) -> str:
    """Times as a person reads them."""
    p50, p99 = (times[len(times) * percent // 100] * 1000 for percent in (50, 99))
    return f"{len(times)} answers, p50 {p50:.2f} ms, p99 {p99:.2f} ms, at most {times[-1] * 1000:.1f} ms"
