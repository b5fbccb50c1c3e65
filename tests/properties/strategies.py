"""Strategies for rollout files: lines of every kind in much interplay, so that rules meet."""

import codecs
from collections.abc import Callable
from itertools import pairwise

from hypothesis import strategies as st

from tests.home import event, meta
from tests.properties import differences, pools
from tests.properties.lines import (
    ABORT,
    AGENT,
    CLASH,
    COMPLETE,
    INNER,
    OTHER_THREAD,
    PLAN,
    ROLLBACK,
    SINGLE,
    START,
    TURN_IDS,
    TURN_START,
    USER,
    picked,
    weighted,
)
from tests.properties.mutations import is_text

Lines = list[bytes]


def _turn(turn_id: str, inner: Lines, end: bytes | None) -> Lines:
    head = [event("task_started", turn_id=turn_id, started_at=5), event("user_message", message="ask")]
    return [*head, *inner, *([] if end is None else [end])]


TURN = st.builds(
    _turn, TURN_IDS, st.lists(INNER, max_size=4), weighted((2, COMPLETE), (1, ABORT), (1, st.none()))
)
"""A turn as it happens: begun, asked, worked on, ended or not."""

CLASHES = st.builds(_turn, TURN_IDS, st.lists(CLASH, min_size=3, max_size=9), st.one_of(st.none(), COMPLETE))
"""A turn in which items replace and join each other."""

BACK_AND_FORTH = st.lists(weighted((2, ROLLBACK), (1, USER), (1, PLAN)), min_size=3, max_size=6)
"""Turns taken back, and what comes instead."""

BLOCK = weighted((10, SINGLE.map(lambda one: [one])), (4, TURN), (1, CLASHES), (1, BACK_AND_FORTH))
BLOCKS = weighted((1, st.lists(BLOCK, max_size=8)), (3, st.lists(BLOCK, min_size=6, max_size=20)))
HEADS = st.sampled_from(
    (
        *([[meta()]] * 4),
        [],
        [meta(OTHER_THREAD)],
        [pools.USER_LINE, meta()],
        [codecs.BOM_UTF8 + meta()],
        [codecs.BOM_UTF8 + pools.USER_LINE],
    )
)

Restyle = Callable[[bytes], bytes]


def _spaced(raw: bytes) -> bytes:
    return raw.replace(b'","', b'" ,\t"', 1)


def _payload_first(raw: bytes) -> bytes:
    head, mark, payload = raw[:-2].partition(b',"payload":')
    return b'{"payload":' + payload + b"," + head[1:] + b"}\n" if mark and raw.endswith(b"}\n") else raw


STYLES: tuple[Restyle, ...] = (
    *([lambda raw: raw] * 3),
    lambda raw: raw[:-1] + b"\r\n",
    _spaced,
    _payload_first,
    lambda raw: raw.replace(b".000Z", b"Z", 1),
    lambda raw: raw[: len(raw) // 2] + b"\n",
    lambda raw: raw[:-1],
    lambda raw: raw[:-3] + raw,
)
"""What may befall a line: nothing, another way of writing, a tear, a lost line feed."""


def _laid(head: Lines, blocks: list[Lines], accidents: list[tuple[int, Restyle]], tail: bytes) -> bytes:
    lines = [one for block in blocks for one in block]
    for place, restyle in accidents:
        if lines:
            lines[place % len(lines)] = restyle(lines[place % len(lines)])
    return b"".join(head + lines) + tail


def _joined(parts: tuple[list[Lines], bytes, list[Lines]]) -> list[Lines]:
    return [*parts[0], [parts[1]], *parts[2]]


ACCIDENTS = st.lists(st.tuples(st.integers(0, 63), st.sampled_from(STYLES)), max_size=4)
TAIL = weighted(
    (2, st.just(b"")),
    (1, SINGLE.map(lambda raw: raw[:-1])),
    (1, st.tuples(SINGLE, st.integers(1, 400)).map(lambda drawn: drawn[0][: drawn[1]].rstrip(b"\n"))),
)
"""A last line without its line feed: none, whole, or torn."""


TEXT_LOGS = st.builds(_laid, st.just([meta()]), BLOCKS, ACCIDENTS, TAIL).filter(is_text)
"""Files that release 0.131.0 reads: UTF-8 that begins with a usable session_meta."""

LOGS = st.builds(
    _laid,
    HEADS,
    weighted(
        (3, BLOCKS),
        (1, st.tuples(BLOCKS, picked(pools.NOT_UTF8), BLOCKS).map(_joined)),
    ),
    ACCIDENTS,
    TAIL,
).filter(differences.is_even)
"""Files of any kind, but for the known differences."""

TURN_LOGS = st.lists(
    weighted((1, START), (2, TURN_START), (1, USER), (1, COMPLETE), (1, ABORT), (1, AGENT)), max_size=25
).map(b"".join)
"""Files with many small turns."""

CUTS = st.lists(st.integers(0, 2**16), min_size=1, max_size=4)


def pieces(data: bytes, cuts: list[int]) -> list[bytes]:
    """The bytes cut at places that are taken modulo their count; no piece is empty."""
    places = sorted({0, len(data), *(cut % (len(data) + 1) for cut in cuts)})
    return [data[start:end] for start, end in pairwise(places)]
