"""The journal of changes: every kind, in the transaction of what it tells of, numbered once, bounded."""

import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from eventsourcing.persistence import PersistenceError

from domain.changes import (
    Change,
    ChangeKind,
    Position,
    Span,
    Touched,
    move_kind,
    ranges_of,
    read_position,
    read_ranges,
    write_ranges,
)
from domain.errors import InvalidPosition
from projections import changes
from projections.changes import BOOT_GAP, changes_after, has_told, journal, note_boot, prune, unlisted_paths
from projections.plans import Plan, run_here
from projections.shards import merge, open_shard
from rollout.catalogue.catalogue import Catalogue
from rollout.joined.home_log import JoinedLog
from tests.home import THREAD, IndexedHome, event, meta
from tests.projections.homes import new_home
from tests.projections.sample import SAMPLE, thread, turns
from tests.properties.test_event_door import feed


@pytest.fixture(name="home")
def _home(tmp_path: Path) -> Iterator[IndexedHome]:
    home = new_home(tmp_path)
    yield home
    home.close()


def asked(home: IndexedHome, plan: Plan[Any]) -> Any:
    """The answer to a plan."""
    with home.store.writing() as cursor:
        return run_here(plan, cursor)


def told(home: IndexedHome, after: int = 0) -> list[Change]:
    """What the journal has behind a number."""
    return list(asked(home, changes_after(after, None, 1000)).changes)


def kinds(home: IndexedHome) -> list[ChangeKind]:
    """The kinds of all changes."""
    return [change.kind for change in told(home)]


# -- lines ------------------------------------------------------------------------------------


def test_the_first_lines_of_a_file_are_found_and_further_ones_appended(home: IndexedHome) -> None:
    head, more = meta() + event("user_message", message="one"), b"".join(turns(2))
    path = home.write(head)
    home.catch_up()
    home.append(more)
    home.catch_up()
    home.catch_up()
    found, appended = told(home)
    assert (found.kind, found.span) == (ChangeKind.FOUND, Span(1, 2, 0, len(head)))
    assert (appended.kind, appended.span) == (
        ChangeKind.APPENDED,
        Span(3, 10, len(head), path.stat().st_size),
    )
    assert (found.thread_id, found.touched) == (THREAD, Touched(((0, 0),)))
    assert appended.touched == Touched(((0, 2),))  # the one that was open, and the two new ones
    assert found.number < appended.number


def test_a_line_without_its_line_feed_is_told_when_it_is_whole(home: IndexedHome) -> None:
    whole = event("user_message", message="one")
    home.write(meta() + whole[:-1])
    assert home.turns()
    assert [change.span for change in told(home)] == [Span(1, 1, 0, len(meta()))]
    home.append(b"\n")
    home.catch_up()
    assert [change.span and change.span.last_line for change in told(home)] == [1, 2]


def test_a_rollback_is_told_by_the_turns_that_it_left(home: IndexedHome) -> None:
    home.write(b"".join([meta(), *turns(4)]))
    home.catch_up()
    home.append(event("thread_rolled_back", num_turns=3) + event("user_message", message="again"))
    home.catch_up()
    assert [change.touched for change in told(home)] == [Touched(((0, 3),)), Touched(((1, 1),), 1)]


def test_lines_that_came_one_by_one_are_told_one_by_one(home: IndexedHome) -> None:
    home.write(b"".join(SAMPLE))
    assert feed(home) == len(SAMPLE)
    spans = [change.span for change in told(home)]
    assert [span and (span.first_line, span.last_line) for span in spans] == [
        (number, number) for number in range(1, len(SAMPLE) + 1)
    ]


def test_the_journal_and_the_rows_are_written_together_or_not_at_all(
    home: IndexedHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.write(meta())
    home.catch_up()
    before = asked(home, journal())

    def fail(*_: object) -> None:
        raise sqlite3.OperationalError

    home.append(event("user_message", message="one"))
    with monkeypatch.context() as patch:
        patch.setattr("projections.indexer.save", fail)
        with pytest.raises(PersistenceError):
            home.catch_up()
    assert (len(told(home)), asked(home, journal())) == (1, before)
    home.catch_up()
    assert [change.number for change in told(home)] == [1, 2]


# -- files ------------------------------------------------------------------------------------


def test_a_file_that_was_replaced_is_rewritten_and_found_anew(home: IndexedHome) -> None:
    home.write(b"".join([meta(), *turns(3)]))
    home.catch_up()
    home.write(meta() + event("user_message", message="other"))
    home.catch_up()
    assert [(change.kind, change.span and change.span.last_line) for change in told(home)] == [
        (ChangeKind.FOUND, 13),
        (ChangeKind.REWRITTEN, None),
        (ChangeKind.FOUND, 2),
    ]


@pytest.mark.parametrize("is_touched", [False, True])
def test_moves_are_told_by_where_they_lead(home: IndexedHome, *, is_touched: bool) -> None:
    path = home.write(b"".join([meta(), *turns(1)]))
    home.catch_up()
    archive = home.root / "archived_sessions"
    archive.mkdir()
    for target in (archive / path.name, path, path.parent / f"2{path.name}"[1:].replace("10-00", "10-01")):
        source = archive / path.name if target == path else path
        source.rename(target)
        if is_touched:
            os.utime(target, ns=(0, 10**18))
        home.indexer.catch_up(str(target), THREAD)
    assert kinds(home) == [
        ChangeKind.FOUND,
        ChangeKind.ARCHIVED,
        ChangeKind.UNARCHIVED,
        ChangeKind.MOVED,
    ]


def test_a_file_that_is_gone_is_told_once_and_only_if_its_lines_were(home: IndexedHome) -> None:
    home.write(meta())
    home.write(b"", thread(2))
    ids = [home.catch_up().file_id, home.catch_up(thread(2)).file_id]
    with home.store.writing() as cursor:
        for file_id in (*ids, *ids, 99):
            home.store.forget(cursor, file_id, ChangeKind.REMOVED)
    assert [(change.kind, change.thread_id) for change in told(home)] == [
        (ChangeKind.FOUND, THREAD),
        (ChangeKind.REMOVED, THREAD),
    ]


def test_a_thread_of_which_another_file_is_known_is_not_removed(home: IndexedHome) -> None:
    path = home.write(meta())
    first = home.catch_up().file_id
    other = path.with_name(path.name.replace("10-00-00", "10-00-01"))
    other.write_bytes(meta())
    home.indexer.catch_up(str(other), THREAD)
    with home.store.writing() as cursor:
        home.store.forget(cursor, first, ChangeKind.REMOVED)
    assert kinds(home) == [ChangeKind.FOUND, ChangeKind.FOUND]


def test_merging_a_shard_tells_each_of_its_files_once(home: IndexedHome, tmp_path: Path) -> None:
    for number in range(3):
        home.write(b"".join([meta(thread(number)), *turns(number)]), thread(number))
    shard = open_shard(tmp_path / "shard.sqlite", Catalogue())
    inner = IndexedHome.__new__(IndexedHome)
    inner.root, inner.log, inner.store = home.root, home.log, shard
    inner.indexer = type(home.indexer)(shard, JoinedLog(home.log))
    for number in range(3):
        inner.catch_up(thread(number))
    shard.close()
    assert merge(home.store, tmp_path / "shard.sqlite", home.log) == 3
    assert merge(home.store, tmp_path / "shard.sqlite", home.log) == 0
    assert [(change.thread_id, change.span and change.span.last_line) for change in told(home)] == [
        (thread(number), 1 + 4 * number) for number in range(3)
    ]
    assert [change.touched.count for change in told(home)] == [0, 1, 2]
    for number in range(3):
        home.catch_up(thread(number))
    assert len(told(home)) == 3


def test_files_without_a_list_row_are_those_that_may_be_gone(home: IndexedHome) -> None:
    path = home.write(meta())
    home.catch_up()  # the indexer alone makes no list row
    assert asked(home, unlisted_paths()) == [str(path)]


# -- numbers ----------------------------------------------------------------------------------


def fill(home: IndexedHome, count: int) -> None:
    """So many changes."""
    home.write(meta())
    home.catch_up()
    for number in range(count - 1):
        home.append(event("user_message", message=str(number)))
        home.catch_up()


def test_pages_of_changes_joined_are_the_journal(home: IndexedHome) -> None:
    fill(home, 7)
    found, seen = [], 0
    while True:
        page = asked(home, changes_after(seen, None, 3))
        found += page.changes
        seen = page.seen
        if len(page.changes) < 3:
            break
    assert (found, seen) == (told(home), 7)
    assert asked(home, changes_after(0, thread(9), 3)).seen == 7


def test_only_the_newest_changes_are_kept(home: IndexedHome, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "CHANGES_KEPT", 4)
    monkeypatch.setattr(changes, "CHANGES_PRUNED_AT_ONCE", 5)
    fill(home, 12)
    kept = asked(home, journal())
    assert (kept.oldest, kept.head) == (7, 12)
    assert [change.number for change in told(home)] == list(range(7, 13))
    known = [number for number in range(15) if asked(home, has_told(number))]
    assert known == list(range(6, 13))


def test_pruning_everything_keeps_the_numbers(home: IndexedHome) -> None:
    fill(home, 3)
    with home.store.writing() as cursor:
        prune(cursor, 3)
    assert asked(home, journal()).head == 3
    home.append(event("user_message", message="next"))
    home.catch_up()
    assert [change.number for change in told(home)] == [4]


def test_numbers_that_a_power_failure_may_have_taken_back_are_not_given_again(home: IndexedHome) -> None:
    fill(home, 2)
    with home.store.writing() as cursor:
        note_boot(cursor)  # the machine still runs
        note_boot(cursor, "another run")
        note_boot(cursor, "another run")
    assert asked(home, has_told(2))
    home.append(event("user_message", message="next"))
    home.catch_up()
    assert [change.number for change in told(home)] == [1, 2, 3 + BOOT_GAP]
    assert not asked(home, has_told(3))


def test_each_index_has_an_identity_of_its_own(tmp_path: Path) -> None:
    homes = [IndexedHome(tmp_path / name) for name in "ab"]
    ids = {asked(home, journal()).index_id for home in homes}
    assert len(ids) == 2
    for home in homes:
        home.close()
    again = IndexedHome(tmp_path / "a")
    assert asked(again, journal()).index_id in ids
    again.close()


def test_the_journal_is_small(home: IndexedHome) -> None:
    """A line of 1.8 KB, the mean of real logs, costs a row of some 60 bytes when it comes alone."""
    fill(home, 200)
    with home.store.writing() as cursor:
        size = cursor.execute(
            "SELECT sum(length(thread_id) + length(turns) + 30) FROM change"  # 30: record and key
        ).fetchone()[0]
    assert size / 200 < 60


def test_what_only_tries_leaves_nothing_in_the_journal(home: IndexedHome) -> None:
    home.write(meta())
    home.catch_up()
    home.append(event("user_message", message="one"))
    path = str(home.path_of())
    home.indexer.with_tail(path, THREAD, lambda _cursor, _file_id: None)
    assert len(told(home)) == 1


# -- words ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seqs", "text"), [([], ""), ([4], "4"), ([0, 1, 2], "0-2"), ([0, 2, 3, 9], "0,2-3,9")]
)
def test_ranges_are_short_and_read_back(seqs: list[int], text: str) -> None:
    assert write_ranges(ranges_of(seqs)) == text
    assert read_ranges(text) == ranges_of(seqs)
    assert Touched(ranges_of(seqs)).count == len(seqs)


def test_a_position_is_read_back() -> None:
    position = Position("0123456789abcdef", 17)
    assert read_position(position.text()) == position


@pytest.mark.parametrize("text", ["", "-1", "0123456789abcdef", "0123456789abcdef-01", "0123456789ABCDEF-1"])
def test_what_is_no_position_is_told(text: str) -> None:
    with pytest.raises(InvalidPosition, match="invalid position"):
        read_position(text)


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        ("/h/sessions/2026/05/01/r", "/h/archived_sessions/r", ChangeKind.ARCHIVED),
        ("/h/archived_sessions/r", "/h/sessions/2026/05/01/r", ChangeKind.UNARCHIVED),
        ("/archived_sessions/h/sessions/a/r", "/archived_sessions/h/sessions/b/r", ChangeKind.MOVED),
    ],
)
def test_a_move_is_called_by_the_folders(before: str, after: str, kind: ChangeKind) -> None:
    assert move_kind(before, after) is kind
