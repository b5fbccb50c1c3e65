"""Logs that release 0.169.0 wrote, forks and packed ones among them, are listed and read in every view."""

import shutil
from pathlib import Path

import pytest

from domain.views import ItemsView
from tests.api.lasting import Lasting
from tests.properties.dialects.indexed import indexed
from tests.properties.dialects.naive_home import Log, NaiveHome
from tests.properties.dialects.test_homes import assert_lists, assert_reads, served

REAL = Path(__file__).parents[2] / "data" / "real-0.169"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with all of them, each where its name says."""
    root = tmp_path_factory.mktemp("real").resolve()
    for path in REAL.rglob("rollout-*"):
        year, month, day = path.name.removeprefix("rollout-")[:10].split("-")
        folder = root / "sessions" / year / month / day
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, folder / path.name)
    return root


def of_kinds(home: NaiveHome) -> dict[str, list[Log]]:
    """The logs by what is special about them."""
    logs = home.threads()
    return {
        "paginated": [log for log in logs if log.is_paginated],
        "legacy": [log for log in logs if not log.is_paginated],
        "packed": [log for log in logs if not log.path.exists()],
        "forks": [log for log in logs if log.base is not None],
        "forks of forks": [log for log in logs if log.base and log.base["thread_id"] in _forks(logs)],
    }


def _forks(logs: list[Log]) -> set[str]:
    return {str(log.thread_id) for log in logs if log.base is not None}


def test_there_are_some_of_every_kind(root: Path) -> None:
    assert all(of_kinds(NaiveHome(root)).values())


@pytest.mark.parametrize("view", ItemsView)
def test_real_logs_read_the_same_with_an_index_and_by_a_naive_reader(root: Path, view: ItemsView) -> None:
    home = NaiveHome(root)
    with indexed(root) as index:
        for log in home.threads():
            for _ in ("first touch", "known"):
                turns, _page = index.page(log, view)
                assert turns == home.turns(log, view), log.path.name
                assert turns


def test_a_fork_shows_the_turns_that_it_was_forked_from(root: Path) -> None:
    home = NaiveHome(root)
    with indexed(root) as index:
        for log in of_kinds(home)["forks"]:
            base = next(one for one in home.logs if str(one.rollout_id) == (log.base or {})["thread_id"])
            inherited = [turn["id"] for turn in index.page(base)[0]]
            shown = [turn["id"] for turn in index.page(log)[0]]
            assert shown[0] == inherited[0]
            assert set(shown) - set(inherited)


def test_a_server_lists_and_reads_them_all_also_when_the_index_was_deleted(root: Path) -> None:
    home = NaiveHome(root)

    async def work(client: Lasting) -> None:
        await assert_lists(client, home)
        for how in range(len(ItemsView)):
            await assert_reads(client, home, how)

    for is_lasting in (False, True):
        served(root, work, is_lasting=is_lasting)
        shutil.rmtree(root / "threadstore")
