"""File systems are told apart by what stands in the table of mounts."""

from pathlib import Path

import pytest

from rollout.watching.mounts import Mount, is_local, read_mounts

TABLE = r"""22 27 0:21 / /proc rw,relatime - proc proc rw
27 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw,discard
30 27 0:40 / /net rw,relatime shared:2 master:3 - nfs4 server:/net rw
31 27 0:41 / /net/disk rw,relatime - xfs /dev/sdb rw
32 27 0:42 / /with\040space\011and\134more rw - cifs //server/share rw
33 27 0:43 / /twice rw - autofs systemd-1 rw
34 27 0:44 / /twice rw - btrfs /dev/sdc rw
a line that is none

"""


@pytest.fixture
def mounts(tmp_path: Path) -> list[Mount]:
    """The mounts of the table."""
    (tmp_path / "mountinfo").write_text(TABLE)
    return read_mounts(str(tmp_path / "mountinfo"))


def test_each_line_of_the_table_is_a_mount(mounts: list[Mount]) -> None:
    assert mounts == [
        Mount("/proc", "proc"),
        Mount("/", "ext4"),
        Mount("/net", "nfs4"),
        Mount("/net/disk", "xfs"),
        Mount("/with space\tand\\more", "cifs"),
        Mount("/twice", "autofs"),
        Mount("/twice", "btrfs"),
    ]


@pytest.mark.parametrize(
    ("path", "is_trusted"),
    [
        ("/srv/home/sessions", True),
        ("/net", False),
        ("/net/home/sessions", False),
        ("/net/disk", True),
        ("/net/disk/home/sessions", True),
        ("/network/sessions", True),
        ("/with space\tand\\more/sessions", False),
        ("/twice/sessions", True),
    ],
)
def test_the_longest_mount_point_decides(mounts: list[Mount], path: str, is_trusted: bool) -> None:  # noqa: FBT001 - a parameter
    assert is_local(path, mounts) == is_trusted


def test_a_remote_mount_below_a_local_folder_counts(mounts: list[Mount]) -> None:
    more = [*mounts, Mount("/srv/home/sessions/2026", "fuse.sshfs")]
    assert not is_local("/srv/home/sessions", more)
    assert is_local("/srv/home/archived_sessions", more)
    assert is_local("/srv/home/sess", more)


@pytest.mark.parametrize(
    "kind",
    [
        "nfs",
        "nfs4",
        "cifs",
        "smb3",
        "9p",
        "fuse",
        "fuse.sshfs",
        "virtiofs",
        "ceph",
        "lustre",
        "vboxsf",
        "new",
    ],
)
def test_what_others_may_write_is_not_trusted(kind: str) -> None:
    assert not is_local("/srv", [Mount("/", "ext4"), Mount("/srv", kind)])


@pytest.mark.parametrize("kind", ["ext4", "xfs", "btrfs", "zfs", "tmpfs", "overlay", "fuseblk"])
def test_local_disks_and_containers_are_trusted(kind: str) -> None:
    assert is_local("/srv", [Mount("/", kind)])


def test_links_lead_to_the_file_system_behind_them(tmp_path: Path) -> None:
    (tmp_path / "remote").mkdir()
    (tmp_path / "sessions").symlink_to(tmp_path / "remote")
    mounts = [Mount("/", "ext4"), Mount(f"{tmp_path.resolve()}/remote", "nfs")]
    assert not is_local(str(tmp_path / "sessions"), mounts)
    assert is_local(str(tmp_path / "archived_sessions"), mounts)


def test_without_a_table_nothing_is_trusted(tmp_path: Path) -> None:
    assert read_mounts(str(tmp_path / "missing")) == []
    assert not is_local(str(tmp_path), [])
