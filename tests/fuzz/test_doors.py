"""Open doors, and whoever knocks with anything: those who mean well are let in and served afterwards.

THREADSTORE_LONG multiplies the visitors; THREADSTORE_SEED draws others.
"""

import asyncio
import sys
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest

from api.doors.bounds import Bounds
from tests.api.doors.opened import KINDS, Caller, Opened, opened, request
from tests.crash.test_kills import seed
from tests.fuzz.programs import STEP, STEPS_MAX, run
from tests.hostile.frames import PING, TEXT, frame
from tests.properties.scale import times_longer

VISITORS = 60 * times_longer()
AT_ONCE = 10
HELLO = b'{"id":0,"method":"initialize","params":{"clientInfo":{"name":"x","version":"1"}}}'
ASKING = (
    frame(TEXT, HELLO)
    + frame(TEXT, b'{"id":1,"method":"thread/list","params":{"limit":1}}')
    + frame(PING, b"")
)
BOUNDS = Bounds(handshake_seconds=0.3, close_seconds=0.2, message_size_max=4096, bad_messages_max=5)


def visit(random: Random) -> bytes:
    """What somebody says at a door: a request, frames behind it, either or both of them spoilt."""

    def spoilt(data: bytes) -> bytes:
        program = random.randbytes(STEP * random.randrange(STEPS_MAX))
        return run(program, data) if random.random() < 0.7 else data

    return random.choice(
        (
            spoilt(request()) + spoilt(ASKING),
            request() + spoilt(ASKING),
            spoilt(request()),
            random.randbytes(random.randrange(1, 2000)),
        )
    )


async def come(door: Opened, random: Random) -> None:
    """Knock, say it in pieces, and go: at once, or when the door says goodbye."""
    caller: Caller = await door.connect()
    data = visit(random)
    size = random.choice((len(data) or 1, 100, 7))
    with suppress(OSError):
        for at in range(0, len(data), size):
            caller.write(data[at : at + size])
            await caller.written()
        caller.finish()
        if random.random() < 0.5:
            await caller.rest()
    caller.hang_up()


@pytest.mark.parametrize("kind", KINDS)
async def test_whatever_is_said_at_a_door_others_are_let_in(
    kind: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    base = seed()
    async with opened(kind, tmp_path, BOUNDS) as door:
        for first in range(0, VISITORS, AT_ONCE):
            async with asyncio.TaskGroup() as group:
                for number in range(first, first + AT_ONCE):
                    group.create_task(come(door, Random(f"{base} {number}")))
            door.callers.clear()
        client = await door.greeted()
        assert (await client.call("thread/loaded/list"))["result"] == {"data": [], "nextCursor": None}
    assert caplog.records == []
    if times_longer() > 1:
        sys.stderr.write(f"{kind}: {VISITORS} visitors of seed {base}\n")
