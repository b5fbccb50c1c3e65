"""Rebuild is catch-up at any cut is per event, also for logs that go on from others."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.views import ItemsView
from tests.projections.counting import Row
from tests.properties.dialects.indexed import indexed, rebuilt, worlds
from tests.properties.dialects.world import BEGUN, ONE_STEP, Step
from tests.properties.homes import NarrowLog
from tests.properties.scale import examples
from tests.properties.strategies import CUTS, pieces

HAPPENED = st.builds(list.__add__, BEGUN, st.lists(ONE_STEP, max_size=6))


@examples(60)
@given(HAPPENED)
def test_the_index_shows_the_turns_of_the_naive_reader_in_every_view(steps: list[Step]) -> None:
    with worlds(steps) as world, indexed(world.root) as index:
        home = world.home
        for log in home.threads():
            for view in ItemsView:
                assert index.page(log, view)[0] == home.turns(log, view), log.path


@examples(40)
@given(BEGUN, CUTS, st.integers(0, 11))
def test_a_log_that_is_cut_anywhere_catches_up_to_the_same_rows(
    steps: list[Step], cuts: list[int], which: int
) -> None:
    with worlds(steps) as world, indexed(world.root) as index:
        logs = world.home.threads()
        log = logs[which % len(logs)]
        log.path.write_bytes(so_far := b"")
        for piece in pieces(log.data, cuts):
            with log.path.open("ab") as file:
                file.write(piece)
            so_far += piece
            found = index.rows_of(log)
            assert found == rebuilt(world.root, log)
            assert found["history"] or not so_far
        assert index.page(log)[0] == world.home.turns(log)


def without_seams(found: dict[str, list[Row]]) -> dict[str, list[Row]]:
    """The rows that do not tell what the file looked like when it was read to its end."""
    history = [row[1:3] + row[4:] for row in found["history"]]
    return found | {"history": history}


@examples(30)
@given(HAPPENED)
def test_lines_that_come_as_events_give_the_rows_of_the_whole(steps: list[Step]) -> None:
    with worlds(steps) as world:
        for log in world.home.threads():
            if not log.path.exists():  # nobody writes to a packed one
                continue
            expected = rebuilt(world.root, log)
            with indexed(world.root) as index:
                assert without_seams(index.by_events(log)) == without_seams(expected)
                assert index.rows_of(log) == expected


@examples(30)
@given(HAPPENED, st.sampled_from((1, 60, 300)), st.sampled_from((1, 200, 2000)))
def test_small_blocks_and_small_commits_lead_to_the_same_rows(
    steps: list[Step], block_size: int, commit_size: int
) -> None:
    with worlds(steps) as world:
        logs = [log for log in world.home.threads() if log.path.exists()]
        expected = [rebuilt(world.root, log) for log in logs]
        with pytest.MonkeyPatch.context() as patch, indexed(world.root, NarrowLog(block_size)) as index:
            patch.setattr("projections.history.COMMIT_SIZE", commit_size)
            patch.setattr("projections.indexer.COMMIT_SIZE", commit_size)
            assert [index.rows_of(log) for log in logs] == expected


@examples(30)
@given(BEGUN, st.lists(ONE_STEP, min_size=1, max_size=8))
def test_whatever_happens_to_the_logs_leads_to_the_rows_of_a_rebuild(
    before: list[Step], after: list[Step]
) -> None:
    with worlds(before) as world, indexed(world.root) as index:
        for step in after:
            for log in world.home.threads():
                index.catch_up(log)
            world.do(step)
            for log in world.home.threads():
                assert index.rows_of(log) == rebuilt(world.root, log), (step, log.path)
