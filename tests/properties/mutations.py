"""Strategies for damaged copies of the rollouts that release 0.131.0 wrote itself."""

import json
from collections.abc import Callable

from hypothesis import strategies as st

from tests.conformance.corpus import FILES
from tests.home import THREAD

Mutation = Callable[[bytes, int, int], bytes]
"""Changes a file at two places, the first before the second."""

SIZE_MAX = 24_000
REAL = tuple(data for path in FILES.values() if len(data := path.read_bytes()) < SIZE_MAX)

MUTATIONS: tuple[Mutation, ...] = (
    lambda data, at, _: data[:at] + bytes((data[at] ^ 1 << at % 8,)) + data[at + 1 :],
    lambda data, at, end: data[:at] + bytes((end % 256,)) + data[at + 1 :],
    lambda data, at, end: data[:at] + data[end:],
    lambda data, at, end: data[:end] + data[at:],
    lambda data, at, _: data[:at],
    lambda data, at, _: data[at:],
    lambda data, at, _: data[:at] + b"\n" + data[at:],
    lambda data, at, end: _with_lines(data, at, end, lambda one, other: (other, one)),
    lambda data, at, end: _with_lines(data, at, end, lambda one, other: (other, other)),
    lambda data, at, end: _with_lines(data, at, end, lambda one, other: (one + other, b"")),
)


def _with_lines(
    data: bytes, at: int, end: int, change: Callable[[bytes, bytes], tuple[bytes, bytes]]
) -> bytes:
    """The file with two of its lines changed."""
    lines = data.split(b"\n")
    one, other = at % len(lines), end % len(lines)
    lines[one], lines[other] = change(lines[one], lines[other])
    return b"\n".join(lines)


def _mutated(data: bytes, changes: list[tuple[Mutation, int, int]]) -> bytes:
    for mutation, *places in changes:
        if data:
            at, end = sorted(place % len(data) for place in places)
            data = mutation(data, at, end)
    return data


def _mutated_behind_head(data: bytes, changes: list[tuple[Mutation, int, int]]) -> bytes:
    """The file of thread THREAD, its first line whole."""
    head, _, lines = data.partition(b"\n")
    own_id = str(json.loads(head)["payload"]["id"])
    return (head + b"\n" + _mutated(lines, changes)).replace(own_id.encode(), str(THREAD).encode())


def is_text(data: bytes) -> bool:
    """Whether the bytes are UTF-8."""
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


PLACES = st.integers(0, 2**20)
FILES_READ = st.integers(0, len(REAL) - 1).map(lambda number: REAL[number])
CHANGES = st.lists(st.tuples(st.sampled_from(MUTATIONS), PLACES, PLACES), min_size=1, max_size=8)

MUTATED = st.builds(_mutated, FILES_READ, CHANGES)
"""Real files, damaged anywhere."""

MUTATED_TEXT = st.builds(_mutated_behind_head, FILES_READ, CHANGES).filter(is_text)
"""Real files, damaged so that release 0.131.0 reads them still."""
