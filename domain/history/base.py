"""The log that another one goes on from, as its session_meta names it (dialects.md, section 6)."""

from dataclasses import dataclass
from uuid import UUID

from domain.history.dialect import dialect_of
from domain.history.rows import Dialect
from domain.ids import parse_thread_id
from domain.limits import ORDINAL_MAX
from domain.lines import parse_at
from domain.shapes.paginated import counted_topic


@dataclass(frozen=True, slots=True)
class BaseNamed:
    """A rollout id, and how far that log counts: lines with ordinals below `end_ordinal`.

    `end_offset` is where the line after them is said to begin, in bytes of the unpacked log: a shortcut, not
    the truth.
    """

    rollout_id: UUID
    end_ordinal: int
    end_offset: int


def base_named(raw: bytes) -> BaseNamed | None:
    """The base that the first line of a log names; only paginated logs have one.

    A malformed one makes the whole line wrong: then the log has no head at all, as in the newer release.
    """
    value = parse_at(0, raw)
    if value is None or counted_topic(value) != "session_meta":
        return None
    told = value["payload"].get("history_base")
    if told is None or dialect_of(value["payload"]) is not Dialect.PAGINATED:
        return None
    return BaseNamed(
        parse_thread_id(told["thread_id"]),
        min(told["end_ordinal_exclusive"], ORDINAL_MAX),
        min(told["end_byte_offset"], ORDINAL_MAX),
    )
