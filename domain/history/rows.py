"""What a fold hands out: rows of turns and item lines, and its own open end.

Rows hold places, not contents: an item is the lines it is made of (offset, size and CRC-32 of each),
and is rendered from them when somebody asks.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple


class Dialect(IntEnum):
    """How the lines of a log are to be read: its first session_meta says (`history_mode`)."""

    LEGACY = 0
    PAGINATED = 1
    UNKNOWN = 2


class TurnStatus(IntEnum):
    """How a turn ended, as far as the log says."""

    IN_PROGRESS = 0
    COMPLETED = 1
    INTERRUPTED = 2
    FAILED = 3


class ItemKind(IntEnum):
    """The kinds of items: those of a Limited history, and from 32 on those of a paginated log.

    Of an item of a paginated log it tells what the summary view depends on; the rest is in its line.
    """

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
    SAID_BY_USER = 32
    FINAL_ANSWER = 33
    COMMENTARY = 34
    SAID_WITHOUT_PHASE = 35
    OTHER = 36


class TurnRow(NamedTuple):
    """A turn: `seq` counts the turns of the thread from 0 without gaps.

    Times are whole seconds and milliseconds as the log has them. `summary_first` and `summary_second` are
    the positions of the items of the summary view, in the order in which it shows them; None where there is
    none. `error_at`, `error_size` and `error_crc` are the place of the line that tells why the turn failed.

    A `seq` below 0 is that of a turn of which only items were seen yet; nobody is shown it.
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
    summary_first: int | None
    summary_second: int | None
    error_at: int | None = None
    error_size: int | None = None
    error_crc: int | None = None


class ItemLine(NamedTuple):
    """A line of the log that an item is made of.

    `position` counts the items of the turn from 0 without gaps, `part` the lines of the item. `number`
    stands for the id `item-<number>`; otherwise `item_id` is the id. `at` is below 0 in a log that goes on
    where another one was left: its bases lie before its own first byte (`domain.log.Base`).
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

    `last_ordinal` is that of the last line that counted in the log at work, and `unborn` the number of turns
    of which items were seen before anything else; both are of paginated logs alone. `dialect` is what the
    first session_meta said; until one came a log is read as a legacy one.
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
    dialect: Dialect = Dialect.LEGACY
    last_ordinal: int = -1
    unborn: int = 0


@dataclass(frozen=True, slots=True)
class HistoryDelta:
    """What changed since the last hand-over, to be written in this order.

    Rows of turns from `cut` on are void, and the rows of the turns numbered in `dropped`, with their lines;
    the lines of the items in `cleared` (seq, position) are void; then `turns` and `lines` replace or add.
    """

    cut: int | None
    cleared: frozenset[tuple[int, int]]
    turns: tuple[TurnRow, ...]
    lines: tuple[ItemLine, ...]
    dropped: frozenset[int] = frozenset()


class ItemKey(NamedTuple):
    """What finding an item of a stored turn by its id needs; one for each position, in order."""

    kind: int
    number: int | None
    item_id: str | None
    part_count: int
