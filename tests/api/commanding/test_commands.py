"""Commands from the event loop: saved together, each answered for itself, never written twice."""

import asyncio
import errno
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest

from api.commanding.commands import Commands
from api.commanding.store import open_store
from api.indexing.index_view import IndexView
from domain.durability import Durability
from domain.errors import AppendFailed, ShuttingDown, ThreadNotFound, TooFewTurns
from domain.thread.application import ThreadStore
from domain.thread.thread import Thread
from rollout.finding.home import Home
from rollout.finding.paths import ThreadPaths
from rollout.writing import storage
from tests.home import THREAD, TIME, IndexedHome, event, meta

OTHERS = [UUID(int=THREAD.int + number) for number in range(1, 9)]

HEAD = json.loads(meta(THREAD))["payload"]


@pytest.fixture
def home(tmp_path: Path) -> Iterator[IndexedHome]:
    """A home with one thread of one line."""
    made = IndexedHome(tmp_path)
    made.write(meta(THREAD))
    yield made
    made.close()


@pytest.fixture
def store(home: IndexedHome) -> Iterator[ThreadStore]:
    """The home's threads, whose writes wait for the disk."""
    view = IndexView(home.store.path)
    made = open_store(Home.at(home.root), view, Durability.DISK)
    yield made
    made.close()
    view.close()


class Syncs:
    """Counts the waits for the disk, and waits for none; the first fails when told to."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.file_count = 0
        self.failure: OSError | None = None
        monkeypatch.setattr(storage, "sync", self.sync)
        monkeypatch.setattr(storage, "sync_folder", lambda path: None)

    def sync(self, descriptor: int) -> None:
        """Counts."""
        self.file_count += 1
        failure, self.failure = self.failure, None
        if failure is not None:
            raise failure


@pytest.fixture(autouse=True)
def syncs(monkeypatch: pytest.MonkeyPatch) -> Syncs:
    return Syncs(monkeypatch)


def say(text: str) -> Callable[[Thread], int]:
    """A command that adds a message and answers its line number."""

    def command(thread: Thread) -> int:
        thread.append([("event_msg", {"type": "user_message", "message": text})], TIME)
        return thread.version

    return command


def said(path: Path | str) -> list[str]:
    """The messages in a file."""
    lines = [json.loads(line) for line in Path(path).read_bytes().splitlines()]
    return [line["payload"]["message"] for line in lines if "message" in line["payload"]]


def refuse(thread: Thread) -> None:
    say("never")(thread)
    raise TooFewTurns


async def test_commands_are_answered_and_saved(home: IndexedHome, store: ThreadStore) -> None:
    commands = Commands(store)
    assert await commands.run(THREAD, say("one")) == 2
    assert await commands.run(THREAD, say("two")) == 3
    assert said(home.path_of()) == ["one", "two"]
    await commands.close()


async def test_a_hundred_commands_at_once_cost_few_waits_for_the_disk(
    home: IndexedHome, store: ThreadStore, syncs: Syncs
) -> None:
    commands = Commands(store)
    found = await asyncio.gather(*[commands.run(THREAD, say(str(number))) for number in range(100)])
    assert found == list(range(2, 102))
    assert said(home.path_of()) == [str(number) for number in range(100)]
    assert syncs.file_count <= 2
    await commands.close()


async def test_a_command_that_fails_fails_alone(home: IndexedHome, store: ThreadStore) -> None:
    commands = Commands(store)
    answers = await asyncio.gather(
        commands.run(THREAD, say("one")),
        commands.run(THREAD, refuse),
        commands.run(THREAD, say("two")),
        return_exceptions=True,
    )
    assert (answers[0], answers[2]) == (2, 3)
    assert isinstance(answers[1], TooFewTurns)
    assert said(home.path_of()) == ["one", "two"]
    await commands.close()


async def test_threads_are_begun_side_by_side(home: IndexedHome, store: ThreadStore) -> None:
    commands = Commands(store)

    def begin(thread_id: UUID) -> Callable[[], Thread]:
        return lambda: Thread.start(thread_id, HEAD | {"id": str(thread_id)}, TIME)

    with pytest.raises(ThreadNotFound):
        await commands.run(OTHERS[0], say("too early"))
    work = [commands.run(one, say("hello"), begin=begin(one)) for one in OTHERS * 3]
    assert await asyncio.gather(*work) == [2] * len(OTHERS) + [3] * len(OTHERS) + [4] * len(OTHERS)
    path_of = ThreadPaths(Home.at(home.root))
    assert [said(path_of(one)) for one in OTHERS] == [["hello"] * 3] * len(OTHERS)
    await commands.close()


async def test_a_wait_for_the_disk_that_fails_leaves_nothing(
    home: IndexedHome, store: ThreadStore, syncs: Syncs
) -> None:
    commands = Commands(store)
    syncs.failure = OSError(errno.EIO, "Input/output error")
    found = await asyncio.gather(
        commands.run(THREAD, say("one")), commands.run(THREAD, say("two")), return_exceptions=True
    )
    assert [(type(one), getattr(one, "data", 0)) for one in found] == [(AppendFailed, None)] * 2
    assert said(home.path_of()) == []
    assert await commands.run(THREAD, say("three")) == 2
    assert said(home.path_of()) == ["three"]
    await commands.close()


async def test_what_cannot_be_undone_is_told_and_the_tail_is_read_again(
    home: IndexedHome, store: ThreadStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(descriptor: int) -> None:
        home.append(event("user_message", message="foreign"))
        raise OSError(errno.EIO, "Input/output error")

    commands = Commands(store)
    with monkeypatch.context() as patch:
        patch.setattr(storage, "sync", fail)
        with pytest.raises(AppendFailed) as failure:
            await commands.run(THREAD, say("one"))
    assert failure.value.data == {"indeterminate": True}
    assert await commands.run(THREAD, say("two")) == 4
    assert said(home.path_of()) == ["one", "foreign", "two"]
    await commands.close()


async def test_who_comes_second_is_saved_behind(home: IndexedHome, store: ThreadStore) -> None:
    commands = Commands(store)
    rivals = iter(["rival one", "rival two"])

    def command(thread: Thread) -> int:
        rival = next(rivals, None)
        if rival is not None:
            home.append(event("user_message", message=rival))
        return say("ours")(thread)

    assert await commands.run(THREAD, command) == 4
    assert said(home.path_of()) == ["rival one", "rival two", "ours"]
    await commands.close()


async def test_closing_saves_what_was_given(home: IndexedHome, store: ThreadStore) -> None:
    commands = Commands(store)
    work = [asyncio.create_task(commands.run(THREAD, say(str(number)))) for number in range(5)]
    await asyncio.sleep(0)
    await commands.close()
    assert [task.result() for task in work] == [2, 3, 4, 5, 6]
    assert said(home.path_of()) == list("01234")
    with pytest.raises(ShuttingDown):
        await commands.run(THREAD, say("late"))
