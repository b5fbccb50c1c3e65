"""What is told around an answer, and in which order."""

from pathlib import Path

from tests.api.lifecycle import ID, ear_on, laid, message, rollouts

USAGE_TOLD = "thread/tokenUsage/updated"
STATUS = "thread/status/changed"


async def test_a_start_is_told_behind_its_answer(tmp_path: Path) -> None:
    async with ear_on(tmp_path) as ear:
        assert await ear.ask("thread/start") == ["answer", "thread/started"]
        heard = await ear.ask("thread/start", persistExtendedHistory=True, approvalPolicy="on-failure")
    assert heard == ["deprecationNotice", "answer", "thread/started", "warning"]


async def test_a_resume_tells_the_status_before_and_the_rest_behind_its_answer(tmp_path: Path) -> None:
    laid(tmp_path)
    async with ear_on(tmp_path, goals=True) as ear:
        heard = await ear.ask("thread/resume", threadId=ID, persistExtendedHistory=True)
        assert heard == ["deprecationNotice", STATUS, "answer", USAGE_TOLD, "thread/goal/cleared"]
        await ear.call("thread/goal/set", threadId=ID, objective="whole")
        heard = await ear.ask("thread/resume", threadId=ID)
        assert heard == ["answer", USAGE_TOLD, "thread/goal/updated"]


async def test_a_resume_changes_neither_the_file_nor_its_time(tmp_path: Path) -> None:
    path = laid(tmp_path)
    before = (path.read_bytes(), path.stat().st_mtime_ns)
    async with ear_on(tmp_path) as ear:
        await ear.call("thread/resume", threadId=ID)
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before


async def test_a_fork_tells_its_usage_then_that_it_started(tmp_path: Path) -> None:
    laid(tmp_path)
    async with ear_on(tmp_path, goals=True) as ear:
        heard = await ear.ask("thread/fork", threadId=ID, persistExtendedHistory=True)
        assert heard == ["deprecationNotice", "answer", USAGE_TOLD, "thread/started"]
        (told,) = ear.params("thread/started")
    assert told["thread"]["forkedFromId"] == ID
    assert told["thread"]["turns"] == []


async def test_archiving_unloads_first_and_says_so(tmp_path: Path) -> None:
    laid(tmp_path)
    async with ear_on(tmp_path) as ear:
        await ear.call("thread/resume", threadId=ID)
        assert await ear.ask("thread/archive", threadId=ID) == [STATUS, "answer", "thread/archived"]
        assert ear.params(STATUS)[-1]["status"] == {"type": "notLoaded"}
        assert (await ear.call("thread/loaded/list"))["data"] == []
        assert (await ear.call("thread/unsubscribe", threadId=ID)) == {"status": "notLoaded"}
        assert await ear.ask("thread/unarchive", threadId=ID) == ["answer", "thread/unarchived"]
        assert await ear.ask("thread/archive", threadId=ID) == ["answer", "thread/archived"]


async def test_an_archived_thread_is_resumed_and_written_where_it_is(tmp_path: Path) -> None:
    laid(tmp_path)
    async with ear_on(tmp_path) as ear:
        await ear.call("thread/archive", threadId=ID)
        await ear.call("thread/resume", threadId=ID)
        await ear.call("thread/inject_items", threadId=ID, items=[message("here")])
    (path,) = rollouts(tmp_path)
    assert path.parent == tmp_path / "archived_sessions"
    assert b'"here"' in path.read_bytes()


async def test_names_and_rollbacks_are_told(tmp_path: Path) -> None:
    laid(tmp_path)
    async with ear_on(tmp_path) as ear:
        assert await ear.ask("thread/name/set", threadId=ID, name="x") == ["answer", "thread/name/updated"]
        await ear.call("thread/resume", threadId=ID)
        assert await ear.ask("thread/rollback", threadId=ID, numTurns=1) == [USAGE_TOLD, "answer"]
        assert await ear.ask("thread/inject_items", threadId=ID, items=[message("x")]) == ["answer"]
        assert await ear.ask("thread/memoryMode/set", threadId=ID, mode="disabled") == ["answer"]
