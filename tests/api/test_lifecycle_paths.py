"""Threads named by a path: what is no rollout of the home is read at most, and nothing hangs."""

import os
from pathlib import Path

import pytest

from tests.api.clients import Refused
from tests.api.lifecycle import ID, ear_on, laid, lines, message, rollouts

METHODS = ["thread/resume", "thread/fork"]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with one thread."""
    folder = tmp_path / "home"
    folder.mkdir()
    laid(folder)
    return folder


@pytest.fixture
def foreign(tmp_path: Path) -> Path:
    """A rollout outside the home."""
    other = ID[:-1] + "9"
    path = tmp_path / "elsewhere" / f"rollout-2026-05-02T10-00-00-{other}.jsonl"
    path.parent.mkdir()
    path.write_bytes(lines(thread_id=other))
    return path


async def test_a_foreign_file_goes_on_as_a_copy_in_the_home(home: Path, foreign: Path) -> None:
    before = (foreign.read_bytes(), foreign.stat().st_mtime_ns)
    async with ear_on(home) as ear:
        thread = (await ear.call("thread/resume", threadId=ID, path=str(foreign)))["thread"]
        assert thread["forkedFromId"] == ID[:-1] + "9"
        assert thread["id"] not in (ID, thread["forkedFromId"])
        assert [turn["id"] for turn in thread["turns"]] == ["one"]
        assert Path(thread["path"]).is_relative_to(home / "sessions")
        await ear.call("thread/inject_items", threadId=thread["id"], items=[message("mine")])
    assert (foreign.read_bytes(), foreign.stat().st_mtime_ns) == before
    assert b'"mine"' in Path(thread["path"]).read_bytes()


@pytest.mark.parametrize("folder", ["copies", "sessions-of-yore", "."])
async def test_a_file_of_the_home_outside_its_folders_is_foreign(
    folder: str, home: Path, foreign: Path
) -> None:
    path = home / folder / foreign.name
    path.parent.mkdir(exist_ok=True)
    foreign.rename(path)
    async with ear_on(home) as ear:
        thread = (await ear.call("thread/resume", threadId=ID, path=f"{folder}/{foreign.name}"))["thread"]
    assert thread["path"] != str(path)
    assert path.read_bytes() == lines(thread_id=ID[:-1] + "9")


async def test_a_link_in_the_home_to_a_foreign_file_is_foreign(home: Path, foreign: Path) -> None:
    (path,) = rollouts(home)
    link = path.with_name(foreign.name)
    link.symlink_to(foreign)
    async with ear_on(home) as ear:
        thread = (await ear.call("thread/resume", threadId=ID, path=str(link)))["thread"]
    assert thread["forkedFromId"] == ID[:-1] + "9"
    assert foreign.read_bytes() == lines(thread_id=ID[:-1] + "9")


async def test_a_thread_of_the_home_is_resumed_by_its_path_where_it_is(home: Path) -> None:
    (path,) = rollouts(home)
    async with ear_on(home) as ear:
        thread = (await ear.call("thread/resume", threadId="garbage", path=str(path)))["thread"]
    assert (thread["id"], thread["path"]) == (ID, str(path))
    assert rollouts(home) == [path]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    "path",
    ["/dev/zero", "/dev/null", "/dev/stdin", "/", "sessions", "/proc/self/fd/0", "nul\0byte", "x" * 5000],
    ids=["zero", "null", "input", "root", "folder", "descriptor", "NUL", "5,000 characters"],
)
async def test_what_is_no_file_is_refused_at_once(method: str, path: str, home: Path) -> None:
    async with ear_on(home) as ear:
        with pytest.raises(Refused):
            await ear.call(method, threadId=ID, path=path)
        assert (await ear.call("thread/read", threadId=ID))["thread"]["preview"] == "ask one"
    assert len(rollouts(home)) == 1


@pytest.mark.parametrize("method", METHODS)
async def test_a_fifo_is_refused_at_once(method: str, home: Path, foreign: Path) -> None:
    foreign.unlink()
    os.mkfifo(foreign)
    async with ear_on(home) as ear:
        with pytest.raises(Refused):
            await ear.call(method, threadId=ID, path=str(foreign))


@pytest.mark.parametrize("method", METHODS)
async def test_a_file_that_tells_no_thread_is_refused(method: str, home: Path, foreign: Path) -> None:
    foreign.write_bytes(b"no record\n" * 10)
    async with ear_on(home) as ear:
        with pytest.raises(Refused):
            await ear.call(method, threadId=ID, path=str(foreign))
    assert len(rollouts(home)) == 1


async def test_a_thread_whose_file_goes_while_it_is_loaded_is_not_found(home: Path) -> None:
    (path,) = rollouts(home)
    async with ear_on(home) as ear:
        await ear.call("thread/resume", threadId=ID)
        path.unlink()
        with pytest.raises(Refused):
            await ear.call("thread/resume", threadId=ID)
        with pytest.raises(Refused):
            await ear.call("thread/inject_items", threadId=ID, items=[message("late")])
        assert rollouts(home) == []
        path.write_bytes(lines())
        await ear.call("thread/inject_items", threadId=ID, items=[message("back")])
    assert b'"back"' in path.read_bytes()


async def test_a_file_removed_in_the_middle_of_a_resume_is_an_error(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (path,) = rollouts(home)
    async with ear_on(home) as ear:
        catch_up = ear.connection.context.engine.answer_at

        async def removing(*arguments: object, **more: object) -> object:
            path.unlink(missing_ok=True)
            return await catch_up(*arguments, **more)  # type: ignore[arg-type]  # passed on as they are

        monkeypatch.setattr(
            type(ear.connection.context.engine), "answer_at", lambda _, *rest: removing(*rest)
        )
        with pytest.raises(Refused):
            await ear.call("thread/resume", threadId=ID)
        monkeypatch.undo()
        path.write_bytes(lines())
        assert (await ear.call("thread/resume", threadId=ID))["thread"]["id"] == ID
