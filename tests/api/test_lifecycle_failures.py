"""Commands that the disk refuses leave nothing behind, and the next one succeeds."""

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from rollout.writing import storage
from tests.api.clients import Refused
from tests.api.lifecycle import ID, Ear, Json, ear_on, laid, message, rollouts
from tests.conformance.compare import differences

COMMANDS: dict[str, Json] = {
    "thread/inject_items": {"items": [message("late")]},
    "thread/name/set": {"name": "late"},
    "thread/metadata/update": {"gitInfo": {"branch": "late"}},
    "thread/memoryMode/set": {"mode": "disabled"},
    "thread/rollback": {"numTurns": 1},
    "thread/goal/set": {"objective": "late"},
    "thread/fork": {},
}


@contextmanager
def full_disk() -> Iterator[None]:
    """No byte more can be written."""

    def refuse(descriptor: int, data: memoryview) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(storage, "write", refuse)
        yield


def logs(home: Path) -> dict[str, bytes]:
    """What every log of a home holds."""
    places = [*rollouts(home), home / "session_index.jsonl", *(home / "threadstore_events").glob("*")]
    return {str(path): path.read_bytes() for path in places if path.exists()}


@pytest.mark.parametrize("method", COMMANDS)
async def test_on_a_full_disk_a_command_fails_and_succeeds_once_there_is_room(
    method: str, tmp_path: Path
) -> None:
    laid(tmp_path)
    before = logs(tmp_path)
    async with ear_on(tmp_path, goals=True) as ear:
        await ear.call("thread/resume", threadId=ID)
        with full_disk(), pytest.raises(Refused, match="No space left on device") as refusal:
            await ear.call(method, threadId=ID, **COMMANDS[method])
        assert refusal.value.code == -32603
        assert logs(tmp_path) == before
        await ear.call(method, threadId=ID, **COMMANDS[method])
    assert logs(tmp_path) != before


async def test_a_started_thread_is_stored_once_there_is_room(tmp_path: Path) -> None:
    async with ear_on(tmp_path) as ear:
        thread_id = (await ear.call("thread/start"))["thread"]["id"]
        with full_disk(), pytest.raises(Refused, match="No space left on device"):
            await ear.call("thread/name/set", threadId=thread_id, name="first")
        assert logs(tmp_path) == {}
        await ear.call("thread/name/set", threadId=thread_id, name="second")
        assert (await ear.call("thread/read", threadId=thread_id))["thread"]["name"] == "second"
    assert len(rollouts(tmp_path)) == 1


async def test_archiving_onto_an_existing_file_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    path = laid(tmp_path)
    taken = tmp_path / "archived_sessions" / path.name
    taken.parent.mkdir()
    taken.write_bytes(b"of somebody\n")
    before = logs(tmp_path)
    async with ear_on(tmp_path) as ear:
        with pytest.raises(Refused):
            await ear.call("thread/archive", threadId=ID)
        assert logs(tmp_path) == before
        assert await listed(ear) == [ID]
        taken.unlink()
        await ear.call("thread/archive", threadId=ID)
        assert await listed(ear) == []


async def listed(ear: Ear) -> list[str]:
    """The ids of the live threads."""
    return [thread["id"] for thread in (await ear.call("thread/list"))["data"]]


async def everything(ear: Ear) -> list[Any]:
    """Answers that the index has a hand in; lists know later git facts once the thread was looked at."""
    return [
        await ear.call("thread/read", threadId=ID, includeTurns=True),
        await ear.call("thread/turns/list", threadId=ID),
        await ear.call("thread/goal/get", threadId=ID),
        await ear.call("thread/list"),
        await ear.call("thread/list", useStateDbOnly=True),
        await ear.call("thread/list", archived=True),
        await ear.call("thread/loaded/list"),
    ]


async def test_deleting_the_index_of_a_running_service_changes_no_answer(tmp_path: Path) -> None:
    laid(tmp_path)
    async with ear_on(tmp_path, goals=True) as ear:
        await ear.call("thread/resume", threadId=ID)
        for method, params in COMMANDS.items():
            await ear.call(method, threadId=ID, **params)
        other = (await ear.call("thread/fork", threadId=ID))["thread"]["id"]
        await ear.call("thread/archive", threadId=other)
        before = await everything(ear)
        shutil.rmtree(tmp_path / "threadstore")
        assert set(await listed(ear)) == {thread["id"] for thread in before[3]["data"]}
        assert list(differences(before, await everything(ear))) == []
        shutil.rmtree(tmp_path / "threadstore")
        await ear.call("thread/inject_items", threadId=ID, items=[message("more")])
        await ear.call("thread/unarchive", threadId=other)
        assert other in await listed(ear)
