"""Names of rollout files: `rollout-YYYY-MM-DDThh-mm-ss-<uuid>.jsonl`, in the writer's local time."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from domain.times import day_number

HEAD = re.compile(r"rollout-\+?([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2})-([0-9]{2})-([0-9]{2})", re.ASCII)
"""What stands before the last part of a name."""

ENDING = ".jsonl"

PLAIN = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
PLAIN_UUID = re.compile(PLAIN, re.ASCII | re.IGNORECASE)
SHORT_UUID = re.compile(r"[0-9a-f]{32}", re.ASCII | re.IGNORECASE)
USUAL = re.compile(rf"{HEAD.pattern}-({PLAIN})\.jsonl", re.ASCII)
"""The spelling in which names are written, which costs one look."""
ANY_UUID = re.compile(rf"{PLAIN}|[0-9a-f]{{32}}", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class RolloutName:
    """What a well-formed name tells: the second of the start (as if it were UTC) and the thread."""

    started_s: int
    thread_id: UUID


def read_rollout_name(name: str) -> RolloutName | None:
    """What the name tells; None for a name that no listing would take (thread-list.md, section 1)."""
    usual = USUAL.fullmatch(name)
    if usual is not None:
        *moment, thread_id = usual.groups()
        return _named(moment, UUID(thread_id))
    if not name.endswith(ENDING):
        return None
    split = _shortest_uuid(name[: -len(ENDING)])
    head = None if split is None else HEAD.fullmatch(split[0])
    if split is None or head is None:
        return None
    return _named(head.groups(), split[1])


def _named(moment: Sequence[str], thread_id: UUID) -> RolloutName | None:
    """The name of this moment and thread; None when there is no such moment."""
    year, month, day, hour, minute, second = map(int, moment)
    try:
        started = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None
    return RolloutName(int(started.timestamp()), thread_id)


def write_rollout_name(local: datetime, thread_id: UUID) -> str:
    """The name of a new file: the start in the writer's local time, and the thread."""
    return f"rollout-{local:%Y-%m-%dT%H-%M-%S}-{thread_id}.jsonl"


def folder_day(path: str) -> int:
    """The day that the three folders above a listed file name, as a number (`domain.times.day_number`)."""
    year, month, day = path.rsplit("/", 4)[1:4]
    return day_number(int(year), int(month), int(day))


def _shortest_uuid(text: str) -> tuple[str, UUID] | None:
    """The shortest suffix after a hyphen that is a UUID in a usual spelling, and what stands before it."""
    at = len(text)
    while (at := text.rfind("-", 0, at)) >= 0:
        found = written_uuid(text[at + 1 :])
        if found is not None:
            return text[:at], found
    return None


def plain_uuid(text: str) -> UUID | None:
    """The UUID in its hyphenated form; None otherwise."""
    return UUID(text) if PLAIN_UUID.fullmatch(text) else None


def written_uuid(text: str) -> UUID | None:
    """The UUID in a usual spelling: plain, 32 digits, `{plain}`, `urn:uuid:plain`; None otherwise."""
    if SHORT_UUID.fullmatch(text):
        return UUID(text)
    if text.startswith("{") and text.endswith("}"):
        text = text[1:-1]
    elif text.startswith("urn:uuid:"):
        text = text[len("urn:uuid:") :]
    return plain_uuid(text)


def uuids_in(name: str) -> frozenset[UUID]:
    """Every UUID that stands in a name: a thread is found under any of them."""
    return frozenset(UUID(found) for found in ANY_UUID.findall(name))
