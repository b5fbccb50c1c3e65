"""Who walks once and then looks only at what an exact watch tells knows every file as it is."""

import os
import shutil
import tempfile
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from rollout.watching.inotify_watch import InotifyWatch
from tests.properties.scale import times_longer
from tests.rollout.watching.words import NAMES, Reader, append, make_home, walk

FOLDERS = (
    "sessions",
    "archived_sessions",
    "sessions/2026",
    "sessions/2026/05",
    "sessions/2026/05/01",
    "sessions/2026/05/02",
    "sessions/2026/05/03",
    "sessions/2027/01",
    "away",
    "away/05",
)

FILES = tuple(f"{folder}/{name}" for folder in FOLDERS for name in (*NAMES[:3], "any.jsonl.zst", "notes.txt"))

Step = tuple[str, str, str]


def cut(path: Path, _: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def replace(path: Path, other: Path) -> None:
    beside = path.with_name(".copy")
    beside.write_bytes(other.read_bytes())
    beside.replace(path)


def copy_tree(path: Path, other: Path) -> None:
    if not Path(os.path.realpath(other)).is_relative_to(os.path.realpath(path)):
        shutil.copytree(path, other, symlinks=True)


FILE_STEPS: dict[str, Callable[[Path, Path], object]] = {
    "append": lambda path, _: append(path),
    "cut": cut,
    "replace": replace,
    "rename": lambda path, other: path.rename(other),
    "copy": shutil.copy2,
    "unlink": lambda path, _: path.unlink(),
    "chmod": lambda path, _: path.chmod(path.stat().st_mode ^ 0o004),
    "utime": lambda path, _: os.utime(path, ns=(1, path.stat().st_mtime_ns // 2)),
    "symlink": lambda path, other: path.symlink_to(other),
    "hardlink": lambda path, other: path.hardlink_to(other),
}

FOLDER_STEPS: dict[str, Callable[[Path, Path], object]] = {
    "mkdir": lambda path, _: path.mkdir(parents=True),
    "remove": lambda path, _: shutil.rmtree(path),
    "move": lambda path, other: path.rename(other),
    "link": lambda path, other: path.symlink_to(other),
    "unlink link": lambda path, _: path.unlink(),
    "copy tree": copy_tree,
}

STEPS = st.one_of(
    st.tuples(st.just("drain"), st.just(""), st.just("")),
    st.tuples(st.sampled_from(list(FILE_STEPS)), st.sampled_from(FILES), st.sampled_from(FILES)),
    st.tuples(st.sampled_from(list(FOLDER_STEPS)), st.sampled_from(FOLDERS), st.sampled_from(FOLDERS)),
)


@settings(
    max_examples=50 * times_longer(),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(STEPS, max_size=40))
@example([("move", "sessions/2026/05", "away"), ("drain", "", ""), ("move", "away", "sessions/2027/01")])
@example([("mkdir", "sessions/2027/01", ""), ("append", f"sessions/2027/01/{NAMES[2]}", "")])
@example([("move", "sessions", "away"), ("link", "sessions", "away"), ("append", f"away/{NAMES[0]}", "")])
def test_a_reader_who_believes_the_watch_knows_every_file(steps: list[Step]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        home = make_home(root)
        with closing(InotifyWatch(home)) as watch:
            reader = Reader(home, watch)
            for name, path, other in (*steps, ("drain", "", "")):
                if name == "drain":
                    reader.follow()
                    assert reader.picture == walk(home)
                else:
                    with suppress(OSError, shutil.Error):
                        (FILE_STEPS | FOLDER_STEPS)[name](root / path, root / other)


def test_programs_that_only_write_files_need_no_walk(tmp_path: Path) -> None:
    home = make_home(tmp_path)
    with closing(InotifyWatch(home)) as watch:
        reader = Reader(home, watch)
        for number, path in enumerate(FILES):
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            for name in ("append", "chmod", "replace", "rename", "copy", "utime", "unlink"):
                with suppress(OSError, shutil.SameFileError):
                    FILE_STEPS[name](tmp_path / path, tmp_path / FILES[-number])
                if number % 3 == 0:
                    reader.follow()
                    assert reader.picture == walk(home)
        reader.follow()
        assert reader.picture == walk(home)
        assert reader.walks == 0
