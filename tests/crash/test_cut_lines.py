"""A line that a kill cuts off in the middle costs nothing but itself."""

from pathlib import Path
from random import Random
from threading import Event, Thread

from tests.conformance.values import as_object
from tests.crash.audit import audit
from tests.crash.client import SIZE_MAX, Client
from tests.crash.ledger import Account
from tests.crash.served import Served, ServerGone
from tests.properties.scale import times_longer

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


def write_until_killed(served: Served, client: Client, account: Account) -> None:
    """Add texts of 5 MB until the server is gone."""
    try:
        while True:
            client.append_to(served, account, SIZE_MAX)
    except ServerGone:
        return


def test_a_line_that_was_cut_off_costs_only_itself(tmp_path: Path) -> None:
    client = Client(0, Random(1), started(tmp_path))
    (path,) = tmp_path.rglob("rollout-*.jsonl")
    for _ in range(KILLS):
        with Served(tmp_path, OPTIONS) as served:
            audit(tmp_path, served, [client])
            client.append_to(served, client.shared)
            audit(tmp_path, served, [client])
            is_over = Event()
            killer = Thread(target=kill_once_it_grows, args=(served, path, is_over))
            killer.start()
            write_until_killed(served, client, client.shared)
            is_over.set()
            killer.join()
    with Served(tmp_path, OPTIONS) as served:
        assert 1 <= audit(tmp_path, served, [client]) <= KILLS
        client.append_to(served, client.shared)
        audit(tmp_path, served, [client])
