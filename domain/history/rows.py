"""What a fold hands out: rows of turns and item lines, and its own open end.

Rows hold places, not contents: an item is the lines it is made of (offset, size and CRC-32 of each),
and is rendered from them when somebody asks.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple


class TurnStatus(IntEnum):
    """How a turn ended, as far as the log says."""

    IN_PROGRESS = 0
    COMPLETED = 1
    INTERRUPTED = 2
    FAILED = 3


class ItemKind(IntEnum):
    """The kinds of items a Limited history can hold."""

    USER_MESSAGE = 1
    HOOK_PROMPT = 2
    AGENT_MESSAGE = 3
    PLAN = 4
    REASONING = 5
    FILE_CHANGE = 6
    MCP_TOOL_CALL = 7
    WEB_SEARCH = 8
    IMAGE_GENERATION = 9
    ENTERED_REVIEW_MODE = 10
    EXITED_REVIEW_MODE = 11
    CONTEXT_COMPACTION = 12


class TurnRow(NamedTuple):
    """A turn: `seq` counts the turns of the thread from 0 without gaps.

    Times are whole seconds and milliseconds as the log has them. `user_position` and `agent_position`
    name the items of the summary view, None where there is none.
    """

    seq: int
    turn_id: str
    status: int
    started_at: int | None
    completed_at: int | None
    duration_ms: int | None
    is_explicit: bool
    is_compacted: bool
    item_count: int
    first_number: int
    user_position: int | None
    agent_position: int | None


class ItemLine(NamedTuple):
    """A line of the log that an item is made of.

    `position` counts the items of the turn from 0 without gaps, `part` the lines of the item. `number`
    stands for the id `item-<number>`; otherwise `item_id` is the id.
    """

    seq: int
    position: int
    part: int
    kind: int
    number: int | None
    item_id: str | None
    at: int
    size: int
    crc: int


class LinePlace(NamedTuple):
    """Where one line is: offset and size in bytes, and the CRC-32 of its bytes."""

    at: int
    size: int
    crc: int


@dataclass(slots=True)
class HistoryHead:
    """The open end of a fold: all it needs to go on, besides the rows it handed out.

    `next_seq` is the number of the next turn, or of the one that `is_open`. `kept` lines were counted
    before the offset `kept_to`; what lies between there and the end is counted when a turn id depends on
    it. `first_meta`, `meta` and `git_meta` are the thread's session_meta lines: the first, the last, and
    the last that tells git facts.
    """

    next_seq: int = 0
    is_open: bool = False
    next_number: int = 1
    item_count: int = 0
    kept: int = 0
    kept_to: int = 0
    thread_id: str | None = None
    first_meta: LinePlace | None = None
    meta: LinePlace | None = None
    git_meta: LinePlace | None = None
    damaged_count: int = 0


@dataclass(frozen=True, slots=True)
class HistoryDelta:
    """What changed since the last hand-over, to be written in this order.

    Rows of turns from `cut` on are void; the lines of the items in `cleared` (seq, position) are void;
    then `turns` and `lines` replace or add.
    """

    cut: int | None
    cleared: frozenset[tuple[int, int]]
    turns: tuple[TurnRow, ...]
    lines: tuple[ItemLine, ...]


class ItemKey(NamedTuple):
    """What finding an item of a stored turn by its id needs; one for each position, in order."""

    kind: int
    number: int | None
    item_id: str | None
    part_count: int
