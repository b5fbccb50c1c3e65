"""Several clients of one door: who is told what, and that nobody loses an answer or waits for another."""

import asyncio
from pathlib import Path

import pytest
from websockets.frames import Opcode

from api.doors.bounds import Bounds
from api.wire import turns
from domain.limits import ASKING_ALONE_MAX, WHOLE_ANSWERS_MAX
from tests.api.doors.asked import METHOD, Held, settle
from tests.api.doors.opened import KINDS, UNWANTED, Caller, opened
from tests.api.lasting import thread_id, write

both = pytest.mark.parametrize("kind", KINDS)
RENAMED = "thread/name/updated"


def ask(caller: Caller, numbers: range) -> None:
    """Send that many requests without waiting."""
    for number in numbers:
        caller.send({"id": number, "method": METHOD, "params": {}})


async def answered(caller: Caller, count: int) -> list[int]:
    """The ids of the next answers."""
    return [(await caller.receive())["id"] for _ in range(count)]


@both
async def test_each_client_is_told_what_it_wants(tmp_path: Path, kind: str) -> None:
    write(tmp_path / "home", 1)
    async with opened(kind, tmp_path) as door:
        asking, other = await door.greeted(), await door.greeted()
        without = await door.greeted(optOutNotificationMethods=[RENAMED, *UNWANTED])
        stranger = await door.connect()
        await stranger.upgrade()
        params = {"threadId": str(thread_id(1)), "name": "new"}
        asking.send({"id": 1, "method": "thread/name/set", "params": params})
        heard = [await asking.receive(), await asking.receive()]
        assert ["method" in message for message in heard] == [False, True]
        assert (await other.receive())["method"] == RENAMED
        for caller in (without, stranger):
            caller.send({"id": 2, "method": METHOD, "params": {}})
            assert (await caller.receive())["id"] == 2


@both
async def test_3000_requests_in_one_go_are_answered_once_each(tmp_path: Path, kind: str) -> None:
    async with opened(kind, tmp_path) as door:
        caller = await door.greeted()
        ask(caller, range(1, 3001))
        assert sorted(await answered(caller, 3000)) == list(range(1, 3001))


@both
async def test_a_client_that_reads_late_gets_every_answer_too(
    tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = Held(monkeypatch, 100_000, is_let_go=True)
    bounds = Bounds(room_size=400_000, waiting_size_max=2_000_000)
    async with opened(kind, tmp_path, bounds) as door:
        caller = await door.greeted(buffer_size=4096)
        ask(caller, range(1, 301))
        await held.until_begun(5)
        await settle()
        assert held.begun < 300
        assert sorted(await answered(caller, 300)) == list(range(1, 301))


@both
async def test_a_client_has_so_many_requests_at_work_and_keeps_nobody_from_beginning(
    tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = Held(monkeypatch)
    async with opened(kind, tmp_path) as door:
        caller, other = await door.greeted(), await door.greeted()
        ask(caller, range(1, 501))
        await held.until_begun(ASKING_ALONE_MAX)
        await settle()
        assert held.begun == ASKING_ALONE_MAX
        ask(other, range(1, 2))
        await held.until_begun(ASKING_ALONE_MAX + 1)
        held.let_go.set()
        assert sorted(await answered(caller, 500)) == list(range(1, 501))
        assert await answered(other, 1) == [1]


@both
async def test_one_that_does_not_read_slows_no_other(
    tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    Held(monkeypatch, 1_000_000, is_let_go=True)
    async with opened(kind, tmp_path) as door:
        slow, fast = await door.greeted(buffer_size=4096), await door.greeted()
        ask(slow, range(1, 31))
        for number in range(1, 201):
            assert "result" in await fast.call("thread/list", number)
        assert sorted(await answered(slow, 30)) == list(range(1, 31))


@both
async def test_a_long_answer_comes_in_frames_between_which_pings_are_answered(
    tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    Held(monkeypatch, 20_000_000, is_let_go=True)
    async with opened(kind, tmp_path) as door:
        caller = await door.greeted(buffer_size=65_536)
        ask(caller, range(1, 2))
        opcode, is_last, first = await caller.frame()
        caller.send_frame(Opcode.PING, b"there?")
        rest: list[tuple[int, bool, bytes]] = []
        while not rest or not rest[-1][1] or rest[-1][0] != Opcode.CONT:
            rest.append(await caller.frame())
    assert (opcode, is_last, len(first)) == (Opcode.TEXT, False, Bounds().frame_size_max)
    assert [data for opcode, _, data in rest if opcode == Opcode.PONG] == [b"there?"]
    assert rest[-1][0] == Opcode.CONT
    assert sum(len(data) for opcode, _, data in rest if opcode == Opcode.CONT) + len(first) > 20_000_000


@both
async def test_what_was_asked_before_a_goodbye_is_done(tmp_path: Path, kind: str) -> None:
    write(tmp_path / "home", 1)
    async with opened(kind, tmp_path) as door:
        asking, other = await door.greeted(), await door.greeted()
        params = {"threadId": str(thread_id(1)), "name": "last words"}
        asking.send({"id": 1, "method": "thread/name/set", "params": params})
        asking.send_frame(Opcode.CLOSE, b"\x03\xe8")
        assert await asking.goodbye() == 1000
        assert (await other.receive())["params"]["threadName"] == "last words"


@both
async def test_one_that_has_gone_is_told_nothing_more_and_its_work_goes_on(
    tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = Held(monkeypatch)
    async with opened(kind, tmp_path) as door:
        gone, other = await door.greeted(), await door.greeted()
        hub = door.service.context.hub
        ask(gone, range(1, 3))
        await held.until_begun(2)
        gone.hang_up()
        await settle()
        held.let_go.set()
        async with asyncio.timeout(5):
            while len(hub._listeners) > 1:  # noqa: ASYNC110 - nobody is told of it
                await asyncio.sleep(0.001)
        assert "result" in await other.call("thread/list")
        assert held.done == 2


@both
async def test_one_that_sends_no_more_gets_all_its_answers_and_a_goodbye(
    tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = Held(monkeypatch)
    async with opened(kind, tmp_path) as door:
        caller = await door.greeted()
        ask(caller, range(1, 101))
        caller.finish()
        await held.until_begun(ASKING_ALONE_MAX)
        held.let_go.set()
        assert sorted(await answered(caller, 100)) == list(range(1, 101))
        assert await caller.goodbye() == 1000
        assert await caller.rest() == b""
        assert not door.service.context.hub._listeners


@both
async def test_what_one_that_has_gone_asked_for_and_was_not_begun_is_left(
    tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = Held(monkeypatch, 1000)
    async with opened(kind, tmp_path) as door:
        gone, other = await door.greeted(), await door.greeted()
        ask(gone, range(1, 201))
        await held.until_begun(ASKING_ALONE_MAX)
        gone.hang_up()
        await settle()
        held.let_go.set()
        async with asyncio.timeout(5):
            while len(door.service.context.hub._listeners) > 1:  # noqa: ASYNC110 - nobody is told of it
                await asyncio.sleep(0.001)
        assert "result" in await other.call("thread/list")
        assert held.begun == held.done < 200


@both
async def test_one_that_does_not_read_has_few_whole_histories_made_for_it(
    tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(turns.WHOLE, METHOD, lambda _: True)
    held = Held(monkeypatch, 3_000_000, is_let_go=True)
    async with opened(kind, tmp_path, Bounds(room_size=100_000, waiting_size_max=100_000_000)) as door:
        caller, other = await door.greeted(buffer_size=4096), await door.greeted()
        ask(caller, range(1, 21))
        await held.until_begun(1)
        assert "result" in await other.call("thread/list")
        await settle()
        assert held.begun <= WHOLE_ANSWERS_MAX + 1
        assert sorted(await answered(caller, 20)) == list(range(1, 21))
