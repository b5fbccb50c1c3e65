"""What the doors cost: a round trip by each, the start of the server, and many clients at once.

python -m tests.bench.doors
"""

import asyncio
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack, closing
from dataclasses import dataclass
from pathlib import Path

from tests.bench.process import anonymous_mb, cpu_s
from tests.conformance.conversation import Conversation
from tests.conformance.server import OURS, Connection, ProcessServer
from tests.end_to_end.doors import UNIX, WEBSOCKET, served
from tests.end_to_end.homes import lay_threads, thread_id
from tests.end_to_end.synchronous import DoorServer

TURNS = 200
WARM, TRIPS = 50, 1000
STARTS = 5
CLIENTS = 200
EXPERIMENTAL = {"experimentalApi": True}


@dataclass(frozen=True, slots=True)
class Measure:
    """A number, and what it has to stay under."""

    name: str
    value: float
    unit: str
    bar: float

    def __str__(self) -> str:
        verdict = "ok" if self.value < self.bar else "MISSED"
        return f"{self.name:<58}{self.value:>9.2f} {self.unit:<3} (under {self.bar:g})  {verdict}"


def main() -> int:
    """Measure, and print; 1 when a bar is missed."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        home = Path(name).resolve() / "home"
        lay_threads(home, 3, TURNS)
        measures = []
        for measure in (*trips(home), *starts(home), asyncio.run(crowd(home))):
            print(measure, flush=True)
            measures.append(measure)
    return int(any(measure.value >= measure.bar for measure in measures))


def trips(home: Path) -> Iterator[Measure]:
    """A page of twenty turns, asked for again and again."""
    for name, connection, bar_ms in (
        ("stdio", ProcessServer(OURS, home), 1.0),
        ("unix", DoorServer(home, UNIX), 2.0),
        ("websocket", DoorServer(home, WEBSOCKET), 2.0),
    ):
        with closing(connection):
            times = sorted(_times(connection))
        for percent in (50, 99):
            value = times[len(times) * percent // 100] * 1000
            bar = bar_ms if percent == 50 else 10 * bar_ms
            yield Measure(f"thread/turns/list, 20 in summary, {name}, p{percent}", value, "ms", bar)


def _times(connection: Connection) -> Iterator[float]:
    """Seconds that each of the pages took, without what the first ones cost."""
    talk = Conversation(connection)
    talk.greet({**EXPERIMENTAL})
    params = {"threadId": thread_id(1), "limit": 20, "itemsView": "summary"}
    line = json.dumps({"id": "page", "method": "thread/turns/list", "params": params}).encode()
    for number in range(WARM + TRIPS):
        begun = time.perf_counter()
        talk.send_line(line)
        talk.answer("page")
        if number >= WARM:
            yield time.perf_counter() - begun


def starts(home: Path) -> Iterator[Measure]:
    """CPU time from the start of the process to the answer of `initialize`, on a home that is known."""
    costs = []
    for _ in range(STARTS):
        with ProcessServer(OURS, home) as server:
            Conversation(server).greet({**EXPERIMENTAL})
            costs.append(cpu_s(server.process.pid))
    yield Measure("start to initialize answered, CPU, median", statistics.median(costs), "s", 0.25)


async def crowd(home: Path) -> Measure:
    """Memory with many clients, each subscribed to what changes, after one change that all are told."""
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(served(home, UNIX))
        clients = [await stack.enter_async_context(server.client()) for _ in range(CLIENTS)]
        for client in clients:
            await client.request("thread/resume", {"threadId": thread_id(1), "excludeTurns": True})
            await client.request("threadStore/subscribe", {"threadId": thread_id(1)})
        told = [client.notifications("threadStore/changed") for client in clients]
        item = {"type": "event_msg", "payload": {"type": "user_message", "message": "to everybody"}}
        await clients[0].request("threadStore/append", {"threadId": thread_id(1), "items": [item]})
        await asyncio.gather(*map(anext, told))
        memory_mb = anonymous_mb(server.process.pid)
    return Measure(f"memory with {CLIENTS} subscribed connections", memory_mb, "MB", 150)


if __name__ == "__main__":
    sys.exit(main())
