"""A file that grows, however it is cut, ends in the rows of the whole; only what is new is read."""

import os
from itertools import accumulate, pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.limits import BLOCK_SIZE, MARK_STRIDE
from projections import history, indexer
from projections.indexer import Indexer
from rollout import scan
from rollout.catalogue.catalogue import Catalogue
from rollout.joined.home_log import JoinedLog
from tests.home import THREAD, IndexedHome, event, meta
from tests.projections.counting import SEAMS_SIZE, CountingLog, positions, rows, rows_of
from tests.projections.homes import new_home, rebuilt
from tests.projections.sample import SAMPLE, thread, turns

WHOLE = b"".join(SAMPLE)


@pytest.fixture(name="home")
def _home(tmp_path: Path) -> IndexedHome:
    return new_home(tmp_path)


# -- cuts -------------------------------------------------------------------------------------


def test_a_file_read_byte_by_byte_ends_in_the_rows_of_the_whole(home: IndexedHome) -> None:
    expected = rebuilt(WHOLE)
    home.write(b"")
    for at in range(len(WHOLE)):
        home.append(WHOLE[at : at + 1])
        indexed = home.catch_up()
    assert rows(home, indexed.file_id) == expected
    assert positions(home) == (len(SAMPLE), len(SAMPLE))


def test_a_file_cut_at_any_line_and_read_on_ends_in_the_rows_of_the_whole(home: IndexedHome) -> None:
    expected = rebuilt(WHOLE)
    for count in range(len(SAMPLE) + 1):
        home.write(SAMPLE[:count], thread(count))
        home.catch_up(thread(count))
        home.append(b"".join(SAMPLE[count:]), thread(count))
        assert rows(home, home.catch_up(thread(count)).file_id) == expected


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, len(WHOLE)), max_size=8))
def test_a_file_cut_at_any_bytes_ends_in_the_rows_of_the_whole(cuts: list[int]) -> None:
    with TemporaryDirectory() as folder:
        home = new_home(Path(folder))
        home.write(b"")
        places = [0, *sorted(cuts), len(WHOLE)]
        for start, end in pairwise(places):
            home.append(WHOLE[start:end])
            indexed = home.catch_up()
        assert rows(home, indexed.file_id) == rebuilt(WHOLE)


@pytest.mark.parametrize("lines_at_once", [1, 3, None])
@pytest.mark.parametrize("commit_size", [1, 500, 10**6])
def test_the_sizes_of_slices_and_commits_change_no_row(
    home: IndexedHome, monkeypatch: pytest.MonkeyPatch, lines_at_once: int | None, commit_size: int
) -> None:
    monkeypatch.setattr(history, "COMMIT_SIZE", commit_size)
    monkeypatch.setattr(indexer, "COMMIT_SIZE", commit_size)
    home.write(SAMPLE)
    log = CountingLog(lines_at_once)
    indexed = Indexer(home.store, JoinedLog(log)).catch_up(str(home.path_of()), THREAD)
    assert rows(home, indexed.file_id) == rebuilt(WHOLE)
    assert positions(home) == (len(SAMPLE), len(SAMPLE))
    assert log.sliced == len(WHOLE)
    assert log.tails <= 1


def test_the_lines_of_a_long_file_are_found_by_marks_along_the_way(home: IndexedHome) -> None:
    long = event("agent_message", message="x" * 50_000)
    lines = [meta(), *turns(20), *[long] * 20, *turns(20), *[long] * 20]
    home.write(lines[:70])
    home.catch_up()
    home.append(b"".join(lines[70:]))
    file_id = home.catch_up().file_id
    offsets = [0, *accumulate(map(len, lines))]
    with home.store.writing() as cursor:
        found = [Catalogue().locate(cursor, file_id, number) for number in range(1, len(lines) + 1)]
        marks = [mark for one in Catalogue().segments_from(cursor, 1, 99) for mark in (*one.marks,)]
    assert all(offsets[line - 1] == at for line, at in (*found, *marks))
    assert marks == sorted(set(marks))
    assert 0 < marks[0][1] < marks[-1][1] < offsets[-1]
    for number, (line, at) in enumerate(found, 1):
        assert line <= number
        assert offsets[number - 1] - at <= MARK_STRIDE + BLOCK_SIZE


def test_a_line_over_the_limit_is_one_line_without_an_item(
    home: IndexedHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scan, "LINE_SIZE_MAX", 300_000)
    long = event("user_message", message="x" * 400_000)
    home.write(
        [meta(), event("user_message", message="before"), long, event("user_message", message="after")]
    )
    texts = [turn["items"][0]["content"][0]["text"] for turn in home.turns()]
    assert texts == ["before", "after"]
    assert [turn["id"] for turn in home.turns()] == ["rollout-1", "rollout-2"]
    assert positions(home) == (4, 4)


# -- the work ---------------------------------------------------------------------------------


def test_only_what_is_new_is_read(home: IndexedHome) -> None:
    data = b"".join([meta(), *turns(500)])
    home.write(data)
    log = CountingLog()
    counted = Indexer(home.store, JoinedLog(log))
    counted.catch_up(str(home.path_of()), THREAD)
    assert (log.sliced, len(log.opened)) == (len(data), 1)
    new = b"".join(turns(1, 500))
    home.append(new)
    log.reset()
    counted.catch_up(str(home.path_of()), THREAD)
    assert (log.sliced, len(log.opened)) == (len(new), 1)
    assert log.read <= len(new) + SEAMS_SIZE


def test_a_second_catch_up_reads_no_byte_and_opens_the_file_once(home: IndexedHome) -> None:
    home.write([*SAMPLE, SAMPLE[-1][:-1]])
    home.catch_up()
    before = home.tables()
    log = CountingLog()
    Indexer(home.store, JoinedLog(log)).catch_up(str(home.path_of()), THREAD)
    assert (log.read, len(log.opened)) == (0, 1)
    assert home.tables() == before


def test_an_empty_file_is_known_and_has_no_rows(home: IndexedHome) -> None:
    home.write(b"")
    indexed = home.catch_up()
    assert (indexed.state.size, indexed.tail_counts) == (0, False)
    assert rows(home, indexed.file_id)["turn"] == []
    assert home.turns() == []
    home.append(WHOLE)
    assert home.catch_up().file_id == indexed.file_id
    assert rows(home, indexed.file_id) == rebuilt(WHOLE)


# -- the last line ----------------------------------------------------------------------------

TORN = event("user_message", message="not yet écrit")


def test_a_torn_last_line_is_in_no_row_until_it_is_whole(home: IndexedHome) -> None:
    home.write([*SAMPLE, TORN[:-1]])
    indexed = home.catch_up()
    assert indexed.tail_counts
    found, expected = rows(home, indexed.file_id), rebuilt(WHOLE)
    assert (found["turn"], found["item_line"]) == (expected["turn"], expected["item_line"])
    home.append(b"\n")
    assert not home.catch_up().tail_counts
    assert rows(home, indexed.file_id) == rebuilt(WHOLE + TORN)


def test_every_cut_of_the_last_line_is_served_as_the_whole_lines_before_it(home: IndexedHome) -> None:
    home.write([meta(), event("user_message", message="before")])
    before = home.turns()
    for at in range(len(TORN) - 2):
        home.append(TORN[at : at + 1])
        assert not home.catch_up().tail_counts
        assert home.turns() == before
    home.append(TORN[-2:-1])
    assert home.catch_up().tail_counts
    whole = home.turns()
    assert len(whole) == 2
    assert len(home.tables()["turn"]) == 1
    home.append(b"\n")
    assert home.turns() == whole
    assert len(home.tables()["turn"]) == 2


def test_a_last_line_that_turns_into_garbage_counts_no_more(home: IndexedHome) -> None:
    home.write([meta(), event("user_message", message="before"), TORN[:-1]])
    assert len(home.turns()) == 2
    home.append(TORN)
    assert len(home.turns()) == 1
    assert not home.catch_up().tail_counts
    home.append(TORN)
    assert [turn["id"] for turn in home.turns()] == ["rollout-1", "rollout-2"]


def test_a_last_line_that_is_cut_off_again_counts_no_more(home: IndexedHome) -> None:
    whole = b"".join([meta(), event("user_message", message="before")])
    home.write([whole, TORN[:-1]])
    assert len(home.turns()) == 2
    os.truncate(home.path_of(), len(whole))
    assert len(home.turns()) == 1
    assert rows(home, home.catch_up().file_id) == rebuilt(whole)


@pytest.mark.parametrize("tail", [b"\0" * 5000, b"{", b"\xc3", b"   ", b"null", b"[" * 100_000])
def test_a_tail_that_is_no_line_changes_nothing(home: IndexedHome, tail: bytes) -> None:
    home.write([*SAMPLE, tail])
    indexed = home.catch_up()
    assert not indexed.tail_counts
    assert rows(home, indexed.file_id)["item_line"] == rebuilt(WHOLE)["item_line"]
    home.append(b"\n" + TORN)
    found = rows(home, home.catch_up().file_id)
    assert [row[:3] for row in found["item_line"]] == [row[:3] for row in rebuilt(WHOLE + TORN)["item_line"]]


def test_asking_with_the_last_line_leaves_no_row_behind(home: IndexedHome) -> None:
    home.write([*SAMPLE, TORN[:-1]])
    home.catch_up()
    before, positions_before = home.tables(), positions(home)
    assert home.turns()[-1]["items"][-1]["content"][0]["text"] == "not yet écrit"
    assert (home.tables(), positions(home)) == (before, positions_before)


def test_new_lines_before_the_last_one_are_seen_when_it_is_asked_for(home: IndexedHome) -> None:
    home.write([meta(), TORN[:-1]])
    indexed = home.catch_up()
    home.append(b"\n" + event("user_message", message="second") + TORN[:-1])
    answer = home.indexer.with_tail(
        indexed.path,
        THREAD,
        lambda cursor, file_id: cursor.execute(
            "SELECT count(*) FROM turn WHERE file_id = ?", (file_id,)
        ).fetchone()[0],
    )
    assert answer == 3
    assert len(home.tables()["turn"]) == 0


def test_a_file_never_caught_up_is_folded_for_the_question_alone(
    home: IndexedHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "COMMIT_SIZE", 1)
    home.write([meta(), *turns(3), TORN[:-1]])
    before = (home.tables(), positions(home))
    counted = Indexer(home.store, JoinedLog(CountingLog(lines_at_once=2)))
    answer = counted.with_tail(
        str(home.path_of()), THREAD, lambda cursor, file_id: len(rows_of(cursor, file_id)["turn"])
    )
    assert answer == 4
    assert (home.tables(), positions(home)) == before
