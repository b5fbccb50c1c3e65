"""A server under measurement, and one conversation with it."""

import json
import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.errors import NeverQuiet, Refused
from tests.bench.figures import OURS, Figure
from tests.bench.process import MemoryWatch, cpu_s, has_children
from tests.conformance.server import ProcessServer
from tests.conformance.values import Json, JsonObject, as_object

ANSWER_S = 120.0
QUIET_S = 0.4
QUIET_CPU_S = 0.004
"""A server that uses less CPU time than this in that time has nothing to do."""
QUIET_WAIT_S = 120.0
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

    @property
    def is_ours(self) -> bool:
        """Whether this is our server."""
        return self.name == OURS

    def with_options(self, *options: str) -> "Subject":
        """The same server with more on its command line; what is noted of it is noted here too."""
        return Subject(self.name, (*self.command, *options), self.peaks_mb)

    @contextmanager
    def on(self, home: Path, index: Path, piece: str) -> Iterator["Session"]:
        """A conversation with a fresh process on this home, which keeps its index in this file."""
        begun = time.perf_counter()
        server = ProcessServer(self.command, home, {"THREADSTORE_INDEX": str(index), **compiled(index)})
        watch = MemoryWatch(server.process.pid)
        try:
            session = Session(server, begun)
            session.ask("initialize", HELLO)
            session.greeting = session.since_start()
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


def compiled(index: Path) -> dict[str, str]:
    """Settings under which a program in Python is compiled once a run, as it is once an installation."""
    return {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(index.parents[1] / "bytecode")}


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU milliseconds a run, in the mean; wall milliseconds, in the median."""

    cpu_ms: float
    wall_ms: float
    runs: int


class Session:
    """Requests to one server process, each timed."""

    def __init__(self, server: ProcessServer, begun: float) -> None:
        self._server = server
        self._begun = begun
        self._last_id = 0
        self.greeting = Cost(0, 0, 0)
        """From the start of the process to the answer of `initialize`."""

    def cpu_s(self) -> float:
        """CPU seconds of the server so far."""
        return cpu_s(self._server.process.pid)

    def since_start(self) -> Cost:
        """What the process has cost until now."""
        return Cost(self.cpu_s() * 1000, (time.perf_counter() - self._begun) * 1000, 1)

    def wait_until_quiet(self) -> None:
        """Wait until the server does nothing of its own any more."""
        deadline = time.perf_counter() + QUIET_WAIT_S
        while time.perf_counter() < deadline:
            before = self.cpu_s()
            time.sleep(QUIET_S)
            if self.cpu_s() - before < QUIET_CPU_S and not has_children(self._server.process.pid):
                return
        raise NeverQuiet(QUIET_WAIT_S)

    def raw(self, method: str, params: JsonObject) -> bytes:
        """The line that answers a request."""
        self._send(method, params)
        return self._answer(method)

    def pipelined(self, method: str, params: JsonObject, *, count: int, in_flight: int) -> None:
        """Send the same request so many times, with so many on their way at once; Refused if one fails."""
        sent = 0
        for answered in range(count):
            while sent < min(count, answered + in_flight):
                self._send(method, params)
                sent += 1
            line = self._answer(method)
            if b'"error"' in line[:200]:
                raise Refused(method, line)

    def _send(self, method: str, params: JsonObject) -> None:
        self._last_id += 1
        self._server.send(json.dumps({"id": self._last_id, "method": method, "params": params}).encode())

    def _answer(self, method: str) -> bytes:
        """The next line that is no notification."""
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
        """What a request costs: at least three of them, then as many as the budget allows.

        The first is not counted, unless it alone takes longer than the budget: then it is the only one.
        """
        walls: list[float] = []
        begun, cpu = time.perf_counter(), self.cpu_s()
        self.ask(method, params)
        if time.perf_counter() - begun > budget_s:
            return Cost((self.cpu_s() - cpu) * 1000, (time.perf_counter() - begun) * 1000, 1)
        begun, cpu = time.perf_counter(), self.cpu_s()
        while len(walls) < most and (len(walls) < 3 or time.perf_counter() - begun < budget_s):
            start = time.perf_counter()
            self.raw(method, params)
            walls.append(time.perf_counter() - start)
        used = self.cpu_s() - cpu
        return Cost(used * 1000 / len(walls), statistics.median(walls) * 1000, len(walls))
