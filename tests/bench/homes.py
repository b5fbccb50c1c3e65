"""Generated homes to measure on: written once, copied for each use."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench.corpus import Plan, write_home
from tests.bench.threads import Shape, Truth


@dataclass(frozen=True, slots=True)
class Copy:
    """A home that may be changed, the truth about it, and a place for an index of it."""

    home: Path
    truths: list[Truth]
    folder: Path

    @property
    def big(self) -> Truth:
        """The last thread: the big one, if there is any."""
        return self.truths[-1]

    @property
    def size(self) -> int:
        """Bytes of log."""
        return sum(truth.size for truth in self.truths)

    def index(self, name: str = "index") -> Path:
        """Where an index of this home may stand; the home itself stays as it was generated."""
        return self.folder / f"{name}.sqlite"


class Homes:
    """The homes of one run, in one working folder."""

    def __init__(self, work: Path) -> None:
        self.work = work
        self._written: dict[str, list[Truth]] = {}
        self._copies = 0

    def one_thread(self, turns: int) -> Plan:
        """The plan of a home that holds one thread of so many turns."""
        return Plan(threads=0, big_threads=(turns,), seed=7)

    def many_threads(self, threads: int) -> Plan:
        """The plan of a home of so many threads of some 90 kB, most of one or two turns."""
        return Plan(threads=threads, turns=2.0, seed=7, shape=Shape(output_max=8000))

    def many_small_threads(self, threads: int) -> Plan:
        """The plan of a home of so many threads of some 30 kB, where their number alone matters."""
        return Plan(threads=threads, turns=1.0, seed=7, shape=Shape(steps=1.0, output_max=1000))

    @contextmanager
    def copy(self, plan: Plan) -> Iterator[Copy]:
        """A fresh copy of the home of this plan; it is gone afterwards."""
        shape = f"{plan.turns:g}-{plan.shape.steps:g}-{plan.shape.output_max}-{plan.seed}"
        name = f"{plan.threads}-{'-'.join(map(str, plan.big_threads))}-{shape}"
        original = self.work / "originals" / name
        if name not in self._written:
            self._written[name] = write_home(original, plan)
        self._copies += 1
        folder = self.work / f"copy-{self._copies}"
        shutil.copytree(original, folder / "home")
        try:
            yield Copy(folder / "home", self._written[name], folder)
        finally:
            shutil.rmtree(folder)
