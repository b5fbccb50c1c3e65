"""What a door does with clients that ask too much of it, or say too little."""

import asyncio
from pathlib import Path

import pytest
from websockets.frames import Frame, Opcode

from api.doors.bounds import Bounds
from tests.api.clients import PATIENCE_S
from tests.api.doors.asked import METHOD, Held
from tests.api.doors.opened import KINDS, Caller, Opened, opened, read_reply, request

both = pytest.mark.parametrize("kind", KINDS)


@both
async def test_one_client_too_many_is_asked_to_come_later(tmp_path: Path, kind: str) -> None:
    async with opened(kind, tmp_path, Bounds(connections_max=2)) as door:
        first, second = await door.greeted(), await door.greeted()
        refused = await (await door.connect()).exchange(request())
        assert (refused[0], refused[2]) == (503, b"too many connections")
        second.send_frame(Opcode.CLOSE)
        await second.rest()
        await second.close()
        await (await door.connect()).upgrade()
        assert "result" in await first.call(METHOD)


@both
@pytest.mark.parametrize("sent", [b"", b"GET", request()[:-2]], ids=["nothing", "a word", "all but the end"])
async def test_a_handshake_has_to_come_in_time(tmp_path: Path, kind: str, sent: bytes) -> None:
    async with opened(kind, tmp_path, Bounds(handshake_seconds=0.05)) as door:
        other = await door.greeted()
        caller = await door.connect()
        caller.write(sent)
        assert await caller.rest() == b""
        assert "result" in await other.call(METHOD)


@both
async def test_only_so_many_may_not_have_said_what_they_want(tmp_path: Path, kind: str) -> None:
    async with opened(kind, tmp_path, Bounds(handshakes_max=2)) as door:
        waiting = [await door.connect() for _ in range(2)]
        assert await (await door.connect()).rest() == b""
        for caller in waiting:
            await caller.upgrade()
            await caller.greet()


@both
async def test_a_quiet_client_is_pinged_and_kept_while_it_answers(tmp_path: Path, kind: str) -> None:
    async with opened(kind, tmp_path, Bounds(ping_seconds=0.02, silent_pings_max=3)) as door:
        caller = await door.connect()
        await caller.upgrade()
        for _ in range(8):
            opcode, _, data = await caller.frame()
            assert opcode == Opcode.PING
            caller.send_frame(Opcode.PONG, data)
        caller.send({"id": 1, "method": METHOD, "params": {}})
        assert (await caller.receive())["id"] == 1


@both
async def test_a_client_that_answers_no_ping_is_given_up(tmp_path: Path, kind: str) -> None:
    bounds = Bounds(ping_seconds=0.01, silent_pings_max=3, close_seconds=0.05)
    async with opened(kind, tmp_path, bounds) as door:
        caller = await door.connect()
        await caller.upgrade()
        frames = [await caller.frame() for _ in range(4)]
        assert [opcode for opcode, _, _ in frames] == [Opcode.PING] * 3 + [Opcode.CLOSE]
        assert await caller.rest() == b""


@both
async def test_a_client_whose_requests_wait_for_us_is_not_called_quiet(
    tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = Held(monkeypatch)
    bounds = Bounds(ping_seconds=0.01, silent_pings_max=20, inbox_size_max=0, close_seconds=0.05)
    async with opened(kind, tmp_path, bounds) as door:
        caller = await door.greeted()
        for number in range(1, 140):
            caller.send({"id": number, "method": METHOD, "params": {}})
        for _ in range(30):
            assert (await caller.frame())[0] == Opcode.PING
        held.let_go.set()
        assert sorted([(await caller.receive())["id"] for _ in range(139)]) == list(range(1, 140))


def tell_all(door: Opened, size: int) -> None:
    """Tell every client something of this size."""
    door.service.context.hub.tell_all("thread/started", {"x": "x" * size})


@both
async def test_a_client_that_does_not_read_what_it_is_told_is_cut_off(tmp_path: Path, kind: str) -> None:
    async with opened(kind, tmp_path, Bounds(waiting_size_max=1_000_000)) as door:
        slow, fast = await door.greeted(buffer_size=4096), await door.greeted()
        for _ in range(50):
            tell_all(door, 100_000)
            assert (await fast.receive())["method"] == "thread/started"
        assert await slow.goodbye() == 1013
        assert "result" in await fast.call(METHOD)


@both
async def test_a_single_answer_may_be_longer_than_what_may_wait(
    tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    Held(monkeypatch, 5_000_000, is_let_go=True)
    async with opened(kind, tmp_path, Bounds(waiting_size_max=100_000)) as door:
        caller = await door.greeted(buffer_size=4096)
        assert len((await caller.call(METHOD))["result"]["data"]) == 5_000_000


async def say_for_ever(caller: Caller, data: bytes) -> None:
    """Send this again and again, and never read."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            caller.write(data)
            await caller.written()


@both
async def test_one_that_pings_and_never_reads_is_cut(tmp_path: Path, kind: str) -> None:
    ping = Frame(Opcode.PING, b"x" * 125).serialize(mask=True)
    async with opened(kind, tmp_path, Bounds(waiting_size_max=100_000)) as door:
        caller, other = await door.greeted(buffer_size=4096), await door.greeted()
        with pytest.raises(ConnectionError):
            await say_for_ever(caller, ping * 1000)
        assert "result" in await other.call(METHOD)


@both
@pytest.mark.parametrize("bad", [b"{", b"[]", b'{"id":null,"method":"x"}', b"hello"])
async def test_100_messages_in_a_row_that_are_none_end_the_connection(
    tmp_path: Path, kind: str, bad: bytes
) -> None:
    async with opened(kind, tmp_path) as door:
        caller = await door.greeted()
        for _ in range(3):
            for _ in range(99):
                caller.send_frame(Opcode.TEXT, bad)
            assert "result" in await caller.call(METHOD)
        for _ in range(100):
            caller.send_frame(Opcode.TEXT, bad)
        assert await caller.goodbye() == 1008


async def test_the_text_for_one_too_many_is_a_reply_on_a_socket_file_too(tmp_path: Path) -> None:
    async with opened("unix", tmp_path, Bounds(connections_max=0)) as door:
        caller = await door.connect()
        caller.write(request())
        assert read_reply(await caller.rest())[0] == 503
