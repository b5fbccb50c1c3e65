"""Loaded threads that nobody is subscribed to: unloaded in time, and everyone is told."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from api.service import Options, Service
from api.unwatched import Unwatched
from domain.durability import Durability
from rollout.finding.home import Home
from tests.api.clients import ServedClient

LONG_S, SHORT_S = 3600.0, 0.05
TOLD = ["thread/status/changed", "thread/closed"]


@pytest.fixture
async def service(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Service]:
    """A service that keeps unwatched threads as long as the parameter says."""
    options = Options(durability=Durability.PROCESS, unwatched_seconds=request.param)
    begun = Service(Home.at(tmp_path), options)
    yield begun
    await begun.close()


async def started(client: ServedClient) -> str:
    """The id of a thread that the client started."""
    thread_id: str = (await client.call("thread/start"))["thread"]["id"]
    return thread_id


def clocks(service: Service) -> int:
    """For how many threads time runs."""
    return len(service._unwatched._clocks)


@pytest.mark.parametrize("service", [SHORT_S], indirect=True)
@pytest.mark.parametrize("leaving", ["thread/unsubscribe", "hanging up"])
async def test_a_thread_that_its_last_subscriber_left_is_unloaded_and_all_are_told(
    service: Service, leaving: str
) -> None:
    watching, other = await ServedClient(service).greet(), await ServedClient(service).greet()
    thread_id = await started(watching)
    if leaving == "hanging up":
        watching.connection.close()
    else:
        await watching.call(leaving, threadId=thread_id)
    await other.until(lambda: bool(other.params("thread/closed")))
    assert [told["method"] for told in other.told if told["method"] in TOLD] == TOLD
    assert other.params("thread/closed") == [{"threadId": thread_id}]
    status = {"threadId": thread_id, "status": {"type": "notLoaded"}}
    assert other.params("thread/status/changed") == [status]
    assert await other.call("thread/loaded/list") == {"data": [], "nextCursor": None}


@pytest.mark.parametrize("service", [LONG_S], indirect=True)
async def test_time_runs_only_while_nobody_is_subscribed(service: Service) -> None:
    one, other = await ServedClient(service).greet(), await ServedClient(service).greet()
    thread_id = await started(one)
    await one.call("thread/name/set", threadId=thread_id, name="stored")
    await other.call("thread/resume", threadId=thread_id)
    await one.call("thread/unsubscribe", threadId=thread_id)
    assert clocks(service) == 0
    await other.call("thread/unsubscribe", threadId=thread_id)
    assert clocks(service) == 1
    await one.call("thread/resume", threadId=thread_id)
    assert clocks(service) == 0
    one.connection.close()
    assert clocks(service) == 1
    await other.call("thread/archive", threadId=thread_id)
    assert clocks(service) == 0


@pytest.mark.parametrize("service", [LONG_S], indirect=True)
async def test_what_is_asked_about_a_thread_begins_its_time_anew(service: Service) -> None:
    client = await ServedClient(service).greet()
    thread_id = await started(client)
    await client.call("thread/unsubscribe", threadId=thread_id)
    (before,) = service._unwatched._clocks.values()
    await client.call("thread/name/set", threadId=thread_id.upper(), name="asked")
    (after,) = service._unwatched._clocks.values()
    assert before.cancelled()
    assert after.when() > before.when()


async def test_a_text_that_is_no_id_touches_nothing() -> None:
    unwatched = Unwatched(LONG_S, lambda _: None)
    unwatched.touched("no id")
    unwatched.close()
