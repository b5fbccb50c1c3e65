"""What is known of a thread that its log has no line for: its goal, when it was archived, a stand-in preview.

Notes are event-sourced like threads: lines of the same form, with topics of ours (`note:goal_set`), in a
log of their own. A line that does not read as one of them counts as a line and tells nothing.

The place of a thread's file says whether it is archived, whoever moved it; the notes only tell since when.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from types import MappingProxyType
from typing import Any
from uuid import UUID

import orjson

from domain.events import RolloutLine
from domain.notes.goal import Goal, GoalChange, GoalStatus, Payload, changed
from domain.shapes.checks import i64, nullable, one_of, record, string, whole
from domain.times import write_time_ns

GOAL_SET = "note:goal_set"
GOAL_CLEARED = "note:goal_cleared"
ARCHIVED = "note:archived"
UNARCHIVED = "note:unarchived"
NAMED = "note:named"

MILLISECONDS, NANOSECONDS_OF_ONE = 1000, 1_000_000
"""In a second; and in a millisecond."""

_IS_GOAL_SET = record(
    {
        "goal": record(
            {
                "objective": string,
                "status": one_of(*GoalStatus),
                "created_at_s": i64,
                "updated_at_s": i64,
                "token_budget": nullable(whole(1, 2**63 - 1)),
                "tokens_used": i64,
                "time_used_s": i64,
            }
        )
    },
    {"preview": nullable(string)},
)
_IS_ARCHIVED = record({"archived_at_s": i64})


@dataclass(frozen=True, slots=True)
class Noted:
    """What the notes of a thread tell; `archived_at_s` in seconds since 1970.

    `preview` is the objective of the goal that was set while the thread had no preview, and stands for
    title and preview where the log gives none. `is_named`: its name was given through us, and counts also
    where the first text of a thread that begins with a picture would stand for it (case names-image-title).
    """

    goal: Goal | None = None
    archived_at_s: int | None = None
    preview: str | None = None
    is_named: bool = False

    def after(self, line: RolloutLine) -> "Noted":
        """What is known behind one more line."""
        follow = _FOLLOW.get(line.topic)
        return self if follow is None else follow(self, line.payload)


class Notes:
    """The notes of one thread; `version` counts their lines, the added ones included."""

    def __init__(self, thread_id: UUID, version: int = 0, noted: Noted | None = None) -> None:
        self.id = thread_id
        self.version = version
        self.noted = noted or Noted()
        self._pending: list[RolloutLine] = []

    @staticmethod
    def project(notes: "Notes | None", lines: Iterable[RolloutLine]) -> "Notes | None":
        """The notes behind these lines; for `Repository.get`."""
        for line in lines:
            notes = notes or Notes(line.originator_id)
            notes.follow(line)
        return notes

    def follow(self, line: RolloutLine) -> None:
        """Take one more line of the log."""
        self.version = line.originator_version
        self.noted = self.noted.after(line)

    def collect_events(self) -> Sequence[RolloutLine]:
        """The lines that were added since the last time."""
        pending, self._pending = self._pending, []
        return pending

    @property
    def has_pending(self) -> bool:
        """Whether there is anything to save."""
        return bool(self._pending)

    @property
    def goal(self) -> Goal | None:
        """The goal, if there is one."""
        return self.noted.goal

    @property
    def archived_at_s(self) -> int | None:
        """When the thread was archived through us, in seconds since 1970; None while it is not."""
        return self.noted.archived_at_s

    @property
    def preview(self) -> str | None:
        """What stands for a preview that the log does not give."""
        return self.noted.preview

    @property
    def is_named(self) -> bool:
        """Whether the thread was named through us."""
        return self.noted.is_named

    # -- commands; `now_ms` is in milliseconds since 1970 ---------------------------------------

    def set_goal(self, change: GoalChange, now_ms: int, *, has_preview: bool = True) -> Goal:
        """Begin or patch the goal, and give it; the errors are those of `domain.notes.goal.changed`.

        A thread without a preview, be it from its log or from earlier notes, gets the objective as one.
        """
        goal = changed(self.goal, change, self.id, now_ms // MILLISECONDS)
        told: Payload = {"goal": asdict(goal)}
        if not has_preview and self.preview is None:
            told["preview"] = goal.objective
        self._add(GOAL_SET, told, now_ms)
        return goal

    def clear_goal(self, now_ms: int) -> bool:
        """Drop the goal; tells whether there was one."""
        if self.goal is None:
            return False
        self._add(GOAL_CLEARED, {}, now_ms)
        return True

    def archive(self, now_ms: int) -> None:
        """The thread was archived."""
        self._add(ARCHIVED, {"archived_at_s": now_ms // MILLISECONDS}, now_ms)

    def unarchive(self, now_ms: int) -> None:
        """The thread was restored; nothing to note where it was not archived through us."""
        if self.archived_at_s is not None:
            self._add(UNARCHIVED, {}, now_ms)

    def name(self, now_ms: int) -> None:
        """The thread was named."""
        if not self.noted.is_named:
            self._add(NAMED, {}, now_ms)

    def _add(self, topic: str, payload: Payload, now_ms: int) -> None:
        timestamp = write_time_ns(now_ms * NANOSECONDS_OF_ONE)
        raw = orjson.dumps({"timestamp": timestamp, "type": topic, "payload": payload})
        line = RolloutLine(self.id, self.version + 1, topic, raw)
        self.follow(line)
        self._pending.append(line)


def _goal_set(noted: Noted, payload: Payload) -> Noted:
    if not _IS_GOAL_SET(payload):
        return noted
    told: dict[str, Any] = payload["goal"]
    goal = Goal(
        objective=told["objective"],
        status=GoalStatus(told["status"]),
        created_at_s=told["created_at_s"],
        updated_at_s=told["updated_at_s"],
        token_budget=told["token_budget"],
        tokens_used=told["tokens_used"],
        time_used_s=told["time_used_s"],
    )
    return replace(noted, goal=goal, preview=noted.preview or payload.get("preview") or None)


def _goal_cleared(noted: Noted, _: Payload) -> Noted:
    return replace(noted, goal=None)


def _archived(noted: Noted, payload: Payload) -> Noted:
    return replace(noted, archived_at_s=payload["archived_at_s"]) if _IS_ARCHIVED(payload) else noted


def _unarchived(noted: Noted, _: Payload) -> Noted:
    return replace(noted, archived_at_s=None)


def _named(noted: Noted, _: Payload) -> Noted:
    return replace(noted, is_named=True)


_FOLLOW = MappingProxyType[str, Callable[[Noted, Payload], Noted]](
    {
        GOAL_SET: _goal_set,
        GOAL_CLEARED: _goal_cleared,
        ARCHIVED: _archived,
        UNARCHIVED: _unarchived,
        NAMED: _named,
    }
)
