"""Whichever call fails, an error leaves nothing behind or says so, and the next request succeeds."""

import errno
from collections.abc import Callable
from pathlib import Path

import pytest

from domain.durability import Durability
from domain.errors import AppendFailed
from domain.thread.application import Command, ThreadStore
from domain.thread.thread import Thread
from rollout.catalogue.counting import Counting
from rollout.recording.recorder import RolloutRecorder
from tests.rollout.failing_calls import SHORT, FailingCalls, open_descriptors
from tests.rollout.recorders import HEAD, THREAD, Place, message

NOW = "2026-05-01T12:00:00.000Z"
META = {"id": str(THREAD), "timestamp": NOW, "cwd": "/srv", "originator": "o", "cli_version": "0.131.0"}
LONG = "ä" * 100_000

WholeHead = Thread.start(THREAD, META, NOW).collect_events()[0].raw

Work = Callable[[Thread], object]


def say(text: str) -> Work:
    """A command that adds a message."""
    payload = {"type": "user_message", "message": text}
    return lambda thread: thread.append([("event_msg", payload)], NOW)


def say_much(thread: Thread) -> None:
    for _ in range(3):
        say(LONG)(thread)


def restate(thread: Thread) -> None:
    thread.restate_git({"branch": "b"}, NOW)


def begin() -> Thread:
    return Thread.start(THREAD, META, NOW)


WORK: dict[str, tuple[bytes, Work]] = {
    "create": (b"", say("one")),
    "append": (WholeHead + b"\n", say("one")),
    "append behind a torn line": (WholeHead + b'\n{"torn', say("one")),
    "long append": (WholeHead + b"\n", say_much),
    "restate": (WholeHead + b"\n" + message("m") + b"\n", restate),
}

CODES = {"ENOSPC": errno.ENOSPC, "EIO": errno.EIO, "EINTR": errno.EINTR, "short write": SHORT}


class Stage:
    """One thread's file in a folder of its own, and a store on it."""

    def __init__(self, folder: Path, before: bytes, *, is_counting: bool) -> None:
        folder.mkdir()
        self.place = Place(folder)
        self.path = folder / "sessions" / "day" / "rollout.jsonl"
        if before:
            self.path.parent.mkdir(parents=True)
            self.path.write_bytes(before)
        counting = Counting(self.place.database, self.place.catalogue) if is_counting else None
        self.store = ThreadStore(
            recorder=RolloutRecorder(
                self.place.database,
                lambda _: str(self.path),
                self.place.catalogue,
                durability=Durability.DISK,
                counting=counting,
            )
        )

    def run(self, work: Work) -> object:
        """Does the work; its failure, if it has one."""
        (answer,) = self.store.run_together(THREAD, [Command(work, begin)])
        return answer

    def content(self) -> bytes:
        """The bytes of the file; none when there is none."""
        return self.path.read_bytes() if self.path.exists() else b""

    def close(self) -> None:
        """Ends it."""
        self.store.close()
        self.place.database.close()


def closed(before: bytes) -> bytes:
    """The file with its last line ended."""
    return before if before.endswith(b"\n") or not before else before + b"\n"


def check(stage: Stage, before: bytes, answer: object, added: bytes) -> None:
    """The promise, word by word."""
    content = stage.content()
    if answer is None:
        assert content == closed(before) + added
        return
    assert isinstance(answer, AppendFailed), answer
    if not answer.is_indeterminate:
        assert content in {before, closed(before)}
    else:
        assert answer.data == {"indeterminate": True}
        assert content.startswith(before)
        assert (closed(before) + added).startswith(content)
    assert stage.run(say("next")) is None
    last = stage.content()
    assert last.count(b'"message":"next"}}\n') == 1
    assert last.endswith(b'"message":"next"}}\n')
    if not answer.is_indeterminate:
        assert last.startswith(closed(before) or WholeHead + b"\n")
        assert last.count(b"\n") == closed(before or WholeHead).count(b"\n") + 1


@pytest.mark.parametrize("is_counting", [False, True], ids=["writing the catalogue", "reading it"])
@pytest.mark.parametrize("for_ever", [False, True], ids=["once", "from then on"])
@pytest.mark.parametrize("code", CODES.values(), ids=CODES)
@pytest.mark.parametrize(("before", "work"), WORK.values(), ids=WORK)
def test_a_failing_call_breaks_no_promise(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    before: bytes,
    work: Work,
    *,
    code: int,
    for_ever: bool,
    is_counting: bool,
) -> None:
    if code == errno.EINTR and for_ever:
        pytest.skip("a signal interrupts one call")
    calls = FailingCalls(monkeypatch)
    number, call_count, added = -1, 0, b""
    while number <= call_count:
        stage = Stage(tmp_path / f"at-{number}", before, is_counting=is_counting)
        descriptors = open_descriptors()
        calls.fail(number, code, for_ever=for_ever) if number >= 0 else calls.mend()
        calls.count = 0
        answer = stage.run(work)
        call_count = max(call_count, calls.count)
        calls.mend()
        assert open_descriptors() <= descriptors + 2, calls.names  # two connections of the database
        if number < 0:
            added = stage.content().removeprefix(closed(before))
        check(stage, before, answer, added)
        stage.close()
        number += 1
    assert call_count > len(("open", "lock", "write", "sync"))


@pytest.mark.parametrize("code", [errno.EINTR, SHORT], ids=["EINTR", "short write"])
def test_a_write_that_was_interrupted_or_short_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    calls = FailingCalls(monkeypatch)
    stage = Stage(tmp_path / "stage", WholeHead + b"\n", is_counting=True)
    calls.fail(2**62, code)
    assert stage.run(say("one")) is None
    calls.fail(calls.names.index("write"), code)
    assert stage.run(say("two")) is None
    assert calls.names.count("write") == 2
    assert stage.content().count(b"\n") == 3
    stage.close()


def test_folders_made_for_nothing_go_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = FailingCalls(monkeypatch)
    stage = Stage(tmp_path / "stage", b"", is_counting=True)
    calls.fail(2**62, errno.EIO)
    stage.run(say("one"))
    sync = calls.names.index("sync_folder")
    stage.close()
    stage = Stage(tmp_path / "other", b"", is_counting=True)
    calls.fail(sync, errno.EIO)
    assert isinstance(stage.run(say("one")), AppendFailed)
    assert not stage.path.parent.parent.exists()
    calls.fail(2**62, errno.EIO)
    assert stage.run(say("one")) is None
    assert calls.names.count("sync_folder") == len(("the file", "the day", "sessions"))
    stage.close()


def test_a_head_is_the_beginning_of_every_file_here() -> None:
    assert HEAD.startswith(b'{"timestamp":"')
    assert WholeHead.startswith(b'{"timestamp":"')
