"""How soon a list shows what another program wrote, and what a server costs that nobody asks anything."""

import statistics
import time
from collections.abc import Iterator

from tests.bench.figures import Figure
from tests.bench.gibberish import pools
from tests.bench.homes import Copy, Homes
from tests.bench.list_pieces import is_listed
from tests.bench.subject import Session, Subject
from tests.bench.threads import Shape, Truth, further_turn
from tests.conformance.values import JsonObject, as_list, as_object

THREADS = 1000
APPENDS = 200
PAUSE_S = 0.02
"""Between two appends: what follows the first is done by then."""
GIVE_UP_S = 3.0
IDLE_S = 20.0
SEEN = "append until seen in state db"
IDLE = "idle CPU"
MANY = "memory of many threads"
NEWEST: JsonObject = {"limit": 1, "modelProviders": [], "sortKey": "updated_at", "useStateDbOnly": True}


def fresh(subject: Subject, homes: Homes, big: int) -> Iterator[Figure]:
    """A line appended to a thread by this program, until that thread is the newest of the index."""
    with (
        homes.copy(homes.many_threads(min(THREADS, big))) as copy,
        subject.on(copy.home, copy.index(), "fresh") as session,
    ):
        session.ask("thread/list", NEWEST)
        session.wait_until_quiet()
        listed = [truth for truth in copy.truths if is_listed(truth)]
        waits = []
        for number in range(APPENDS):
            waited_s = _until_seen(session, copy, listed[number % len(listed)])
            if waited_s is None:
                yield Figure(f"{SEEN}, p50", subject.name, GIVE_UP_S * 1000, "ms", note="never seen")
                return
            waits.append(waited_s * 1000)
            time.sleep(PAUSE_S)
        steps = statistics.quantiles(waits, n=20)
        yield Figure(f"{SEEN}, p50", subject.name, steps[9], "ms", runs=APPENDS)
        yield Figure(f"{SEEN}, p95", subject.name, steps[18], "ms", runs=APPENDS)


def _until_seen(session: Session, copy: Copy, truth: Truth) -> float | None:
    """Seconds from the write to the answer that shows it; None when none does."""
    lines = further_turn(pools(7), "fresh", truth, Shape(), 0)
    with (copy.home / truth.path).open("ab", buffering=0) as file:
        file.write(lines[: lines.index(b"\n") + 1])
    begun = time.perf_counter()
    while time.perf_counter() - begun < GIVE_UP_S:
        newest = as_list(session.ask("thread/list", NEWEST)["data"])[0]
        if as_object(newest)["id"] == truth.thread_id:
            return time.perf_counter() - begun
    return None


def idle(subject: Subject, homes: Homes, big: int) -> Iterator[Figure]:
    """CPU time of a server that has indexed everything and is asked nothing."""
    with (
        homes.copy(homes.many_threads(big)) as copy,
        subject.on(copy.home, copy.index(), "idle") as session,
    ):
        session.ask("thread/list", NEWEST)
        session.wait_until_quiet()
        before = session.cpu_s()
        time.sleep(IDLE_S)
        share = 100 * (session.cpu_s() - before) / IDLE_S
        yield Figure(IDLE, subject.name, share, "% of a core", note=f"over {IDLE_S:g} s")


def many(subject: Subject, homes: Homes, big: int) -> Iterator[Figure]:
    """A home of twice as many threads is indexed and listed: its memory is noted with the others."""
    with (
        homes.copy(homes.many_small_threads(2 * big)) as copy,
        subject.on(copy.home, copy.index(), MANY) as session,
    ):
        session.ask("thread/list", NEWEST)
        session.wait_until_quiet()
        params: JsonObject = {"limit": 100, "modelProviders": []}
        cost = session.repeat("thread/list", params, most=20, budget_s=2.0)
        yield subject.figure(f"list of 100, default, {2 * big} threads", cost)
