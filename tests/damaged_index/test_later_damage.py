"""Damage that SQLite meets in the middle of a session: the same request is answered from another index."""

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from api.indexing.readers import Readers
from projections.store import IndexStore
from tests.api.clients import PATIENCE_S, ServedClient, service_on
from tests.api.lasting import Lasting, path_of, thread_id
from tests.damaged_index.answers import answers, difference, index_of, make_home, turn


def malformed() -> sqlite3.DatabaseError:
    """What SQLite says of a page that is none."""
    fault = sqlite3.DatabaseError("database disk image is malformed")
    fault.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
    return fault


def once(work: Callable[..., object]) -> Callable[..., object]:
    """The same, but that the first call meets damage."""
    waiting = [malformed()]

    def done(*arguments: object, **more: object) -> object:
        if waiting:
            raise waiting.pop()
        return work(*arguments, **more)

    return done


@pytest.mark.parametrize("door", [(Readers, "ask"), (IndexStore, "track_folded")], ids=["reader", "writer"])
async def test_damage_met_by_a_request_costs_no_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, door: tuple[type, str]
) -> None:
    make_home(tmp_path)
    async with Lasting(tmp_path, is_lasting=False) as client:
        expected = await answers(client)
        epoch = client.engine.keeper.epoch
        with path_of(tmp_path, 3).open("ab") as file:
            file.write(turn("later"))
        monkeypatch.setattr(*door, once(getattr(*door)))
        got = await answers(client)
        assert client.engine.keeper.epoch == epoch + 1
        assert [each["id"] for each in got["turns of 3"]][-1] == "later"
        del got["turns of 3"], expected["turns of 3"]
        for found in (got, expected):
            for name in ("live", "by update", "search", "known", "of a directory"):
                found[name] = sorted(thread["id"] for thread in found[name])
        assert not difference(got, expected)


async def test_damage_met_in_the_background_is_mended_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_home(tmp_path)
    async with Lasting(tmp_path) as client:
        await client.rested()
        keeper = client.engine.keeper
        epoch = keeper.epoch
        monkeypatch.setattr(IndexStore, "track_folded", once(IndexStore.track_folded))
        with path_of(tmp_path, 3).open("ab") as file:
            file.write(turn("later"))
        await client.soon(lambda _: keeper.epoch == epoch + 1)
        assert (await answers(client))["turns of 3"][-1]["id"] == "later"


async def test_subscribers_of_a_damaged_index_are_told_to_begin_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_home(tmp_path)
    service = service_on(tmp_path)
    client = await ServedClient(service).greet()
    await client.call("threadStore/subscribe", threadId=str(thread_id(3)))
    monkeypatch.setattr(Readers, "ask", once(Readers.ask))
    await client.call("thread/list")
    with path_of(tmp_path, 3).open("ab") as file:
        file.write(turn("later"))
    await client.call("thread/list")
    await client.until(lambda: bool(client.params("threadStore/subscriptionEnded")))
    [ended] = client.params("threadStore/subscriptionEnded")
    assert ended["reason"] == "position_gone"
    await service.close()


async def test_connections_to_an_index_that_was_deleted_are_closed(tmp_path: Path) -> None:
    make_home(tmp_path)
    service = service_on(tmp_path)
    client = await ServedClient(service).greet()
    for _ in range(3):
        await client.call("thread/list")
        index_of(tmp_path).unlink()
    async with asyncio.timeout(PATIENCE_S):
        await client.call("thread/list")
        while deleted_files_open(tmp_path):  # they are closed behind the answer
            await client.call("thread/list")
    await service.close()


def deleted_files_open(folder: Path) -> list[str]:
    """The files of this folder that are open here and have no name any more."""
    found = []
    for descriptor in Path("/proc/self/fd").iterdir():
        with suppress(OSError):
            found.append(str(descriptor.readlink()))
    return [each for each in found if each.startswith(str(folder)) and each.endswith("(deleted)")]
