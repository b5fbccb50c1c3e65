"""A file that grows gives the same rows as one that is read at once, wherever it grew, however it is read."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.properties.homes import assert_shows, new_home, tables_of
from tests.properties.scale import examples
from tests.properties.strategies import CUTS, LOGS, pieces


@examples(40)
@given(LOGS, CUTS)
def test_file_cut_anywhere_catches_up_to_the_same_rows(data: bytes, cuts: list[int]) -> None:
    with new_home() as home:
        home.write(b"")
        so_far = b""
        for piece in pieces(data, cuts):
            home.append(piece)
            so_far += piece
            assert_shows(home, so_far)
            assert home.tables() == tables_of(so_far)


@examples(30)
@given(LOGS)
def test_file_that_grows_line_by_line_catches_up_to_the_same_rows(data: bytes) -> None:
    with new_home() as home:
        home.write(b"")
        so_far = b""
        for raw in io.BytesIO(data):
            home.append(raw)
            so_far += raw
            assert_shows(home, so_far)
        home.catch_up()
        assert home.tables() == tables_of(data)


@examples(40)
@given(LOGS, st.sampled_from((1, 60, 300)), st.sampled_from((1, 200, 2000)))
def test_small_blocks_and_small_commits_lead_to_the_same_rows(
    data: bytes, block_size: int, commit_size: int
) -> None:
    with new_home(block_size=block_size) as home, pytest.MonkeyPatch.context() as patch:
        patch.setattr("projections.history.COMMIT_SIZE", commit_size)
        patch.setattr("projections.indexer.COMMIT_SIZE", commit_size)
        home.write(data)
        assert_shows(home, data)
        rows = home.tables()
    assert rows == tables_of(data)


@examples(30)
@given(LOGS, LOGS)
def test_file_put_in_place_of_another_is_read_anew(former: bytes, data: bytes) -> None:
    with new_home() as home:
        home.write(former)
        home.catch_up()
        home.path_of().unlink()
        home.write(data)
        assert_shows(home, data)
        assert home.tables() == tables_of(data)
