"""What a log with bases costs: bases are read once, a page opens the files it needs, and rows stay few."""

import json
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from domain.cursors import SortDirection, TurnCursor
from domain.limits import BLOCK_SIZE
from domain.log import RolloutPlace
from domain.views import ItemsView
from projections.content import turns_json
from projections.indexer import Indexed, Indexer
from projections.pages import TurnPage, turn_page
from projections.plans import run_here
from projections.threads import ThreadList
from rollout.joined.bases import LAST_LINE_SIZE
from rollout.joined.home_log import JoinedLog
from rollout.log import RolloutLog
from tests.domain.paginated_log import agent, end, in_order, paginated_meta, start, user
from tests.projections.counting import SEAMS_SIZE, CountingLog, rows
from tests.projections.homes import new_home
from tests.projections.sample import thread

OLDEST, MIDDLE, NEWEST = (thread(number) for number in (1, 2, 3))
TURNS = 5000
CUT = 4000
"""The turn before which the middle log left the oldest."""

LINES_A_TURN = 4
OWN_TURNS = 3


def turns(first: int, count: int, ordinal: int) -> Iterator[bytes]:
    """Lines of these turns."""
    for number in range(first, first + count):
        name = f"turn-{number}"
        told = [
            start(name, started_at=number),
            user(f"u{number}", name),
            agent(f"a{number}", name),
            end(name),
        ]
        yield from in_order(told, ordinal)
        ordinal += len(told)


def head(ordinal: int, thread_id: UUID, base: UUID, offset: int) -> bytes:
    """The head of a log that goes on from another one."""
    told = {"thread_id": str(base), "end_ordinal_exclusive": ordinal, "end_byte_offset": offset}
    return paginated_meta(ordinal, thread_id, history_base=told)


class Chain:
    """An indexed home with a long log, a fork in the middle of it, and a fork of that."""

    def __init__(self, root: Path) -> None:
        self.home = new_home(root)
        self.log = CountingLog()
        middle = 1 + LINES_A_TURN * CUT
        newest = middle + 1 + LINES_A_TURN * OWN_TURNS
        oldest = [paginated_meta(), *turns(0, TURNS, 1)]
        left_at = len(b"".join(oldest[:middle]))
        self.oldest = self.home.write(oldest, OLDEST)
        self.middle = self.home.write(
            [head(middle, MIDDLE, OLDEST, left_at), *turns(CUT, OWN_TURNS, middle + 1)], MIDDLE
        )
        left_at = self.middle.stat().st_size
        self.newest = self.home.write(
            [head(newest, NEWEST, MIDDLE, left_at), *turns(CUT + OWN_TURNS, OWN_TURNS, newest + 1)], NEWEST
        )
        self.indexer = Indexer(self.home.store, JoinedLog(self.log, self.find))
        self.first_read, self.indexed = self.reading()
        self.bases = self.indexed.bases

    def find(self, rollout_id: UUID) -> RolloutPlace | None:
        """Where a log is."""
        path = str(self.home.path_of(rollout_id))
        state = RolloutLog().state_of(path)
        return None if state is None else RolloutPlace(path, False, True, 0, rollout_id, state, rollout_id)  # noqa: FBT003

    def reading(self) -> tuple[int, Indexed]:
        """Catch up with the newest; tells how many bytes that read."""
        self.log.reset()
        found = self.indexer.catch_up(str(self.newest), NEWEST)
        return self.log.read, found

    def page(self, first: int, count: int, view: ItemsView) -> list[str]:
        """The ids of a page of the newest, as a request makes it once the log is caught up with."""
        cursor = TurnCursor(f"turn-{first}", include_anchor=True).text()
        plan = turn_page(self.indexed.file_id, cursor, count, SortDirection.ASCENDING, view)
        with self.home.store.writing() as sql:
            page: TurnPage = run_here(plan, sql)
        self.log.reset()
        with JoinedLog(self.log, self.find).open(str(self.newest), self.bases) as source:
            return [turn["id"] for turn in json.loads(turns_json(source, page.turns, view))]


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chain]:
    chain = Chain(tmp_path_factory.mktemp("chain"))
    yield chain
    chain.home.close()


def test_a_fork_costs_its_history_once_in_bytes_and_rows(chain: Chain) -> None:
    counted = sum(base.size for base in chain.bases) + chain.newest.stat().st_size
    heads_and_seams = (BLOCK_SIZE + LAST_LINE_SIZE + SEAMS_SIZE) * 3
    assert counted <= chain.first_read <= counted + heads_and_seams
    assert heads_and_seams < counted / 4
    found = rows(chain.home, chain.indexed.file_id)
    assert {table: len(of_table) for table, of_table in found.items()} == {
        "history": 1,
        "turn": CUT + 2 * OWN_TURNS,
        "item_line": 2 * (CUT + 2 * OWN_TURNS),
    }


def test_a_second_look_reads_no_byte(chain: Chain) -> None:
    assert chain.reading()[0] == 0
    assert chain.log.opened == [str(chain.newest)]


PAGES: dict[str, tuple[int, int, ItemsView, list[str]]] = {
    "of its own turns": (CUT + OWN_TURNS, 3, ItemsView.FULL, ["newest"]),
    "of the middle's": (CUT, 3, ItemsView.FULL, ["newest", "middle"]),
    "of the oldest's": (7, 20, ItemsView.SUMMARY, ["newest", "oldest"]),
    "across a border": (CUT - 2, 4, ItemsView.SUMMARY, ["newest", "oldest", "middle"]),
    "across both": (CUT - 1, 9, ItemsView.FULL, ["newest", "oldest", "middle"]),
    "of no items": (CUT - 1, 9, ItemsView.NOT_LOADED, ["newest"]),
}


@pytest.mark.parametrize(("first", "count", "view", "opened"), PAGES.values(), ids=PAGES)
def test_a_page_opens_the_files_it_needs_and_reads_the_lines_of_its_items(
    chain: Chain, first: int, count: int, view: ItemsView, opened: list[str]
) -> None:
    shown = chain.page(first, count, view)
    assert shown == [f"turn-{first + at}" for at in range(len(shown))]
    assert len(shown) == min(count, CUT + 2 * OWN_TURNS - first)
    assert chain.log.opened == [str(getattr(chain, name)) for name in opened]
    assert len(chain.log.ranges) == (0 if view is ItemsView.NOT_LOADED else 2 * len(shown))
    assert chain.log.sliced == 0


def test_a_list_row_reads_the_beginning_of_the_oldest_alone(chain: Chain) -> None:
    place = chain.find(NEWEST)
    assert place is not None
    chain.log.reset()
    with chain.home.store.writing() as cursor:
        ThreadList(chain.home.store, JoinedLog(chain.log, chain.find)).renew(cursor, [place])
        row = cursor.execute(
            "SELECT preview FROM thread WHERE file_id = ?", (chain.indexed.file_id,)
        ).fetchone()
    assert row["preview"] == "u"
    assert chain.log.sliced <= 4 * BLOCK_SIZE


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Chain]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tests.projections.test_bases_work.TURNS", 900)
        patch.setattr("tests.projections.test_bases_work.CUT", 800)
        chain = Chain(tmp_path)
        yield chain
        chain.home.close()


def test_what_is_added_to_a_log_is_all_that_is_read(small: Chain) -> None:
    added = b"".join(turns(7000, 1, 90_000))
    with small.newest.open("ab") as file:
        file.write(added)
    read, _ = small.reading()
    assert len(added) <= read <= len(added) + SEAMS_SIZE
    assert small.log.opened == [str(small.newest)]


def test_a_base_that_grows_behind_its_cut_costs_a_look_at_its_seam(small: Chain) -> None:
    with small.oldest.open("ab") as file:
        file.write(b"".join(turns(7000, 1, 90_000)))
    before = rows(small.home, small.indexed.file_id)
    read, indexed = small.reading()
    assert read <= SEAMS_SIZE
    assert rows(small.home, indexed.file_id) == before
    assert small.reading()[0] == 0


def test_a_base_that_moves_costs_a_look_at_its_seam(small: Chain) -> None:
    moved = small.home.root / "moved"
    small.oldest.rename(moved)

    def find(rollout_id: UUID) -> RolloutPlace | None:
        state = RolloutLog().state_of(str(moved))
        assert state is not None
        known = RolloutPlace(str(moved), True, True, 0, OLDEST, state, OLDEST)  # noqa: FBT003
        return known if rollout_id == OLDEST else Chain.find(small, rollout_id)

    small.indexer = Indexer(small.home.store, JoinedLog(small.log, find))
    read, indexed = small.reading()
    assert read <= SEAMS_SIZE
    assert indexed.bases[0].path == str(moved)
    assert small.reading()[0] == 0
