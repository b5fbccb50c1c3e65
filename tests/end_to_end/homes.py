"""Homes that the tests know every word of."""

import json
import os
from pathlib import Path
from typing import Any
from uuid import UUID

Payload = dict[str, Any]
TIME = "2026-05-01T10:00:00.000Z"
BEGUN_S = 1_777_629_600
LONG_SIZE = 2 * 1024 * 1024
"""Characters of a message that makes an answer of 2 MB."""


def thread_id(number: int) -> str:
    """The id of the thread of this number."""
    return str(UUID(int=0x0196F0AA_0000_7000_8000_000000000000 + number))


def preview(number: int) -> str:
    """What its first message says."""
    return f"question {number} of {thread_id(number)}"


def lay_thread(home: Path, number: int, turns: int = 1, answer: str = "answer") -> Path:
    """A thread of so many turns, made and changed a second after the one before it."""
    begun = f"2026-05-01T10:{number // 60:02}:{number % 60:02}"
    lines = [_meta(number, f"{begun}.000Z")]
    for turn in range(turns):
        question = preview(number) if turn == 0 else f"question {turn}"
        lines += [
            _event("task_started", turn_id=f"turn-{turn}", started_at=BEGUN_S + turn),
            _event("user_message", message=question),
            _event("agent_message", message=f"{answer} {turn}"),
            _event("task_complete", turn_id=f"turn-{turn}", duration_ms=1000),
        ]
    path = (
        home
        / "sessions"
        / "2026"
        / "05"
        / "01"
        / f"rollout-{begun.replace(':', '-')}-{thread_id(number)}.jsonl"
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(lines))
    os.utime(path, (BEGUN_S + number, BEGUN_S + number))
    return path


def lay_threads(home: Path, count: int, turns: int = 1) -> list[str]:
    """So many threads; their ids, the newest first."""
    for number in range(count):
        lay_thread(home, number, turns)
    return [thread_id(number) for number in reversed(range(count))]


def _meta(number: int, begun: str) -> str:
    payload = {
        "id": thread_id(number),
        "timestamp": begun,
        "cwd": "/srv/demo",
        "originator": "tests",
        "cli_version": "0.131.0",
        "source": "cli",
        "model_provider": "openai",
    }
    return _line("session_meta", payload)


def _event(kind: str, **fields: object) -> str:
    return _line("event_msg", {"type": kind, **fields})


def _line(kind: str, payload: Payload) -> str:
    return json.dumps({"timestamp": TIME, "type": kind, "payload": payload}) + "\n"
