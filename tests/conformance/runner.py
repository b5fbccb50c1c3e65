"""Playing a case against a server, and a run of many cases at a time."""

import os
import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

from tests.conformance.case import Case, load
from tests.conformance.compare import Expectation, judge
from tests.conformance.errors import HarnessError
from tests.conformance.server import Launch
from tests.conformance.stage import Stage
from tests.conformance.values import Json, JsonObject, as_object, without

JOBS = 2 * (os.cpu_count() or 1)
"""Cases played at a time: much of a case is waiting for its server to start or to be quiet."""


class Outcomes:
    """The differences of cases, which are played a few ahead of whoever asks for them in order.

    Where several processes share the cases, each plays little beyond its own.
    """

    def __init__(self, paths: Iterable[Path], launch: Launch, pool: ThreadPoolExecutor, ahead: int) -> None:
        self._paths = list(paths)
        self._places = {path: place for place, path in enumerate(self._paths)}
        self._launch, self._pool, self._ahead = launch, pool, ahead
        self._begun: dict[Path, Future[list[str]]] = {}

    def __getitem__(self, path: Path) -> Future[list[str]]:
        place = self._places[path]
        for each in self._paths[place : place + 1 + self._ahead]:
            if each not in self._begun:
                self._begun[each] = self._pool.submit(play_file, each, self._launch)
        return self._begun[path]


def play(case: Case, launch: Launch) -> list[str]:
    """Every difference between the case and what this server does; none when it is the same."""
    with tempfile.TemporaryDirectory(prefix="conform-") as folder:
        home = Path(folder).resolve()
        case.lay(home)
        try:
            with closing(Stage(home, launch, case.capabilities, greets=case.greets)) as stage:
                return list(_differences(case, stage))
        except (HarnessError, OSError) as error:
            return [f"the server did not start: {error}"]


def _differences(case: Case, stage: Stage) -> Iterator[str]:
    for place, (step, expectation) in enumerate(case.steps):
        where = f"step {place} {step.label}"
        try:
            outcome = step.perform(stage)
        except (HarnessError, OSError) as error:
            yield f"{where}: {error}"
            return
        if expectation is not None:
            yield from (where + line for line in _judged(expectation, stage.generalise(outcome)))


def _judged(expectation: Expectation, outcome: JsonObject) -> list[str]:
    wanted: Json = expectation.outcome
    got: Json = outcome
    for path in expectation.ignored:
        wanted, got = without(wanted, path), without(got, path)
    return judge(Expectation(as_object(wanted), expectation.match), as_object(got))


def play_file(path: Path, launch: Launch) -> list[str]:
    """The differences of the case in this file; a case that does not read is one."""
    try:
        return play(load(path), launch)
    except HarnessError as error:
        return [str(error)]


@contextmanager
def played(paths: Iterable[Path], launch: Launch, jobs: int = JOBS) -> Iterator[Outcomes]:
    """The differences of many cases, played some at a time; leaving early calls off the rest."""
    pool = ThreadPoolExecutor(jobs)
    try:
        yield Outcomes(paths, launch, pool, jobs)
    finally:
        pool.shutdown(cancel_futures=True)
