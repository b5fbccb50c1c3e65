"""A line that a kill cuts off in the middle costs nothing but itself.

Everyday a kill comes at a place that is told; with THREADSTORE_LONG kills from outside come as well, in the
middle of lines of 5 MB, wherever they happen to hit them.
"""

import sys
from pathlib import Path
from random import Random
from threading import Event, Thread

import pytest

from tests.conformance.values import as_object
from tests.crash.audit import audit
from tests.crash.client import SIZE_MAX, Client
from tests.crash.dying import LONG
from tests.crash.ledger import Account
from tests.crash.served import Served, ServerGone
from tests.properties.scale import times_longer

CUTS = {1: 1, LONG // 2: 1, -2: 1, -1: 0}
"""Where a line is cut off, and how many torn lines that makes: one without its line feed is whole."""
KILLS = 6 * times_longer()
OPTIONS = ("--enable", "goals")


def started(home: Path) -> str:
    """The id of a new thread that is stored."""
    with Served(home, OPTIONS) as served:
        thread = as_object(served.call("thread/start", {})["thread"])
        served.call("thread/memoryMode/set", {"threadId": thread["id"], "mode": "enabled"})
    return str(thread["id"])


def kill_once_it_grows(served: Served, path: Path, is_over: Event) -> None:
    """Kill the server as soon as there is more of a file."""
    size = path.stat().st_size
    while path.stat().st_size == size and not is_over.is_set():
        pass
    served.process.kill()


def write_until_killed(served: Served, client: Client, account: Account, size: int) -> None:
    """Add texts of so many bytes until the server is gone."""
    try:
        while True:
            client.append_to(served, account, size)
    except ServerGone:
        return


def look(home: Path, client: Client) -> int:
    """Look whether all is there, before and behind one more line; how many lines are torn."""
    with Served(home, OPTIONS) as served:
        torn = audit(home, served, [client])
        client.append_to(served, client.shared)
        assert audit(home, served, [client]) == torn
    return torn


def test_a_line_that_was_cut_off_costs_only_itself(tmp_path: Path) -> None:
    client = Client(0, Random(1), started(tmp_path))
    torn = 0
    for cut, more in CUTS.items():
        command = (sys.executable, "-m", "tests.crash.dying", str(cut), "app-server")
        with Served(tmp_path, OPTIONS, command) as served:
            write_until_killed(served, client, client.shared, 2 * LONG)
        torn += more
        assert look(tmp_path, client) == torn


@pytest.mark.skipif(times_longer() == 1, reason="everyday the kill comes at a place that is told")
@pytest.mark.long
def test_a_line_that_a_kill_from_outside_hits_costs_only_itself(tmp_path: Path) -> None:
    client = Client(0, Random(1), started(tmp_path))
    (path,) = tmp_path.rglob("rollout-*.jsonl")
    for _ in range(KILLS):
        look(tmp_path, client)
        with Served(tmp_path, OPTIONS) as served:
            is_over = Event()
            killer = Thread(target=kill_once_it_grows, args=(served, path, is_over))
            killer.start()
            write_until_killed(served, client, client.shared, SIZE_MAX)
            is_over.set()
            killer.join()
    assert 1 <= look(tmp_path, client) <= KILLS
