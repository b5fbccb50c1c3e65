"""Standard output as a client sees it: in order, and no more waits for a slow one than it has room for."""

import asyncio
import os

from api.doors.stdout import Output
from domain.limits import OUTPUT_WAITING_MAX
from tests.api.clients import PATIENCE_S

LINE = b"x" * 65_535 + b"\n"


def read(descriptor: int, size: int) -> None:
    """Read so many bytes."""
    while size > 0:
        size -= len(os.read(descriptor, size))


async def test_there_is_room_again_when_the_client_has_read() -> None:
    source, sink = os.pipe()
    output = Output(sink)
    await output.wait_for_room()
    count = 2 * OUTPUT_WAITING_MAX // len(LINE)
    for _ in range(count):
        output.send(LINE)
    waiting = [asyncio.create_task(output.wait_for_room()) for _ in range(3)]
    done, _ = await asyncio.wait(waiting, timeout=0)
    assert not done
    waiting[0].cancel()
    await asyncio.wait_for(asyncio.to_thread(read, source, count * len(LINE)), PATIENCE_S)
    await asyncio.wait_for(asyncio.gather(*waiting[1:]), PATIENCE_S)
    await output.finish()
    os.close(source)
    os.close(sink)
