"""A fork of a paginated thread: a log that names the one it goes on from, how much of it (dialects.md, 6)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from domain.events import Payload
from domain.thread.last_turn import NOTE
from domain.thread.thread import Item

INHERITED = ("dynamic_tools", "multi_agent_version")
"""Fields of a newer head that go over to a fork as they are written."""


@dataclass(frozen=True, slots=True)
class BranchPoint:
    """The log that a fork goes on from, by its rollout id, and where its lines end that the fork has too.

    `end_ordinal` is one more than the greatest ordinal among them, `end_offset` the offset behind the last,
    in bytes of the unpacked log.
    """

    rollout_id: UUID
    end_ordinal: int
    end_offset: int


def branch_head(told: Payload, source_head: Mapping[str, Any], point: BranchPoint | None) -> Payload:
    """The session_meta payload of a paginated fork, made of what a head of release 0.131.0 would tell.

    Without a point the fork begins with nothing. Keys are in the order of release 0.169.0.
    """
    inherited = {name: source_head[name] for name in INHERITED if source_head.get(name) is not None}
    instructions = source_head.get("base_instructions")
    if instructions is not None and instructions["text"] == (told["base_instructions"] or {}).get("text"):
        inherited["base_instructions"] = instructions
    own = {"session_id": told["id"], "id": told["id"], "forked_from_id": told["forked_from_id"]}
    cut = {} if point is None else {"forked_from_ordinal_exclusive": point.end_ordinal}
    base = {} if point is None else {"history_base": _named(point)}
    return {**own, **cut, **told, **inherited, "history_mode": "paginated", **base}


def _named(point: BranchPoint) -> Payload:
    return {
        "thread_id": str(point.rollout_id),
        "end_ordinal_exclusive": point.end_ordinal,
        "end_byte_offset": point.end_offset,
    }


def interruption(turn_id: str, started_at: int | None) -> Sequence[Item]:
    """The lines that end a turn which its log leaves open, as release 0.169.0 writes them into a fork."""
    content = [{"type": "input_text", "text": NOTE}]
    ended = {"type": "turn_aborted", "turn_id": turn_id, "reason": "interrupted", "started_at": started_at}
    return (
        ("response_item", {"type": "message", "role": "user", "content": content}),
        ("event_msg", {name: value for name, value in ended.items() if value is not None}),
    )
