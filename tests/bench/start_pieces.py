"""What a start costs: on a home that was never indexed, and on one that is known."""

import sqlite3
import statistics
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

from tests.bench.errors import NeverComplete
from tests.bench.figures import Figure
from tests.bench.homes import Copy, Homes
from tests.bench.list_pieces import PAGE, is_listed
from tests.bench.subject import Cost, Session, Subject
from tests.conformance.values import JsonObject, as_list, as_object

STARTS = 3
PATIENCE_S = 60.0
WATCH_S = 0.02
EVERY: JsonObject = {"limit": PAGE, "modelProviders": []}


def start_name(what: str, threads: int) -> str:
    """What the measure of a part of the start is called."""
    return f"start, {what}, {threads} threads"


def start(subject: Subject, homes: Homes, big: int) -> Iterator[Figure]:
    """From the start of the process to the greeting, the first page, all rows, and the whole index."""
    _start_once(subject, homes)
    with homes.copy(homes.many_threads(big)) as copy:
        with subject.on(copy.home, copy.index(), "start") as session:
            yield subject.figure(start_name("new home: initialize", big), session.greeting)
            data = as_list(session.ask("thread/list", EVERY)["data"])
            wrong = "" if [as_object(row)["id"] for row in data] == newest(copy) else "WRONG: not the newest"
            yield subject.figure(start_name("new home: first page", big), session.since_start(), wrong)
            _wait_for_rows(session, copy)
            yield subject.figure(start_name("new home: all rows in state db", big), session.since_start())
            if subject.is_ours:
                _wait_for_index(copy)
                yield subject.figure(start_name("new home: whole index", big), session.since_start())
            session.wait_until_quiet()
        yield from _later(subject, copy, big)


def _start_once(subject: Subject, homes: Homes) -> None:
    """Have the program on hand, as it is wherever it was started before."""
    with (
        homes.copy(homes.many_threads(1)) as copy,
        subject.on(copy.home, copy.index(), "start on one thread") as session,
    ):
        session.ask("thread/list", EVERY)


def newest(copy: Copy) -> list[str]:
    """The ids of the first page, by the truth."""
    listed = sorted(filter(is_listed, copy.truths), key=lambda truth: truth.started_ms, reverse=True)
    return [truth.thread_id for truth in listed[:PAGE]]


def _later(subject: Subject, copy: Copy, threads: int) -> Iterator[Figure]:
    greetings, pages = [], []
    for _ in range(STARTS):
        with subject.on(copy.home, copy.index(), "later start") as session:
            greetings.append(session.greeting)
            session.ask("thread/list", EVERY)
            pages.append(session.since_start())
    yield subject.figure(start_name("known home: initialize", threads), _median(greetings))
    yield subject.figure(start_name("known home: first page", threads), _median(pages))


def _median(costs: list[Cost]) -> Cost:
    return Cost(
        statistics.median(cost.cpu_ms for cost in costs),
        statistics.median(cost.wall_ms for cost in costs),
        len(costs),
    )


def _wait_for_rows(session: Session, copy: Copy) -> None:
    """Walk the list of the index until it shows every thread."""
    wanted, seen = sum(map(is_listed, copy.truths)), 0
    deadline = time.perf_counter() + PATIENCE_S
    while time.perf_counter() < deadline:
        seen = _walked(session)
        if seen == wanted:
            return
    raise NeverComplete(seen, wanted, PATIENCE_S)


def _walked(session: Session) -> int:
    seen, cursor = 0, None
    while True:
        params: JsonObject = {"limit": 100, "modelProviders": [], "useStateDbOnly": True, "cursor": cursor}
        page = session.ask("thread/list", params)
        seen += len(as_list(page["data"]))
        cursor = page["nextCursor"]
        if cursor is None:
            return seen


def _wait_for_index(copy: Copy) -> None:
    """Look into our index until every file is folded to its end."""
    wanted, seen = len(copy.truths), 0
    deadline = time.perf_counter() + PATIENCE_S
    while time.perf_counter() < deadline:
        with suppress(sqlite3.OperationalError):
            seen = _folded(copy.index())
        if seen == wanted:
            return
        time.sleep(WATCH_S)
    raise NeverComplete(seen, wanted, PATIENCE_S)


def _folded(index: Path) -> int:
    with closing(sqlite3.connect(f"{index.as_uri()}?mode=ro", uri=True)) as connection:
        count: int = connection.execute("SELECT count(*) FROM history").fetchone()[0]
        return count
