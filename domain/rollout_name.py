"""Names of rollout files, in the writer's local time.

    rollout-YYYY-MM-DDThh-mm-ss-<thread id>.jsonl               a thread's first log
    rollout-YYYY-MM-DDThh-mm-ss-<thread id>_<rollout id>.jsonl  a further one (dialects.md, section 6)
    ….jsonl.zst                                                 the same, packed (section 8)

A log is always called by its plain name here, also where only its packed file is there.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from domain.times import day_number

HEAD = re.compile(r"rollout-\+?([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2})-([0-9]{2})-([0-9]{2})", re.ASCII)
"""What stands before the last part of a name."""

ENDING = ".jsonl"
PACKED = ".zst"
PACKED_ENDING = f"{ENDING}{PACKED}"

PLAIN = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
PLAIN_UUID = re.compile(PLAIN, re.ASCII | re.IGNORECASE)
SHORT_UUID = re.compile(r"[0-9a-f]{32}", re.ASCII | re.IGNORECASE)
USUAL = re.compile(rf"{HEAD.pattern}-({PLAIN})(?:_({PLAIN}))?\.jsonl", re.ASCII)
"""The spelling in which names are written, which costs one look."""
ANY = rf"{PLAIN}|[0-9a-f]{{32}}"
ANY_LOG = re.compile(rf"({ANY})(?:\}}?_(?:\{{|urn:uuid:)?({ANY}))?", re.ASCII | re.IGNORECASE)
"""A UUID in any name, and that of a further log behind it."""


@dataclass(frozen=True, slots=True)
class RolloutName:
    """What a well-formed name tells: the second of the start (as if it were UTC), the thread and the log.

    The log's id is the thread's for the first log.
    """

    started_s: int
    thread_id: UUID
    rollout_id: UUID


@dataclass(frozen=True, slots=True)
class LogIds:
    """A thread and one of its logs, as a name holds their ids."""

    thread_id: UUID
    rollout_id: UUID


def read_rollout_name(name: str) -> RolloutName | None:
    """What the plain name tells; None for one that no listing would take (thread-list.md, section 1)."""
    usual = USUAL.fullmatch(name)
    if usual is not None:
        *moment, thread_id, rollout_id = usual.groups()
        return _named(moment, UUID(thread_id), UUID(rollout_id or thread_id))
    if not name.endswith(ENDING):
        return None
    split = _shortest_ids(name[: -len(ENDING)])
    head = None if split is None else HEAD.fullmatch(split[0])
    if split is None or head is None:
        return None
    return _named(head.groups(), split[1].thread_id, split[1].rollout_id)


def _named(moment: Sequence[str], thread_id: UUID, rollout_id: UUID) -> RolloutName | None:
    """The name of this moment, thread and log; None when there is no such moment."""
    year, month, day, hour, minute, second = map(int, moment)
    try:
        started = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None
    return RolloutName(int(started.timestamp()), thread_id, rollout_id)


def write_rollout_name(local: datetime, thread_id: UUID, rollout_id: UUID | None = None) -> str:
    """The name of a new file: the start in the writer's local time, the thread, and a further log's id."""
    log = "" if rollout_id in (None, thread_id) else f"_{rollout_id}"
    return f"rollout-{local:%Y-%m-%dT%H-%M-%S}-{thread_id}{log}.jsonl"


def packed_path(path: str) -> str | None:
    """Where the packed file of a log lies, by its path or name; None for what is not named like a log."""
    return f"{path}{PACKED}" if path.endswith(ENDING) else None


def log_path(path: str) -> str:
    """The path or name of the log that a file is of: the same but for a packed one."""
    return path[: -len(PACKED)] if path.endswith(PACKED_ENDING) else path


def folder_day(path: str) -> int:
    """The day that the three folders above a listed file name, as a number (`domain.times.day_number`)."""
    year, month, day = path.rsplit("/", 4)[1:4]
    return day_number(int(year), int(month), int(day))


def _shortest_ids(text: str) -> tuple[str, LogIds] | None:
    """The shortest suffix after a hyphen that is the ids of a log, and what stands before it."""
    at = len(text)
    while (at := text.rfind("-", 0, at)) >= 0:
        found = _written_ids(text[at + 1 :])
        if found is not None:
            return text[:at], found
    return None


def _written_ids(text: str) -> LogIds | None:
    """The ids of a thread and its log, or of a thread alone; None for anything else."""
    thread, separator, log = text.partition("_")
    thread_id = written_uuid(thread)
    rollout_id = written_uuid(log) if separator else thread_id
    return None if thread_id is None or rollout_id is None else LogIds(thread_id, rollout_id)


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


def logs_in(name: str) -> frozenset[LogIds]:
    """Every thread whose id stands in a name, with the log that it names.

    A thread is found under any of the ids; not under one that stands behind another's `_`, which is a log's.
    """
    return frozenset(_log_ids(*found) for found in ANY_LOG.findall(name))


def _log_ids(thread: str, log: str) -> LogIds:
    """The ids as a name spells them, that of the log being '' for the first one."""
    thread_id = UUID(thread)
    return LogIds(thread_id, UUID(log) if log else thread_id)
