"""Standard input and output as a client meets them: order, room, ends, and signals."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import orjson
import pytest

from api.doors.stdin import Input
from api.doors.stdio import serve_stdio
from api.doors.stopping import Stop
from api.service import Service
from domain.limits import ASKING_ALONE_MAX, BAD_MESSAGES_MAX, INPUT_WAITING_MAX, OUTPUT_WAITING_MAX
from tests.api.clients import PATIENCE_S, service_on
from tests.api.doors.asked import METHOD, Held, settle

Json = dict[str, Any]

INFO = {"name": "tests", "version": "1"}
INITIALIZE: Json = {"id": 0, "method": "initialize", "params": {"clientInfo": INFO}}


def line(message: Json) -> bytes:
    """A message as it is sent."""
    return orjson.dumps(message) + b"\n"


def asked(count: int, first: int = 1) -> bytes:
    """So many requests."""
    return b"".join(line({"id": first + n, "method": METHOD, "params": {}}) for n in range(count))


class Pipes:
    """A service between two pipes; a test has their other ends."""

    def __init__(self, service: Service) -> None:
        self.stop = Stop()
        self.source, self._sink = os.pipe()
        source, self.sink = os.pipe()
        self._taken = b""
        self._ends = [source, self._sink]
        self.serving = asyncio.create_task(serve_stdio(service, self.stop, source, self._sink))

    async def write(self, data: bytes) -> None:
        """Send all of this; waits while it is not taken."""
        await asyncio.wait_for(asyncio.to_thread(self._write, data), PATIENCE_S)

    async def read_ids(self, count: int) -> list[int]:
        """The ids of so many answers, in the order in which they came."""
        ids: list[int] = []
        while len(ids) < count:
            *lines, self._taken = (self._taken + await self._read()).split(b"\n")
            ids += [message["id"] for each in lines if "method" not in (message := orjson.loads(each))]
        return ids

    async def ended(self) -> None:
        """Wait until the service has ended."""
        await asyncio.wait_for(self.serving, PATIENCE_S)

    def hang_up(self) -> None:
        """Send no more."""
        os.close(self.sink)
        self.sink = -1

    def look_away(self) -> None:
        """Read no more."""
        os.close(self.source)
        self.source = -1

    def close(self) -> None:
        """Close what is open; threads of the service that wait are let go."""
        for end in (self.sink, self.source, *self._ends):
            if end >= 0:
                os.close(end)

    def _write(self, data: bytes) -> None:
        while data:
            data = data[os.write(self.sink, data) :]

    async def _read(self) -> bytes:
        return await asyncio.wait_for(asyncio.to_thread(os.read, self.source, 1 << 20), PATIENCE_S)


Begin = Callable[[], Pipes]


@pytest.fixture
async def pipes(tmp_path: Path) -> AsyncIterator[Pipes]:
    """A service on an empty home that was greeted."""
    service = service_on(tmp_path, lasting=False)
    begun = Pipes(service)
    await begun.write(line(INITIALIZE))
    assert await begun.read_ids(1) == [0]
    yield begun
    begun.stop.ask()
    begun.stop.ask()
    await begun.ended()
    begun.close()
    await service.close()


async def test_a_flood_is_answered_whole_though_no_answer_is_read_before_its_end(
    pipes: Pipes, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = Held(monkeypatch, OUTPUT_WAITING_MAX // 1000, is_let_go=True)
    await pipes.write(asked(3000))
    pipes.hang_up()
    assert sorted(await pipes.read_ids(3000)) == list(range(1, 3001))
    await pipes.ended()
    assert held.done == 3000


async def test_no_more_is_begun_than_there_is_room_for_answers(
    pipes: Pipes, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = Held(monkeypatch, OUTPUT_WAITING_MAX // 10, is_let_go=True)
    await pipes.write(asked(1000))
    await held.until_begun(11)
    await settle()
    begun = held.begun
    assert held.done == begun < 11 + ASKING_ALONE_MAX
    assert len(await pipes.read_ids(begun)) == begun
    await held.until_begun(begun + 1)


async def test_an_input_is_read_ahead_no_further_than_its_bound() -> None:
    source, sink = os.pipe()
    entrance = Input(source)
    written = asyncio.create_task(asyncio.to_thread(write_until_closed, sink, b"x" * 65_535 + b"\n"))
    held = 0
    while held <= INPUT_WAITING_MAX:
        await asyncio.sleep(0)
        held = entrance._read_size
    taken = 0
    while taken < 3 * INPUT_WAITING_MAX:
        assert entrance._read_size - entrance._taken_size < INPUT_WAITING_MAX + 300_000
        each = await asyncio.wait_for(entrance.next(), PATIENCE_S)
        assert isinstance(each, bytes)
        taken += len(each)
    os.close(source)
    await asyncio.wait_for(written, PATIENCE_S)
    os.close(sink)


def write_until_closed(sink: int, data: bytes) -> None:
    """Write this again and again, until nobody reads."""
    try:
        while True:
            os.write(sink, data)
    except OSError:
        return


async def test_it_ends_when_nobody_reads_its_answers(pipes: Pipes, monkeypatch: pytest.MonkeyPatch) -> None:
    held = Held(monkeypatch)
    await pipes.write(asked(2))
    await held.until_begun(2)
    pipes.look_away()
    held.let_go.set()
    await pipes.ended()
    assert held.done == 2


@pytest.mark.parametrize("rubbish", [b"{\n", b"[]\n", b'{"id":null,"method":"x"}\n', b"\xff\n"])
async def test_a_hundred_lines_in_a_row_that_are_no_messages_end_it(pipes: Pipes, rubbish: bytes) -> None:
    await pipes.write(rubbish * (BAD_MESSAGES_MAX - 1) + asked(1) + b"\n" * 200 + rubbish)
    assert await pipes.read_ids(1) == [1]
    await pipes.write(asked(1, 2))
    assert await pipes.read_ids(1) == [2]
    await pipes.write(rubbish * BAD_MESSAGES_MAX)
    await pipes.ended()


async def test_asked_to_stop_it_finishes_what_is_at_work_and_begins_nothing(
    pipes: Pipes, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = Held(monkeypatch)
    await pipes.write(asked(200))
    await held.until_begun(ASKING_ALONE_MAX)
    pipes.stop.ask()
    await settle()
    held.let_go.set()
    assert sorted(await pipes.read_ids(ASKING_ALONE_MAX)) == list(range(1, ASKING_ALONE_MAX + 1))
    await pipes.ended()
    assert held.begun == held.done == ASKING_ALONE_MAX


async def test_asked_twice_it_waits_for_nothing(pipes: Pipes, monkeypatch: pytest.MonkeyPatch) -> None:
    held = Held(monkeypatch)
    await pipes.write(asked(1))
    await held.until_begun(1)
    pipes.stop.ask()
    pipes.stop.ask()
    await pipes.ended()
    assert not held.done
    held.let_go.set()


async def test_it_ends_though_its_answers_are_not_taken(
    pipes: Pipes, monkeypatch: pytest.MonkeyPatch
) -> None:
    Held(monkeypatch, 1 << 20, is_let_go=True)
    await pipes.write(asked(1))
    pipes.stop.ask()
    await pipes.ended()
