"""Packed threads answer as plain ones, and are restored by the first command that writes to them."""

import os
from pathlib import Path
from typing import Any

import pytest

from rollout.writing.packing import pack, unpack
from tests.api.clients import Refused, ServedClient, service_on
from tests.api.lifecycle import ID, Ear, Json, ear_on, laid, message
from tests.rollout.packed.streams import BROKEN, READABLE_AT_FIRST

WRITING: dict[str, Json] = {
    "thread/inject_items": {"items": [message("late")]},
    "thread/metadata/update": {"gitInfo": {"branch": "late"}},
    "thread/memoryMode/set": {"mode": "disabled"},
    "thread/rollback": {"numTurns": 1},
}

NOT_WRITING: dict[str, Json] = {
    "thread/name/set": {"name": "late"},
    "thread/goal/set": {"objective": "late"},
    "thread/fork": {},
    "thread/archive": {},
}


def packed_file_of(path: Path) -> Path:
    """Where its packed file lies."""
    return path.with_name(f"{path.name}.zst")


async def everything(ear: ServedClient) -> list[Any]:
    """What a client sees of the thread."""
    return [
        await ear.call("thread/read", threadId=ID, includeTurns=True),
        await ear.call("thread/turns/list", threadId=ID, itemsView="full"),
        await ear.call("thread/list"),
        await ear.call("thread/list", useStateDbOnly=True),
        await ear.call("thread/list", archived=True),
    ]


async def test_packing_and_unpacking_under_a_running_service_changes_no_answer(tmp_path: Path) -> None:
    path = laid(tmp_path)
    os.utime(path, (1_777_629_600, 1_777_629_600))
    service = service_on(tmp_path)
    client = await ServedClient(service).greet()
    before = await everything(client)
    assert before[2]["data"]
    for change in (pack, unpack, pack):
        change(str(path))
        assert await everything(client) == before
    await service.close()
    service = service_on(tmp_path)
    assert await everything(await ServedClient(service).greet()) == before
    await service.close()
    assert packed_file_of(path).exists()


@pytest.mark.parametrize("method", WRITING)
async def test_a_command_that_writes_to_the_log_restores_it_first(tmp_path: Path, method: str) -> None:
    plain, packed = tmp_path / "plain", tmp_path / "packed"
    for home in (plain, packed):
        path = laid(home)
    before = path.read_bytes()
    pack(str(path))
    answers = []
    for home in (plain, packed):
        async with ear_on(home) as ear:
            await ear.call("thread/resume", threadId=ID)
            await ear.call(method, threadId=ID, **WRITING[method])
            answers.append((await ear.call("thread/turns/list", threadId=ID))["data"])
    assert answers[0] == answers[1]
    assert path.read_bytes().startswith(before)
    assert len(path.read_bytes()) > len(before)
    assert not packed_file_of(path).exists()


@pytest.mark.parametrize("method", NOT_WRITING)
async def test_a_command_that_does_not_write_to_the_log_leaves_it_packed(tmp_path: Path, method: str) -> None:
    path = laid(tmp_path)
    pack(str(path))
    held = packed_file_of(path).read_bytes()
    async with ear_on(tmp_path, goals=True) as ear:
        await ear.call(method, threadId=ID, **NOT_WRITING[method])
        assert (await ear.call("thread/read", threadId=ID))["thread"]["path"].endswith(path.name)
    (left,) = tmp_path.rglob("*.zst")
    assert left.read_bytes() == held


async def test_a_packed_thread_goes_to_the_archive_and_back(tmp_path: Path) -> None:
    path = laid(tmp_path)
    pack(str(path))
    async with ear_on(tmp_path) as ear:
        turns = (await ear.call("thread/turns/list", threadId=ID))["data"]
        await ear.call("thread/archive", threadId=ID)
        assert await ids(ear, archived=True) == [ID]
        assert await ids(ear, archived=False) == []
        assert packed_file_of(tmp_path / "archived_sessions" / path.name).exists()
        await ear.call("thread/unarchive", threadId=ID)
        assert await ids(ear, archived=False) == [ID]
        assert (await ear.call("thread/turns/list", threadId=ID))["data"] == turns
    assert packed_file_of(path).exists()


async def test_all_logs_of_a_thread_are_archived_and_restored_together(tmp_path: Path) -> None:
    first = laid(tmp_path)
    later = first.with_name(first.name.replace("T10", "T11").replace(".jsonl", f"_{ID[:-1]}9.jsonl"))
    later.write_bytes(first.read_bytes().replace(b"ask one", b"ask anew"))
    pack(str(first))
    files = {packed_file_of(first).name, later.name}
    async with ear_on(tmp_path) as ear:
        assert await previews(ear, archived=False) == ["ask anew"]
        await ear.call("thread/archive", threadId=ID)
        assert {path.name for path in (tmp_path / "archived_sessions").iterdir()} == files
        assert await previews(ear, archived=True) == ["ask anew"]
        assert await previews(ear, archived=False) == []
        await ear.call("thread/unarchive", threadId=ID)
        assert {path.name for path in first.parent.iterdir()} == files
        assert await previews(ear, archived=False) == ["ask anew"]
        assert await previews(ear, archived=True) == []


async def previews(ear: Ear, *, archived: bool) -> list[str]:
    """The previews of the threads that are listed."""
    return [thread["preview"] for thread in (await ear.call("thread/list", archived=archived))["data"]]


async def ids(ear: Ear, *, archived: bool) -> list[str]:
    """The ids of the threads that are listed."""
    return [thread["id"] for thread in (await ear.call("thread/list", archived=archived))["data"]]


@pytest.mark.parametrize("name", BROKEN)
async def test_a_packed_thread_that_is_broken_is_an_error_of_its_own(tmp_path: Path, name: str) -> None:
    path = laid(tmp_path)
    data = path.read_bytes()
    other = path.with_name(path.name.replace(ID, ID[:-1] + "2"))
    other.write_bytes(data.replace(ID.encode(), other.stem[-36:].encode()))
    path.unlink()
    packed_file_of(path).write_bytes(BROKEN[name][0](data))
    async with ear_on(tmp_path) as ear:
        listed = await ids(ear, archived=False)
        assert other.stem[-36:] in listed
        assert (ID in listed) == (name in READABLE_AT_FIRST)
        with pytest.raises(Refused) as refusal:
            await ear.call("thread/turns/list", threadId=ID)
        assert refusal.value.code == -32603
        assert await ear.call("thread/turns/list", threadId=other.stem[-36:])
