"""The service over standard input and output: one JSON object a line in each direction.

Requests are taken only while there is room for answers, so a client that floods or does not read is slowed
down and loses nothing.
"""

import asyncio
from collections.abc import Coroutine
from typing import Any

from api.doors.stdin import Input
from api.doors.stdout import Output
from api.doors.stopping import Stop
from api.service import Service
from api.wire.connection import Connection
from domain.limits import BAD_MESSAGES_MAX, STOP_ANSWERS_SECONDS, STOP_GOODBYE_SECONDS


async def serve_stdio(service: Service, stop: Stop, source: int = 0, sink: int = 1) -> None:
    """Serve one client until its input ends and everything it asked for is answered and written.

    Ends earlier when nobody reads the answers any more, and when it is asked to stop: then what is at work is
    finished, and what was not begun is left.
    """
    entrance, output = Input(source), Output(sink)
    connection = service.connect(output.send)
    connection.wait_for_room = output.wait_for_room
    await _first(_converse(connection, entrance, output), output.wait_for_end(), stop.wait())
    if stop.is_asked:
        await stop.within(STOP_ANSWERS_SECONDS, [connection.drain()])
        connection.close()
        await stop.within(STOP_GOODBYE_SECONDS, [output.finish()])
    else:  # the conversation is over, or nobody reads: what is at work may still change something
        await _first(connection.drain(), stop.wait())
        connection.close()


async def _converse(connection: Connection, entrance: Input, output: Output) -> None:
    """Take requests until there are no more, or nothing but what is none; then see all answers out."""
    while (line := await entrance.next()) is not None:
        await output.wait_for_room()
        await connection.receive(line)
        if connection.bad_in_row >= BAD_MESSAGES_MAX:
            break
    await connection.drain()
    await output.finish()


async def _first(*works: Coroutine[Any, Any, None]) -> None:
    """Wait for the first of these, and leave the others."""
    tasks = [asyncio.create_task(work) for work in works]
    done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in pending:
        task.cancel()
    if pending:
        await asyncio.wait(pending)
    for task in done:
        task.result()
