"""A server under measurement, and one conversation with it."""

import json
import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.errors import Refused
from tests.bench.figures import Figure
from tests.bench.process import MemoryWatch, cpu_s
from tests.conformance.server import ProcessServer
from tests.conformance.values import Json, JsonObject, as_object

ANSWER_S = 120.0
HELLO: JsonObject = {
    "clientInfo": {"name": "bench", "title": "bench", "version": "0"},
    "capabilities": {"experimentalApi": True},
}


@dataclass(frozen=True, slots=True)
class Subject:
    """A server by name and command; the highest memory of each piece is noted as it goes."""

    name: str
    command: Sequence[str]
    peaks_mb: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def on(self, home: Path, index: Path, piece: str) -> Iterator["Session"]:
        """A conversation with a fresh process on this home, which keeps its index in this file."""
        server = ProcessServer(self.command, home, {"THREADSTORE_INDEX": str(index)})
        watch = MemoryWatch(server.process.pid)
        try:
            session = Session(server)
            session.ask("initialize", HELLO)
            server.send(b'{"method":"initialized"}')
            yield session
        finally:
            self.peaks_mb[piece] = max(self.peaks_mb.get(piece, 0.0), watch.stop())
            server.close()

    def figure(self, measure: str, cost: "Cost", note: str = "") -> Figure:
        """The figure of what something cost."""
        return Figure(measure, self.name, cost.cpu_ms, wall_ms=cost.wall_ms, runs=cost.runs, note=note)

    def memory(self) -> Iterator[Figure]:
        """The highest anonymous memory in each piece so far."""
        for piece, peak_mb in self.peaks_mb.items():
            yield Figure(f"anonymous memory, {piece}", self.name, peak_mb, "MB")


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU milliseconds a run, in the mean; wall milliseconds, in the median."""

    cpu_ms: float
    wall_ms: float
    runs: int


class Session:
    """Requests to one server process, each timed."""

    def __init__(self, server: ProcessServer) -> None:
        self._server = server
        self._last_id = 0

    def cpu_s(self) -> float:
        """CPU seconds of the server so far."""
        return cpu_s(self._server.process.pid)

    def raw(self, method: str, params: JsonObject) -> bytes:
        """The line that answers a request."""
        self._last_id += 1
        self._server.send(json.dumps({"id": self._last_id, "method": method, "params": params}).encode())
        while line := self._server.receive(ANSWER_S):
            if b'"method"' not in line[:40]:
                return line
        raise Refused(method, None)

    def ask(self, method: str, params: JsonObject) -> JsonObject:
        """The result of a request."""
        line = self.raw(method, params)
        answer: Json = json.loads(line)
        result = as_object(answer).get("result")
        if not isinstance(result, dict):
            raise Refused(method, line)
        return result

    def repeat(self, method: str, params: JsonObject, *, most: int, budget_s: float = 4.0) -> Cost:
        """What a request costs: at least three of them, then as many as the budget allows."""
        self.ask(method, params)
        walls: list[float] = []
        begun, cpu = time.perf_counter(), self.cpu_s()
        while len(walls) < most and (len(walls) < 3 or time.perf_counter() - begun < budget_s):
            start = time.perf_counter()
            self.raw(method, params)
            walls.append(time.perf_counter() - start)
        used = self.cpu_s() - cpu
        return Cost(used * 1000 / len(walls), statistics.median(walls) * 1000, len(walls))
