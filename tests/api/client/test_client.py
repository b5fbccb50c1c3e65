"""What a client makes of a server that answers, refuses, says odd things, or goes."""

import asyncio

import pytest

from api.client.client import Client
from api.client.hello import Hello
from domain.errors import RequestRefused, ServerGone, ServerUnreachable
from tests.api.client.scripted import ScriptedWire


@pytest.fixture
def wire() -> ScriptedWire:
    """The server's side."""
    return ScriptedWire()


def silent(wire: ScriptedWire) -> Client:
    """A client that leaves the greeting to the test."""
    return Client(wire.begin, hello=None)


async def test_it_greets_before_anything_else(wire: ScriptedWire) -> None:
    greeting = asyncio.create_task(wire.answer({"userAgent": "a/1"}))
    async with Client(
        wire.begin, Hello("me", "7", has_experimental_api=False, unwanted=["warning"])
    ) as client:
        assert client.server == {"userAgent": "a/1"}
        assert (await greeting)["params"] == {
            "clientInfo": {"name": "me", "version": "7"},
            "capabilities": {"experimentalApi": False, "optOutNotificationMethods": ["warning"]},
        }
        assert await wire.sent.get() == {"method": "initialized"}
    assert wire.is_closed


async def test_a_refused_greeting_closes_the_wire(wire: ScriptedWire) -> None:
    wire.say({"id": 1, "error": {"code": -32600, "message": "no"}})
    with pytest.raises(RequestRefused, match="no"):
        await Client(wire.begin, Hello()).__aenter__()
    assert wire.is_closed


async def test_requests_at_once_get_their_own_answers(wire: ScriptedWire) -> None:
    async with silent(wire) as client:
        asking = [asyncio.create_task(client.request("a", {"n": number})) for number in range(3)]
        requests = [await wire.sent.get() for _ in asking]
        for request in reversed(requests):
            wire.say({"id": request["id"], "result": request["params"]})
        assert await asyncio.gather(*asking) == [{"n": number} for number in range(3)]


async def test_a_refusal_is_raised_with_its_code_and_data(wire: ScriptedWire) -> None:
    async with silent(wire) as client:
        wire.say({"id": 1, "error": {"code": -32001, "message": "busy", "data": [1]}})
        with pytest.raises(RequestRefused, match="busy") as refusal:
            await client.request("a")
    assert (refusal.value.code, refusal.value.data) == (-32001, [1])


@pytest.mark.parametrize("is_noticed_first", [True, False])
async def test_requests_fail_when_the_server_goes(wire: ScriptedWire, *, is_noticed_first: bool) -> None:
    async with silent(wire) as client:
        with client.notifications() as told:
            waiting = asyncio.create_task(client.request("thread/list"))
            await wire.sent.get()
            wire.go("it ended with status 1")
            if is_noticed_first:
                with pytest.raises(ServerGone, match="a notification came: it ended with status 1"):
                    await anext(told)
            with pytest.raises(ServerGone, match="thread/read came: it ended with status 1"):
                await client.request("thread/read")
            with pytest.raises(ServerGone, match="thread/list came: it ended with status 1"):
                await waiting
            with pytest.raises(ServerGone):
                await anext(client.notifications())


async def test_a_closed_client_fails_what_waits_and_ends_what_listens(wire: ScriptedWire) -> None:
    async with silent(wire) as client:
        told = client.notifications()
        waiting = asyncio.create_task(client.request("thread/list"))
        await wire.sent.get()
    with pytest.raises(ServerGone, match="this client was closed"):
        await waiting
    assert [one async for one in told] == []
    with pytest.raises(ServerGone, match="this client was closed"):
        await client.request("thread/list")


async def test_a_client_that_was_not_started_says_so(wire: ScriptedWire) -> None:
    with pytest.raises(ServerGone, match="not started"):
        await silent(wire).request("thread/list")


async def test_the_answer_to_a_request_that_was_given_up_harms_nobody(wire: ScriptedWire) -> None:
    async with silent(wire) as client:
        given_up = asyncio.create_task(client.request("slow"))
        await wire.sent.get()
        given_up.cancel()
        wire.say({"id": 1, "result": {}})
        answering = asyncio.create_task(wire.answer({"n": 2}))
        assert await client.request("next") == {"n": 2}
        await answering
    assert given_up.cancelled()


async def test_a_request_of_the_server_is_declined(wire: ScriptedWire) -> None:
    async with silent(wire):
        wire.say({"id": "x", "method": "item/tool/call", "params": {}})
        declined = await wire.sent.get()
    assert (declined["id"], declined["error"]["code"]) == ("x", -32601)


async def test_noise_is_passed_over(wire: ScriptedWire) -> None:
    async with silent(wire) as client:
        for noise in (b"", b"\xff", b"[]", b'{"id":99,"result":{}}'):
            wire.say(noise)
        wire.say({"id": 1, "result": {"n": 1}})
        assert await client.request("a") == {"n": 1}


async def test_listeners_hear_what_they_want_from_when_they_begin(wire: ScriptedWire) -> None:
    async with silent(wire) as client:
        every, some = client.notifications(), client.notifications("b")
        for method in "abc":
            wire.say({"method": method, "params": {"of": method}})
        assert [(await anext(every)).params["of"] for _ in range(3)] == ["a", "b", "c"]
        assert (await anext(some)).method == "b"
        some.end()
        wire.say({"method": "b"})
        late = client.notifications("b")
        assert (await anext(every)).method == "b"
        assert [one async for one in some] == []
        assert (await anext(late)).method == "b"


async def test_a_server_that_cannot_be_started_is_unreachable() -> None:
    with pytest.raises(ServerUnreachable, match="no-such-program: No such file"):
        await Client.stdio(("no-such-program",)).__aenter__()
