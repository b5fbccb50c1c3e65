"""Looking below a folder: nothing leads out of it, whichever way it is done."""

import errno
import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from rollout.finding import beneath
from rollout.finding.beneath import Open, open_beneath, open_part_by_part, state_beneath

WAYS = pytest.mark.parametrize("opened", [open_beneath, open_part_by_part])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a file two folders deep, and links of all kinds."""
    inner = tmp_path / "folder" / "a" / "b"
    inner.mkdir(parents=True)
    (inner / "file").write_bytes(b"file")
    (tmp_path / "secret").write_bytes(b"secret")
    (inner / "inside").symlink_to("file")
    (inner / "outside").symlink_to(tmp_path / "secret")
    (tmp_path / "folder" / "short").symlink_to("a/b")
    (tmp_path / "folder" / "up").symlink_to("..")
    os.mkfifo(inner / "pipe")
    return tmp_path / "folder"


@WAYS
def test_a_file_below_is_seen(folder: Path, opened: Open) -> None:
    found = state_beneath(str(folder), ["a", "b", "file"], opened)
    assert found is not None
    assert (found.inode, found.size) == ((folder / "a" / "b" / "file").stat().st_ino, 4)


@WAYS
@pytest.mark.parametrize(
    "parts",
    [
        [],
        [""],
        ["."],
        [".."],
        ["..", "secret"],
        ["a", "..", "..", "secret"],
        ["a", "b", ""],
        ["a/b", "file"],
        ["a", "b"],
        ["a", "b", "absent"],
        ["a", "b", "file", "file"],
        ["a", "b", "inside"],
        ["a", "b", "outside"],
        ["a", "b", "pipe"],
        ["short", "file"],
        ["up", "secret"],
        ["a", "b", "file\0"],
        ["x" * 300],
        ["x"] * 3000,
    ],
    ids=repr,
)
def test_whatever_is_no_file_below_is_not_there(folder: Path, parts: Sequence[str], opened: Open) -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    assert state_beneath(str(folder), parts, opened) is None
    assert len(list(Path("/proc/self/fd").iterdir())) == before


@WAYS
def test_the_folder_itself_may_be_a_link(folder: Path, opened: Open) -> None:
    link = folder.parent / "link"
    link.symlink_to(folder)
    assert state_beneath(str(link), ["a", "b", "file"], opened) is not None
    assert state_beneath(str(folder.parent / "nowhere"), ["file"], opened) is None


@pytest.mark.parametrize("code", [errno.ENOSYS, errno.EPERM, errno.EAGAIN])
def test_where_the_kernel_cannot_do_it_the_way_is_gone_part_by_part(
    folder: Path, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(root: int, path: str) -> int:
        raise OSError(code, path)

    monkeypatch.setattr(beneath, "_openat2", lambda: failing)
    assert state_beneath(str(folder), ["a", "b", "file"]) is not None
    assert state_beneath(str(folder), ["short", "file"]) is None
