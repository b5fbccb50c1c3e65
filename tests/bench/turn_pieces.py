"""What reading one thread costs, small and big."""

import json
import statistics
import time
from collections.abc import Iterator

from tests.bench.figures import Figure
from tests.bench.gibberish import pools
from tests.bench.homes import Copy, Homes
from tests.bench.subject import Cost, Subject
from tests.bench.threads import Shape, further_turn
from tests.conformance.values import Json, JsonObject, as_list, as_object

VIEWS = ("notLoaded", "summary", "full")
PAGE = 20
SMALL_TURNS = 10
WALK_BUDGET_S = 20.0
APPENDS = 20
TOUCHES = 3
TRIPS = 500


def page(thread_id: str, **more: Json) -> JsonObject:
    """The newest twenty turns of a thread in full, unless said otherwise."""
    return {"threadId": thread_id, "limit": PAGE, "sortDirection": "desc", "itemsView": "full", **more}


def page_name(view: str, turns: int) -> str:
    """What the measure of a page is called."""
    return f"page of {PAGE}, {view}, {turns} turns"


def pages(subject: Subject, homes: Homes, big: int) -> Iterator[Figure]:
    """A page in each view, in a small thread and in a big one."""
    for turns in (SMALL_TURNS, big):
        with (
            homes.copy(homes.one_thread(turns)) as copy,
            subject.on(copy.home, copy.index(), "pages") as session,
        ):
            for view in VIEWS:
                params = page(copy.big.thread_id, itemsView=view)
                cost = session.repeat("thread/turns/list", params, most=40)
                kilobytes = len(session.raw("thread/turns/list", params)) / 1000
                yield subject.figure(page_name(view, turns), cost, f"{kilobytes:.0f} kB")


def first_touch(subject: Subject, homes: Homes, big: int) -> Iterator[Figure]:
    """A page of a thread that no index knows: what the server does from its greeting to the answer."""
    with homes.copy(homes.one_thread(big)) as copy:
        walls, cpus = [], []
        for number in range(TOUCHES):
            with subject.on(copy.home, copy.index(f"touch-{number}"), "first touch") as session:
                start, cpu = time.perf_counter(), session.cpu_s()
                data = as_list(session.ask("thread/turns/list", page(copy.big.thread_id))["data"])
                walls.append(time.perf_counter() - start)
                cpus.append(session.cpu_s() - cpu)
        cost = Cost(statistics.median(cpus) * 1000, statistics.median(walls) * 1000, TOUCHES)
        yield subject.figure(f"first touch: page of {PAGE}, {big} turns", cost, f"{len(data)} turns")


def catch_up(subject: Subject, homes: Homes, big: int) -> Iterator[Figure]:
    """A page after another program appended one turn, what the server did meanwhile counted in."""
    with (
        homes.copy(homes.one_thread(big)) as copy,
        subject.on(copy.home, copy.index(), "catch-up") as session,
    ):
        params = page(copy.big.thread_id)
        base = session.repeat("thread/turns/list", params, most=3)
        runs = APPENDS if base.wall_ms < 100 else TOUCHES
        walls, missed = [], 0
        cpu = session.cpu_s()
        for number in range(runs):
            turn_id = _append(copy, number)
            start = time.perf_counter()
            newest = as_list(session.ask("thread/turns/list", params)["data"])[0]
            walls.append(time.perf_counter() - start)
            missed += as_object(newest)["id"] != turn_id
        cost = Cost((session.cpu_s() - cpu) * 1000 / runs, statistics.median(walls) * 1000, runs)
        yield subject.figure(
            f"one turn appended, then the page, {big} turns", cost, _wrong(missed, "pages stale")
        )


def _append(copy: Copy, number: int) -> str:
    lines = further_turn(pools(7), "catch-up", copy.big, Shape(), number)
    with (copy.home / copy.big.path).open("ab") as file:
        file.write(lines)
    return str(json.loads(lines[: lines.index(b"\n")])["payload"]["turn_id"])


def walk(subject: Subject, homes: Homes, big: int) -> Iterator[Figure]:
    """The whole thread in full, page by page; a server that takes too long is stopped and reckoned up."""
    with (
        homes.copy(homes.one_thread(big)) as copy,
        subject.on(copy.home, copy.index(), "walk") as session,
    ):
        session.ask("thread/turns/list", page(copy.big.thread_id))
        params = page(copy.big.thread_id, sortDirection="asc")
        seen, pages_read, cursor = 0, 0, None
        start, cpu = time.perf_counter(), session.cpu_s()
        while time.perf_counter() - start < WALK_BUDGET_S:
            result = session.ask("thread/turns/list", params | {"cursor": cursor})
            seen += len(as_list(result["data"]))
            pages_read += 1
            cursor = result["nextCursor"]
            if cursor is None:
                break
        wall_s, cpu_s = time.perf_counter() - start, session.cpu_s() - cpu
        live = copy.big.live_turns
        share = 1.0 if cursor is None else live / seen
        note = (
            _wrong(abs(live - seen), "turns amiss") if cursor is None else f"reckoned from {pages_read} pages"
        )
        cost = Cost(cpu_s * 1000 * share, wall_s * 1000 * share, 1)
        yield subject.figure(f"walk by {PAGE}, full, {big} turns", cost, note)


def reads(subject: Subject, homes: Homes, big: int) -> Iterator[Figure]:
    """`thread/read`, without and with all turns."""
    with (
        homes.copy(homes.one_thread(big)) as copy,
        subject.on(copy.home, copy.index(), "reads") as session,
    ):
        for included, words in ((False, "without turns"), (True, "with turns")):
            params: JsonObject = {"threadId": copy.big.thread_id, "includeTurns": included}
            cost = session.repeat("thread/read", params, most=20)
            yield subject.figure(f"thread/read {words}, {big} turns", cost)


def round_trip(subject: Subject, homes: Homes, big: int) -> Iterator[Figure]:
    """The shortest question and answer."""
    with (
        homes.copy(homes.one_thread(SMALL_TURNS)) as copy,
        subject.on(copy.home, copy.index(), "round trip") as session,
    ):
        walls: list[float] = []
        for _ in range(TRIPS):
            start = time.perf_counter()
            session.raw("thread/loaded/list", {})
            walls.append(time.perf_counter() - start)
        yield Figure("round trip, p50", subject.name, statistics.median(walls) * 1000, "ms", runs=TRIPS)


def _wrong(count: int, what: str) -> str:
    return f"WRONG: {count} {what}" if count else ""
