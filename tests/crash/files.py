"""The files of a home, read strictly: each line one JSON value, or what is left of one that was cut off."""

import json
from pathlib import Path

from tests.conformance.values import Json, JsonObject, as_list, as_object
from tests.crash.ledger import Record, mark

BEGINNINGS = (b'{"timestamp":', b'{"id":', b'{"type":')
"""How lines of ours begin."""

ABORTED = "<turn_aborted>"


def lines_of(data: bytes) -> tuple[list[JsonObject], list[bytes]]:
    """The values of the whole lines, and the lines that are torn; no line may hold two records."""
    values, torn = [], []
    for line in data.splitlines():
        value = _value(line)
        if value is None:
            assert sum(line.count(beginning) for beginning in BEGINNINGS[:1]) <= 1, (
                f"two in one: {line[:200]!r}"
            )
            torn.append(line)
        else:
            values.append(value)
    return values, torn


def records_of(values: list[JsonObject]) -> list[Record]:
    """The records behind the head that a ledger knows of."""
    found = (_record(str(value["type"]), as_object(value["payload"])) for value in values[1:])
    return [record for record in found if record is not None]


def rollouts(home: Path) -> dict[str, list[Path]]:
    """The rollout files of a home, by thread id."""
    found: dict[str, list[Path]] = {}
    for folder in ("sessions", "archived_sessions"):
        for path in sorted((home / folder).rglob("rollout-*.jsonl")):
            found.setdefault(path.stem[-36:], []).append(path)
    return found


def _value(line: bytes) -> JsonObject | None:
    try:
        value: Json = json.loads(line, object_pairs_hook=_once)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def _once(pairs: list[tuple[str, Json]]) -> JsonObject:
    found = dict(pairs)
    assert len(found) == len(pairs), f"a key stands twice: {pairs!r}"[:400]
    return found


def _record(kind: str, payload: JsonObject) -> Record | None:
    if kind == "session_meta":
        return meta_record(as_object(payload.get("git")).get("branch"), payload.get("memory_mode"))
    name = str(payload["type"])
    if kind == "response_item":
        text = str(as_object(as_list(payload["content"])[0])["text"])
        return None if text.startswith(ABORTED) else (name, mark(text))
    if name in ("user_message", "agent_message"):
        return name, mark(str(payload["message"]))
    if name in ("task_started", "task_complete"):
        return name, str(payload["turn_id"])
    return (name, str(payload["num_turns"])) if name == "thread_rolled_back" else None


def meta_record(branch: Json, mode: Json) -> Record:
    """The record of a session_meta line that tells these."""
    return "session_meta", f"{branch}/{mode}"
