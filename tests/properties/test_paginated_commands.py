"""Commands on paginated threads that another program writes too: ordinals stay in order, and nothing is lost.

The other writer is one that knows the dialect, and now and then one that damages the log. Whatever they do,
lines of ours go on from the greatest ordinal that counts, without a gap, and what a server shows that saw it
all is what one shows that comes later and knows nothing.
"""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollout.writing import storage
from rollout.writing.packing import pack
from tests.api.lifecycle import ID, Ear, ear_on, message
from tests.api.paginated import FORK, append, lay, lay_fork, log_of, turn, turns, turns_anew
from tests.domain.paginated_log import Numbered, agent, start, tokens
from tests.home import event
from tests.properties.scale import examples

Json = dict[str, Any]

OURS: dict[str, tuple[str, Json, int]] = {
    "inject": ("thread/inject_items", {"items": [message("a"), message("b")]}, 2),
    "git": ("thread/metadata/update", {"gitInfo": {"branch": "b"}}, 1),
    "memory": ("thread/memoryMode/set", {"mode": "disabled"}, 1),
}
"""Commands that add lines: how they are asked for, and how many lines they add."""

DAMAGE = {
    "torn": b'{"timestamp":"2026-05-01T10:00:00.000Z","ordinal":3,"type":"ev',
    "garbage": b"\xff\x00garbage\n",
    "small": tokens(1),
    "unnumbered": event("task_complete", turn_id="one"),
}
"""What programs leave in a log that break off, or know nothing of ordinals."""

KINDS = (*OURS, *DAMAGE, "jump", "turn", "open turn", "late item", "fork", "archive", "pack", "read")
STEPS = st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 9)), min_size=3, max_size=14)


def counted(path: Path) -> Iterator[int]:
    """The ordinals that count of a log, all of whose lines with one are whole and right."""
    last = -1
    for raw in path.read_bytes().split(b"\n"):
        try:
            ordinal = json.loads(raw).get("ordinal")
        except ValueError:
            continue
        if ordinal is not None and ordinal > last:
            last = ordinal
            yield ordinal


class World:
    """A home, a client of ours, and another program that writes."""

    def __init__(self, home: Path, ear: Ear) -> None:
        self.home = home
        self.ear = ear
        self.threads = [ID, str(FORK)]
        self._turns = 0

    def path(self, thread_id: str) -> Path:
        """Where a thread's plain log is, or is to be restored."""
        (found,) = (path for path in self.home.rglob("rollout-*") if thread_id in path.name)
        return found.with_name(found.name.removesuffix(".zst"))

    async def step(self, kind: str, choice: int) -> None:
        """One step, with one of the threads."""
        thread_id = self.threads[choice % len(self.threads)]
        path = self.path(thread_id)
        if kind in OURS:
            await self._ours(kind, thread_id, path)
        elif kind == "fork":
            fork = (await self.ear.call("thread/fork", threadId=thread_id))["thread"]
            assert fork["turns"] == await turns(self.ear, thread_id)
            self.threads.append(fork["id"])
        elif kind == "archive":
            await self._move(thread_id, path)
        elif kind == "read":
            await turns(self.ear, thread_id)
        elif path.exists():
            self._foreign(kind, path)

    async def _ours(self, kind: str, thread_id: str, path: Path) -> None:
        """A command: its lines go on from the greatest ordinal, and no turn changes."""
        method, params, count = OURS[kind]
        if "archived_sessions" in path.parts:
            return
        before = await turns(self.ear, thread_id)
        await self.ear.call("thread/resume", threadId=thread_id)
        restored = list(counted(path)) if path.exists() else None
        await self.ear.call(method, threadId=thread_id, **params)
        after = list(counted(path))
        known = after[:-count] if restored is None else restored
        assert after == [*known, *range(known[-1] + 1, known[-1] + 1 + count)]
        assert await turns(self.ear, thread_id) == before

    async def _move(self, thread_id: str, path: Path) -> None:
        is_archived = "archived_sessions" in path.parts
        if not is_archived:
            await self.ear.call("thread/archive", threadId=thread_id)
        elif await turns(
            self.ear, thread_id
        ):  # one without a user message is moved and answered with an error
            await self.ear.call("thread/unarchive", threadId=thread_id)

    def _foreign(self, kind: str, path: Path) -> None:
        """The other program: whatever it writes of its own begins on a new line, and has the next ordinal."""
        if kind == "pack":
            pack(str(path))
            return
        whole = b"" if path.read_bytes().endswith(b"\n") else b"\n"
        if kind in DAMAGE:
            append(path, whole + DAMAGE[kind])
            return
        self._turns += 1
        name = f"turn {self._turns}"
        written: dict[str, list[Numbered]] = {
            "turn": turn(name),
            "open turn": [start(name, started_at=3), agent("a", name)],
            "late item": [agent(f"late {name}", "one")],
            "jump": [tokens],
        }
        lines = written[kind]
        first = max(counted(path)) + (1000 if kind == "jump" else 1)
        append(path, whole + b"".join(line(first + at) for at, line in enumerate(lines)))


async def work(folder: Path, steps: list[tuple[str, int]]) -> None:
    """All steps, then a look by somebody who was not there."""
    home = folder / "home"
    lay(home, log_of("one", "two"))
    lay_fork(home, log_of("one", "two"), turn("3"))
    async with ear_on(home) as ear:
        world = World(home, ear)
        for kind, choice in steps:
            await world.step(kind, choice)
        shown = {thread_id: await turns(ear, thread_id) for thread_id in world.threads}
    assert await turns_anew(home, folder / "copy", *shown) == shown


@examples(25)
@given(STEPS)
def test_ordinals_stay_in_order_and_what_is_shown_is_what_a_fresh_index_shows(
    steps: list[tuple[str, int]],
) -> None:
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(storage, "pause", lambda seconds: None)  # nobody is about to end a torn line
        asyncio.run(work(Path(folder), steps))
