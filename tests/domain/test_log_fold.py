"""The first session_meta decides how a log is read, and bases are read before the log itself."""

import pytest

from domain.history.log_fold import LogFold
from domain.history.rows import Dialect, HistoryHead
from domain.lines import PASSED_OVER
from domain.log import LogSlice
from tests.domain.history_lines import AGENT, THOUGHT, TOKENS, rollback
from tests.domain.history_lines import start as legacy_start
from tests.domain.history_lines import user as legacy_user
from tests.domain.memory_turns import FoldedLog, Handing, MemoryTurns
from tests.domain.paginated_log import (
    PaginatedLog,
    agent,
    all_rows,
    end,
    in_order,
    paginated_meta,
    start,
    tokens,
    user,
)
from tests.home import THREAD, meta

LEGACY = (legacy_start("old"), legacy_user(), THOUGHT, AGENT)
PAGINATED = tuple(in_order([start("new"), user("u", "new"), tokens, agent("a", "new"), end("new")]))
OTHER = THREAD.__class__(int=THREAD.int + 1)

every_handing = pytest.mark.parametrize("handing", Handing)


def of(handing: Handing, *lines: bytes) -> PaginatedLog:
    """A log of these lines."""
    log = PaginatedLog(handing)
    log.add(*lines)
    return log


MODES = [
    (meta(), Dialect.LEGACY),
    (meta(history_mode="legacy"), Dialect.LEGACY),
    (meta(history_mode="paginated"), Dialect.PAGINATED),
    (meta(history_mode="Paginated"), Dialect.UNKNOWN),
    (meta(history_mode="of the future"), Dialect.UNKNOWN),
    (meta(history_mode=None), Dialect.UNKNOWN),
    (meta(history_mode=5), Dialect.UNKNOWN),
    (meta(history_mode=["paginated"]), Dialect.UNKNOWN),
]


@every_handing
@pytest.mark.parametrize(("head", "dialect"), MODES)
def test_the_mode_of_the_head_is_the_dialect(handing: Handing, head: bytes, dialect: Dialect) -> None:
    log = of(handing, head, *LEGACY, *PAGINATED)
    assert log.head.dialect is dialect
    log.take()
    shown = {
        Dialect.LEGACY: ["old", "new"],
        Dialect.PAGINATED: ["new"],
        Dialect.UNKNOWN: [],
    }
    assert [row.turn_id for _, row in sorted(log.stored.rows.items())] == shown[dialect]


@every_handing
def test_a_later_head_never_changes_the_dialect(handing: Handing) -> None:
    log = of(handing, paginated_meta(), *PAGINATED, meta(history_mode="legacy"), *LEGACY)
    assert (log.head.dialect, log.told()) == (Dialect.PAGINATED, ["new completed: u a"])
    legacy = of(handing, meta(), *LEGACY, paginated_meta(99), legacy_user())
    legacy.take()
    assert legacy.head.dialect is Dialect.LEGACY
    assert [row.item_count for row in legacy.stored.rows.values()] == [4]


@every_handing
def test_what_stands_before_its_head_shows_nothing_in_a_paginated_log(handing: Handing) -> None:
    log = of(handing, *LEGACY, *PAGINATED, paginated_meta(3), *PAGINATED)
    assert log.told() == ["new completed: a"]
    assert log.head.thread_id == str(THREAD)


@every_handing
def test_what_stands_before_its_head_shows_nothing_in_a_log_of_an_unknown_mode(handing: Handing) -> None:
    log = of(handing, *LEGACY, meta(history_mode="x"), *LEGACY)
    log.take()
    assert (log.stored.rows, log.stored.lines) == ({}, {})


@every_handing
def test_a_rollback_before_the_head_is_forgotten_too(handing: Handing) -> None:
    log = of(handing, *LEGACY, rollback(1), paginated_meta(0), *PAGINATED)
    assert log.told() == ["new completed: u a"]


def test_nothing_is_cut_where_nothing_was_folded() -> None:
    log = of(Handing.RELOADED, TOKENS, paginated_meta(), *PAGINATED, *in_order([start("b")], 50))
    assert [delta.cut for delta in log.deltas if delta.cut is not None] == []


@every_handing
def test_a_legacy_log_gives_what_its_own_fold_gives(handing: Handing) -> None:
    lines = (TOKENS, *LEGACY, TOKENS, meta(), legacy_user(), TOKENS, rollback(1), legacy_user(), AGENT)
    plain = FoldedLog(handing)
    plain.add(*lines)
    plain.take()
    log = of(handing, *lines)
    log.take()
    assert (log.stored.rows, log.stored.lines) == (plain.stored.rows, plain.stored.lines)
    assert log.head == plain.head


@every_handing
def test_the_head_of_a_log_names_its_thread_and_the_last_one_its_facts(handing: Handing) -> None:
    heads = [
        paginated_meta(0),
        paginated_meta(5, git={"branch": "b"}),
        paginated_meta(6),
        paginated_meta(7, OTHER),
        paginated_meta(3, git={"branch": "late"}),
    ]
    log = of(handing, *heads)
    head = log.head
    places = [head.first_meta, head.meta, head.git_meta]
    starts = [sum(map(len, heads[:at])) for at in (0, 2, 1)]
    assert [place.at for place in places if place is not None] == starts
    assert head.thread_id == str(THREAD)


# -- bases ------------------------------------------------------------------------------------

BASE = (paginated_meta(0), *in_order([start("a"), user("u", "a"), agent("f", "a"), start("b")]))
OWN = (paginated_meta(5), *in_order([end("a"), user("v", "b"), end("b"), start("c")], 6))


def joined(handing: Handing, passed_over: tuple[bytes, ...] = PASSED_OVER) -> PaginatedLog:
    """A log that goes on from a base."""
    log = PaginatedLog(handing, passed_over, base=len(b"".join(BASE)))
    log.fold.begin_log(-1, is_base=True)
    log.add(*BASE)
    log.fold.begin_log(5, is_base=False)
    log.add(*OWN)
    return log


@every_handing
def test_a_log_goes_on_where_its_base_was_left(handing: Handing) -> None:
    log = joined(handing)
    assert log.told() == ["a completed: u f", "b completed: v", "c interrupted:"]
    assert all_rows(log) == all_rows(joined(Handing.WHOLE, ()))


@every_handing
def test_the_head_is_that_of_the_log_itself(handing: Handing) -> None:
    log = joined(handing)
    assert log.head.first_meta is not None
    assert (log.head.first_meta.at, log.head.meta) == (0, log.head.first_meta)
    log.take()
    assert log.stored.lines[0, 0, 0].at == -len(b"".join(BASE[2:]))


def test_a_base_settles_the_dialect_before_any_head_is_read() -> None:
    fold = LogFold(HistoryHead(), MemoryTurns(), lambda _start, _end: 0)
    dialects = []
    for is_base in (False, True):
        fold.begin_log(-1, is_base=is_base)
        dialects.append(fold.head.dialect)
    assert dialects == [Dialect.LEGACY, Dialect.PAGINATED]


def test_lines_of_a_log_count_from_its_floor_on() -> None:
    log = PaginatedLog(base=0)
    log.fold.begin_log(10, is_base=True)
    log.begin = -(10**6)
    log.add(start("a")(10), start("b")(11), start("c")(11))
    assert [row.turn_id for row in log.rows()] == ["b"]


@every_handing
def test_before_its_own_head_a_log_with_a_base_shows_nothing(handing: Handing) -> None:
    log = PaginatedLog(handing, base=len(b"".join(BASE)))
    log.fold.begin_log(-1, is_base=True)
    log.add(*BASE)
    log.fold.begin_log(5, is_base=False)
    log.add(start("lost")(6), paginated_meta(7), start("found")(8))
    assert [row.turn_id for row in log.rows()] == ["a", "b", "found"]


@pytest.mark.parametrize("dialect", [Dialect.LEGACY, Dialect.PAGINATED, Dialect.UNKNOWN])
def test_a_line_over_the_size_limit_is_damage(dialect: Dialect) -> None:
    fold = LogFold(HistoryHead(), MemoryTurns(), lambda _start, _end: 0)
    head = {
        Dialect.LEGACY: meta(),
        Dialect.PAGINATED: paginated_meta(),
        Dialect.UNKNOWN: meta(history_mode=5),
    }
    raw = head[dialect]
    fold.feed(LogSlice(0, len(raw), 1, raw))
    fold.feed(LogSlice(len(raw), len(raw) + 100, 2, b""))
    assert fold.head.damaged_count == (dialect is not Dialect.UNKNOWN)


# -- what is handed over ----------------------------------------------------------------------


def test_a_turn_that_is_born_takes_its_stored_lines_with_it() -> None:
    log = PaginatedLog()
    log.add(paginated_meta(), *in_order([user("u", "b"), agent("f", "b")]))
    log.take()
    assert set(log.stored.rows) == {-1}
    log.add(*in_order([start("a"), agent("f", "b"), user("v", "b"), end("b")], 10))
    delta = log.take()
    assert (delta.dropped, delta.cut, delta.cleared) == (frozenset({-1}), None, frozenset())
    assert [(line.seq, line.position) for line in delta.lines] == [(1, 0), (1, 1), (1, 2)]
    assert (set(log.stored.rows), {key[0] for key in log.stored.lines}) == ({0, 1}, {1})
    assert log.told() == ["a interrupted:", "b completed: u f v"]


def test_numbers_of_unborn_turns_are_never_given_twice() -> None:
    log = PaginatedLog(Handing.RELOADED)
    log.add(paginated_meta(), *in_order([user("u", "a"), user("u", "b"), start("a"), user("u", "c")]))
    log.take()
    assert sorted(log.stored.rows) == [-3, -2, 0]


def test_only_what_changed_is_handed_over() -> None:
    log = PaginatedLog()
    log.add(paginated_meta(), *in_order([start("a"), user("u", "a"), end("a"), start("b"), user("x", "b")]))
    log.take()
    log.add(user("x", "b", "again")(20), agent("y", "b")(21))
    delta = log.take()
    assert [row.seq for row in delta.turns] == [1]
    assert delta.cleared == {(1, 0)}
    assert [line.position for line in delta.lines] == [0, 1]
    assert log.take().turns == ()
