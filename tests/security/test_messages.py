"""Messages that mean ill, over each transport: none is more than its own refusal, and the next is served."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import orjson
import pytest

from api.client import addresses
from api.client.hello import Hello
from api.client.wires import Wire
from domain.limits import LINE_NESTING_MAX
from tests.end_to_end.doors import GUARDED, STDIO, UNIX, Door, served

HEAD = b'{"id":7,"method":"thread/loaded/list"'
ASKED = HEAD + b',"params":{}'
UNWANTED = ["remoteControl/status/changed", "configWarning", "thread/started"]
DIGITS = b"9" * 5000
MANY = 50_000

SILENCE = None
SERVED = 0
MESSAGES: dict[str, tuple[bytes, int | None]] = {
    "nothing": (b"", SILENCE),
    "no JSON": (b"{", SILENCE),
    "words": (b"GET / HTTP/1.1", SILENCE),
    "a batch": (b"[" + ASKED + b"}]", SILENCE),
    "an empty batch": (b"[]", SILENCE),
    "a text": (b'"thread/list"', SILENCE),
    "no id": (b'{"id":null,"method":"thread/loaded/list"}', SILENCE),
    "a fractional id": (b'{"id":1.5,"method":"thread/loaded/list"}', SILENCE),
    "an id of 5,000 digits": (b'{"id":' + DIGITS + b',"method":"thread/loaded/list"}', SILENCE),
    "an object as id": (b'{"id":{},"method":"thread/loaded/list"}', SILENCE),
    "two values": (ASKED + b"}" + ASKED + b"}", SILENCE),
    "no number": (HEAD + b',"params":{"limit":NaN}}', SILENCE),
    "half a character": (HEAD + b',"params":{"cursor":"\\ud800"}}', SILENCE),
    "a NUL": (ASKED + b"}\0", SILENCE),
    "very deep": (b"[" * 100_000, SILENCE),
    "deep and whole": (HEAD + b',"params":' + b"[" * 100_000 + b"]" * 100_000 + b"}", SILENCE),
    "a level too deep": (
        ASKED + b',"x":' + b"[" * LINE_NESTING_MAX + b"]" * LINE_NESTING_MAX + b"}",
        SILENCE,
    ),
    "deep enough": (ASKED + b',"x":' + b"[" * 100 + b"]" * 100 + b"}", SERVED),
    "two ids": (ASKED + b',"id":7}', SILENCE),
    "two methods": (ASKED + b',"method":"thread/loaded/list"}', SILENCE),
    "a repeated key": (ASKED + b',"x":1,"x":2}', SERVED),
    "a number of 5,000 digits": (HEAD + b',"params":{"limit":' + DIGITS + b"}}", SILENCE),
    "a negative number": (HEAD + b',"params":{"limit":-1}}', -32600),
    "another type": (HEAD + b',"params":7}', -32600),
    "an unknown method": (b'{"id":7,"method":"__import__"}', -32600),
    "a method of a language": (b'{"id":7,"method":"__class__","params":{}}', -32600),
    "many keys": (
        HEAD + b',"params":{' + b",".join(b'"%d":0' % (n << 20) for n in range(MANY)) + b"}}",
        SERVED,
    ),
    "many members": (ASKED + b"," + b",".join(b'"k%d":0' % n for n in range(900)) + b"}", SERVED),
}


@asynccontextmanager
async def wire_to(home: Path, door: Door) -> AsyncIterator[Wire]:
    """A wire to a server behind this door, without manners."""
    async with served(home, door) as server:
        wire = await (server._start() if door is STDIO else addresses.opener(server.address, door.token)())
        try:
            yield wire
        finally:
            await wire.close()


async def received(wire: Wire) -> dict[str, Any]:
    """The next message."""
    message: dict[str, Any] = orjson.loads(await asyncio.wait_for(wire.receive(), 20))
    return message


@pytest.mark.parametrize("door", [STDIO, UNIX, GUARDED], ids=lambda door: door.name)
async def test_an_odd_message_is_refused_or_passed_over_and_the_next_is_served(
    tmp_path: Path, door: Door
) -> None:
    hello = Hello("tests", "1", unwanted=UNWANTED)
    outcomes: dict[str, int | None] = {}
    async with wire_to(tmp_path, door) as wire:
        await wire.send(orjson.dumps({"id": 0, "method": "initialize", "params": hello.params()}))
        assert "result" in await received(wire)
        for name, (message, _) in MESSAGES.items():
            await wire.send(message)
            await wire.send(b'{"id":"next","method":"thread/loaded/list","params":{}}')
            outcomes[name] = SILENCE
            while (answer := await received(wire))["id"] != "next":
                outcomes[name] = answer.get("error", {"code": SERVED})["code"]
            assert answer["result"] == {"data": [], "nextCursor": None}
    assert outcomes == {name: expected for name, (_, expected) in MESSAGES.items()}
