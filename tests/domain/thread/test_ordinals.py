"""Which ordinals the lines of a paginated log go on with."""

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import pytest

from domain.errors import NoRollback, OrdinalsUsedUp, UnknownHistoryMode
from domain.events import RolloutLine
from domain.limits import ORDINAL_MAX
from domain.thread.thread import Thread
from domain.topics import topic_of_raw
from tests.domain.paginated_log import paginated_meta, tokens
from tests.home import THREAD, event, line, meta

Json = dict[str, Any]

NOW = "2026-05-01T12:00:00.000Z"
OTHER = UUID("0196f000-0000-7000-8000-000000000009")
BASE: Json = {"thread_id": str(OTHER), "end_ordinal_exclusive": 40, "end_byte_offset": 7}
SAID: Json = {"type": "message", "role": "user", "content": []}
FAR = 10**15


def shown(ordinal: object) -> bytes:
    """A line that is parsed in full."""
    return line("event_msg", {"type": "task_started", "turn_id": "t"}, ordinal=ordinal)


def headless(**fields: object) -> bytes:
    """A head without an ordinal."""
    value = json.loads(paginated_meta(0, THREAD, **fields))
    del value["ordinal"]
    return json.dumps(value).encode() + b"\n"


def told(raws: Sequence[bytes]) -> Thread:
    """The thread that these lines tell, whole or torn."""
    lines = [
        RolloutLine(THREAD, number, topic_of_raw(raw.rstrip(b"\n")), raw.rstrip(b"\n"))
        for number, raw in enumerate(raws, 1)
    ]
    thread = Thread.project(None, lines)
    assert thread is not None
    return thread


def added(thread: Thread) -> list[Json]:
    """The lines that two items and a restatement add."""
    thread.inject([SAID, SAID], NOW)
    thread.restate_git({"branch": "b"}, NOW)
    return [json.loads(one.raw) for one in thread.collect_events()]


LOGS: dict[str, tuple[list[bytes], int]] = {
    "only the head": ([paginated_meta()], 1),
    "a head without an ordinal": ([headless()], 0),
    "a head without an ordinal, a first line with 0": ([headless(), shown(0)], 1),
    "lines": ([paginated_meta(), shown(1), tokens(2)], 3),
    "gaps": ([paginated_meta(), shown(5), tokens(9)], 10),
    "a smaller one behind": ([paginated_meta(), shown(5), tokens(3)], 6),
    "an equal one behind": ([paginated_meta(), shown(5), tokens(5)], 6),
    "a far too large one": ([paginated_meta(), shown(FAR), tokens(2)], FAR + 1),
    "a torn line behind": ([paginated_meta(), shown(4), tokens(9)[:-4]], 5),
    "garbage behind": ([paginated_meta(), shown(4), b"garbage\n", b"\n", b"\xff\n"], 5),
    "lines without ordinals behind": ([paginated_meta(), shown(4), event("token_count")], 5),
    "no whole number behind": ([paginated_meta(), shown(4), *map(shown, (9.0, "9", True))], 5),
    "a wrong line with a large one": ([paginated_meta(), shown(4), line("strange", {}, ordinal=90)], 5),
    "beyond the greatest": ([paginated_meta(), shown(4), shown(ORDINAL_MAX + 1)], 5),
    "a base and nothing else": ([paginated_meta(40, history_base=BASE)], 41),
    "a base, a head without an ordinal": ([headless(history_base=BASE)], 41),
    "a base, lines below its end": ([paginated_meta(40, history_base=BASE), shown(7)], 41),
    "a base, lines": ([paginated_meta(40, history_base=BASE), shown(41)], 42),
    "a later head": ([paginated_meta(), paginated_meta(1), shown(2)], 3),
}


@pytest.mark.parametrize(("log", "ordinal"), LOGS.values(), ids=LOGS)
def test_added_lines_have_the_next_ordinals(log: list[bytes], ordinal: int) -> None:
    lines = added(told(log))
    assert [one["ordinal"] for one in lines] == [ordinal, ordinal + 1, ordinal + 2]
    assert [list(one) for one in lines] == [["timestamp", "ordinal", "type", "payload"]] * 3


@pytest.mark.parametrize("log", [log for log, _ in LOGS.values()], ids=LOGS)
def test_a_thread_goes_on_from_a_snapshot_as_from_its_lines(log: list[bytes]) -> None:
    thread = told(log)
    again = Thread(thread.snapshot())
    assert added(again) == added(thread)


def test_legacy_lines_have_none() -> None:
    log = [meta(), shown(7)]
    assert [set(one) for one in added(told(log))] == [{"timestamp", "type", "payload"}] * 3


def test_a_failed_command_uses_none_up() -> None:
    thread = told([paginated_meta(), shown(4)])

    def fail() -> None:
        with thread.whole_or_not():
            thread.inject([SAID], NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert added(thread)[0]["ordinal"] == 5


@pytest.mark.parametrize(("last", "count"), [(ORDINAL_MAX, 1), (ORDINAL_MAX - 1, 2)])
def test_nothing_is_added_where_too_few_ordinals_are_left(last: int, count: int) -> None:
    thread = told([paginated_meta(), shown(last)])
    with pytest.raises(OrdinalsUsedUp, match=str(last)):
        thread.inject([SAID] * count, NOW)
    assert not thread.has_pending


def test_nothing_is_added_to_a_log_of_an_unknown_mode() -> None:
    thread = told([paginated_meta(history_mode="later"), shown(4)])
    with pytest.raises(UnknownHistoryMode):
        thread.inject([SAID], NOW)
    assert not thread.has_pending


@pytest.mark.parametrize("log", [LOGS["only the head"][0], LOGS["a base and nothing else"][0]])
def test_a_paginated_thread_is_not_rolled_back(log: list[bytes]) -> None:
    thread = told(log)
    with pytest.raises(NoRollback):
        thread.roll_back(1, {"type": "token_count"}, NOW)
    assert not thread.has_pending


@pytest.mark.parametrize(("base", "first"), [(None, 0), (BASE, 40)])
def test_a_new_log_begins_where_its_base_was_left(base: Json | None, first: int) -> None:
    head = json.loads(paginated_meta(0, THREAD, history_base=base))["payload"]
    thread = Thread.start(THREAD, head, NOW)
    thread.inject([SAID], NOW)
    assert [json.loads(one.raw)["ordinal"] for one in thread.collect_events()] == [first, first + 1]


def test_a_restated_paginated_head_keeps_what_the_newer_release_wrote() -> None:
    head = paginated_meta(40, history_base=BASE, session_id=str(THREAD), context_window={"window_id": "w"})
    thread = told([head])
    thread.restate_git({"branch": "b"}, NOW)
    (restated,) = (json.loads(one.raw)["payload"] for one in thread.collect_events())
    told_first = json.loads(head)["payload"]
    assert restated == told_first | {"memory_mode": "enabled", "git": {"branch": "b"}}


def test_a_restatement_that_does_not_count_tells_nothing() -> None:
    stray = paginated_meta(3, git={"branch": "stray"}, memory_mode="disabled")
    thread = told([paginated_meta(), shown(5), stray])
    assert (thread.git, thread.memory_mode) == (None, None)
    assert told([paginated_meta(), shown(2), stray]).git == {"branch": "stray"}
