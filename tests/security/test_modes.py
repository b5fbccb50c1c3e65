"""What we make is its owner's alone, by its mode and not by the umask; what was there keeps its mode."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.lifecycle import ID, ear_on, laid, message

SHARED_LOCKS = "thread-writer-locks"
"""Empty files that every program which shares the home locks; made as release 0.169.0 makes them."""


@pytest.fixture(params=[0, 0o022, 0o077], ids=oct)
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    """A umask of the process."""
    mask: int = request.param
    before = os.umask(mask)
    yield mask
    os.umask(before)


def modes(home: Path) -> dict[str, int]:
    """Modes by path below the home."""
    return {
        str(path.relative_to(home)): stat.S_IMODE(path.lstat().st_mode)
        for path in home.rglob("*")
        if SHARED_LOCKS not in path.parts
    }


async def work(home: Path) -> None:
    """Everything that makes files: threads, forks, names, goals, archives, the index."""
    async with ear_on(home, goals=True) as ear:
        begun = (await ear.call("thread/start", cwd=str(home)))["thread"]["id"]
        await ear.call("thread/inject_items", threadId=begun, items=[message("first")])
        fork = (await ear.call("thread/fork", threadId=ID))["thread"]["id"]
        await ear.call("thread/name/set", threadId=fork, name="fork")
        await ear.call("thread/goal/set", threadId=fork, objective="to be there")
        await ear.call("thread/archive", threadId=fork)
        await ear.call("thread/unarchive", threadId=fork)
        await ear.call("thread/archive", threadId=begun)
        await ear.call("thread/resume", threadId=ID)
        await ear.call("thread/inject_items", threadId=ID, items=[message("more")])
        await ear.call("thread/list")


async def test_what_is_made_is_the_owners_alone_and_foreign_modes_stay(tmp_path: Path, umask: int) -> None:
    path = laid(tmp_path)
    path.chmod(0o644)
    for folder in (path.parent, tmp_path / "sessions"):
        folder.chmod(0o755)
    before = modes(tmp_path)
    await work(tmp_path)
    after = modes(tmp_path)
    assert {name: after[name] for name in before} == before
    made = {name: mode for name, mode in after.items() if name not in before}
    assert len(made) > 8
    assert {
        name: mode for name, mode in made.items() if mode != (0o700 if (tmp_path / name).is_dir() else 0o600)
    } == {}
