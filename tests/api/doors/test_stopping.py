"""Stopping: what is at work is finished, clients are told, and it never takes long."""

import asyncio
import os
import signal
from pathlib import Path

import pytest

from api.doors.bounds import Bounds
from api.doors.stopping import SIGNALS, Stop
from domain.limits import ASKING_ALONE_MAX
from tests.api.doors.asked import METHOD, Held, settle
from tests.api.doors.opened import KINDS, QUICK, Opened, opened, request

both = pytest.mark.parametrize("kind", KINDS)
PATIENT = Bounds(answers_seconds=30, goodbye_seconds=30)


async def is_closed(door: Opened) -> bool:
    """Whether nobody new is let in."""
    try:
        await door.connect()
    except OSError:
        return True
    return False


@both
async def test_what_is_at_work_is_answered_before_the_goodbye(
    tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = Held(monkeypatch, 3_000_000)
    async with opened(kind, tmp_path, PATIENT) as door:
        busy, idle = await door.greeted(buffer_size=4096), await door.greeted()
        for number in (1, 2, 3):
            busy.send({"id": number, "method": METHOD, "params": {}})
        await held.until_begun(3)
        door.stop.ask()
        await settle()
        assert await is_closed(door)
        held.let_go.set()
        assert sorted([(await busy.receive())["id"] for _ in range(3)]) == [1, 2, 3]
        for caller in (busy, idle):
            assert await caller.goodbye() == 1001
            await caller.close()


@both
async def test_what_was_read_and_not_begun_is_answered_too(
    tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = Held(monkeypatch)
    async with opened(kind, tmp_path, PATIENT) as door:
        caller = await door.greeted()
        for number in range(1, 201):
            caller.send({"id": number, "method": METHOD, "params": {}})
        await held.until_begun(ASKING_ALONE_MAX)
        await settle()
        door.stop.ask()
        held.let_go.set()
        assert sorted([(await caller.receive())["id"] for _ in range(200)]) == list(range(1, 201))
        assert await caller.goodbye() == 1001


@both
async def test_work_without_end_and_clients_without_manners_do_not_hold_it_up(
    tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = Held(monkeypatch)
    loop = asyncio.get_running_loop()
    async with opened(kind, tmp_path, QUICK) as door:
        busy, silent, half = await door.greeted(), await door.greeted(), await door.connect()
        half.write(request()[:-2])
        busy.send({"id": 1, "method": METHOD, "params": {}})
        await held.until_begun(1)
        begun = loop.time()
        door.stop.ask()
        assert await busy.goodbye() == 1001
        assert await half.rest() == b""
        assert await silent.goodbye() == 1001
        assert await silent.rest() == b""
    assert loop.time() - begun < 5
    held.let_go.set()


@both
async def test_asked_twice_it_waits_for_nobody(
    tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = Held(monkeypatch)
    loop = asyncio.get_running_loop()
    async with opened(kind, tmp_path, PATIENT) as door:
        busy = await door.greeted()
        busy.send({"id": 1, "method": METHOD, "params": {}})
        await held.until_begun(1)
        begun = loop.time()
        door.stop.ask()
        await settle()
        door.stop.ask()
        await busy.rest()
    assert loop.time() - begun < 5
    held.let_go.set()


@pytest.mark.parametrize("number", SIGNALS)
async def test_a_signal_asks_to_stop_and_a_second_one_makes_it_urgent(number: signal.Signals) -> None:
    stop = Stop()
    with stop.on_signals():
        assert (stop.is_asked, stop.seconds_left) == (False, 2.0)
        os.kill(os.getpid(), number)
        await asyncio.wait_for(stop.wait(), 5)
        assert (stop.is_urgent, 0 < stop.seconds_left <= 2) == (False, True)
        os.kill(os.getpid(), number)
        async with asyncio.timeout(5):
            await stop.within(60, [asyncio.sleep(60)])
        assert (stop.is_urgent, stop.seconds_left) == (True, 0.0)
        assert signal.getsignal(number) in {signal.SIG_DFL, signal.default_int_handler}


async def test_a_hang_up_that_is_ignored_from_the_start_stays_ignored() -> None:
    stop, usual = Stop(), signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with stop.on_signals():
            os.kill(os.getpid(), signal.SIGHUP)
            os.kill(os.getpid(), signal.SIGTERM)
            await asyncio.wait_for(stop.wait(), 5)
            assert not stop.is_urgent
            assert signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
        assert signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, usual)


async def test_waiting_ends_with_the_work_or_with_the_time() -> None:
    stop, done = Stop(), asyncio.Event()

    async def work() -> None:
        done.set()

    await asyncio.wait_for(stop.within(60, [work(), work()]), 5)
    assert done.is_set()
    await asyncio.wait_for(stop.within(0.01, [asyncio.sleep(60), work()]), 5)
    await asyncio.wait_for(stop.within(60, []), 5)
