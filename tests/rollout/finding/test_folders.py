"""A tree of folders shows every change at once, and lists nothing again that stayed as it was."""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest

from rollout.finding.folders import DEPTH_MAX, SETTLED_NS, FolderTree

THREAD = UUID("0196f0aa-0000-7000-8000-000000000001")
OTHER = UUID("0196f0aa-0000-7000-8000-000000000002")
LONG_AGO_NS = 1_000_000_000_000_000_000

Listings = list[str]
Change = Callable[[Path], object]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder with three days and a file in each."""
    root = tmp_path / "sessions"
    for day in ("01", "02", "03"):
        folder = root / "2026" / "05" / day
        folder.mkdir(parents=True)
        (folder / f"{day}-{THREAD}").touch()
    return root


@pytest.fixture
def listings(monkeypatch: pytest.MonkeyPatch) -> Listings:
    """The folders that were listed, by their last names."""
    found: Listings = []
    scandir = os.scandir

    def note(path: str) -> Iterator[os.DirEntry[str]]:
        found.append(Path(path).name)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", note)
    return found


def settle(root: Path) -> None:
    """Let the folders have been left alone for long."""
    for folder in (root, *(path for path in root.rglob("*") if path.is_dir() and not path.is_symlink())):
        os.utime(folder, ns=(LONG_AGO_NS, LONG_AGO_NS))


def known(tree: FolderTree) -> list[str]:
    """Every file that the tree shows, by its path below the root; links are followed."""
    tree.refresh()
    return sorted(
        os.path.relpath(f"{folder.path}/{name}", tree.root.path)
        for folder in tree.folders(through_links=True)
        for name in (*folder.files, *folder.links)
    )


def there(root: Path) -> list[str]:
    """Every file that is there."""
    return sorted(
        str(Path(folder, name).relative_to(root)) for folder, _, names in os.walk(root) for name in names
    )


# -- changes ----------------------------------------------------------------------------------

DAY = "2026/05/02"
FILE = f"{DAY}/02-{THREAD}"

CHANGES: dict[str, tuple[Change, ...]] = {
    "a new file": (lambda root: (root / DAY / "new").touch(),),
    "a renamed file": (lambda root: (root / FILE).rename(root / DAY / "other"),),
    "a moved file": (lambda root: (root / FILE).rename(root / "2026/05/01/other"),),
    "a removed file": (lambda root: (root / FILE).unlink(),),
    "a replaced file": (lambda root: (root / FILE).replace(root / f"2026/05/03/03-{THREAD}"),),
    "a new day": (
        lambda root: (root / "2026/05/04").mkdir(),
        lambda root: (root / "2026/05/04/new").touch(),
    ),
    "a new year": (
        lambda root: (root / "2027/01").mkdir(parents=True),
        lambda root: (root / "2027/01/new").touch(),
    ),
    "a renamed day": (lambda root: (root / DAY).rename(root / "2026/05/20"),),
    "a removed day": (lambda root: (root / FILE).unlink(), lambda root: (root / DAY).rmdir()),
    "a day that became a file": (
        lambda root: (root / DAY).rename(root.parent / "gone"),
        lambda root: (root / DAY).touch(),
    ),
    "a file that became a folder": (
        lambda root: (root / FILE).unlink(),
        lambda root: (root / FILE).mkdir(),
    ),
    "no folder any more": (lambda root: root.rename(root.parent / "gone"),),
}


@pytest.mark.parametrize("is_settled", [True, False])
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_a_change_is_seen_at_the_next_look(
    root: Path,
    change: tuple[Change, ...],
    is_settled: bool,  # noqa: FBT001 - a parameter
) -> None:
    if is_settled:
        settle(root)
    tree = FolderTree(str(root))
    assert known(tree) == there(root)
    for step in change:
        step(root)
        assert known(tree) == there(root)


def test_files_made_one_after_another_are_seen_one_by_one(root: Path) -> None:
    tree = FolderTree(str(root))
    for number in range(50):
        (root / "2026/05/02" / str(number)).touch()
        assert f"2026/05/02/{number}" in known(tree)


def test_a_second_change_within_one_tick_of_the_clock_is_seen(root: Path) -> None:
    day = root / "2026/05/02"
    tree = FolderTree(str(root))
    (day / "first").touch()
    tick = day.stat().st_mtime_ns
    assert "2026/05/02/first" in known(tree)
    (day / "second").touch()
    os.utime(day, ns=(tick, tick))
    assert "2026/05/02/second" in known(tree)


def test_a_folder_that_comes_later_is_seen(tmp_path: Path) -> None:
    tree = FolderTree(str(tmp_path / "sessions"))
    assert known(tree) == []
    assert isinstance(tree.root.error, FileNotFoundError)
    (tmp_path / "sessions").mkdir()
    (tmp_path / "sessions" / "new").touch()
    assert known(tree) == ["new"]
    assert tree.root.error is None


def test_a_file_in_place_of_the_root_is_an_error_that_is_kept(tmp_path: Path) -> None:
    (tmp_path / "sessions").touch()
    tree = FolderTree(str(tmp_path / "sessions"))
    assert known(tree) == []
    assert isinstance(tree.root.error, NotADirectoryError)


# -- listings ---------------------------------------------------------------------------------


def test_the_first_look_lists_each_folder_once(root: Path, listings: Listings) -> None:
    FolderTree(str(root)).refresh()
    assert sorted(listings) == ["01", "02", "03", "05", "2026", "sessions"]


def test_folders_that_were_left_alone_are_not_listed_again(root: Path, listings: Listings) -> None:
    settle(root)
    tree = FolderTree(str(root))
    before = known(tree)
    listings.clear()
    for _ in range(3):
        assert known(tree) == before
    assert listings == []


def test_only_the_folder_that_changed_is_listed_again(root: Path, listings: Listings) -> None:
    settle(root)
    tree = FolderTree(str(root))
    tree.refresh()
    listings.clear()
    (root / "2026/05/02/new").touch()
    tree.refresh()
    assert listings == ["02"]


def test_a_folder_that_just_changed_is_listed_until_its_time_has_settled(
    root: Path, listings: Listings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle(root)
    day = root / "2026/05/02"
    changed_ns = day.stat().st_mtime_ns
    tree = FolderTree(str(root))
    for age_ns, is_listed_next in ((0, True), (SETTLED_NS, True), (SETTLED_NS + 1, True), (10**15, False)):
        monkeypatch.setattr(time, "time_ns", lambda age_ns=age_ns: changed_ns + age_ns)
        listings.clear()
        tree.refresh()
        assert ("02" in listings) == is_listed_next


def test_a_time_in_the_future_never_settles(root: Path, listings: Listings) -> None:
    settle(root)
    future = time.time_ns() + 10**15
    os.utime(root / "2026/05/02", ns=(future, future))
    tree = FolderTree(str(root))
    for _ in range(3):
        listings.clear()
        tree.refresh()
        assert "02" in listings
    assert listings == ["02"]


# -- links ------------------------------------------------------------------------------------


def test_files_behind_links_are_found_by_their_id(root: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside" / "deep"
    outside.mkdir(parents=True)
    (outside / f"a-{OTHER}").touch()
    (outside / "linked").symlink_to("/nowhere")
    (root / "2026" / "link").symlink_to(tmp_path / "outside")
    (root / f"file-{OTHER}").symlink_to(outside / f"a-{OTHER}")
    tree = FolderTree(str(root))
    tree.refresh()
    assert sorted(tree.paths_of(OTHER)) == [
        f"{root}/2026/link/deep/a-{OTHER}",
        f"{root}/file-{OTHER}",
    ]


def test_a_change_behind_a_link_is_seen(root: Path, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (root / "link").symlink_to(tmp_path / "outside")
    settle(root)
    settle(tmp_path / "outside")
    tree = FolderTree(str(root))
    tree.refresh()
    (tmp_path / "outside" / f"new-{OTHER}").touch()
    tree.refresh()
    assert tree.paths_of(OTHER) == [f"{root}/link/new-{OTHER}"]


def test_folders_behind_links_are_apart_from_real_ones(root: Path, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (root / "link").symlink_to(tmp_path / "outside")
    tree = FolderTree(str(root))
    tree.refresh()
    everywhere = {folder.path for folder in tree.folders(through_links=True)}
    assert everywhere - {folder.path for folder in tree.folders(through_links=False)} == {f"{root}/link"}


def test_a_link_to_nothing_does_no_harm(root: Path) -> None:
    (root / f"dangling-{OTHER}").symlink_to("nowhere")
    tree = FolderTree(str(root))
    assert known(tree) == there(root)
    assert tree.paths_of(OTHER) == [f"{root}/dangling-{OTHER}"]


@pytest.mark.parametrize(
    "links",
    [{"self": "self"}, {"2026/up": ".."}, {"2026/05/01/top": "../../.."}, {"a": "2026", "2026/b": "../2026"}],
)
def test_links_in_a_loop_end(root: Path, links: dict[str, str]) -> None:
    for link, target in links.items():
        (root / link).symlink_to(target)
    tree = FolderTree(str(root))
    for _ in range(2):
        tree.refresh()
        places = [Path(path).resolve() for path in tree.paths_of(THREAD)]
        assert len(places) == len(set(places)) == 3


# -- folders that cannot be listed ------------------------------------------------------------


@pytest.mark.parametrize("call", ["stat", "scandir"])
def test_a_folder_that_cannot_be_listed_costs_only_itself(
    root: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    real = getattr(os, call)

    def refuse(path: str) -> object:
        if path.endswith("/02"):
            raise PermissionError(13, "Permission denied", path)
        return real(path)

    tree = FolderTree(str(root))
    with monkeypatch.context() as patched:
        patched.setattr(os, call, refuse)
        tree.refresh()
    assert len(tree.paths_of(THREAD)) == 2
    (bad,) = (folder for folder in tree.folders(through_links=True) if folder.error is not None)
    assert (bad.path, bad.files) == (f"{root}/2026/05/02", ())
    assert known(tree) == there(root)
    assert bad.error is None


def test_folders_deeper_than_the_limit_are_left_alone(tmp_path: Path) -> None:
    deepest = tmp_path / "/".join(["d"] * DEPTH_MAX)
    (deepest / "d").mkdir(parents=True)
    (deepest / f"last-{THREAD}").touch()
    (deepest / "d" / f"beyond-{THREAD}").touch()
    tree = FolderTree(str(tmp_path))
    tree.refresh()
    assert tree.paths_of(THREAD) == [str(deepest / f"last-{THREAD}")]


# -- ids in names -----------------------------------------------------------------------------


def test_a_file_is_found_under_every_id_in_its_name(tmp_path: Path) -> None:
    name = f"{THREAD}-{str(OTHER).upper()}.bak"
    (tmp_path / name).touch()
    (tmp_path / THREAD.hex).touch()
    tree = FolderTree(str(tmp_path))
    tree.refresh()
    assert tree.paths_of(OTHER) == [f"{tmp_path}/{name}"]
    assert sorted(tree.paths_of(THREAD)) == sorted([f"{tmp_path}/{name}", f"{tmp_path}/{THREAD.hex}"])
    assert tree.paths_of(UUID(int=0)) == []


def test_ids_that_are_gone_are_not_found(root: Path) -> None:
    tree = FolderTree(str(root))
    tree.refresh()
    (root / f"2026/05/02/02-{THREAD}").rename(root / f"2026/05/02/02-{OTHER}")
    tree.refresh()
    assert len(tree.paths_of(THREAD)) == 2
    assert tree.paths_of(OTHER) == [f"{root}/2026/05/02/02-{OTHER}"]
