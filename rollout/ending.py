"""What the last lines of a log say, found without reading it all: what a resume needs of it.

An unfinished last line counts when it reads, as everywhere. A writer that spells a line's kind with escapes
is not understood here.
"""

from collections.abc import Iterator, Sequence

from domain.events import Payload
from domain.lines import parse_at
from domain.log import OpenLog
from domain.session.token_usage import TokenUsage
from domain.shapes.kept import kept_topic
from rollout.backward import lines_with

TURN_CONTEXT = (b'"turn_context"',)
TOKEN_COUNT = (b'"token_count"',)

BOUNDARIES = (
    b'"task_started"',
    b'"task_complete"',
    b'"thread_rolled_back"',
    b'"turn_started"',
    b'"turn_complete"',
)
"""Kinds of lines that open or close a turn in so many words, two of them in their other spelling."""


def last_turn_context(source: OpenLog) -> Payload | None:
    """The payload of the last turn_context, of a turn that was rolled back too; None when there is none."""
    for _, _, payload in _kept(source, TURN_CONTEXT, source.size):
        return payload
    return None


def last_token_usage(source: OpenLog) -> TokenUsage | None:
    """The usage that the last token_count tells which tells one; None when none does.

    Its turn is the one that was open at the last token_count of all, as far as a line begins it in so many
    words. It may have been rolled back since.
    """
    last_at = None
    for at, _, payload in _kept(source, TOKEN_COUNT, source.size):
        last_at = at if last_at is None else last_at
        if payload.get("info") is not None:
            return TokenUsage.of(payload["info"], _turn_open_at(source, last_at))
    return None


def _turn_open_at(source: OpenLog, at: int) -> str | None:
    """The id of the explicit turn that was open there."""
    for _, topic, payload in _kept(source, BOUNDARIES, at):
        turn_id: str | None = payload["turn_id"] if topic == "event_msg:task_started" else None
        return turn_id
    return None


def _kept(source: OpenLog, words: Sequence[bytes], end: int) -> Iterator[tuple[int, str, Payload]]:
    """The kept lines of these kinds, the last first: offset, topic and payload."""
    for at, raw in lines_with(source, words, end):
        value = parse_at(at, raw)
        topic = None if value is None else kept_topic(value)
        if value is not None and topic is not None and b'"%b"' % _kind_of(value).encode() in words:
            yield at, topic, value["payload"]


def _kind_of(value: Payload) -> str:
    """The word that says the kind of a kept line."""
    line_type: str = value["type"]
    inner: object = value["payload"].get("type")
    return inner if line_type == "event_msg" and isinstance(inner, str) else line_type
