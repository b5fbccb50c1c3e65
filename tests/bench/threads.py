"""One generated thread: what it is about, its file, and what is known of it afterwards."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.bench.gibberish import WORDS, Pools, Voice
from tests.bench.turns import Clock, TurnWriter, event

CWDS = tuple(f"/home/dev/{word}" for word in WORDS[10:22])
BUFFER_SIZE = 1 << 20
INSTRUCTIONS_SIZE = 12_000


@dataclass(frozen=True, slots=True)
class Shape:
    """What the turns of a home look like."""

    steps: float = 4.0
    output_max: int = 20_000
    archived: float = 0.05
    named: float = 0.2


@dataclass(frozen=True, slots=True)
class Truth:
    """What is true of a generated thread.

    `path` is relative to the home; `live_turns` are the turns that no rollback took away.
    """

    thread_id: str
    path: str
    turns: int
    live_turns: int
    size: int
    cwd: str
    source: str
    provider: str
    is_archived: bool
    name: str | None
    needle: str
    started_ms: int
    ended_ms: int


class ThreadWriter:
    """Writes one thread to its file."""

    def __init__(self, pieces: Pools, seed: str, started_ms: int, shape: Shape) -> None:
        self.voice = Voice(pieces, seed)
        self.clock = Clock(started_ms)
        self.shape = shape
        self.started_ms = started_ms
        self.thread_id = self.voice.uuid(started_ms)
        self.cwd = self.voice.rng.choice(CWDS)
        self.source = _drawn(self.voice, ("cli", 0.55), ("vscode", 0.85), ("exec", 0.95), ("subagent", 1.0))
        self.provider = _drawn(self.voice, ("openai", 0.85), ("azure", 0.93), ("local", 1.0))
        self.needle = f"needle{self.voice.digits(8)}"
        self.live_turns = 0

    def write(self, home: Path, turns: int, parent_id: str | None = None) -> Truth:
        """Write the file with this many turns; what is true of it."""
        is_archived = self.voice.happens(self.shape.archived)
        if self.source == "subagent" and parent_id is None:
            self.source = "cli"
        name = self.voice.prose(30) if self.voice.happens(self.shape.named) else None
        path = home / self._place(is_archived=is_archived)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb", BUFFER_SIZE) as file:
            for line in self._lines(turns, parent_id):
                file.write(stamped(self.clock, line))
            size = file.tell()
        os.utime(path, ns=(self.clock.now_ms * 1_000_000,) * 2)
        return Truth(
            thread_id=self.thread_id,
            path=str(path.relative_to(home)),
            turns=turns,
            live_turns=self.live_turns,
            size=size,
            cwd=self.cwd,
            source=self.source,
            provider=self.provider,
            is_archived=is_archived,
            name=name,
            needle=self.needle,
            started_ms=self.started_ms,
            ended_ms=self.clock.now_ms,
        )

    def _place(self, *, is_archived: bool) -> str:
        moment = self.clock.iso()[:19].replace(":", "-")
        folder = "archived_sessions" if is_archived else f"sessions/{moment[:10].replace('-', '/')}"
        return f"{folder}/rollout-{moment}-{self.thread_id}.jsonl"

    def _lines(self, turns: int, parent_id: str | None) -> Iterator[str]:
        yield self._meta(parent_id)
        writer = TurnWriter(
            self.voice, self.clock, self.cwd, steps=self.shape.steps, output_max=self.shape.output_max
        )
        marked = self.voice.between(0, turns)
        for number in range(turns):
            self.clock.sleep(500 + int(self.voice.rng.expovariate(1 / 30_000)))
            yield from writer.turn(
                is_first=number == 0,
                word=self.needle if number == marked else "",
                compacts=number > 3 and self.voice.happens(0.015),
            )
            self.live_turns += 1
            if number and self.voice.happens(0.015):
                self.clock.sleep(900)
                dropped = min(self.live_turns, self.voice.between(1, 4))
                self.live_turns -= dropped
                yield event("thread_rolled_back", f'"num_turns":{dropped}')

    def _meta(self, parent_id: str | None) -> str:
        fields: dict[str, object] = {"id": self.thread_id}
        if parent_id and self.source != "subagent" and self.voice.happens(0.06):
            fields["forked_from_id"] = parent_id
        fields |= {
            "timestamp": self.clock.iso(),
            "cwd": self.cwd,
            "originator": "bench",
            "cli_version": "0.131.0",
            "source": self._source(parent_id),
            "model_provider": self.provider,
            "base_instructions": {"text": json.loads(f'"{self.voice.listing(INSTRUCTIONS_SIZE)}"')},
        }
        if self.voice.happens(0.7):
            fields["git"] = {
                "commit_hash": self.voice.digits(40),
                "branch": self.voice.rng.choice(("main", "next", "fix/paging")),
                "repository_url": f"https://example.invalid/{self.cwd.rpartition('/')[2]}.git",
            }
        return f'"type":"session_meta","payload":{json.dumps(fields, separators=(",", ":"))}}}'

    def _source(self, parent_id: str | None) -> object:
        if self.source != "subagent":
            return self.source
        spawn: dict[str, object] = {"parent_thread_id": parent_id, "depth": 1, "agent_path": None}
        spawn |= {"agent_nickname": self.voice.rng.choice(WORDS).title(), "agent_role": "explorer"}
        return {"subagent": {"thread_spawn": spawn}}


def stamped(clock: Clock, line: str) -> bytes:
    """The line as it stands in the file: with the time, and its line feed."""
    return f'{{"timestamp":"{clock.iso()}",{line}\n'.encode()


def further_turn(pieces: Pools, seed: str, truth: Truth, shape: Shape, number: int) -> bytes:
    """One more turn for a thread, as another program would append it."""
    clock = Clock(truth.ended_ms + 60_000 * (number + 1))
    voice = Voice(pieces, f"{seed} further {number}")
    writer = TurnWriter(voice, clock, truth.cwd, steps=shape.steps, output_max=shape.output_max)
    return b"".join(stamped(clock, line) for line in writer.turn())


def _drawn(voice: Voice, *choices: tuple[str, float]) -> str:
    drawn = voice.random()
    return next(name for name, share in choices if drawn < share)
