"""What the disk tells of a working directory: the project it is in, and its instructions."""

from collections.abc import Iterable
from pathlib import Path

from domain.limits import INSTRUCTIONS_LOOK_SIZE
from domain.session.session import Look, Surroundings

INSTRUCTIONS = ("AGENTS.override.md", "AGENTS.md")
"""Files of instructions; the first that is there counts."""

GIT_LINK_MARK = "gitdir:"
GIT_LINK_SIZE_MAX = 4096
"""Bytes of a `.git` file that is read: it holds one path."""


def look_around(home: Path) -> Look:
    """The look at the disk for the sessions of this home."""

    def look(cwd: str) -> Surroundings:
        directory = Path(cwd)
        project = _project(directory)
        projects = [cwd, str(project), *_root_checkout(project)]
        sources = [*_home_instructions(home), *_instructions(directory, project)]
        return Surroundings(tuple(dict.fromkeys(projects)), tuple(map(str, sources)))

    return look


def _project(directory: Path) -> Path:
    """The nearest folder above that has a `.git`; the directory itself where there is none."""
    folders = (directory, *directory.parents)
    return next((folder for folder in folders if _exists(folder / ".git")), directory)


def _root_checkout(project: Path) -> Iterable[str]:
    """The checkout to which a linked work tree belongs: its `.git` names `ROOT/.git/worktrees/NAME`."""
    mark, _, target = _beginning(project / ".git", GIT_LINK_SIZE_MAX).partition(" ")
    folder = Path(target.strip())
    is_work_tree = mark == GIT_LINK_MARK and folder.is_absolute() and folder.parent.name == "worktrees"
    return [str(folder.parents[2])] if is_work_tree and folder.parent.parent.name == ".git" else []


def _home_instructions(home: Path) -> Iterable[Path]:
    """Of the home the first file that says anything."""
    files = (home / name for name in INSTRUCTIONS)
    return [file for file in files if _beginning(file, INSTRUCTIONS_LOOK_SIZE).strip()][:1]


def _instructions(directory: Path, project: Path) -> Iterable[Path]:
    """Of each folder from the project down to the directory the first file there is, empty or not."""
    folders = [folder for folder in (directory, *directory.parents) if folder.is_relative_to(project)]
    for folder in reversed(folders):
        yield from [file for name in INSTRUCTIONS if _is_file(file := folder / name)][:1]


def _beginning(file: Path, size_max: int) -> str:
    if not _is_file(file):
        return ""
    try:
        with file.open("rb") as content:
            return content.read(size_max).decode("utf-8", "replace")
    except OSError:
        return ""


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False
