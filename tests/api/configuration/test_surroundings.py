"""What the disk tells of a working directory, with real folders."""

from pathlib import Path

import pytest

from api.configuration.surroundings import look_around


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


def repository(folder: Path) -> Path:
    (folder / ".git").mkdir(parents=True)
    return folder


def test_the_trust_of_the_repository_counts_behind_that_of_the_directory(home: Path, tmp_path: Path) -> None:
    root = repository(tmp_path / "repository")
    below = root / "a" / "b"
    assert look_around(home)(str(below)).projects == (str(below), str(root))
    assert look_around(home)(str(root)).projects == (str(root),)


def test_a_directory_without_a_repository_stands_alone(home: Path) -> None:
    assert look_around(home)("/not/there").projects == ("/not/there",)


def test_the_trust_of_the_root_checkout_counts_for_a_linked_work_tree(home: Path, tmp_path: Path) -> None:
    linked = tmp_path / "linked"
    linked.mkdir()
    (linked / ".git").write_text("gitdir: /root/checkout/.git/worktrees/linked\n")
    assert look_around(home)(str(linked)).projects == (str(linked), "/root/checkout")


@pytest.mark.parametrize(
    "link", ["", "gitdir:", "gitdir: relative", "gitdir: /x/.git/modules/y", "\xff" * 9000]
)
def test_other_links_lead_nowhere(home: Path, tmp_path: Path, link: str) -> None:
    linked = tmp_path / "linked"
    linked.mkdir()
    (linked / ".git").write_text(link)
    assert look_around(home)(str(linked)).projects == (str(linked),)


def test_instructions_go_from_the_home_by_the_root_to_the_directory(home: Path, tmp_path: Path) -> None:
    root = repository(tmp_path / "repository")
    below = root / "a" / "b"
    below.mkdir(parents=True)
    for folder in (home, tmp_path, root, below):
        (folder / "AGENTS.md").write_text("x")
    sources = [home / "AGENTS.md", root / "AGENTS.md", below / "AGENTS.md"]
    assert look_around(home)(str(below)).instruction_sources == tuple(map(str, sources))


def test_an_override_counts_before_the_file_beside_it(home: Path, tmp_path: Path) -> None:
    root = repository(tmp_path / "repository")
    for folder in (home, root):
        (folder / "AGENTS.md").write_text("x")
        (folder / "AGENTS.override.md").write_text("x")
    sources = [home / "AGENTS.override.md", root / "AGENTS.override.md"]
    assert look_around(home)(str(root)).instruction_sources == tuple(map(str, sources))


def test_a_blank_file_counts_in_a_project_but_not_in_the_home(home: Path, tmp_path: Path) -> None:
    root = repository(tmp_path / "repository")
    (home / "AGENTS.md").write_text("x")
    (home / "AGENTS.override.md").write_text(" \n")
    (root / "AGENTS.override.md").write_text("")
    sources = [home / "AGENTS.md", root / "AGENTS.override.md"]
    assert look_around(home)(str(root)).instruction_sources == tuple(map(str, sources))


def test_folders_and_impossible_names_are_no_instructions(home: Path) -> None:
    (home / "AGENTS.md").mkdir()
    assert look_around(home)(str(home)).instruction_sources == ()
    assert look_around(home)("/bad\0name").instruction_sources == ()
