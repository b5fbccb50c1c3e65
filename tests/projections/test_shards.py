"""An index into which shards were merged equals one that was made in process, whatever was merged when."""

import os
import random
import sqlite3
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from api.filling.batches import Kind
from domain.log import RolloutPlace
from projections.shards import UnusableShard, merge
from projections.store import IndexStore
from tests.home import READ_MODELS, event, meta
from tests.projections.listing import says
from tests.projections.sample import SAMPLE, thread, turns
from tests.projections.sharding import CONTENTS, OddHome, content, orphans, spans, tracked

SHOWN = (*READ_MODELS, "thread")
"""What does not depend on how often a file was looked at, as the segments of a file that grew do."""

LINES = sum(data.count(b"\n") for data in CONTENTS)


@pytest.fixture(name="home")
def _home(tmp_path: Path) -> OddHome:
    return OddHome(tmp_path / "home")


@pytest.fixture(name="store")
def _store(home: OddHome, tmp_path: Path) -> Iterator[IndexStore]:
    store = home.open_index(tmp_path / "merged")
    yield store
    store.close()


@pytest.fixture(name="expected")
def _expected(home: OddHome, tmp_path: Path) -> Iterator[IndexStore]:
    """The index of the home as it is when a test begins, made in process."""
    store = home.open_index(tmp_path / "expected")
    for kind in Kind:
        home.index(store, kind, home.places())
    yield store
    store.close()


def split(places: list[RolloutPlace], chance: random.Random) -> list[list[RolloutPlace]]:
    """The files in an order and in groups of chance."""
    places = chance.sample(places, len(places))
    cuts = sorted(chance.sample(range(1, len(places)), 2))
    return [places[start:stop] for start, stop in pairwise([0, *cuts, len(places)])]


def assert_same(store: IndexStore, expected: IndexStore) -> None:
    """Equal rows, and all that makes an index well-formed."""
    assert content(store) == content(expected)
    assert_well_formed(store, expected)


def assert_well_formed(store: IndexStore, expected: IndexStore) -> None:
    """Every line has one position of its own, all of them are tracked, and no row has lost its file."""
    found = spans(store)
    assert all(end <= start for (_, end), (start, _) in pairwise(found))
    head, known = tracked(store)
    assert known == head >= found[-1][1] - 1
    assert sum(end - start for start, end in found) == sum(end - start for start, end in spans(expected))
    assert orphans(store) == 0


def shards_of(home: OddHome, folder: Path, chance: random.Random) -> list[Path]:
    """Shards of list rows and of turns, each file once in each."""
    folder.mkdir(exist_ok=True)
    return [
        home.shard(folder / f"{kind}-{number}.sqlite", kind, places)
        for kind in Kind
        for number, places in enumerate(split(home.places(), chance))
    ]


def test_list_rows_then_turns_make_the_index_that_is_made_in_process(
    home: OddHome, store: IndexStore, expected: IndexStore, tmp_path: Path
) -> None:
    taken = [merge(store, shard, home.log) for shard in shards_of(home, tmp_path / "s", random.Random(0))]
    assert_same(store, expected)
    assert sum(taken) == 2 * len(CONTENTS)
    assert tracked(store) == (LINES, LINES)


@pytest.mark.parametrize("seed", range(8))
def test_shards_in_any_order_make_the_same_index_also_when_files_are_known_or_merged_twice(
    home: OddHome, store: IndexStore, expected: IndexStore, tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)
    shards = shards_of(home, tmp_path / "s", chance)
    again = shards_of(home, tmp_path / "again", chance)
    for kind in Kind:
        home.index(store, kind, chance.sample(home.places(), 3))
    for shard in chance.sample([*shards, *again], len(shards) + len(again)):
        merge(store, shard, home.log)
    assert_same(store, expected)
    assert [merge(store, shard, home.log) for shard in shards] == [0] * len(shards)
    assert_same(store, expected)


@pytest.mark.parametrize("seed", range(8))
def test_files_that_changed_meanwhile_are_brought_up_to_date_as_always(
    home: OddHome, store: IndexStore, tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)
    shards = shards_of(home, tmp_path / "s", chance)
    with home.path_of(2).open("ab") as file:
        file.write(b"".join([*turns(3, 30), event("user_message", message="unfini")[:-1]]))
    replacement = home.path_of(0).with_name("new")
    replacement.write_bytes(b"".join([meta(), says("another file"), *SAMPLE[1:5]]))
    replacement.replace(home.path_of(0))
    home.path_of(8).unlink()
    home.path_of(5).rename(home.home.archived / home.path_of(5).name)
    merged = chance.sample(shards, len(shards))
    for shard in merged[:3]:
        merge(store, shard, home.log)
    home.complete(store)
    for shard in merged[3:]:
        merge(store, shard, home.log)
    home.complete(store)
    expected = home.open_index(tmp_path / "expected")
    home.complete(expected)
    found = content(store)
    assert {name: found[name] for name in SHOWN} == {name: content(expected)[name] for name in SHOWN}
    assert_well_formed(store, expected)
    expected.close()


def test_of_several_files_of_a_thread_the_same_is_listed_whichever_came_first(
    home: OddHome, store: IndexStore, tmp_path: Path
) -> None:
    places = [
        place for place in home.places() if not place.is_archived and place.started_s % 60 in (8, 9, 10)
    ]
    assert len(places) == 3
    listed = set()
    for number, place in enumerate(sorted(places, key=lambda place: place.state.size)):
        merge(store, home.shard(tmp_path / f"{number}.sqlite", Kind.HEADS, [place]), home.log)
        with store.writing() as cursor:
            found = cursor.execute("SELECT size FROM thread WHERE is_listed").fetchall()
        listed.add(tuple(row[0] for row in found))
    assert listed == {(len(CONTENTS[9]),), (len(CONTENTS[8]),)}


def test_a_merged_list_row_is_found_by_its_words(home: OddHome, store: IndexStore, tmp_path: Path) -> None:
    merge(store, home.shard(tmp_path / "s.sqlite", Kind.HEADS, home.places()), home.log)
    with store.writing() as cursor:
        found = cursor.execute(
            "SELECT path FROM thread_words JOIN rollout_file ON file_id = thread_words.rowid "
            "WHERE thread_words MATCH 'nge'"
        ).fetchall()
    assert [row[0] for row in found] == [str(home.path_of(8))]


def test_ids_and_positions_are_not_used_again(home: OddHome, store: IndexStore, tmp_path: Path) -> None:
    home.complete(store)
    with store.writing() as cursor:
        files = store.catalogue.files(cursor)
        last = max(file.file_id for file in files)
        for file in files:
            store.forget(cursor, file.file_id)
    head, _ = tracked(store)
    merge(store, home.shard(tmp_path / "s.sqlite", Kind.TURNS, home.places()), home.log)
    with store.writing() as cursor:
        assert min(file.file_id for file in store.catalogue.files(cursor)) > last
    assert spans(store)[0][0] == head + 1
    assert tracked(store) == (head + LINES, head + LINES)


def test_a_file_whose_lines_have_positions_but_no_rows_is_left_to_the_indexer(
    home: OddHome, store: IndexStore, expected: IndexStore, tmp_path: Path
) -> None:
    place = next(place for place in home.places() if place.path == str(home.path_of(2)))
    with store.writing() as cursor:
        file = store.catalogue.add_file(cursor, place.thread_id, place.path, place.state)
        store.catalogue.extend(cursor, file, 1, len(meta(thread(2))), ())
    merge(store, home.shard(tmp_path / "s.sqlite", Kind.TURNS, home.places()), home.log)
    assert len(content(store)["history"]) == len(CONTENTS) - 1
    assert tracked(store) == (1 + LINES, 0)
    home.complete(store)
    home.complete(expected)
    assert content(store) == content(expected)
    assert tracked(store)[0] == tracked(store)[1]


def test_a_shard_that_is_missing_damaged_or_of_another_version_changes_nothing(
    home: OddHome, store: IndexStore, tmp_path: Path
) -> None:
    shard = home.shard(tmp_path / "s.sqlite", Kind.TURNS, home.places())
    damaged, other = tmp_path / "damaged", tmp_path / "other"
    damaged.write_bytes(os.urandom(8192))
    other.write_bytes(shard.read_bytes())
    with sqlite3.connect(other) as connection:
        connection.execute("PRAGMA user_version = 1000")
    connection.close()
    for path in (tmp_path / "none", damaged, other):
        with pytest.raises(UnusableShard):
            merge(store, path, home.log)
    assert not (tmp_path / "none").exists()
    assert content(store)["rollout_file"] == []
    assert merge(store, shard, home.log) == len(CONTENTS)


def test_a_merge_that_fails_leaves_nothing_behind_and_can_be_done_again(
    home: OddHome, store: IndexStore, expected: IndexStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shards = shards_of(home, tmp_path / "s", random.Random(1))
    with monkeypatch.context() as patch:
        patch.setattr(store, "track_folded", lambda _cursor: (_ for _ in ()).throw(OSError("full")))
        for shard in shards[len(shards) // 2 :]:
            with pytest.raises(OSError, match="full"):
                merge(store, shard, home.log)
    assert content(store)["rollout_file"] == []
    assert spans(store) == []
    for shard in shards:
        merge(store, shard, home.log)
    assert_same(store, expected)
