"""What ill-meaning clients do. Each attack is one coroutine; a connection that is refused or cut ends it."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from random import Random

from api.client.client import Client
from api.client.hello import Hello
from domain.errors import RequestRefused
from tests.end_to_end.doors import TOKEN
from tests.hostile.frames import HANDSHAKE, PING, TEXT, Raw, frame, wrong_frame

FLOOD = 400
CROWD = 120
CROWD_S = 0.3
DRIP_S = 0.01
METHODS = ("thread/list", "thread/loaded/list", "thread/read", "nonsense", "thread/turns/list")

Attack = Callable[[str, Random], Awaitable[None]]


class Unanswered(Exception):
    """A request of a flood that got no answer."""


async def random_frames(address: str, random: Random) -> None:
    """Frames that no client should send, after a right handshake."""
    raw = await Raw.to(address)
    await raw.upgrade()
    for _ in range(random.randrange(1, 20)):
        await raw.send(wrong_frame(random))
    await raw.leave()


async def no_handshake(address: str, random: Random) -> None:
    """Anything but HTTP."""
    raw = await Raw.to(address)
    await raw.send(random.randbytes(random.randrange(1, 30_000)))
    await raw.leave()


async def slow_handshake(address: str, random: Random) -> None:
    """A handshake that comes a byte at a time and is never finished."""
    raw = await Raw.to(address)
    for place in range(random.randrange(5, 60)):
        await raw.send(HANDSHAKE[place : place + 1])
        await asyncio.sleep(DRIP_S)
    await raw.leave()


async def half_requests(address: str, random: Random) -> None:
    """Requests that break off in the middle of a frame, of a message, of JSON."""
    raw = await Raw.to(address)
    await raw.upgrade()
    whole = json.dumps({"id": 1, "method": "initialize", "params": {"clientInfo": {"name": "x" * 9000}}})
    data = frame(TEXT, whole.encode(), is_last=random.random() < 0.5)
    await raw.send(data[: random.randrange(1, len(data))])
    await raw.leave()


async def bad_messages(address: str, random: Random) -> None:
    """Whole frames whose texts are no requests, with pings in between."""
    raw = await Raw.to(address)
    await raw.upgrade()
    for _ in range(90):
        text = random.choice([b"", b"{", b"[]", b"[" * 5000, b'{"id":1}', b'{"id":{},"method":"x"}', b"\x00"])
        await raw.send(frame(TEXT, text) + frame(PING, b"are you there"))
    await raw.leave()


async def deaf_flood(address: str, random: Random) -> None:
    """Many requests by one who reads no answer."""
    raw = await Raw.to(address)
    await raw.upgrade()
    hello = {"clientInfo": {"name": "deaf", "version": "1"}}
    lines = [{"id": 0, "method": "initialize", "params": hello}]
    lines += [{"id": number, "method": "thread/list", "params": {"limit": 100}} for number in range(1, FLOOD)]
    data = b"".join(frame(TEXT, json.dumps(line).encode()) for line in lines)
    try:
        async with asyncio.timeout(random.random()):
            await raw.send(data)
            await raw.reader.read(1)
    except TimeoutError:
        pass
    finally:
        await raw.leave()


async def flood(address: str, random: Random) -> None:
    """Many requests at once; each has to be answered."""
    token = TOKEN if address.startswith("ws://") else None
    async with Client.at(address, token, Hello("flood", "1")) as client:
        asking = [client.request(random.choice(METHODS), {"threadId": "x"}) for _ in range(FLOOD)]
        answers = await asyncio.gather(*asking, return_exceptions=True)
    unanswered = [answer for answer in answers if not isinstance(answer, dict | RequestRefused)]
    if unanswered:
        raise Unanswered(f"{len(unanswered)} of {FLOOD}: {unanswered[0]}")


async def crowd(address: str, random: Random) -> None:
    """Many connections that only stand there."""
    present = []
    try:
        for _ in range(CROWD):
            raw = await Raw.to(address)
            present.append(raw)
            await raw.send(HANDSHAKE)
        await asyncio.sleep(CROWD_S * random.random())
    finally:
        for raw in present:
            await raw.leave()


ATTACKS: tuple[Attack, ...] = (
    random_frames,
    no_handshake,
    slow_handshake,
    half_requests,
    bad_messages,
    deaf_flood,
    flood,
    crowd,
)
