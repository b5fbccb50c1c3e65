"""What a client reads is the same by every door."""

import asyncio

import pytest

from api.client.calls import Payload
from api.client.client import Client
from api.client.hello import Hello
from domain.errors import RequestRefused
from tests.end_to_end.conftest import THREADS, TURNS
from tests.end_to_end.doors import HELLO, REAL, Served
from tests.end_to_end.homes import LONG_SIZE, lay_thread, preview, thread_id

pytestmark = pytest.mark.asyncio(loop_scope="module")

NEWEST_FIRST = [thread_id(number) for number in reversed(range(THREADS))]
FLOOD = 300


async def test_the_handshake_tells_who_serves_what(server: Served) -> None:
    async with server.client(Hello("some name", "7.1")) as client:
        assert client.server["userAgent"].startswith("some name/")
        assert "(some name; 7.1)" in client.server["userAgent"]
        assert client.server["codexHome"] == str(server.home)
        assert client.server["platformFamily"] == "unix"


async def test_pages_joined_are_the_list(client: Client) -> None:
    assert [row["id"] async for row in client.threads(sortKey="updated_at")] == NEWEST_FIRST
    assert [row["preview"] async for row in client.threads(most=2, sortKey="updated_at")] == [
        preview(7),
        preview(6),
    ]
    met, cursor = [], None
    while True:
        page = await client.request(
            "thread/list", {"limit": 3, "cursor": cursor, "sortKey": "updated_at", "modelProviders": []}
        )
        met.append([row["id"] for row in page["data"]])
        cursor = page["nextCursor"]
        if cursor is None:
            break
    assert met == [NEWEST_FIRST[:3], NEWEST_FIRST[3:6], NEWEST_FIRST[6:]]


async def test_turns_page_by_page_are_those_of_the_thread(client: Client) -> None:
    thread = await client.read(NEWEST_FIRST[0], has_turns=True)
    turns = [turn async for turn in client.turns(thread["id"], view="full", is_ascending=True)]
    assert turns == thread["turns"]
    assert [turn["id"] for turn in turns] == [f"turn-{number}" for number in range(TURNS)]
    assert [turn["id"] async for turn in client.turns(thread["id"], most=2)] == ["turn-4", "turn-3"]
    assert (await client.read(thread["id"]))["turns"] == []


REFUSED: list[tuple[str, Payload, int, str]] = [
    ("nonsense", {}, -32600, "unknown variant `nonsense`"),
    ("thread/read", {}, -32600, "missing field `threadId`"),
    ("thread/read", {"threadId": "x"}, -32600, "invalid thread id"),
    ("thread/read", {"threadId": thread_id(99)}, -32600, "thread not loaded"),
    ("thread/list", {"limit": -1}, -32600, "invalid value"),
    ("thread/list", {"cursor": "x"}, -32600, "invalid cursor"),
    ("thread/name/set", {"threadId": thread_id(0), "name": " "}, -32600, "name"),
    ("initialize", {"clientInfo": {"name": "a", "version": "1"}}, -32600, "Already initialized"),
]


async def test_refusals_carry_their_codes(client: Client) -> None:
    for method, params, code, words in REFUSED:
        with pytest.raises(RequestRefused) as refusal:
            await client.request(method, params)
        assert (refusal.value.code, words in str(refusal.value)) == (code, True), str(refusal.value)
    assert len([row async for row in client.threads()]) == THREADS


async def test_nothing_is_served_before_the_greeting(server: Served) -> None:
    async with server.client(hello=None) as client:
        with pytest.raises(RequestRefused, match="Not initialized"):
            await client.request("thread/list")
        await client.initialize(HELLO)
        assert len([row async for row in client.threads()]) == THREADS


async def test_every_request_of_a_flood_is_answered_once(server: Served, client: Client) -> None:
    if server.program is REAL:
        pytest.skip("the real server refuses most of a flood (-32001)")
    answers = await asyncio.gather(
        *(client.request("thread/read", {"threadId": thread_id(number % THREADS)}) for number in range(FLOOD))
    )
    assert [answer["thread"]["id"] for answer in answers] == [
        thread_id(number % THREADS) for number in range(FLOOD)
    ]


async def test_an_answer_of_two_megabytes_comes_whole(server: Served, client: Client) -> None:
    path = lay_thread(server.home, 50, answer="long " * (LONG_SIZE // 5))
    archive = server.home / "archived_sessions"
    archive.mkdir(exist_ok=True)
    path.rename(archive / path.name)
    big, *small = await asyncio.gather(
        client.read(thread_id(50), has_turns=True),
        *(client.read(thread_id(number)) for number in range(THREADS)),
    )
    assert len(big["turns"][0]["items"][1]["text"]) >= LONG_SIZE
    assert [thread["id"] for thread in small] == NEWEST_FIRST[::-1]
