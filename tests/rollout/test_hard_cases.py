"""Hard cases of folders, names and lines."""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Self
from uuid import UUID

import pytest

from rollout.finding.folders import SETTLED_NS, FolderTree
from rollout.finding.home import Home
from rollout.finding.sessions import Sessions
from rollout.names import NamesFile
from tests.home import THREAD, event, meta
from tests.projections.homes import new_home
from tests.projections.sample import thread
from tests.rollout.test_names import entry

LONG_AGO_NS = 1_000_000_000_000_000_000
NAME = f"rollout-2026-05-01T10-00-00-{THREAD}.jsonl"


def make(root: Path, *folders: str) -> None:
    """A file of the thread in each folder."""
    for folder in folders:
        (root / folder).mkdir(parents=True)
        (root / folder / NAME).touch()


# -- folders ----------------------------------------------------------------------------------


def test_a_link_to_a_real_folder_takes_nothing_out_of_the_list(tmp_path: Path) -> None:
    """Found first through the link, the real folder counts as seen and is emptied."""
    make(tmp_path, "sessions/2026/01/01", "sessions/2027/01/01")
    (tmp_path / "sessions/2026/next").symlink_to("../2027")
    (tmp_path / "sessions/2027/last").symlink_to("../2026")
    assert len(list(Sessions(Home.at(tmp_path)).listed(archived=False))) == 2


def test_a_folder_that_comes_to_be_behind_a_dangling_link_is_seen(tmp_path: Path) -> None:
    """What is behind a link is asked once, when its folder is listed: think of a disk mounted later."""
    (tmp_path / "root").mkdir()
    (tmp_path / "root" / "link").symlink_to(tmp_path / "later")
    os.utime(tmp_path / "root", ns=(LONG_AGO_NS, LONG_AGO_NS))
    tree = FolderTree(str(tmp_path / "root"))
    tree.refresh()
    make(tmp_path, "later")
    tree.refresh()
    assert tree.paths_of(THREAD) == [str(tmp_path / "root" / "link" / NAME)]


def test_another_folder_with_the_same_time_is_listed(tmp_path: Path) -> None:
    """A folder is known by its time alone; restored ones (tar, rsync -t) have times of whole seconds."""
    for name in ("root/day", "other"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / f"{name[0]}-{THREAD}").touch()
        os.utime(tmp_path / name, ns=(LONG_AGO_NS, LONG_AGO_NS))
    tree = FolderTree(str(tmp_path / "root"))
    tree.refresh()
    (tmp_path / "root" / "day").rename(tmp_path / "aside")
    (tmp_path / "other").rename(tmp_path / "root" / "day")
    tree.refresh()
    assert tree.paths_of(THREAD) == [str(tmp_path / "root" / "day" / f"o-{THREAD}")]


def test_a_file_made_while_a_big_folder_is_listed_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The age of the time is taken when the listing ends; what counts is when it began."""
    changed_ns = tmp_path.stat().st_mtime_ns
    now_ns = changed_ns
    scandir = os.scandir

    def list_slowly(path: str) -> Iterator[os.DirEntry[str]]:
        nonlocal now_ns
        found = list(scandir(path))
        if now_ns == changed_ns:
            (tmp_path / NAME).touch()  # within the tick of the change before
            os.utime(tmp_path, ns=(changed_ns, changed_ns))
            now_ns += 2 * SETTLED_NS
        return Listing(found)

    monkeypatch.setattr(os, "scandir", list_slowly)
    monkeypatch.setattr(time, "time_ns", lambda: now_ns)
    tree = FolderTree(str(tmp_path))
    for _ in range(3):
        tree.refresh()
    assert tree.paths_of(THREAD) == [str(tmp_path / NAME)]


class Listing(list[os.DirEntry[str]]):
    """What `os.scandir` gives, read beforehand."""

    def __next__(self) -> os.DirEntry[str]:
        return self.pop(0)

    def __iter__(self) -> Iterator[os.DirEntry[str]]:
        return iter(list(super().__iter__()))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass


# -- names ------------------------------------------------------------------------------------


@pytest.mark.parametrize("blank", [" ", "\t", "\u3000"])
def test_a_blank_last_name_is_no_name_for_reading(tmp_path: Path, blank: str) -> None:
    """Case names-index: thread/read of …0003 (`   `) and …0006 (`kept`, then ` `) answers null."""
    path = tmp_path / "session_index.jsonl"
    path.write_bytes(entry("kept") + b"\n" + entry(blank) + b"\n")
    names = NamesFile(path)
    names.refresh()
    assert names.name_of(str(THREAD)) is None


def test_a_byte_order_mark_does_not_cost_the_first_name(tmp_path: Path) -> None:
    """damage.md 3.9: `BOM | first entry lost | dropped`."""
    path = tmp_path / "session_index.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + entry("named") + b"\n")
    names = NamesFile(path)
    names.refresh()
    assert names.name_of(str(THREAD)) == "named"


def test_a_name_changed_in_place_far_from_the_end_is_seen_when_the_file_grows(tmp_path: Path) -> None:
    """The seam is the last 4 KiB alone; that of a log has the first ones too."""
    path = tmp_path / "session_index.jsonl"
    data = entry("aaaa") + b"\n" + b"".join(entry("x", str(thread(n))) + b"\n" for n in range(9, 99))
    path.write_bytes(data)
    names = NamesFile(path)
    names.refresh()
    path.write_bytes(data.replace(b"aaaa", b"bbbb") + entry("y", str(thread(100))) + b"\n")
    names.refresh()
    assert names.name_of(str(THREAD)) == "bbbb"


# -- damage -----------------------------------------------------------------------------------


def test_a_byte_order_mark_does_not_cost_the_meta(tmp_path: Path) -> None:
    """damage.md, section 2, rule 3: `skip a BOM`."""
    home = new_home(tmp_path)
    home.write([b"\xef\xbb\xbf" + meta(), event("user_message", message="text")])
    home.catch_up()
    assert home.tables()["history"][0]["first_meta_at"] is not None


def test_a_line_over_the_limit_is_counted_as_damaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """reliability.md: `Every skipped line is counted`; it comes as an empty line, which is not."""
    monkeypatch.setattr("rollout.scan.LINE_SIZE_MAX", 100_000)
    home = new_home(tmp_path)
    home.write([meta(), b"x" * 200_000 + b"\n"])
    home.catch_up()
    assert home.tables()["history"][0]["damaged_count"] == 1


@pytest.mark.parametrize("number", [THREAD, UUID(int=9)])
def test_a_file_whose_name_is_no_text_is_found_or_not_but_does_no_harm(tmp_path: Path, number: UUID) -> None:
    """Found by id, its path cannot be stored: UnicodeEncodeError instead of an answer."""
    home = new_home(tmp_path)
    home.write([meta()], number)
    odd = home.path_of(number).rename(home.path_of(number).with_name(f"\udcff-{number}.jsonl"))
    place = Sessions(Home.at(tmp_path)).find(number)
    assert place is None or home.indexer.catch_up(str(odd), number).path == str(odd)
