"""A conversation as writers write it, to be damaged: its records, and where they stand in its file."""

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

Json = dict[str, Any]

FIRST_ID = 0x0196F0AA_0000_7000_8000_000000000000
TURNS = 3

START, ASK, OUTPUT, ANSWER, DONE = range(5)
"""The records of a turn, in order."""


def thread_id(number: int = 1) -> UUID:
    """The id of the thread of this number; it tells the time 2025-05-21."""
    return UUID(int=FIRST_ID + number)


def dump(value: Json) -> bytes:
    """A record as a line, without line feed."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


@dataclass
class Talk:
    """The records of one thread: a session_meta, then turns of five records; texts are not all ASCII."""

    number: int = 1
    turns: int = TURNS
    records: list[Json] = field(init=False)
    _second: int = 0

    def __post_init__(self) -> None:
        self.records = [self.record("session_meta", self.meta())]
        for turn in range(1, self.turns + 1):
            self.records += self.turn(turn)

    @property
    def id(self) -> UUID:
        """The thread's id."""
        return thread_id(self.number)

    @property
    def name(self) -> str:
        """The file's name."""
        return f"rollout-2025-05-21T08-00-00-{self.id}.jsonl"

    @property
    def file(self) -> str:
        """The file's place below the home."""
        return f"sessions/2025/05/21/{self.name}"

    def meta(self) -> Json:
        """What the first record tells."""
        return {
            "id": str(self.id),
            "timestamp": self.stamp(),
            "cwd": "/srv/demo",
            "originator": "tests",
            "cli_version": "0.131.0",
            "source": "cli",
            "model_provider": "openai",
        }

    def stamp(self) -> str:
        """The time of the next record."""
        self._second += 1
        return f"2025-05-21T08:{self._second // 60:02}:{self._second % 60:02}.000Z"

    def record(self, kind: str, payload: Json) -> Json:
        """A record of this kind."""
        return {"timestamp": self.stamp(), "type": kind, "payload": payload}

    def event(self, kind: str, **fields: object) -> Json:
        """An event."""
        return self.record("event_msg", {"type": kind, **fields})

    def turn(self, number: int) -> list[Json]:
        """The records of one turn."""
        output = {
            "type": "function_call_output",
            "call_id": f"c{number}",
            "output": f'said "{number}" \\ é 測',
        }
        return [
            self.event("task_started", turn_id=f"turn-{number}", started_at=1747814400),
            self.event("user_message", message=f"ask {number} größer 🙂"),
            self.record("response_item", output),
            self.event("agent_message", message=f"answer {number} naïve"),
            self.event(
                "task_complete", turn_id=f"turn-{number}", last_agent_message=f"answer {number} naïve"
            ),
        ]

    def lines(self) -> list[bytes]:
        """The lines, without line feeds."""
        return [dump(record) for record in self.records]

    def data(self) -> bytes:
        """The file."""
        return joined(self.lines())


def at(turn: int, part: int) -> int:
    """Where a record of a turn stands among the lines, from 0."""
    return 1 + (turn - 1) * (DONE + 1) + part


def joined(lines: list[bytes]) -> bytes:
    """The lines of a file."""
    return b"".join(line + b"\n" for line in lines)


def write(home: Path, file: str, data: bytes) -> Path:
    """Puts a file below the home; it was written some time ago."""
    path = home / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    os.utime(path, ns=(1_747_900_000_000_000_000, 1_747_900_000_123_456_789))
    return path
