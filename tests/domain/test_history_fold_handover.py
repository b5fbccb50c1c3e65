"""What `take` hands out, and that a fold goes on from it as if it had read everything itself."""

from zlib import crc32

import pytest

from domain.history.rows import HistoryDelta, ItemKind, ItemLine, TurnRow, TurnStatus
from tests.domain.history_lines import (
    AGENT,
    COMPACTED,
    RAW_THOUGHT,
    THOUGHT,
    TOKENS,
    abort,
    end,
    hook,
    mcp,
    patch,
    plan,
    rollback,
    search,
    start,
    user,
)
from tests.domain.memory_turns import FoldedLog, Handing
from tests.home import meta

NOTHING = HistoryDelta(cut=None, cleared=frozenset(), turns=(), lines=())


def seqs(delta: HistoryDelta) -> list[int]:
    """The numbers of the turns in a delta."""
    return [row.seq for row in delta.turns]


# -- rows -------------------------------------------------------------------------------------


def test_a_row_tells_all_of_a_turn() -> None:
    log = FoldedLog()
    log.add(start("a"), end("a"), start("b", started_at=5), COMPACTED, search(), user(), AGENT, user(), AGENT)
    log.add(end("b", completed_at=6, duration_ms=7))
    assert log.rows()[1] == TurnRow(
        seq=1,
        turn_id="b",
        status=TurnStatus.COMPLETED,
        started_at=5,
        completed_at=6,
        duration_ms=7,
        is_explicit=True,
        is_compacted=True,
        item_count=5,
        first_number=1,
        summary_first=1,
        summary_second=4,
    )


def test_an_item_line_names_its_bytes() -> None:
    log = FoldedLog()
    _, named, numbered, more = log.add(start(), search("x"), THOUGHT, RAW_THOUGHT)
    assert log.take().lines == (
        ItemLine(0, 0, 0, ItemKind.WEB_SEARCH, None, "x", named, len(search("x")), crc32(search("x"))),
        ItemLine(0, 1, 0, ItemKind.REASONING, 1, None, numbered, len(THOUGHT), crc32(THOUGHT)),
        ItemLine(0, 1, 1, ItemKind.REASONING, None, None, more, len(RAW_THOUGHT), crc32(RAW_THOUGHT)),
    )


def test_a_replaced_number_stays_a_number_in_its_line() -> None:
    log = FoldedLog()
    log.add(start(), user())
    log.reload()
    log.add(search("item-1"))
    (line,) = log.take().lines
    assert (line.position, line.kind, line.number, line.item_id) == (0, ItemKind.WEB_SEARCH, 1, None)


# -- what changed -----------------------------------------------------------------------------


def test_nothing_has_changed_in_an_empty_log() -> None:
    assert FoldedLog().take() == NOTHING


def test_what_was_taken_is_not_given_again() -> None:
    log = FoldedLog()
    log.add(start(), user(), end(), rollback(0), plan())
    assert log.take() != NOTHING
    assert log.take() == NOTHING


def test_an_open_turn_is_given_again_without_lines() -> None:
    log = FoldedLog()
    log.add(start("a"), user(), end("a"), start("b"), user(), search("item-2"))
    first = log.take()
    assert (seqs(first), len(first.lines)) == ([0, 1], 2)
    again = log.take()
    assert again == HistoryDelta(cut=None, cleared=frozenset(), turns=first.turns[1:], lines=())


def test_a_delta_holds_the_touched_turns_alone_in_their_order() -> None:
    log = FoldedLog()
    log.add(start("a"), start("b"), start("c"), end("c"))
    log.take()
    log.add(plan(turn_id="b"), end("a"))
    assert seqs(log.take()) == [0, 1]


def test_a_line_that_changes_nothing_touches_no_turn() -> None:
    log = FoldedLog()
    log.add(start("a"), end("a"), start("b"), end("b"))
    log.take()
    log.add(TOKENS, meta(), plan(turn_id="z"), plan(turn_id="a", text=""), rollback(0), b"damage\n")
    assert log.take() == NOTHING


def test_thoughts_that_join_stored_ones_are_further_parts() -> None:
    for handing in (Handing.TAKEN, Handing.RELOADED):
        log = FoldedLog(handing)
        log.add(start(), AGENT, THOUGHT, THOUGHT)
        log.handing = Handing.WHOLE
        log.add(RAW_THOUGHT)
        (line,) = log.take().lines
        assert (line.position, line.part, line.number) == (1, 2, None)


# -- cleared ----------------------------------------------------------------------------------


def test_the_lines_of_a_replaced_stored_item_are_void() -> None:
    log = FoldedLog()
    log.add(start("a"), THOUGHT, RAW_THOUGHT, end("a"), start("b"), AGENT, search())
    log.reload()
    log.add(patch("item-1", turn_id="a"), mcp())
    delta = log.take()
    assert delta.cleared == {(0, 0), (1, 1)}
    assert [(line.seq, line.position, line.part) for line in delta.lines] == [(0, 0, 0), (1, 1, 0)]


def test_appending_voids_no_line() -> None:
    log = FoldedLog()
    log.add(start("a"), THOUGHT, hook("h"))
    log.reload()
    log.add(hook("h"), THOUGHT, RAW_THOUGHT, plan(turn_id="a"))
    assert log.take().cleared == frozenset()


# -- cut --------------------------------------------------------------------------------------

THREE = (start("a"), user(), start("b"), user(), start("c"), user())


@pytest.mark.parametrize(
    ("lines", "cut"),
    [
        ((), None),
        ((rollback(0),), None),
        ((rollback(1),), 2),
        ((rollback(2),), 1),
        ((rollback(9),), 0),
        ((rollback(1), start("d"), rollback(1)), 2),
        ((rollback(2), start("d"), start("e"), start("f"), rollback(1)), 1),
        ((rollback(1), rollback(1)), 1),
        ((start("d"), rollback(1)), 3),
        ((start("d"), rollback(3)), 1),
    ],
)
def test_rows_are_void_from_the_first_turn_that_was_dropped(
    lines: tuple[bytes, ...], cut: int | None
) -> None:
    log = FoldedLog()
    log.add(*THREE)
    log.reload()
    log.add(*lines)
    assert log.take().cut == cut
    assert log.take().cut is None


def test_turns_behind_a_cut_take_the_places_of_those_dropped() -> None:
    log = FoldedLog()
    log.add(*THREE)
    log.reload()
    log.add(rollback(2), start("d"), AGENT, search("item-2"))
    delta = log.take()
    assert (delta.cut, seqs(delta)) == (1, [1])
    assert log.told() == ["a in_progress: item-1 user_message", "d in_progress: item-2 web_search"]


def test_dropped_turns_leave_nothing_in_the_delta() -> None:
    log = FoldedLog()
    log.add(*THREE)
    log.reload()
    log.add(plan(turn_id="b"), patch("item-2", turn_id="b"), search(), start("d"), rollback(3))
    assert log.take() == HistoryDelta(cut=1, cleared=frozenset(), turns=(), lines=())


def test_void_rows_are_not_found_before_they_are_gone() -> None:
    log = FoldedLog()
    log.add(*THREE)
    log.reload()
    log.add(rollback(2), plan(turn_id="b"), plan(turn_id="c"), start("d"), plan(turn_id="c"), end("b"))
    assert log.told() == ["a in_progress: item-1 user_message", "d completed: "]


# -- going on ---------------------------------------------------------------------------------


@pytest.mark.parametrize("handing", Handing)
def test_an_open_implicit_turn_goes_on_behind_a_reload(handing: Handing) -> None:
    log = FoldedLog(handing)
    log.add(COMPACTED)
    log.reload()
    log.add(user(), AGENT)
    log.reload()
    log.add(user(), abort())
    assert log.told() == [
        "rollout-0 completed: item-1 user_message, item-2 agent_message",
        "rollout-3 interrupted: item-3 user_message",
    ]
