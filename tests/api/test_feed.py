"""The feed of changes: each once, in order, from any position, whoever wrote and whatever died meanwhile."""

import asyncio
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import pytest

from api.service import Service
from domain.limits import CHANGE_ITEMS_MAX, CHANGE_TURNS_MAX, SUBSCRIPTIONS_MAX
from tests.api.clients import Client, ProcessClient, Refused, ServedClient, service_on
from tests.home import THREAD, event, meta
from tests.projections.sample import thread, turns

NAME = str(THREAD)

Json = dict[str, Any]


def path_of(home: Path, thread_id: UUID = THREAD) -> Path:
    """Where a thread's file is."""
    return home / "sessions" / "2026" / "05" / "01" / f"rollout-2026-05-01T10-00-00-{thread_id}.jsonl"


def write(home: Path, data: bytes, thread_id: UUID = THREAD) -> Path:
    """Add to a thread's file, as another program does."""
    path = path_of(home, thread_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        file.write(data)
    return path


def said(text: str) -> bytes:
    """A user's message."""
    return event("user_message", message=text)


@asynccontextmanager
async def served(home: Path) -> AsyncIterator[tuple[Service, ServedClient]]:
    """A lasting service on this home, and a client."""
    service = service_on(home)
    client = await ServedClient(service).greet()
    yield service, client
    client.connection.close()
    await service.close()


def told(client: Client) -> list[tuple[str, str, Any, Any]]:
    """The changes by what they are: type, thread and lines."""
    return [
        (
            shown["change"]["type"],
            shown["threadId"],
            shown["change"]["firstVersion"],
            shown["change"]["lastVersion"],
        )
        for shown in client.changes()
    ]


def versions(changes: Sequence[Json]) -> dict[str, int]:
    """The last version of each thread; every one was told once, in order and without a gap."""
    found: dict[str, int] = {}
    for shown in changes:
        change, name = shown["change"], shown["threadId"]
        if change["type"] == "found":
            assert change["firstVersion"] == 1
            assert name not in found
        else:
            assert (change["type"], change["firstVersion"]) == ("appended", found[name] + 1)
        found[name] = change["lastVersion"]
    return found


async def settled(client: Client, counts: dict[str, int], changes: list[Json] | None = None) -> None:
    """Wait until so many lines of each thread were told."""
    before = changes or []
    await client.until(lambda: versions([*before, *client.changes()]) == counts)


# -- what is told -----------------------------------------------------------------------------


async def test_a_subscriber_is_told_what_lines_another_program_appends(tmp_path: Path) -> None:
    write(tmp_path, meta() + said("before"))
    async with served(tmp_path) as (_, client):
        page = await client.call("thread/turns/list", threadId=NAME)
        assert len(page["data"]) == 1
        begun = await client.call("threadStore/subscribe")
        write(tmp_path, event("agent_message", message="now"))
        await client.until(lambda: bool(client.changes()))
        (shown,) = client.changes()
    assert shown["subscriptionId"] == begun["subscriptionId"]
    assert shown["position"] != begun["position"]
    assert (shown["threadId"], shown["change"]["path"]) == (NAME, str(path_of(tmp_path)))
    change = shown["change"]
    assert (change["type"], change["firstVersion"], change["lastVersion"]) == ("appended", 3, 3)
    assert [(turn["id"], turn["itemsView"], turn["items"]) for turn in change["turns"]] == [
        ("rollout-1", "notLoaded", [])
    ]
    assert [(told["turnId"], told["item"]["text"]) for told in change["items"]] == [("rollout-1", "now")]
    assert (change["isWhole"], change["keptTurns"]) == (True, None)


async def test_what_this_server_appends_is_told_too(tmp_path: Path) -> None:
    write(tmp_path, meta() + said("before"))
    async with served(tmp_path) as (_, client):
        await client.call("threadStore/subscribe", position="beginning")
        items = [{"type": "event_msg", "payload": {"type": "user_message", "message": "mine"}}]
        done = await client.call("threadStore/append", threadId=NAME, items=items)
        await settled(client, {NAME: done["version"]})


async def test_a_rollback_tells_how_many_turns_are_left(tmp_path: Path) -> None:
    write(tmp_path, b"".join([meta(), *turns(3)]))
    async with served(tmp_path) as (_, client):
        await client.call("threadStore/subscribe", position="beginning")
        await settled(client, {NAME: 13})
        write(tmp_path, event("thread_rolled_back", num_turns=2))
        await settled(client, {NAME: 14})
    assert [shown["change"]["keptTurns"] for shown in client.changes()] == [None, 1]


@pytest.mark.parametrize(
    "data",
    [
        b"".join(turns(CHANGE_TURNS_MAX + 1)),
        event("agent_message", message="x") * (CHANGE_ITEMS_MAX + 1),
        event("agent_message", message="x" * 2**20),
    ],
)
async def test_of_a_large_change_only_the_lines_numbers_are_told(tmp_path: Path, data: bytes) -> None:
    write(tmp_path, meta() + data)
    async with served(tmp_path) as (_, client):
        await client.call("threadStore/subscribe", position="beginning")
        await settled(client, {NAME: 1 + data.count(b"\n")})
    (shown,) = client.changes()
    assert (shown["change"]["items"], shown["change"]["isWhole"]) == ([], False)


async def test_a_subscription_may_be_to_one_thread(tmp_path: Path) -> None:
    for number in range(3):
        write(tmp_path, meta(thread(number)), thread(number))
    async with served(tmp_path) as (_, client):
        wanted = str(thread(1))
        await client.call("threadStore/subscribe", position="beginning", threadId=wanted)
        write(tmp_path, said("other"), thread(0))
        write(tmp_path, said("this"), thread(1))
        await settled(client, {wanted: 2})


async def test_moves_and_removals_are_told_as_what_they_are(tmp_path: Path) -> None:
    path = write(tmp_path, meta() + said("hello"))
    async with served(tmp_path) as (_, client):
        await client.call("threadStore/subscribe", position="beginning")
        await settled(client, {NAME: 2})
        await client.call("thread/archive", threadId=NAME)
        await client.until(lambda: told(client)[-1][0] == "archived")
        await client.call("thread/unarchive", threadId=NAME)
        await client.until(lambda: told(client)[-1][0] == "unarchived")
        other = path.with_name("other")
        other.write_bytes(meta() + said("other") + said("lines"))
        other.replace(path)
        await client.until(lambda: told(client)[-1] == ("found", NAME, 1, 3))
        path.unlink()
        await client.until(lambda: told(client)[-1][0] == "removed")
    kinds = [kind for kind, *_ in told(client)]
    moves = [kind for kind in kinds if kind not in {"found", "rewritten"}]
    assert moves == ["archived", "unarchived", "removed"]
    rewritten = [place for place, kind in enumerate(kinds) if kind == "rewritten"]
    assert rewritten  # twice where a file is met between its move and its new time
    assert all(kinds[place + 1] == "found" for place in rewritten)
    assert kinds[:2] == ["found", "archived"]


async def test_a_thread_that_went_while_no_server_ran_is_told_as_removed(tmp_path: Path) -> None:
    path = write(tmp_path, meta() + said("hello"))
    async with served(tmp_path) as (_, client):
        await client.call("threadStore/subscribe", position="beginning")
        await settled(client, {NAME: 2})
    path.unlink()
    async with served(tmp_path) as (_, again):
        await again.call("threadStore/subscribe", position=client.changes()[-1]["position"])
        await again.until(lambda: told(again) == [("removed", NAME, None, None)])


# -- subscriptions ----------------------------------------------------------------------------


async def test_a_client_goes_on_from_every_position(tmp_path: Path) -> None:
    chance = Random(7)
    async with served(tmp_path) as (_, client):
        await client.call("threadStore/subscribe", position="beginning")
        counts: dict[str, int] = {}
        for number in range(12):
            of = thread(chance.randrange(3))
            data = said(str(number)) * chance.randrange(1, 4)
            known = counts.get(str(of), 0)
            write(tmp_path, data if known else meta(of) + data, of)
            counts[str(of)] = known + data.count(b"\n") + (not known)
            await settled(client, counts)
        whole = client.changes()
        for at, shown in enumerate(whole[:-1]):
            client.told.clear()
            begun = await client.call("threadStore/subscribe", position=shown["position"])
            assert begun["position"] == shown["position"]
            await client.until(lambda at=at: len(client.changes()) == len(whole) - at - 1)  # type: ignore[misc]
            rest = client.changes()
            assert [one["position"] for one in rest] == [one["position"] for one in whole[at + 1 :]]
            assert [one["change"] for one in rest] == [one["change"] for one in whole[at + 1 :]]
            await client.call("threadStore/unsubscribe", subscriptionId=begun["subscriptionId"])


async def test_nothing_is_told_after_unsubscribing(tmp_path: Path) -> None:
    write(tmp_path, meta())
    async with served(tmp_path) as (service, client):
        other = await ServedClient(service).greet()
        mine = await client.call("threadStore/subscribe", position="beginning")
        theirs = await other.call("threadStore/subscribe", position="beginning")
        await settled(client, {NAME: 1})
        unsubscribe = "threadStore/unsubscribe"
        told_of = {"subscriptionId": mine["subscriptionId"]}
        assert await other.call(unsubscribe, **told_of) == {"status": "notSubscribed"}
        assert await client.call(unsubscribe, **told_of) == {"status": "unsubscribed"}
        assert await client.call(unsubscribe, **told_of) == {"status": "notSubscribed"}
        write(tmp_path, said("more"))
        await settled(other, {NAME: 2})
        assert theirs["subscriptionId"] != mine["subscriptionId"]
        assert len(client.changes()) == 1


async def test_a_connection_that_ends_takes_its_subscriptions_with_it(tmp_path: Path) -> None:
    async with served(tmp_path) as (service, client):
        for _ in range(SUBSCRIPTIONS_MAX):
            await client.call("threadStore/subscribe")
        with pytest.raises(Refused, match=f"at most {SUBSCRIPTIONS_MAX} subscriptions"):
            await client.call("threadStore/subscribe")
        client.connection.close()
        assert not service.context.engine.feed._subscriptions


async def test_a_slow_client_is_told_no_more_than_it_takes(tmp_path: Path) -> None:
    """One notification a time is let through; meanwhile nothing waits for this client in memory."""
    write(tmp_path, meta())
    gate = asyncio.Semaphore(1)

    async def wait_for_room() -> None:
        await gate.acquire()

    async with served(tmp_path) as (service, slow):
        quick = await ServedClient(service).greet()
        slow.connection.wait_for_room = wait_for_room
        await slow.call("threadStore/subscribe", position="beginning")
        await quick.call("threadStore/subscribe", position="beginning")
        for number in range(9):
            write(tmp_path, said(str(number)))
            await settled(quick, {NAME: number + 2})
        assert len(slow.changes()) == 1
        for count in range(2, len(quick.changes()) + 1):
            gate.release()
            await slow.until(lambda count=count: len(slow.changes()) == count)  # type: ignore[misc]
    assert [one["position"] for one in slow.changes()] == [one["position"] for one in quick.changes()]


# -- positions that are no more ---------------------------------------------------------------


@pytest.mark.parametrize("position", ["", "7", "beginning ", "x" * 16 + "-1", "0" * 16 + "-01", "0" * 16])
async def test_what_is_no_position_is_refused(tmp_path: Path, position: str) -> None:
    async with served(tmp_path) as (_, client):
        with pytest.raises(Refused, match="invalid position: ") as refused:
            await client.call("threadStore/subscribe", position=position)
    assert (refused.value.code, refused.value.data) == (-32600, None)


async def test_positions_of_a_deleted_index_are_gone(tmp_path: Path) -> None:
    write(tmp_path, meta())
    async with served(tmp_path) as (_, client):
        await client.call("threadStore/subscribe", position="beginning")
        await settled(client, {NAME: 1})
        position = client.changes()[-1]["position"]
        for path in (tmp_path / "threadstore").glob("index.sqlite*"):
            path.unlink()
        with pytest.raises(Refused, match=f"position {position} is gone") as refused:
            await client.call("threadStore/subscribe", position=position)
        assert (refused.value.code, refused.value.data) == (-32600, {"reason": "position_gone"})
        write(tmp_path, said("a write that has the new index met"))
        await client.until(lambda: bool(client.params("threadStore/subscriptionEnded")))
        assert client.params("threadStore/subscriptionEnded")[0]["reason"] == "position_gone"
        client.told.clear()
        await client.call("threadStore/subscribe", position="beginning")
        await settled(client, {NAME: 2})


async def test_a_position_of_the_same_index_that_was_never_given_is_gone(tmp_path: Path) -> None:
    async with served(tmp_path) as (_, client):
        head = (await client.call("threadStore/subscribe"))["position"]
        ahead = f"{head.rpartition('-')[0]}-1000"
        with pytest.raises(Refused, match="is gone"):
            await client.call("threadStore/subscribe", position=ahead)


# -- under load -------------------------------------------------------------------------------

APPENDER = """
import random, sys
line, count, *paths = sys.argv[1:]
for number in range(int(count)):
    with open(random.choice(paths), "ab", buffering=0) as file:
        file.write(line.encode() + b"\\n")
"""


async def appender(name: str, count: int, paths: Sequence[Path]) -> None:
    """Another program that appends without any lock, a line with one write."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", APPENDER, said(name).decode().strip(), str(count), *map(str, paths)
    )
    assert await process.wait() == 0


async def commander(client: Client, name: str, count: int, names: Sequence[str]) -> None:
    """Append by commands."""
    chance = Random(name)
    for number in range(count):
        payload = {"type": "user_message", "message": f"{name} {number}"}
        items = [{"type": "event_msg", "payload": payload}] * chance.randint(1, 3)
        await client.call("threadStore/append", threadId=chance.choice(names), items=items)


def counts_of(paths: dict[str, Path]) -> dict[str, int]:
    """The lines that are in the files."""
    return {name: path.read_bytes().count(b"\n") for name, path in paths.items()}


async def test_each_line_is_told_once_whoever_writes_and_however_often_the_server_dies(
    tmp_path: Path,
) -> None:
    paths = {str(thread(n)): write(tmp_path, meta(thread(n)), thread(n)) for n in range(3)}
    names = list(paths)
    other = await ProcessClient.start(tmp_path)
    writers = [
        asyncio.create_task(appender("outside", 150, list(paths.values()))),
        asyncio.create_task(commander(other, "command", 150, names)),
    ]
    changes: list[Json] = []
    position = "beginning"
    for _ in range(4):
        client = await ProcessClient.start(tmp_path)
        await client.call("threadStore/subscribe", position=position)
        await client.until(lambda client=client: len(client.changes()) >= 5)  # type: ignore[misc]
        await client.kill()
        changes += client.changes()
        position = changes[-1]["position"]
    await asyncio.gather(*writers)
    await other.kill()
    write(tmp_path, said("while no server ran"), thread(1))
    last = await ProcessClient.start(tmp_path)
    await last.call("threadStore/subscribe", position=position)
    await settled(last, counts_of(paths), changes)
    await last.kill()
    told_positions = [shown["position"] for shown in [*changes, *last.changes()]]
    assert len(told_positions) == len(set(told_positions))
