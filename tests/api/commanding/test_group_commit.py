"""Jobs of one key run together and in order, those of different keys side by side."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from threading import Barrier, Event
from uuid import UUID

import pytest

from api.commanding.group_commit import GroupCommit
from domain.durability import Durability
from domain.errors import ShuttingDown
from rollout.finding.home import Home
from rollout.writing import storage
from rollout.writing.naming import NameEntry, append_names

WAIT_S = 20
"""How long a thread waits for what has to happen; it happens at once."""


class Batches:
    """Answers each job with its own name; the first batch waits until it is let go."""

    def __init__(self) -> None:
        self.groups: list[tuple[str, ...]] = []
        self.begun = Event()
        self.go = Event()

    def run(self, key: str, jobs: Sequence[str]) -> list[str | Exception]:
        """Notes the group."""
        self.groups.append(tuple(jobs))
        self.begun.set()
        assert self.go.wait(WAIT_S)
        return [KeyError(job) if job.startswith("bad") else f"{key} {job}" for job in jobs]


@pytest.fixture
def batches() -> Batches:
    return Batches()


@pytest.fixture
def groups(batches: Batches) -> GroupCommit[str, str, str]:
    return GroupCommit(batches.run)


async def begun(batches: Batches) -> None:
    assert await asyncio.to_thread(batches.begun.wait, WAIT_S)


async def test_what_waits_runs_together(batches: Batches, groups: GroupCommit[str, str, str]) -> None:
    first = asyncio.create_task(groups.run("k", "one"))
    await begun(batches)
    rest = [asyncio.create_task(groups.run("k", name)) for name in ("two", "three", "four")]
    await asyncio.sleep(0)
    batches.go.set()
    assert await asyncio.gather(first, *rest) == ["k one", "k two", "k three", "k four"]
    assert batches.groups == [("one",), ("two", "three", "four")]
    await groups.close()


async def test_what_is_asked_for_at_once_is_one_group(
    batches: Batches, groups: GroupCommit[str, str, str]
) -> None:
    batches.go.set()
    await asyncio.gather(*[groups.run("k", str(number)) for number in range(100)])
    assert len(batches.groups) == 1
    await groups.close()


async def test_a_failure_is_told_to_its_own_caller(
    batches: Batches, groups: GroupCommit[str, str, str]
) -> None:
    batches.go.set()
    good, bad = await asyncio.gather(groups.run("k", "one"), groups.run("k", "bad"), return_exceptions=True)
    assert good == "k one"
    assert isinstance(bad, KeyError)
    await groups.close()


async def test_a_batch_that_fails_as_a_whole_is_told_to_all() -> None:
    def fail(key: str, jobs: Sequence[str]) -> list[str | Exception]:
        raise OSError(key)

    groups: GroupCommit[str, str, str] = GroupCommit(fail)
    found = await asyncio.gather(groups.run("k", "one"), groups.run("k", "two"), return_exceptions=True)
    assert [type(one) for one in found] == [OSError, OSError]
    await groups.close()


async def test_different_keys_run_side_by_side() -> None:
    meeting = Barrier(3)

    def meet(key: str, jobs: Sequence[str]) -> list[str | Exception]:
        meeting.wait(WAIT_S)
        return list(jobs)

    groups: GroupCommit[str, str, str] = GroupCommit(meet)
    assert await asyncio.gather(*[groups.run(key, key) for key in "abc"]) == ["a", "b", "c"]
    await groups.close()


async def test_a_caller_that_went_away_takes_back_what_was_not_begun(
    batches: Batches, groups: GroupCommit[str, str, str]
) -> None:
    first = asyncio.create_task(groups.run("k", "one"))
    await begun(batches)
    second, third = (asyncio.create_task(groups.run("k", name)) for name in ("two", "three"))
    await asyncio.sleep(0)
    first.cancel()
    second.cancel()
    await asyncio.sleep(0)
    batches.go.set()
    assert await third == "k three"
    assert batches.groups == [("one",), ("three",)]
    await groups.close()


async def test_closing_finishes_what_waits_and_takes_no_more(
    batches: Batches, groups: GroupCommit[str, str, str]
) -> None:
    first = asyncio.create_task(groups.run("k", "one"))
    await begun(batches)
    second = asyncio.create_task(groups.run("k", "two"))
    await asyncio.sleep(0)
    closing = asyncio.create_task(groups.close())
    await asyncio.sleep(0)
    with pytest.raises(ShuttingDown):
        await groups.run("k", "late")
    batches.go.set()
    await closing
    assert (first.result(), second.result()) == ("k one", "k two")


async def test_a_hundred_names_cost_few_waits_for_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    syncs: list[int] = []
    monkeypatch.setattr(storage, "sync", syncs.append)
    home = Home.at(tmp_path)

    def run(key: Path, entries: Sequence[NameEntry]) -> list[None]:
        assert key == home.names
        append_names(home, entries, Durability.DISK)
        return [None] * len(entries)

    groups: GroupCommit[Path, NameEntry, None] = GroupCommit(run)
    entries = [NameEntry(UUID(int=number), f"name {number}", 0) for number in range(100)]
    await asyncio.gather(*[groups.run(home.names, entry) for entry in entries])
    await groups.close()
    assert len(home.names.read_bytes().splitlines()) == 100
    assert len(syncs) <= 2
