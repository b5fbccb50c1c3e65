"""Whatever a local program does to a file is told at the next look, and nothing is looked at for it."""

import asyncio
import os
import select
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from rollout.finding.home import Home
from rollout.watching.watch import Watch
from tests.rollout.watching.words import LINES, NAMES, Open, append, told, walk

WAIT_S = 20
"""Until a test is given up, not how long anything takes."""

Change = Callable[[Path], object]


def append_through_a_descriptor(path: Path) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND)
    os.write(descriptor, LINES)
    os.close(descriptor)


def replace(path: Path) -> None:
    """Write another file beside it and rename it over, as programs that copy do."""
    other = path.with_name(f".{path.name}.Xk2")
    other.write_bytes(LINES)
    other.replace(path)


def pack(path: Path) -> None:
    """As later releases do with old files."""
    path.with_name(f"{path.name}.zst").write_bytes(LINES)
    path.unlink()


FILE_CHANGES: dict[str, Change] = {
    "appended to": append,
    "appended to without a buffer": append_through_a_descriptor,
    "replaced": replace,
    "rewritten": lambda path: path.write_bytes(LINES),
    "cut": lambda path: os.truncate(path, 1),
    "emptied": lambda path: path.open("wb").close(),
    "grown by a hole": lambda path: os.truncate(path, 10_000),
    "removed": lambda path: path.unlink(),
    "given other rights": lambda path: path.chmod(0o600),
    "given other times": lambda path: os.utime(path, (1, 1)),
    "touched": lambda path: path.touch(),
    "made": lambda path: path.with_name(NAMES[3]).touch(),
    "packed": pack,
    "made as a packed one": lambda path: path.with_name(f"{NAMES[3]}.zst").touch(),
    "renamed": lambda path: path.rename(path.with_name(NAMES[2])),
    "moved to another day": lambda path: path.rename(path.parents[1] / "02" / path.name),
    "moved away": lambda path: path.rename(path.parents[5] / path.name),
    "linked": lambda path: path.with_name(NAMES[3]).symlink_to(path),
}


@pytest.mark.parametrize("change", FILE_CHANGES.values(), ids=FILE_CHANGES.keys())
def test_a_change_of_a_file_is_told_by_its_paths_alone(
    home: Home, watch: Watch, first: Path, change: Change
) -> None:
    before = walk(home)
    change(first)
    after = walk(home)
    differing = {path for path in before | after if before.get(path) != after.get(path)}
    assert differing
    assert told(watch) == differing
    assert told(watch) == set()


def test_each_piece_of_a_line_is_told(watch: Watch, first: Path) -> None:
    with first.open("ab", buffering=0) as file:
        for piece in (b'{"a":', b"1}", b"\n"):
            file.write(piece)
            assert told(watch) == {str(first)}
    told(watch)


def test_a_file_goes_into_the_archive_and_comes_back(home: Home, watch: Watch, first: Path) -> None:
    archived = home.archived / first.name
    first.rename(archived)
    assert told(watch) == {str(first), str(archived)}
    archived.rename(first)
    assert told(watch) == {str(first), str(archived)}


def test_a_file_that_came_from_elsewhere_is_told(home: Home, watch: Watch, tmp_path: Path) -> None:
    (tmp_path / "outside" / NAMES[3]).write_bytes(LINES)
    (tmp_path / "outside" / NAMES[3]).rename(home.archived / NAMES[3])
    assert told(watch) == {str(home.archived / NAMES[3])}


def test_files_at_any_depth_are_told(home: Home, opened: Open) -> None:
    deep = home.sessions / "a/b/c/d/e/f"
    deep.mkdir(parents=True)
    watch = opened()
    (deep / "any.jsonl").touch()
    (home.sessions / "any.jsonl").touch()
    assert told(watch) == {str(deep / "any.jsonl"), str(home.sessions / "any.jsonl")}


def test_other_files_are_not_told(home: Home, watch: Watch, first: Path) -> None:
    for name in ("notes.txt", "rollout.jsonl.bak", ".rollout.jsonl.swp"):
        (first.parent / name).write_bytes(LINES)
    (home.root / "history.jsonl").write_bytes(LINES)
    (home.root / "log").mkdir()
    (home.root / "log" / "codex.jsonl").touch()
    assert told(watch) == set()


def test_names_that_are_no_text_are_not_told(home: Home, watch: Watch, first: Path) -> None:
    folder = os.fsencode(first.parent)
    Path(os.fsdecode(folder + b"/\xff.jsonl")).touch()
    Path(os.fsdecode(folder + b"/\xff")).mkdir()
    Path(os.fsdecode(folder + b"/\xff/inner.jsonl")).touch()
    (first.parent / "\u00e9.jsonl").touch()
    assert told(watch) == {f"{first.parent}/\u00e9.jsonl"}


# -- other names ------------------------------------------------------------------------------


def test_a_file_with_another_name_elsewhere_is_told_at_each_look(
    watch: Watch, first: Path, tmp_path: Path
) -> None:
    other = tmp_path / "outside/other"
    other.hardlink_to(first)
    append(first)
    assert told(watch) == {str(first)}
    append(other)
    assert told(watch) == {str(first)}
    other.unlink()
    assert told(watch) == {str(first)}
    assert told(watch) == set()


def test_a_file_linked_into_the_home_is_told_at_each_look(home: Home, watch: Watch, tmp_path: Path) -> None:
    (tmp_path / "outside/other").touch()
    linked = home.archived / NAMES[3]
    linked.hardlink_to(tmp_path / "outside/other")
    assert told(watch) == {str(linked)}
    assert told(watch) == {str(linked)}
    linked.unlink()
    assert told(watch) == {str(linked)}
    assert told(watch) == set()


# -- waking and work --------------------------------------------------------------------------


async def test_the_descriptor_wakes_when_another_program_wrote(watch: Watch, first: Path) -> None:
    descriptor, woken = watch.descriptor(), asyncio.Event()
    assert descriptor is not None
    loop = asyncio.get_running_loop()
    loop.add_reader(descriptor, woken.set)
    try:
        process = await asyncio.create_subprocess_exec("sh", "-c", 'echo "{}" >> "$1"', "sh", str(first))
        await asyncio.wait_for(woken.wait(), WAIT_S)
        assert await process.wait() == 0
    finally:
        loop.remove_reader(descriptor)
    assert told(watch) == {str(first)}
    assert select.select([descriptor], [], [], 0) == ([], [], [])


def test_a_look_lists_no_folder_unless_one_is_new(
    home: Home, watch: Watch, first: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed: list[str] = []
    scandir = os.scandir

    def note(path: str) -> Iterator[os.DirEntry[str]]:
        listed.append(path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", note)
    append(first)
    first.rename(home.archived / first.name)
    assert len(told(watch)) == 2
    assert listed == []
    (home.sessions / "2027").mkdir()
    told(watch)
    assert listed == [f"{home.sessions}/2027"]


def test_opening_asks_nothing_of_files(home: Home, opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    lstat = os.lstat

    def note(path: str, **_: bool) -> os.stat_result:
        asked.append(str(path))
        return lstat(path)

    for name in ("stat", "lstat"):
        monkeypatch.setattr(os, name, note)
    opened()
    assert [path for path in asked if path.endswith(".jsonl")] == []
