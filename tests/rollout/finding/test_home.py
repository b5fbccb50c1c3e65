"""A home is a folder that is there; everything of it lies in its place below."""

from pathlib import Path

import pytest

from domain.errors import HomeMissing
from rollout.finding.home import ENVIRONMENT, INDEX_ENVIRONMENT, Home


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment says nothing about homes."""
    monkeypatch.delenv(ENVIRONMENT, raising=False)
    monkeypatch.delenv(INDEX_ENVIRONMENT, raising=False)


def test_everything_has_its_place_below_the_home(tmp_path: Path) -> None:
    home = Home.at(tmp_path)
    assert home.root == tmp_path.resolve()
    assert home.sessions == home.root / "sessions"
    assert home.archived == home.root / "archived_sessions"
    assert home.names == home.root / "session_index.jsonl"
    assert home.index == home.root / "threadstore" / "index.sqlite"


@pytest.mark.parametrize("name", ["gone", "file", "dangling"])
def test_what_is_no_folder_is_no_home(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "dangling").symlink_to("nowhere")
    with pytest.raises(HomeMissing, match=name):
        Home.at(tmp_path / name)


def test_links_to_a_home_are_resolved(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    assert Home.at(tmp_path / "link") == Home.at(tmp_path / "real")


def test_a_relative_home_is_made_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "home").mkdir()
    monkeypatch.chdir(tmp_path)
    assert Home.at("home").root == (tmp_path / "home").resolve()


def test_a_tilde_is_the_users_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mine").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path))
    assert Home.at("~/mine").root == (tmp_path / "mine").resolve()


def test_the_environment_names_the_users_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ENVIRONMENT, str(tmp_path))
    assert Home.of_user().root == tmp_path.resolve()


@pytest.mark.parametrize("is_empty", [True, False])
def test_a_user_who_names_none_has_the_usual_home(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    is_empty: bool,  # noqa: FBT001 - a parameter
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    if is_empty:
        monkeypatch.setenv(ENVIRONMENT, "")
    with pytest.raises(HomeMissing, match=r"--home or CODEX_HOME"):
        Home.of_user()
    (tmp_path / ".codex").mkdir()
    assert Home.of_user().root == (tmp_path / ".codex").resolve()


def test_the_index_is_where_it_was_asked_for_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(INDEX_ENVIRONMENT, str(tmp_path / "environment"))
    monkeypatch.setenv(ENVIRONMENT, str(tmp_path))
    asked = tmp_path / "asked"
    assert Home.at(tmp_path, asked).index == Home.of_user(asked).index == asked
    assert Home.at(tmp_path).index == Home.of_user().index == tmp_path / "environment"
    monkeypatch.setenv(INDEX_ENVIRONMENT, "")
    assert Home.at(tmp_path).index == tmp_path.resolve() / "threadstore" / "index.sqlite"


def test_a_tilde_in_the_place_of_the_index_is_the_users_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert Home.at(tmp_path, Path("~/index")).index == tmp_path / "index"
    monkeypatch.setenv(INDEX_ENVIRONMENT, "~/index")
    assert Home.at(tmp_path).index == tmp_path / "index"


def test_a_home_is_not_touched_by_looking_at_it(tmp_path: Path) -> None:
    Home.at(tmp_path)
    assert list(tmp_path.iterdir()) == []
