"""A fork of a paginated thread goes on from its log, and shows its turns."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from domain.limits import BASES_MAX
from rollout.writing import storage
from rollout.writing.packing import pack
from tests.api.clients import Refused
from tests.api.lifecycle import ID, Ear, ear_on, message, rollouts
from tests.api.paginated import FORK, append, lay, lay_fork, log_of, ordinals, turn, turns, turns_anew
from tests.domain.paginated_log import abort, agent, in_order, paginated_meta, start, tokens, user
from tests.home import THREAD, meta

Json = dict[str, Any]

WHOLE = log_of("one", "two")
COUNT = len(WHOLE)
SIZE = sum(map(len, WHOLE))
OPEN = [*WHOLE, *(line(COUNT + at) for at, line in enumerate([start("3", started_at=5), user("u", "3")]))]
OLDER = "019a0000-0000-7000-8000-000000000001"


def lines_of(thread: Json) -> list[Json]:
    """The lines of a thread's log."""
    return [json.loads(raw) for raw in Path(thread["path"]).read_bytes().splitlines()]


def base_of(thread: Json) -> Json | None:
    """What its log goes on from."""
    base: Json | None = lines_of(thread)[0]["payload"].get("history_base")
    return base


async def fork_of(ear: Ear, **params: object) -> Json:
    """A fork."""
    thread: Json = (await ear.call("thread/fork", **params))["thread"]
    return thread


def lay_with_base(home: Path) -> Path:
    lay(home, WHOLE)
    return lay_fork(home, WHOLE, turn("3"))


def lay_bare_fork(home: Path) -> Path:
    lay(home, WHOLE)
    return lay_fork(home, WHOLE)


def lay_archived(home: Path) -> Path:
    return lay(home, WHOLE, folder=Path("archived_sessions"))


def lay_packed(home: Path) -> Path:
    path = lay(home, WHOLE)
    pack(str(path))
    return path


def lay_reverted(home: Path) -> Path:
    """A thread of two logs, the later of which holds the last turn."""
    first = lay(home, log_of("one", "gone"))
    base = {"thread_id": ID, "end_ordinal_exclusive": 6, "end_byte_offset": 0}
    base["end_byte_offset"] = sum(map(len, log_of("one")))
    later = first.with_name(f"rollout-2026-05-01T11-00-00-{ID}_{OLDER}.jsonl")
    lines = [paginated_meta(6, history_base=base), *in_order(turn("two"), first=7)]
    later.write_bytes(b"".join(lines))
    return later


SOURCES: dict[str, tuple[Callable[[Path], Path], str, str]] = {
    "plain": (lambda home: lay(home, WHOLE), ID, ID),
    "lines behind that do not count": (
        lambda home: lay(home, [*WHOLE, tokens(3), b"torn", b"\n", b"torn"]),
        ID,
        ID,
    ),
    "a last line without line feed": (lambda home: lay(home, [*WHOLE, tokens(COUNT)[:-1]]), ID, ID),
    "with a base": (lay_with_base, str(FORK), str(FORK)),
    "a base and nothing else": (lay_bare_fork, str(FORK), str(FORK)),
    "archived": (lay_archived, ID, ID),
    "packed": (lay_packed, ID, ID),
    "reverted": (lay_reverted, ID, OLDER),
}


@pytest.mark.parametrize(("lay_home", "source_id", "rollout_id"), SOURCES.values(), ids=SOURCES)
async def test_a_fork_names_its_source_and_shows_the_same_turns(
    lay_home: Callable[[Path], Path], source_id: str, rollout_id: str, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    path = lay_home(home)
    files = {one: one.read_bytes() for one in home.rglob("rollout-*")}
    async with ear_on(home) as ear:
        source = (await ear.call("thread/read", threadId=source_id, includeTurns=True))["thread"]
        fork = await fork_of(ear, threadId=source_id)
        base = base_of(fork)
        assert base is not None
        assert base["thread_id"] == rollout_id
        assert files == {one: one.read_bytes() for one in files}
        if path.exists():
            taken = path.read_bytes()[: base["end_byte_offset"]]
            last = json.loads(taken.splitlines()[-1])["ordinal"]
            assert base["end_ordinal_exclusive"] == last + 1 == max(ordinals(path)) + 1
        else:
            assert (base["end_ordinal_exclusive"], base["end_byte_offset"]) == (COUNT, SIZE)
        (head,) = lines_of(fork)
        assert head["ordinal"] == head["payload"]["forked_from_ordinal_exclusive"] == last_of(base) + 1
        assert (fork["forkedFromId"], fork["preview"]) == (source_id, source["preview"])
        assert fork["turns"] == source["turns"] != []
        assert await turns(ear, fork["id"]) == fork["turns"]
        listed = (await ear.call("thread/list"))["data"]
        assert fork["id"] in [thread["id"] for thread in listed]
    assert await turns_anew(home, tmp_path / "copy", fork["id"]) == {fork["id"]: source["turns"]}


def last_of(base: Json) -> int:
    """The greatest ordinal that counts of a base."""
    end: int = base["end_ordinal_exclusive"]
    return end - 1


@pytest.mark.parametrize("is_by_path", [False, True])
async def test_a_turn_that_never_ended_is_ended_in_the_fork(
    is_by_path: bool,  # noqa: FBT001
    tmp_path: Path,
) -> None:
    path = lay(tmp_path, OPEN)
    async with ear_on(tmp_path) as ear:
        source = await turns(ear)
        params = {"threadId": ID} | ({"path": str(path)} if is_by_path else {})
        fork = await fork_of(ear, **params)
        _, note, end = lines_of(fork)
        assert note["payload"]["content"][0]["text"].startswith("<turn_aborted>")
        assert end["payload"] == {
            "type": "turn_aborted",
            "turn_id": "3",
            "reason": "interrupted",
            "started_at": 5,
        }
        assert ordinals(Path(fork["path"])) == [len(OPEN), len(OPEN) + 1, len(OPEN) + 2]
        append(path, b"".join(in_order([agent("late", "3"), abort("3")], first=len(OPEN))))
        assert fork["turns"] == source
        assert await turns(ear, fork["id"]) == source
        assert len((await turns(ear))[-1]["items"]) == len(source[-1]["items"]) + 1


async def test_a_fork_of_an_empty_thread_goes_on_from_nothing(tmp_path: Path) -> None:
    lay(tmp_path, WHOLE[:1])
    async with ear_on(tmp_path) as ear:
        fork = await fork_of(ear, threadId=ID)
        (head,) = lines_of(fork)
        assert (head["ordinal"], head["payload"]["history_mode"], base_of(fork)) == (0, "paginated", None)
        assert (fork["turns"], fork["forkedFromId"]) == ([], ID)


async def test_injected_items_alone_make_a_thread_to_go_on_from(tmp_path: Path) -> None:
    lay(tmp_path, WHOLE[:1])
    async with ear_on(tmp_path) as ear:
        await ear.call("thread/resume", threadId=ID)
        await ear.call("thread/inject_items", threadId=ID, items=[message("a")])
        base = base_of(await fork_of(ear, threadId=ID))
        assert base is not None
        assert base["end_ordinal_exclusive"] == 2


async def test_what_comes_later_in_the_source_is_not_in_the_fork_nor_the_other_way(tmp_path: Path) -> None:
    path = lay(tmp_path, WHOLE)
    async with ear_on(tmp_path) as ear:
        fork = await fork_of(ear, threadId=ID)
        append(path, b"".join(in_order(turn("source"), first=COUNT)))
        append(Path(fork["path"]), b"".join(in_order(turn("fork"), first=COUNT + 1)))
        assert [one["id"] for one in await turns(ear)] == ["one", "two", "source"]
        assert [one["id"] for one in await turns(ear, fork["id"])] == ["one", "two", "fork"]
        again = await fork_of(ear, threadId=fork["id"])
        assert [one["id"] for one in again["turns"]] == ["one", "two", "fork"]


async def test_a_fork_can_be_written_to_and_archived(tmp_path: Path) -> None:
    lay(tmp_path, WHOLE)
    async with ear_on(tmp_path) as ear:
        fork = await fork_of(ear, threadId=ID)
        await ear.call("thread/inject_items", threadId=fork["id"], items=[message("a")])
        answer = await ear.call("thread/metadata/update", threadId=fork["id"], gitInfo={"branch": "b"})
        assert answer["thread"]["gitInfo"]["branch"] == "b"
        assert ordinals(Path(fork["path"])) == [COUNT, COUNT + 1, COUNT + 2]
        assert await turns(ear, fork["id"]) == fork["turns"]
        await ear.call("thread/archive", threadId=ID)
        assert await turns(ear, fork["id"]) == fork["turns"]


async def test_an_ephemeral_fork_writes_nothing(tmp_path: Path) -> None:
    lay(tmp_path, OPEN)
    async with ear_on(tmp_path) as ear:
        source = await turns(ear)
        fork = await fork_of(ear, threadId=ID, ephemeral=True)
        assert (fork["path"], fork["turns"]) == (None, source)
        assert len(rollouts(tmp_path)) == 1


async def test_a_fork_of_a_legacy_thread_is_a_copy(tmp_path: Path) -> None:
    lay(tmp_path, [meta(history_mode="legacy"), *log_of("one")[1:]])
    async with ear_on(tmp_path) as ear:
        fork = await fork_of(ear, threadId=ID)
        assert base_of(fork) is None
        assert [line["type"] for line in lines_of(fork)][:2] == ["session_meta", "session_meta"]
        assert "ordinal" not in lines_of(fork)[0]


def lay_outside(home: Path) -> Path:
    """A log outside the home whose base lies in it."""
    lay(home, WHOLE)
    path = lay_fork(home, WHOLE, [*turn("3"), start("4", started_at=5)])
    outside = home.parent / "outside"
    outside.mkdir()
    return path.rename(outside / path.name)


def lay_shadowed(home: Path) -> Path:
    """A log in the home of which another file there is a longer copy."""
    path = lay_fork(home, WHOLE, [*turn("3"), start("4", started_at=5)])
    lay(home, WHOLE)
    copy = path.with_name(path.name.replace("T10", "T11"))
    copy.write_bytes(path.read_bytes() + tokens(COUNT + 20) * 50)
    return path


@pytest.mark.parametrize("lay_home", [lay_outside, lay_shadowed])
async def test_a_log_that_cannot_be_named_is_copied_with_all_that_it_goes_on_from(
    lay_home: Callable[[Path], Path], tmp_path: Path
) -> None:
    home = tmp_path / "home"
    path = lay_home(home)
    append(path, b"torn\n" + tokens(2) + tokens(COUNT + 50))
    async with ear_on(home) as ear:
        fork = await fork_of(ear, threadId=ID, path=str(path))
        assert (base_of(fork), fork["forkedFromId"]) == (None, str(FORK))
        assert [one["id"] for one in fork["turns"]] == ["one", "two", "3", "4"]
        written = ordinals(Path(fork["path"]))
        assert written == list(range(len(written)))
        assert [line["type"] for line in lines_of(fork)].count("session_meta") == 1
        assert lines_of(fork)[-1]["payload"]["turn_id"] == "4"
        original = await fork_of(ear, threadId=ID, path=str(path), ephemeral=True)
        assert original["turns"] == fork["turns"]
        again = await ear.call("thread/resume", threadId=fork["id"])
        assert again["thread"]["turns"] == fork["turns"]


async def test_a_thread_that_goes_on_from_as_many_logs_as_may_be_is_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.commanding.branching.BASES_MAX", 2)
    lay(tmp_path, WHOLE)
    assert BASES_MAX > 2
    async with ear_on(tmp_path) as ear:
        forks = [await fork_of(ear, threadId=ID)]
        for _ in range(3):
            forks.append(await fork_of(ear, threadId=forks[-1]["id"]))
        assert [base_of(fork) is None for fork in forks] == [False, False, True, False]
        assert [fork["turns"] for fork in forks[1:]] == [forks[0]["turns"]] * 3


async def test_a_fork_that_cannot_be_written_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay(tmp_path, WHOLE)
    async with ear_on(tmp_path) as ear:
        await turns(ear)
        monkeypatch.setattr(storage, "write", lambda descriptor, data: os.write(-1, data))
        with pytest.raises(Refused, match="failed to append"):
            await fork_of(ear, threadId=ID)
        assert len(rollouts(tmp_path)) == 1


async def test_a_fork_tells_what_a_copying_fork_tells(tmp_path: Path) -> None:
    lay(tmp_path, WHOLE)
    async with ear_on(tmp_path) as ear:
        heard = await ear.ask("thread/fork", threadId=ID)
        assert heard == ["answer", "thread/started"]
        (started,) = ear.params("thread/started")
        assert started["thread"]["turns"] == []
        assert started["thread"]["forkedFromId"] == str(THREAD)
        without = await fork_of(ear, threadId=ID, excludeTurns=True)
        assert without["turns"] == []
