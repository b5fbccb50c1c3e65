"""What a rollout's place and name tell, and where it should be: below the home, by texts alone."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from domain.damage.finding import DamageClass
from domain.damage.head import Named
from domain.rollout_name import (
    ENDING,
    LogIds,
    log_path,
    logs_in,
    read_rollout_name,
    write_rollout_name,
)
from domain.times import NANOSECONDS, read_time_ns, write_milliseconds

ACTIVE, ARCHIVED = "sessions", "archived_sessions"

_DAY = re.compile(r"\+?[0-9]+/\+?[0-9]+/\+?[0-9]+", re.ASCII)
_TIME = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2})-([0-9]{2})-([0-9]{2})", re.ASCII)
DAY_S = 24 * 3600
ZONE_S = 900
"""Time zones differ by multiples of a quarter of an hour."""
SLACK_S = 5
"""A name is made this much before or after its session_meta at most."""
VERSION_WITH_TIME = 7


@dataclass(frozen=True, slots=True)
class PlaceFault:
    """What is wrong with a place or a name, and the path below the home where the file should be."""

    damage: DamageClass
    target: str | None = None


def name_of(file: str) -> str:
    """The last part of a path."""
    return file.rpartition("/")[2]


def looks_like_rollout(name: str) -> bool:
    """Whether a name says that the file is a rollout, be it misspelt."""
    return name.startswith("rollout") or bool(logs_in(name))


def log_ids(name: str) -> LogIds | None:
    """The thread and the log that the name tells; None when it tells none, or several."""
    told = read_rollout_name(log_path(name))
    if told is not None:
        return LogIds(told.thread_id, told.rollout_id)
    found = logs_in(name)
    return next(iter(found)) if len(found) == 1 else None


def named(file: str) -> Named:
    """What the file's name tells of the thread."""
    name = name_of(file)
    ids = log_ids(name)
    thread_id = None if ids is None else ids.thread_id
    started_s = _name_time_s(name)
    known_s = _id_time_s(thread_id) if ids is not None and ids.rollout_id == thread_id else None
    if known_s is not None and (started_s is None or abs(known_s - started_s) <= DAY_S):
        started_s = known_s
    stamp = None if started_s is None else write_milliseconds(round(started_s * 1000))
    return Named(thread_id, stamp)


def is_well_named(name: str) -> bool:
    """Whether lists take the name for a rollout's."""
    return read_rollout_name(log_path(name)) is not None


def place_faults(file: str, meta_id: UUID | None, meta_time: str | None) -> list[PlaceFault]:
    """What is wrong with the place and the name; the id and the time are those of its session_meta."""
    top, _, rest = file.partition("/")
    folder, _, name = rest.rpartition("/")
    is_placed = not folder if top == ARCHIVED else _DAY.fullmatch(folder) is not None
    if is_placed and is_well_named(name):
        return _notices(folder, name, meta_id, meta_time)
    if not is_well_named(name):
        damage = DamageClass.MISNAMED
    else:
        damage = DamageClass.NESTED_ARCHIVE if top == ARCHIVED else DamageClass.MISPLACED
    target = _target(top, name, meta_id, meta_time) if name.endswith(ENDING) else None
    return [PlaceFault(damage, None if target == file else target)]


def _notices(folder: str, name: str, meta_id: UUID | None, meta_time: str | None) -> list[PlaceFault]:
    faults = []
    told = named(name)
    if meta_id is not None and told.thread_id != meta_id:
        faults.append(PlaceFault(DamageClass.ID_MISMATCH))
    moment = _TIME.search(name)
    if folder and moment and tuple(map(int, folder.split("/"))) != tuple(map(int, moment.groups()[:3])):
        faults.append(PlaceFault(DamageClass.WRONG_DAY))
    if _is_other_time(name, meta_time):
        faults.append(PlaceFault(DamageClass.TIME_MISMATCH))
    if any(character.isupper() for character in name.replace("T", "", 1)):
        faults.append(PlaceFault(DamageClass.NAME_CAPITALS))
    return faults


def _is_other_time(name: str, meta_time: str | None) -> bool:
    """Whether no time zone explains what the name and the session_meta tell."""
    name_s, meta_ns = _name_time_s(name), read_time_ns(meta_time or "")
    if name_s is None or meta_ns is None:
        return False
    apart_s = abs(name_s - meta_ns // NANOSECONDS)
    beside_s = min(apart_s % ZONE_S, ZONE_S - apart_s % ZONE_S)
    return apart_s > DAY_S or beside_s > SLACK_S


def _target(top: str, name: str, meta_id: UUID | None, meta_time: str | None) -> str | None:
    """Where the file should be; None when nothing tells its thread or its time."""
    ids = log_ids(name) or (None if meta_id is None else LogIds(meta_id, meta_id))
    meta_ns = read_time_ns(meta_time or "")
    started_s = _name_time_s(name)
    if started_s is None:
        started_s = _id_time_s(ids.thread_id if ids else None) if meta_ns is None else meta_ns / NANOSECONDS
    if ids is None or started_s is None:
        return None
    started = datetime.fromtimestamp(int(started_s), UTC)
    canonical = name if is_well_named(name) else write_rollout_name(started, ids.thread_id, ids.rollout_id)
    return f"{ARCHIVED}/{canonical}" if top == ARCHIVED else f"{ACTIVE}/{started:%Y/%m/%d}/{canonical}"


def _name_time_s(name: str) -> float | None:
    """The time that stands in a name, as if it were UTC; None for no time, or an impossible one."""
    found = _TIME.search(name)
    if found is None:
        return None
    year, month, day, hour, minute, second = map(int, found.groups())
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=UTC).timestamp()
    except ValueError:
        return None


def _id_time_s(thread_id: UUID | None) -> float | None:
    """The time that the id tells, when it is of the kind that tells one."""
    if thread_id is None or thread_id.version != VERSION_WITH_TIME:
        return None
    return (thread_id.int >> 80) / 1000
