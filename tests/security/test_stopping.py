"""A server that is asked to stop is gone after two seconds, whatever its clients do."""

import asyncio
import signal
import time
from pathlib import Path

from domain.limits import STOP_SECONDS
from tests.end_to_end.doors import GUARDED, served
from tests.end_to_end.homes import LONG_SIZE, lay_thread, thread_id
from tests.hostile.frames import HANDSHAKE, TEXT, Raw, frame

SLACK_S = 1.5
"""For a machine that is busy with other tests, and for the end of the interpreter."""


async def test_idle_and_stuck_clients_hold_nobody_up(tmp_path: Path) -> None:
    lay_thread(tmp_path, 1, answer="x" * LONG_SIZE)
    ask = b'{"id":%d,"method":"thread/read","params":{"threadId":"%s","includeTurns":true}}'
    hello = b'{"id":0,"method":"initialize","params":{"clientInfo":{"name":"x","version":"1"}}}'
    async with served(tmp_path, GUARDED) as server:
        silent, half, idle, deaf = [await Raw.to(server.address) for _ in range(4)]
        await half.send(HANDSHAKE[:40])
        for client in (idle, deaf):
            await client.upgrade()
            await client.send(frame(TEXT, hello))
        for number in range(1, 40):
            await deaf.send(frame(TEXT, ask % (number, thread_id(1).encode())))
        await idle.reader.read(1)
        begun = time.monotonic()
        server.process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(server.process.wait(), 20) == 0
        assert time.monotonic() - begun < STOP_SECONDS + SLACK_S
        for client in (silent, half, idle, deaf):
            await client.leave()
