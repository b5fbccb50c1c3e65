"""A server that is killed while it fills its index goes on from what there is, and leaves no process."""

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from random import Random
from select import select
from threading import Event

from tests.conformance.values import JsonObject, as_list, as_object
from tests.crash.audit import listed
from tests.crash.served import Served
from tests.home import meta
from tests.projections.sample import thread, turns
from tests.properties.model import difference, turns_of
from tests.properties.scale import times_longer

FILES = 520
"""More than the 500 from which on worker processes fill the index."""
KILLS = 4 if times_longer() == 1 else 6 * times_longer()
FILLING_S = 0.8
"""About how long the filling takes: the kill comes somewhere in it."""
WORKERS_END_S = 10.0
SAMPLE = range(0, FILES, 100)


def path_of(home: Path, number: int) -> Path:
    """The file of one of the threads."""
    folder = home / "sessions" / "2026" / "05" / "01"
    return folder / f"rollout-2026-05-01T10-00-00-{thread(number)}.jsonl"


def check(served: Served, home: Path) -> None:
    """Everything is listed once, and the turns of some threads are those of their files."""
    assert sorted(listed(served)) == sorted(str(thread(number)) for number in range(FILES))
    assert sorted(listed(served, useStateDbOnly=True)) == sorted(listed(served))
    for number in SAMPLE:
        params: JsonObject = {"threadId": str(thread(number)), "limit": 100, "sortDirection": "asc"}
        shown = as_list(served.call("thread/turns/list", params | {"itemsView": "full"})["data"])
        data = path_of(home, number).read_bytes()
        assert difference([as_object(turn) for turn in shown], turns_of(data)) is None


@contextmanager
def workers_of(pid: int) -> Iterator[list[int]]:
    """Descriptors of the processes that a process has started, readable once they have ended."""
    with ExitStack() as stack:
        found = []
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                descriptor = os.pidfd_open(int(child))
                stack.callback(os.close, descriptor)
                found.append(descriptor)
        yield found


def wait_for_end(workers: list[int]) -> None:
    """Return when all of them have ended."""
    left = set(workers)
    while left:
        ended, _, _ = select(left, [], [], WORKERS_END_S)
        assert ended
        left -= set(ended)


def test_filling_goes_on_after_every_kill(tmp_path: Path) -> None:
    path_of(tmp_path, 0).parent.mkdir(parents=True)
    for number in range(FILES):
        path_of(tmp_path, number).write_bytes(b"".join([meta(thread(number)), *turns(2)]))
    random, never = Random(1), Event()
    for number in range(KILLS):
        if number % 2:
            shutil.rmtree(tmp_path / "threadstore", ignore_errors=True)
        with Served(tmp_path) as served:
            never.wait(random.uniform(0, FILLING_S))
            with workers_of(served.process.pid) as workers:
                served.kill()
                wait_for_end(workers)
        if number % 3 == 2:
            with Served(tmp_path) as served:
                check(served, tmp_path)
    with Served(tmp_path) as served:
        check(served, tmp_path)
