"""What commands cost: on a big thread, and many of them on a small one."""

import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from tests.bench.errors import NoAppend, Refused
from tests.bench.figures import Figure
from tests.bench.homes import Copy, Homes
from tests.bench.subject import Cost, Session, Subject
from tests.conformance.values import Json, JsonObject, as_object

REPEATS = 20
APPENDS_ALONE = 500
APPENDS_TOGETHER = 3000
IN_FLIGHT = 100
DURABILITIES = ("process", "disk")
RESUME, FORK = "resume", "fork"
OWN_APPEND, APPEND = "threadStore/append", "thread/inject_items"


def command_name(what: str, turns: int) -> str:
    """What the measure of a command on the big thread is called."""
    return f"{what}, {turns} turns"


def append_name(durability: str, in_flight: int) -> str:
    """What the measure of appends is called."""
    return f"appends, {durability}, {in_flight} in flight"


def rename(subject: Subject, homes: Homes, big: int) -> Iterator[Figure]:
    """The big thread gets a name, again and again."""
    with (
        homes.copy(homes.one_thread(big)) as copy,
        subject.on(copy.home, copy.index(), "rename") as session,
    ):
        _become_known(session, copy)
        params: JsonObject = {"threadId": copy.big.thread_id, "name": "a name"}
        yield subject.figure(
            command_name("rename", big), session.repeat("thread/name/set", params, most=REPEATS)
        )


def resume(subject: Subject, homes: Homes, big: int) -> Iterator[Figure]:
    """The big thread is loaded, without its turns in the answer; once in each server, for it stays loaded."""
    with (
        homes.copy(homes.one_thread(big)) as copy,
        subject.on(copy.home, copy.index(), RESUME) as session,
    ):
        _become_known(session, copy)
        cost, _ = _timed(session, "thread/resume", {"threadId": copy.big.thread_id, "excludeTurns": True})
        yield subject.figure(command_name("resume without turns", big), cost)


def fork(subject: Subject, homes: Homes, big: int) -> Iterator[Figure]:
    """The big thread is copied to another one."""
    with (
        homes.copy(homes.one_thread(big)) as copy,
        subject.on(copy.home, copy.index(), FORK) as session,
    ):
        _become_known(session, copy)
        params: JsonObject = {"threadId": copy.big.thread_id, "excludeTurns": True}
        cost, result = _timed(session, "thread/fork", params)
        size = Path(str(as_object(result["thread"])["path"])).stat().st_size
        yield subject.figure(command_name("fork", big), cost, f"{size / 1e6:.1f} MB written")
        yield Figure(f"fork: speed, {big} turns", subject.name, copy.size / 1e3 / cost.wall_ms, "MB/s")


def appends(subject: Subject, homes: Homes, _big: int) -> Iterator[Figure]:
    """Items appended to one thread a second: one after the other, and many on their way."""
    for durability in DURABILITIES if subject.is_ours else ("reference's own",):
        served = subject.with_options("--durability", durability) if subject.is_ours else subject
        with (
            homes.copy(homes.many_threads(10)) as copy,
            served.on(copy.home, copy.index(), "appends") as session,
        ):
            started = as_object(session.ask("thread/start", {"cwd": str(copy.home)})["thread"])
            method, params = _append(session, str(started["id"]))
            session.wait_until_quiet()
            for in_flight, count in ((1, APPENDS_ALONE), (IN_FLIGHT, APPENDS_TOGETHER)):
                begun, cpu = time.perf_counter(), session.cpu_s()
                session.pipelined(method, params, count=count, in_flight=in_flight)
                took_s, used_s = time.perf_counter() - begun, session.cpu_s() - cpu
                note = f"{method}, {used_s * 1e6 / count:.0f} µs CPU each"
                name = append_name(durability, in_flight)
                yield Figure(name, subject.name, count / took_s, "a second", runs=count, note=note)


def _append(session: Session, thread_id: str) -> tuple[str, JsonObject]:
    """The request that appends one item, by the method that this server has; it was made once."""
    part: Json = {"type": "output_text", "text": "a line of some length that says little " * 3}
    item: JsonObject = {"type": "message", "role": "assistant", "content": [part]}
    line: JsonObject = {"type": "response_item", "payload": item}
    for method, sent in ((OWN_APPEND, line), (APPEND, item)):
        params: JsonObject = {"threadId": thread_id, "items": [sent]}
        with suppress(Refused):
            session.ask(method, params)
            return method, params
    raise NoAppend


def _become_known(session: Session, copy: Copy) -> None:
    """Have the big thread indexed."""
    session.ask("thread/turns/list", {"threadId": copy.big.thread_id, "limit": 1})
    session.wait_until_quiet()


def _timed(session: Session, method: str, params: JsonObject) -> tuple[Cost, JsonObject]:
    begun, cpu = time.perf_counter(), session.cpu_s()
    result = session.ask(method, params)
    return Cost((session.cpu_s() - cpu) * 1000, (time.perf_counter() - begun) * 1000, 1), result
