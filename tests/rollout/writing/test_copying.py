"""A fork's file is there wholly or not at all, and reads as its source."""

import errno
import json
import os
import signal
import stat
import subprocess
import sys
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given

from domain.durability import Durability
from domain.errors import ForkFailed, HeadMissing, UnreadableThread
from domain.limits import COPY_WRITE_SIZE
from domain.lines import BYTE_ORDER_MARK
from domain.thread.last_turn import LastTurn
from rollout.finding.home import Home
from rollout.finding.paths import new_path
from rollout.finding.sessions import Sessions
from rollout.writing import storage
from rollout.writing.copying import Copied, copy_log
from tests.home import IndexedHome, Json, event, item, meta
from tests.properties.homes import home_of, new_home
from tests.properties.model import difference, turns_of
from tests.properties.reading import kept_lines
from tests.properties.scale import examples
from tests.properties.strategies import LOGS
from tests.rollout.failing_calls import SHORT, FailingCalls, open_descriptors

NOW = "2026-11-22T20:45:11.976Z"
FORK = UUID("019de137-7000-7cc2-8062-74c053be9d99")
HEAD = meta(FORK, forked_from_id=str(FORK)).rstrip()
CORPUS = sorted((Path(__file__).parents[2] / "data" / "corpus" / "real-0.131").glob("*.jsonl"))

TURN = event("task_started", turn_id="t") + event("user_message", message="ask")
END = event("task_complete", turn_id="t")
SOURCE = meta() + TURN + event("agent_message", message="answer") + END

CODES = {"ENOSPC": errno.ENOSPC, "EIO": errno.EIO, "EINTR": errno.EINTR, "short write": SHORT}


class Stage:
    """A source, and the place of its fork in a home of their own."""

    def __init__(self, folder: Path, source: bytes = SOURCE) -> None:
        folder.mkdir(exist_ok=True)
        self.source = folder / "source"
        self.source.write_bytes(source)
        self.home = Home.at(folder)
        self.target = Path(new_path(self.home, FORK))

    def copy(self, durability: Durability = Durability.DISK) -> Copied:
        """Makes the fork."""
        return copy_log(str(self.source), str(self.target), HEAD, NOW, durability)

    def lines(self) -> list[Json]:
        """What the fork holds."""
        return [json.loads(raw) for raw in self.target.read_bytes().splitlines()]

    def left(self) -> list[Path]:
        """What there is beside the source."""
        return [path for path in self.home.root.rglob("*") if path != self.source]

    def files(self) -> list[Path]:
        """The files among it."""
        return [path for path in self.left() if path.is_file()]

    def found(self) -> list[str]:
        """What readers find: in lists, and by the id."""
        sessions = Sessions(self.home)
        found = [place.path for place in sessions.listed(archived=False)]
        place = sessions.find(FORK)
        return found if place is None else [*found, place.path]


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    """A source with one turn."""
    return Stage(tmp_path)


def test_a_fork_holds_its_head_and_the_lines_of_its_source(stage: Stage) -> None:
    copied = stage.copy()
    data = stage.target.read_bytes()
    assert data.startswith(HEAD + b"\n")
    assert data.endswith(b"}}\n")
    assert copied == Copied(len(data), SOURCE.count(b"\n") + 1, is_interrupted=False)
    assert [value["type"] for value in stage.lines()][:2] == ["session_meta", "session_meta"]
    assert {value["timestamp"] for value in stage.lines()[1:]} == {NOW}
    assert stage.found() == [str(stage.target)] * 2
    assert stage.source.read_bytes() == SOURCE


def test_only_the_owner_reads_a_fork(stage: Stage) -> None:
    stage.copy()
    assert stat.S_IMODE(stage.target.stat().st_mode) == storage.FILE_MODE
    for folder in stage.target.parents[:4]:
        assert stat.S_IMODE(folder.stat().st_mode) == storage.FOLDER_MODE


@pytest.mark.parametrize("source", [TURN, TURN + b'{"torn', TURN.removesuffix(b"\n")])
def test_a_turn_without_end_is_interrupted_in_the_copy(tmp_path: Path, source: bytes) -> None:
    stage = Stage(tmp_path, meta() + source)
    assert stage.copy().is_interrupted
    note, aborted = stage.lines()[-2:]
    assert note["payload"]["content"][0]["text"].startswith("<turn_aborted>\n")
    assert aborted == {
        "timestamp": NOW,
        "type": "event_msg",
        "payload": {"type": "turn_aborted", "turn_id": "t", "reason": "interrupted"},
    }


def test_an_unfinished_line_that_reads_is_taken_over(tmp_path: Path) -> None:
    stage = Stage(tmp_path, SOURCE[:-1])
    assert not stage.copy().is_interrupted
    assert stage.lines()[-1]["payload"]["type"] == "task_complete"


def test_a_mark_before_the_first_line_does_no_harm(tmp_path: Path) -> None:
    stage = Stage(tmp_path, BYTE_ORDER_MARK + SOURCE)
    assert stage.copy().line_count == SOURCE.count(b"\n") + 1


def test_a_name_that_is_taken_stays_as_it_is(stage: Stage) -> None:
    stage.target.parent.mkdir(parents=True)
    stage.target.write_bytes(b"mine")
    with pytest.raises(ForkFailed, match="os error 17"):
        stage.copy()
    assert stage.target.read_bytes() == b"mine"
    assert list(stage.target.parent.iterdir()) == [stage.target]


def test_a_source_that_is_gone_leaves_nothing(stage: Stage) -> None:
    stage.source.unlink()
    with pytest.raises(FileNotFoundError):
        stage.copy()
    assert not stage.left()


def test_a_source_that_cannot_be_read_leaves_nothing(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> bytes:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    with monkeypatch.context() as patch:
        patch.setattr(os, "pread", fail)
        with pytest.raises(UnreadableThread):
            stage.copy()
    assert not stage.left()
    stage.source.unlink()
    stage.source.mkdir()
    with pytest.raises(UnreadableThread):
        stage.copy()


def test_a_fork_begins_with_a_head(stage: Stage) -> None:
    with pytest.raises(HeadMissing):
        copy_log(str(stage.source), str(stage.target), TURN, NOW, Durability.NONE)
    assert not stage.left()


def test_nobody_sees_half_a_fork(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stage = Stage(tmp_path, SOURCE * (3 * COPY_WRITE_SIZE // len(SOURCE)))
    write, seen = storage.write, []

    def look(descriptor: int, data: memoryview) -> int:
        seen.append(stage.found())
        return write(descriptor, data)

    monkeypatch.setattr(storage, "write", look)
    stage.copy()
    assert len(seen) > 2
    assert not any(seen)
    assert list(stage.target.parent.iterdir()) == [stage.target]


def test_a_killed_copy_is_never_found(tmp_path: Path) -> None:
    stage = Stage(tmp_path, SOURCE * (3 * COPY_WRITE_SIZE // len(SOURCE)))
    command = [sys.executable, "-m", "tests.rollout.fork_writer", str(stage.source), str(stage.target)]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    assert not stage.found()
    (half,) = stage.target.parent.iterdir()
    assert half.stat().st_size > 0
    assert not stage.copy().is_interrupted
    assert stage.found()


def failure_of(stage: Stage) -> ForkFailed | None:
    """Makes the fork; its failure, if it has one."""
    try:
        stage.copy()
    except ForkFailed as failure:
        return failure
    return None


@pytest.mark.parametrize("for_ever", [False, True], ids=["once", "from then on"])
@pytest.mark.parametrize("code", CODES.values(), ids=CODES)
def test_a_failing_call_leaves_nothing_or_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, code: int, for_ever: bool
) -> None:
    if code == errno.EINTR and for_ever:
        pytest.skip("a signal interrupts one call")
    calls = FailingCalls(monkeypatch)
    calls.mend()
    Stage(tmp_path / "good").copy()
    call_count, good = calls.count, next((tmp_path / "good").rglob("*.jsonl")).read_bytes()
    assert call_count > len(("create", "write", "sync", "rename", "sync_folder"))
    for number in range(call_count):
        stage = Stage(tmp_path / f"at-{number}")
        descriptors = open_descriptors()
        calls.fail(number, code, for_ever=for_ever)
        failure = failure_of(stage)
        calls.mend()
        if failure is None:
            assert stage.target.read_bytes() == good
        elif not failure.is_indeterminate:
            assert not stage.files(), calls.names
            assert for_ever or not stage.left(), calls.names
        else:
            assert for_ever
            assert failure.data == {"indeterminate": True}
        assert open_descriptors() == descriptors
    assert calls.names


@pytest.mark.parametrize("code", [errno.ENOSYS, errno.EINVAL])
def test_a_file_system_without_the_call_links(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(storage, "rename_new", refuse)
    stage.copy()
    assert list(stage.target.parent.iterdir()) == [stage.target]
    with pytest.raises(ForkFailed):
        stage.copy()
    assert list(stage.target.parent.iterdir()) == [stage.target]


def test_a_write_that_takes_nothing_is_a_failure(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage, "write", lambda descriptor, data: 0)
    with pytest.raises(ForkFailed, match="os error 5"):
        stage.copy()
    assert not stage.left()


def test_a_name_that_may_be_on_the_disk_is_said_to_be(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: str) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(storage, "sync_folder", refuse)
    failure = failure_of(stage)
    assert failure is not None
    assert failure.is_indeterminate
    assert not stage.left()


def test_names_are_waited_for_where_that_is_asked(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = FailingCalls(monkeypatch)
    calls.mend()
    stage.copy(Durability.PROCESS)
    assert not {"sync", "sync_folder"} & set(calls.names)
    stage.target.unlink()
    stage.target.parent.rmdir()
    calls.names.clear()
    stage.copy()
    assert calls.names.index("sync") < calls.names.index("rename_new") < calls.names.index("sync_folder")
    assert calls.names.count("sync_folder") == len(("the file", "the day"))


def test_memory_does_not_grow_with_the_log(tmp_path: Path) -> None:
    output = item("function_call_output", call_id="c", output="x" * 20_000)
    stage = Stage(tmp_path, meta() + TURN + output * 1000 + END)
    tracemalloc.start()
    copied = stage.copy(Durability.NONE)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert copied.size > 20_000_000
    assert peak < 6 * COPY_WRITE_SIZE


def ended(source: bytes) -> bytes:
    """The source under the fork's head, its last turn ended: what the fork should read as."""
    plain = source.removeprefix(BYTE_ORDER_MARK)
    last_turn = LastTurn()
    for topic, payload in kept_lines(plain):
        last_turn.take(topic, payload)
    end = [
        json.dumps({"timestamp": NOW, "type": kind, "payload": payload}).encode()
        for kind, payload in last_turn.missing_end()
    ]
    return b"\n".join([HEAD, plain, *end])


def fork_of(home: IndexedHome, source: Path) -> bytes:
    """Forks a file into a home; gives the bytes of the fork."""
    path = home.path_of()
    copy_log(str(source), str(path), HEAD, NOW, Durability.NONE)
    return path.read_bytes()


@examples(40)
@given(LOGS)
def test_a_fork_reads_as_its_source(data: bytes) -> None:
    with new_home() as home:
        source = home.root / "source"
        source.write_bytes(data)
        copy = fork_of(home, source)
        assert difference(home.turns(), turns_of(ended(data))) is None
        assert len(kept_lines(copy)) == copy.count(b"\n")


def kinds_of(turns: list[Json]) -> list[list[str]]:
    """What kinds of items each turn holds: ids of implicit turns and of prompts are another log's."""
    return [[shown["type"] for shown in turn["items"]] for turn in turns]


@pytest.fixture
def empty() -> Iterator[IndexedHome]:
    """A home without files."""
    with new_home() as home:
        yield home


@pytest.mark.parametrize("source", CORPUS, ids=lambda path: path.stem[-12:])
def test_a_fork_of_a_real_thread_reads_as_its_source(empty: IndexedHome, source: Path) -> None:
    fork_of(empty, source)
    data = source.read_bytes()
    turns = empty.turns()
    assert difference(turns, turns_of(ended(data))) is None
    with home_of(data) as home:
        assert kinds_of(turns) == kinds_of(home.turns())
