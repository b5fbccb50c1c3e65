"""Lines for paginated threads: their ordinals go on, whatever stands in the log and whoever writes too."""

import asyncio
import fcntl
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest

from domain.errors import ActiveWriter
from domain.limits import ORDINAL_MAX
from rollout.finding.home import Home
from rollout.writing import storage
from rollout.writing.packing import pack
from tests.api.clients import Refused
from tests.api.commander import store_of
from tests.api.lifecycle import ID, ear_on, message
from tests.api.paginated import FORK, append, lay, lay_fork, log_of, ordinals, turns, turns_anew
from tests.domain.paginated_log import end, start, tokens, user
from tests.home import THREAD, event

NOW = "2026-05-01T12:00:00.000Z"
WHOLE = log_of("one", "two")
LAST = len(WHOLE) - 1
FAR = 10**12


def lay_packed(home: Path) -> Path:
    path = lay(home, WHOLE)
    pack(str(path))
    assert not path.exists()
    return path


def lay_packed_base(home: Path) -> Path:
    pack(str(lay(home, WHOLE)))
    return lay_fork(home, WHOLE)


Laid = Callable[[Path], Path]
HOMES: dict[str, tuple[Laid, UUID, int]] = {
    "whole": (lambda home: lay(home, WHOLE), THREAD, LAST),
    "only a head": (lambda home: lay(home, WHOLE[:1]), THREAD, 0),
    "torn": (lambda home: lay(home, [*WHOLE, b'{"timestamp":"2026-05']), THREAD, LAST),
    "without the last line feed": (lambda home: lay(home, [*WHOLE, tokens(LAST + 1)[:-1]]), THREAD, LAST + 1),
    "damaged last lines": (lambda home: lay(home, [*WHOLE, b"\xff\n", b"no\n", b"\n"]), THREAD, LAST),
    "lines without ordinals": (lambda home: lay(home, [*WHOLE, event("token_count")]), THREAD, LAST),
    "a far too large ordinal": (lambda home: lay(home, [*WHOLE, tokens(FAR), tokens(LAST + 1)]), THREAD, FAR),
    "packed": (lay_packed, THREAD, LAST),
    "a base and nothing else": (lambda home: [lay(home, WHOLE), lay_fork(home, WHOLE)][1], FORK, LAST + 1),
    "a base and a turn": (
        lambda home: [lay(home, WHOLE), lay_fork(home, WHOLE, [start("3"), user("u", "3"), end("3")])][1],
        FORK,
        LAST + 4,
    ),
    "a missing base": (lambda home: lay_fork(home, WHOLE), FORK, LAST + 1),
    "a packed base": (lay_packed_base, FORK, LAST + 1),
}


@pytest.mark.parametrize(("lay_home", "thread_id", "last"), HOMES.values(), ids=HOMES)
async def test_a_service_goes_on_with_the_next_ordinal_and_shows_the_turns_as_before(
    lay_home: Laid, thread_id: UUID, last: int, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    path = lay_home(home)
    name = str(thread_id)
    async with ear_on(home) as ear:
        shown = await turns(ear, name)
        resumed = await ear.call("thread/resume", threadId=name)
        assert resumed["thread"]["turns"] == shown
        await ear.call("thread/inject_items", threadId=name, items=[message("a"), message("b")])
        answer = await ear.call("thread/metadata/update", threadId=name, gitInfo={"branch": "b"})
        assert answer["thread"]["gitInfo"]["branch"] == "b"
        await ear.call("thread/memoryMode/set", threadId=name, mode="disabled")
        await ear.call("thread/name/set", threadId=name, name="named")
        assert ordinals(path)[-4:] == [last + 1, last + 2, last + 3, last + 4]
        read = (await ear.call("thread/read", threadId=name))["thread"]
        assert (read["name"], read["gitInfo"]["branch"]) == ("named", "b")
        assert await turns(ear, name) == shown
    assert b"\n{" in path.read_bytes()
    assert await turns_anew(home, tmp_path / "copy", name) == {name: shown}


@pytest.mark.parametrize("mode", ["reading", "writing"])
@pytest.mark.parametrize(("lay_home", "thread_id", "last"), HOMES.values(), ids=HOMES)
def test_a_store_without_an_index_does_the_same(
    lay_home: Laid, thread_id: UUID, last: int, mode: str, tmp_path: Path
) -> None:
    path = lay_home(tmp_path)
    with store_of(Home.at(tmp_path), mode) as store:
        store.inject(thread_id, [message("a"), message("b")], NOW)
        store.restate_git(thread_id, {"branch": "b"}, NOW)
    assert ordinals(path)[-3:] == [last + 1, last + 2, last + 3]


@pytest.mark.parametrize("mode", ["reading", "writing"])
def test_a_line_that_another_server_wrote_meanwhile_has_its_ordinal(mode: str, tmp_path: Path) -> None:
    path = lay(tmp_path, WHOLE)
    with store_of(Home.at(tmp_path), mode) as store, store_of(Home.at(tmp_path), "reading") as other:
        loaded = store.thread(THREAD)
        store.inject(THREAD, [message("a")], NOW)
        other.inject(THREAD, [message("b")], NOW)
        append(path, tokens(LAST + 3))
        store.inject(THREAD, [message("c")], NOW)
        assert loaded.version == len(WHOLE)
    assert ordinals(path) == list(range(LAST + 5))


async def test_a_command_that_came_second_is_applied_again_to_the_log_as_it_is_then(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = lay(tmp_path, WHOLE)
    foreign = iter([tokens(LAST + 1)])
    lock = storage.lock

    def overtaken(descriptor: int) -> bool:
        for line in foreign:
            append(path, line)
        return lock(descriptor)

    async with ear_on(tmp_path) as ear:
        await ear.call("thread/resume", threadId=ID)
        monkeypatch.setattr(storage, "lock", overtaken)
        await ear.call("thread/inject_items", threadId=ID, items=[message("a")])
    assert ordinals(path) == list(range(LAST + 3))


async def test_commands_of_two_services_at_once_leave_no_gap(tmp_path: Path) -> None:
    path = lay(tmp_path, WHOLE)
    async with ear_on(tmp_path) as one, ear_on(tmp_path) as other:
        for ear in (one, other):
            await ear.call("thread/resume", threadId=ID)
        await asyncio.gather(
            *(
                ear.call("thread/inject_items", threadId=ID, items=[message(f"{number}")])
                for number in range(10)
                for ear in (one, other)
            )
        )
        assert ordinals(path) == list(range(LAST + 21))
        assert await turns(one) == await turns(other)


async def test_a_rollback_is_refused_before_anything_is_written_or_told(tmp_path: Path) -> None:
    path = lay(tmp_path, WHOLE)
    async with ear_on(tmp_path) as ear:
        await ear.call("thread/resume", threadId=ID)
        before, shown = path.read_bytes(), await turns(ear)
        ear.told.clear()
        with pytest.raises(Refused, match="paginated history") as refusal:
            await ear.call("thread/rollback", threadId=ID, numTurns=1)
        assert refusal.value.code == -32600
        assert (path.read_bytes(), ear.told) == (before, [])
        assert await turns(ear) == shown
        assert (await ear.call("thread/read", threadId=ID))["thread"]["status"] == {"type": "idle"}


async def test_nothing_is_written_where_no_ordinal_is_left(tmp_path: Path) -> None:
    path = lay(tmp_path, [*WHOLE, tokens(ORDINAL_MAX)])
    before = path.read_bytes()
    async with ear_on(tmp_path) as ear:
        await ear.call("thread/resume", threadId=ID)
        with pytest.raises(Refused, match=str(ORDINAL_MAX)):
            await ear.call("thread/inject_items", threadId=ID, items=[message("a")])
    assert path.read_bytes() == before


REFUSED: dict[str, dict[str, object]] = {
    "thread/inject_items": {"items": [message("a")]},
    "thread/metadata/update": {"gitInfo": {"branch": "b"}},
    "thread/memoryMode/set": {"mode": "disabled"},
    "thread/archive": {},
}


@pytest.mark.parametrize("is_paginated", [True, False])
async def test_a_thread_that_another_program_has_loaded_is_not_written_to(
    is_paginated: bool,  # noqa: FBT001
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = lay(tmp_path, WHOLE if is_paginated else [WHOLE[0].replace(b'"paginated"', b'"legacy"')])
    locks = Home.at(tmp_path).thread_locks
    locks.mkdir()
    monkeypatch.setattr(storage, "pause", lambda seconds: None)
    refusal = str(ActiveWriter(f"thread {ID}"))
    async with ear_on(tmp_path) as ear:
        await ear.call("thread/resume", threadId=ID)
        with (locks / f"{ID}.lock").open("a") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            before = path.read_bytes()
            for method, params in REFUSED.items():
                with pytest.raises(Refused, match=refusal) as failure:
                    await ear.call(method, threadId=ID, **params)
                assert failure.value.code == -32600
            assert path.read_bytes() == before
            assert (await ear.call("thread/fork", threadId=ID))["thread"]["forkedFromId"] == ID
        await ear.call("thread/archive", threadId=ID)
    assert sorted(path.name for path in locks.iterdir()) == [".coordination.lock"]
