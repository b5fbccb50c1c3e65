"""Which working directories a filter means (thread-list.md, section 3)."""

import os
from pathlib import Path

import pytest

from api.showing.working_directories import asked_paths, keys_of
from domain.listing.thread_object import Defaults

DEFAULTS = Defaults("openai", "/base/here", "/home/user")


def meant(asked: str, known: list[str], base: str = "/base") -> list[str]:
    """The known directories that a path means."""
    keys = keys_of([asked], enumerate(known), base)
    return [known[key] for key in keys]


@pytest.mark.parametrize(
    ("asked", "paths"),
    [
        ("/a/b", ["/a/b"]),
        (["/a", "b"], ["/a", "/base/here/b"]),
        ([], []),
        ("", ["/base/here"]),
        (".", ["/base/here"]),
        ("..", ["/base"]),
        ("../../..", ["/"]),
        ("x/../y", ["/base/here/y"]),
        ("/a//b/./c/", ["/a/b/c"]),
        ("//a", ["/a"]),
        ("~", ["/home/user"]),
        ("~/x/", ["/home/user/x"]),
        ("~x", ["/base/here/~x"]),
        ("x/~", ["/base/here/x/~"]),
    ],
)
def test_asked_paths_are_made_absolute_by_their_texts(asked: str | list[str], paths: list[str]) -> None:
    assert asked_paths(asked, DEFAULTS) == paths


NOWHERE = "/no/such/folder"


@pytest.mark.parametrize(
    ("known", "is_meant"),
    [
        (NOWHERE, True),
        (f"{NOWHERE}/", True),
        ("//no//such///folder", True),
        ("/no/./such/folder/.", True),
        ("/no/x/../such/folder", False),
        (f"{NOWHERE}/sub", False),
        ("/no/such", False),
        ("/no/such/folde", False),
        ("/no/such/Folder", False),
        ("no/such/folder", False),
        ("/no/such/*", False),
        ("", False),
        ("/no/such/fol\0der", False),
    ],
)
def test_paths_that_do_not_exist_are_compared_part_by_part(known: str, is_meant: bool) -> None:  # noqa: FBT001
    assert meant(NOWHERE, [known]) == ([known] if is_meant else [])


def test_a_path_that_exists_is_found_by_every_way_to_it(tmp_path: Path) -> None:
    (tmp_path / "real" / "inner").mkdir(parents=True)
    (tmp_path / "link").symlink_to("real")
    (tmp_path / "chain").symlink_to("link")
    ways = [
        f"{tmp_path}/real",
        f"{tmp_path}/real/",
        f"{tmp_path}//real/.",
        f"{tmp_path}/link",
        f"{tmp_path}/chain",
        f"{tmp_path}/real/inner/..",
        f"{tmp_path}/link/inner/..",
    ]
    others = [f"{tmp_path}/real/inner", str(tmp_path), f"{tmp_path}/gone"]
    for asked in ways:
        assert meant(asked, [*ways, *others]) == ways


def test_a_relative_directory_starts_at_the_base(tmp_path: Path) -> None:
    (tmp_path / "here" / "project").mkdir(parents=True)
    known = ["project", "./project", "../here/project", "gone", "/project"]
    base = str(tmp_path / "here")
    assert meant(f"{base}/project", known, base) == known[:3]
    assert meant(f"{base}/gone", known, base) == []  # what does not exist is compared by its text


def test_a_directory_that_tells_nothing_is_no_directory(tmp_path: Path) -> None:
    assert meant(str(tmp_path), ["", "."], str(tmp_path)) == ["."]


def test_two_places_with_one_name_are_two(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name / "project").mkdir(parents=True)
    known = [f"{tmp_path}/{name}/project" for name in ("one", "two")]
    assert meant(known[0], known) == known[:1]


def test_a_link_that_leads_nowhere_is_compared_by_its_text(tmp_path: Path) -> None:
    (tmp_path / "dangling").symlink_to("gone")
    (tmp_path / "loop").symlink_to("loop")
    for name in ("dangling", "loop"):
        known = [f"{tmp_path}/{name}", f"{tmp_path}/gone"]
        assert meant(f"{tmp_path}/{name}", known) == known[:1]


def test_several_paths_mean_what_each_of_them_does(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    known = [NOWHERE, f"{tmp_path}/link", "/other"]
    assert keys_of([NOWHERE, f"{tmp_path}/real", f"{tmp_path}/real"], enumerate(known), "/") == [0, 1]
    assert keys_of([], enumerate(known), "/") == []


def test_a_path_that_no_file_system_takes_is_no_error(tmp_path: Path) -> None:
    odd = ["/" + "x" * 5000, "/a\0b"]
    known = [*odd, str(tmp_path)]
    for asked in odd:
        assert meant(asked, known) == [asked]


def test_the_disk_is_not_looked_at_for_each_directory_when_nothing_that_is_asked_exists(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looked: list[str] = []
    stat = os.stat

    def note(path: str) -> os.stat_result:
        looked.append(path)
        return stat(path)

    monkeypatch.setattr(os, "stat", note)
    assert meant(NOWHERE, [f"/some/folder/{number}" for number in range(100)]) == []
    assert looked == [NOWHERE]
