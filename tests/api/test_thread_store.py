"""The store for other agents: what goes in comes out, once, whole, and for the version it was meant for."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from api.service import Service
from api.showing.line_pages import LinesAsked, LinesAt, line_page, lines_at
from api.wire.methods import NOT_OF_THREAD_STORE, OWN_METHODS
from domain.limits import BLOCK_SIZE, LOAD_LINES_DEFAULT, MARK_STRIDE
from domain.lines import parse
from tests.api.clients import Refused, ServedClient, service_on
from tests.home import THREAD, IndexedHome, event, item, meta
from tests.projections.counting import CountingLog

NAME = str(THREAD)
NOBODY = "0196f0aa-0000-7000-8000-00000000dead"

Json = dict[str, Any]


@pytest.fixture(name="rollout")
def _rollout(tmp_path: Path) -> Path:
    """A thread of two lines in a home."""
    path = tmp_path / "sessions" / "2026" / "05" / "01" / f"rollout-2026-05-01T10-00-00-{THREAD}.jsonl"
    path.parent.mkdir(parents=True)
    path.write_bytes(meta() + event("user_message", message="first"))
    return path


@pytest.fixture(name="service")
async def _service(tmp_path: Path, rollout: Path) -> AsyncIterator[Service]:
    service = service_on(tmp_path, lasting=False)
    yield service
    await service.close()


@pytest.fixture(name="client")
async def _client(service: Service) -> ServedClient:
    return await ServedClient(service).greet()


def said(text: str) -> Json:
    """A user's message as a rollout item."""
    return {"type": "event_msg", "payload": {"type": "user_message", "message": text}}


def answered(text: str) -> Json:
    """An agent's message as a bare response item."""
    content = [{"type": "output_text", "text": text}]
    return {"type": "message", "role": "assistant", "content": content}


async def refusal(client: ServedClient, method: str, **params: object) -> Refused:
    """How a request is refused."""
    with pytest.raises(Refused) as refused:
        await client.call(method, **params)
    return refused.value


# -- append -----------------------------------------------------------------------------------


async def test_what_is_appended_stands_in_the_log_and_in_the_turns(
    client: ServedClient, rollout: Path
) -> None:
    done = await client.call("threadStore/append", threadId=NAME, items=[said("second"), answered("yes")])
    assert done == {"threadId": NAME, "version": 4, "appended": 2}
    lines = [orjson.loads(line) for line in rollout.read_bytes().splitlines()]
    assert [(line["type"], line["payload"]["type"]) for line in lines[2:]] == [
        ("event_msg", "user_message"),
        ("response_item", "message"),
    ]
    page = await client.call("thread/turns/list", threadId=NAME, itemsView="full")
    assert page["data"][0]["items"][0]["content"][0]["text"] == "second"


async def test_an_append_for_another_version_is_a_conflict_and_writes_nothing(
    client: ServedClient, rollout: Path
) -> None:
    before = rollout.read_bytes()
    refused = await refusal(client, "threadStore/append", threadId=NAME, items=[said("x")], expectedVersion=1)
    assert (refused.code, str(refused)) == (-32600, f"thread {NAME} has version 2, not 1")
    assert refused.data == {"reason": "version_conflict", "expected": 1, "actual": 2}
    assert rollout.read_bytes() == before
    await client.call("threadStore/append", threadId=NAME, items=[said("x")], expectedVersion=2)


async def test_of_appends_for_one_version_at_the_same_time_one_is_written(
    service: Service, client: ServedClient, rollout: Path
) -> None:
    others = [await ServedClient(service).greet() for _ in range(4)]
    answers = await asyncio.gather(
        *(
            one.call("threadStore/append", threadId=NAME, items=[said(f"{n}")], expectedVersion=2)
            for n, one in enumerate([client, *others])
        ),
        return_exceptions=True,
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["Refused"] * 4 + ["dict"]
    assert rollout.read_bytes().count(b"\n") == 3


UNFIT: list[tuple[object, str]] = [
    ({"type": "event_msg", "payload": {"type": "user_message"}}, "does not fit event_msg:user_message"),
    ({"type": "event_msg", "payload": {"type": "turn_started"}}, "does not fit event_msg:task_started"),
    ({"type": "event_msg", "payload": {}}, "the `type` of its payload is not a string"),
    ({"type": "event_msg", "payload": []}, "`payload` is not an object"),
    ({"type": 5, "payload": {}}, "`type` is not a string"),
    ({"type": "message", "role": "user"}, "does not fit response_item:message"),
    ({"type": "compacted", "payload": {"message": 5}}, "does not fit compacted"),
    ({"type": "session_meta", "payload": {"id": NAME}}, "a session_meta line is for the store to write"),
    ({}, "the `type` of its payload is not a string"),
]


@pytest.mark.parametrize(("unfit", "why"), UNFIT)
async def test_an_item_that_is_none_is_named_and_nothing_is_written(
    client: ServedClient, rollout: Path, unfit: object, why: str
) -> None:
    before = rollout.read_bytes()
    refused = await refusal(client, "threadStore/append", threadId=NAME, items=[said("x"), unfit])
    assert refused.code == -32600
    assert str(refused).startswith("items[1] is not a valid rollout item: ")
    assert str(refused).endswith(why)
    assert rollout.read_bytes() == before


EXEC_END: Json = {"type": "event_msg", "payload": {"type": "exec_command_end", "call_id": "c"}}

DROPPED: list[Json] = [
    EXEC_END,
    {"type": "event_msg", "payload": {"type": "agent_message_delta", "delta": "x"}},
    {"type": "no_such_line", "payload": {}},
    {"type": "ghost_snapshot"},
    {"type": "event_msg", "payload": {"type": "item_completed", "item": {"type": "UserMessage"}}},
]


async def test_what_the_policy_does_not_keep_is_dropped(client: ServedClient) -> None:
    done = await client.call("threadStore/append", threadId=NAME, items=[*DROPPED, said("kept")])
    assert (done["version"], done["appended"]) == (3, 1)
    done = await client.call("threadStore/append", threadId=NAME, items=DROPPED)
    assert (done["version"], done["appended"]) == (3, 0)


async def test_the_extended_policy_keeps_more(client: ServedClient) -> None:
    done = await client.call("threadStore/append", threadId=NAME, items=DROPPED, policy="extended")
    assert (done["version"], done["appended"]) == (3, 1)
    page = await client.call("threadStore/load", threadId=NAME, fromVersion=3)
    assert page["items"][0]["payload"] == EXEC_END["payload"]


async def test_an_unknown_thread_is_no_place_to_append_to(client: ServedClient) -> None:
    refused = await refusal(client, "threadStore/append", threadId=NOBODY, items=[said("x")])
    assert (refused.code, str(refused)) == (-32600, f"thread not loaded: {NOBODY}")


# -- a thread's life --------------------------------------------------------------------------


async def started(client: ServedClient, **params: object) -> str:
    """A new thread."""
    thread_id: str = (await client.call("thread/start", **params))["thread"]["id"]
    return thread_id


async def test_appending_to_a_started_thread_stores_it(client: ServedClient) -> None:
    thread_id = await started(client)
    empty = await client.call("threadStore/load", threadId=thread_id)
    assert empty == {"threadId": thread_id, "version": 0, "items": [], "nextVersion": None}
    refused = await refusal(
        client, "threadStore/append", threadId=thread_id, items=[said("x")], expectedVersion=3
    )
    assert refused.data == {"reason": "version_conflict", "expected": 3, "actual": 0}
    done = await client.call("threadStore/append", threadId=thread_id, items=[said("x")], expectedVersion=0)
    assert done["version"] == 2
    page = await client.call("threadStore/load", threadId=thread_id)
    assert [line["type"] for line in page["items"]] == ["session_meta", "event_msg"]


async def test_an_ephemeral_thread_is_never_stored(client: ServedClient) -> None:
    thread_id = await started(client, ephemeral=True)
    for method in ("append", "persist"):
        refused = await refusal(client, f"threadStore/{method}", threadId=thread_id, items=[])
        assert str(refused) == f"ephemeral threads do not support threadStore/{method}"


async def test_persist_stores_a_started_thread_once(client: ServedClient) -> None:
    thread_id = await started(client)
    done = await client.call("threadStore/persist", threadId=thread_id)
    assert await client.call("threadStore/persist", threadId=thread_id) == done
    assert Path(done["path"]).read_bytes().count(b"\n") == 1


async def test_shutdown_unloads_a_thread_and_tells_everyone(service: Service, client: ServedClient) -> None:
    other = await ServedClient(service).greet()
    thread_id = await started(client)
    await client.call("threadStore/persist", threadId=thread_id)
    assert await client.call("threadStore/shutdown", threadId=thread_id) == {"status": "unloaded"}
    for one in (client, other):
        assert one.params("thread/closed") == [{"threadId": thread_id}]
        assert one.params("thread/status/changed")[-1]["status"] == {"type": "notLoaded"}
    assert (await client.call("thread/loaded/list"))["data"] == []
    assert await client.call("threadStore/shutdown", threadId=thread_id) == {"status": "notLoaded"}


async def test_only_a_thread_that_was_never_stored_can_be_discarded(client: ServedClient) -> None:
    thread_id = await started(client)
    await client.call("threadStore/discard", threadId=thread_id)
    assert str(await refusal(client, "thread/read", threadId=thread_id)) == f"thread not loaded: {thread_id}"
    refused = await refusal(client, "threadStore/discard", threadId=NAME)
    assert str(refused) == f"thread {NAME} is stored and cannot be discarded; use thread/archive"
    refused = await refusal(client, "threadStore/discard", threadId=NOBODY)
    assert str(refused) == f"thread not loaded: {NOBODY}"


async def test_a_flush_waits_for_the_appends_before_it(client: ServedClient, rollout: Path) -> None:
    append = asyncio.create_task(client.call("threadStore/append", threadId=NAME, items=[said("x")]))
    await append
    assert await client.call("threadStore/flush") == {}
    assert await client.call("threadStore/flush", threadId=NAME) == {}
    assert rollout.read_bytes().count(b"\n") == 3
    refused = await refusal(client, "threadStore/flush", threadId=NOBODY)
    assert str(refused) == f"thread not loaded: {NOBODY}"


# -- load -------------------------------------------------------------------------------------

ODD = b'{"version":"a member","timestamp":"t","type":"x","payload":{}}\n'
EXACT = b'{"timestamp":"t","type":"event_msg","payload":{"type":"x","n":12345678901234567890123,"f":1.50}}\n'


async def walked(client: ServedClient, **params: object) -> list[Json]:
    """All lines, page by page."""
    found: list[Json] = []
    following: int | None = 1
    while following is not None:
        page = await client.call("threadStore/load", threadId=NAME, fromVersion=following, **params)
        assert page["items"]
        found += page["items"]
        following = page["nextVersion"]
    return found


@pytest.mark.parametrize("bounds", [{}, {"limit": 1}, {"limit": 3}, {"maxBytes": 0}, {"maxBytes": 300}])
async def test_pages_of_lines_are_the_log(client: ServedClient, rollout: Path, bounds: Json) -> None:
    with rollout.open("ab") as file:
        file.write(b"{torn\n" + ODD + b"\n" + item("function_call", name="f", arguments="{}", call_id="c"))
        file.write(b"{}\n" + b'{"timestamp":"unfinished')
    lines = rollout.read_bytes().split(b"\n")[:-1]
    found = await walked(client, **bounds)
    assert [line["version"] for line in found] == list(range(1, len(lines) + 1))
    for raw, line in zip(lines, found, strict=True):
        value = parse(raw)
        if value is None:
            assert line == {"version": line["version"], "damaged": True, "size": len(raw) + 1}
        else:
            assert line == {**value, "version": line["version"]}


async def test_lines_come_as_they_were_written(service: Service, client: ServedClient, rollout: Path) -> None:
    with rollout.open("ab") as file:
        file.write(EXACT)
    lines: list[bytes] = []
    listener = service.connect(lines.append)
    greeting = {"clientInfo": {"name": "raw", "version": "1"}, "capabilities": {"experimentalApi": True}}
    await listener.receive(orjson.dumps({"id": 1, "method": "initialize", "params": greeting}))
    asked = {"threadId": NAME, "fromVersion": 3}
    await listener.receive(orjson.dumps({"id": 2, "method": "threadStore/load", "params": asked}))
    await listener.drain()
    assert EXACT.strip()[1:] in lines[-1]


async def test_a_version_behind_the_end_is_an_empty_page(client: ServedClient) -> None:
    for version in (3, 10**6, 2**64 - 1):
        page = await client.call("threadStore/load", threadId=NAME, fromVersion=version)
        assert (page["version"], page["items"], page["nextVersion"]) == (2, [], None)


async def test_a_page_has_a_usual_and_a_greatest_length(client: ServedClient, rollout: Path) -> None:
    with rollout.open("ab") as file:
        file.write(event("agent_message", message="x") * 2000)
    page = await client.call("threadStore/load", threadId=NAME)
    assert (len(page["items"]), page["nextVersion"]) == (LOAD_LINES_DEFAULT, LOAD_LINES_DEFAULT + 1)
    page = await client.call("threadStore/load", threadId=NAME, limit=5000)
    assert (len(page["items"]), page["version"]) == (1000, 2002)


def test_a_page_in_the_middle_of_a_long_log_reads_little_of_it(tmp_path: Path) -> None:
    home = IndexedHome(tmp_path)
    home.write(meta() + event("agent_message", message="x" * 1000) * 5000)
    log = CountingLog()
    at: LinesAt = home.ask(lambda file_id: lines_at(file_id, 4000))
    with log.open(str(home.path_of())) as source:
        page = line_page(source, LinesAsked(4000, 10, 10**6), at)
    assert [orjson.loads(one)["version"] for one in page.items] == list(range(4000, 4010))
    assert log.read <= MARK_STRIDE + 3 * BLOCK_SIZE
    home.close()


# -- what there is ----------------------------------------------------------------------------


async def test_the_store_describes_itself(client: ServedClient) -> None:
    told = await client.call("threadStore/describe")
    assert told["methods"] == list(OWN_METHODS)
    assert told["features"]["contentSearch"] is False
    assert (told["policies"], told["durability"]) == (["limited", "extended"], "process")


@pytest.mark.parametrize("method", NOT_OF_THREAD_STORE)
async def test_a_name_that_harnesses_know_is_told_what_to_use(client: ServedClient, method: str) -> None:
    refused = await refusal(client, method)
    assert refused.code == -32601
    assert str(refused) == f"{method} is not a method of this store: {NOT_OF_THREAD_STORE[method]}"


@pytest.mark.parametrize("method", OWN_METHODS)
async def test_the_store_is_for_clients_with_the_experimental_api(service: Service, method: str) -> None:
    client = await ServedClient(service).greet(experimental=False)
    params = (
        {"threadId": NAME, "items": [], "subscriptionId": "x"} if method != "threadStore/describe" else {}
    )
    refused = await refusal(client, method, **params)
    assert str(refused) == f"{method} requires experimentalApi capability"
