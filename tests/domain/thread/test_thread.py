"""The aggregate adds the lines that release 0.131.0 adds, and knows what they say."""

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
import pytest

from domain.errors import ThreadstoreError, ThreadWithoutHead, TooFewTurns, UnfitItem
from domain.events import RolloutLine
from domain.thread import thread as thread_module
from domain.thread.thread import Thread, ThreadSnapshot
from domain.topics import topic_of_raw
from tests.home import event, meta

CASES = Path(__file__).parents[2] / "data" / "conformance" / "lifecycle"
THREAD = UUID("0196f000-0000-7000-8000-000000000001")
OTHER = UUID("0196f000-0000-7000-8000-000000000009")
NOW = "2026-05-01T12:00:00.000Z"

META = {
    "id": str(THREAD),
    "timestamp": "2026-05-01T10:00:00.000Z",
    "cwd": "/home/dev/project",
    "originator": "o",
    "cli_version": "0.131.0",
    "zzz": 1,
}
MESSAGE = ("event_msg", {"type": "user_message", "message": "ä"})

Json = dict[str, Any]
Step = Callable[[Thread], object]


def lines(*raws: bytes) -> Iterable[RolloutLine]:
    """Raw lines as those of the thread's log."""
    return [
        RolloutLine(THREAD, number, topic_of_raw(raw.rstrip()), raw.rstrip())
        for number, raw in enumerate(raws, 1)
    ]


def told(*raws: bytes) -> Thread:
    """The thread that these lines tell."""
    thread = Thread.project(None, lines(*raws))
    assert thread is not None
    return thread


def added(thread: Thread) -> list[Json]:
    """The lines that were added, parsed."""
    return [json.loads(line.raw) for line in thread.collect_events()]


def payloads(thread: Thread) -> list[Json]:
    """The payloads of the lines that were added."""
    return [line["payload"] for line in added(thread)]


def started() -> Thread:
    return Thread.start(THREAD, META, NOW)


# -- lines ------------------------------------------------------------------------------------


def test_a_new_thread_has_its_session_meta_as_it_was_given() -> None:
    thread = started()
    assert (thread.id, thread.version, thread.head) == (THREAD, 1, META)
    (line,) = thread.collect_events()
    assert (line.originator_id, line.originator_version, line.topic) == (THREAD, 1, "session_meta")
    body = json.dumps(META, separators=(",", ":"))
    assert line.raw.decode() == f'{{"timestamp":"{NOW}","type":"session_meta","payload":{body}}}'


def test_lines_are_compact_and_say_what_they_are_said_to() -> None:
    thread = started()
    thread.append([MESSAGE, ("turn_context", {})], NOW)
    first, second = list(thread.collect_events())[1:]
    assert first.topic == "event_msg:user_message"
    assert first.raw.decode().endswith('"payload":{"type":"user_message","message":"ä"}}')
    assert (second.originator_version, second.topic) == (3, "turn_context")
    assert thread.version == 3


def test_lines_are_collected_once() -> None:
    thread = started()
    assert thread.has_pending
    assert len(thread.collect_events()) == 1
    assert not thread.has_pending
    assert thread.collect_events() == []


def test_injected_items_are_response_items() -> None:
    thread = told(meta(THREAD))
    item = {"type": "message", "role": "user", "content": []}
    thread.inject([item, item], NOW)
    assert added(thread) == [{"timestamp": NOW, "type": "response_item", "payload": item}] * 2


def test_a_rollback_tells_the_size_of_the_context_first() -> None:
    thread = told(meta(THREAD))
    count = {"type": "token_count", "info": None, "rate_limits": None}
    thread.roll_back(2**32 - 1, count, NOW)
    thread.roll_back(1, None, NOW)
    assert payloads(thread) == [
        count,
        {"type": "thread_rolled_back", "num_turns": 2**32 - 1},
        {"type": "thread_rolled_back", "num_turns": 1},
    ]


def test_a_rollback_of_no_turn_is_refused() -> None:
    thread = told(meta(THREAD))
    with pytest.raises(TooFewTurns):
        thread.roll_back(0, None, NOW)
    assert not thread.has_pending


@pytest.mark.parametrize("payload", [{"text": "\ud800"}, {"number": 2**80}])
def test_an_item_that_is_no_json_is_refused_with_all_beside_it(payload: Json) -> None:
    thread = started()
    before = thread.snapshot()
    with pytest.raises(UnfitItem):
        thread.append([MESSAGE, ("event_msg", payload)], NOW)
    assert thread.snapshot() == before
    assert len(thread.collect_events()) == 1


def test_an_item_too_long_for_a_line_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    thread = told(meta(THREAD))
    monkeypatch.setattr(thread_module, "LINE_SIZE_MAX", 100)
    with pytest.raises(UnfitItem, match="bytes"):
        thread.append([MESSAGE], NOW)


# -- what lines tell --------------------------------------------------------------------------


def test_no_lines_are_no_thread() -> None:
    assert Thread.project(None, []) is None


def test_every_line_counts_and_the_first_usable_meta_is_the_head() -> None:
    thread = told(
        b"{torn", event("user_message", message="m"), meta(THREAD, cwd="/a"), meta(THREAD, cwd="/b")
    )
    assert thread.version == 4
    assert thread.head is not None
    assert thread.head["cwd"] == "/a"


def test_the_last_line_that_says_something_of_git_and_memory_counts() -> None:
    thread = told(
        meta(THREAD, git={"branch": "first", "commit_hash": "c"}),
        meta(THREAD, git={"branch": "second", "commit_hash": None}, memory_mode="disabled"),
        meta(THREAD),
    )
    assert (thread.git, thread.memory_mode) == ({"branch": "second"}, "disabled")


def test_lines_that_a_fork_copied_tell_nothing() -> None:
    thread = told(meta(THREAD), meta(OTHER, git={"branch": "b"}, memory_mode="m"))
    assert (thread.git, thread.memory_mode) == (None, None)
    assert thread.snapshot().originator_version == 2


def test_a_thread_goes_on_from_its_snapshot() -> None:
    raws = [
        meta(THREAD, git={"branch": "b"}),
        event("user_message", message="m"),
        meta(THREAD, memory_mode="x"),
    ]
    whole = told(*raws)
    for cut in range(1, len(raws)):
        snapshot = told(*raws[:cut]).snapshot()
        rest = [line for line in lines(*raws) if line.originator_version > cut]
        thread = Thread.project(None, [snapshot, *rest])
        assert thread is not None
        assert thread.snapshot() == whole.snapshot()


def test_adding_and_reading_back_tell_the_same() -> None:
    thread = started()
    thread.restate_git({"branch": "b"}, NOW)
    thread.restate_memory_mode("disabled", NOW)
    thread.append([MESSAGE], NOW)
    again = Thread.project(None, thread.collect_events())
    assert again is not None
    assert again.snapshot() == thread.snapshot()


# -- saying facts again -----------------------------------------------------------------------


def recorded(name: str) -> tuple[list[bytes], list[Json], list[Json]]:
    """The first file of a case: its lines, the requests of its first thread, and the metas it ends with."""
    case = json.loads((CASES / f"{name}.json").read_text("utf8"))
    path, before = next(iter(case["home"].items()))
    reading = next(step for step in case["steps"] if step.get("read_file") == path)
    requests = case["steps"][: case["steps"].index(reading)]
    return (
        [orjson.dumps(line) for line in before],
        [
            step["params"]
            for step in requests
            if step.get("params", {}).get("threadId") == before[0]["payload"]["id"]
        ],
        [line["payload"] for line in reading["expect"]["file"]],
    )


GIT_NAMES = {"sha": "commit_hash", "branch": "branch", "originUrl": "repository_url"}


@pytest.mark.parametrize("name", ["metadata-git", "metadata-where", "memory-mode"])
def test_recorded_changes_leave_the_recorded_lines(name: str) -> None:
    before, requests, after = recorded(name)
    thread = told(*before)
    for params in requests:
        if "mode" in params:
            thread.restate_memory_mode(params["mode"], NOW)
        elif "gitInfo" in params:
            changes = {GIT_NAMES[key]: value and value.strip() for key, value in params["gitInfo"].items()}
            thread.restate_git(changes, NOW)
    found = [json.loads(before[0])["payload"], *payloads(thread)]
    assert found == after
    assert [list(one) for one in found] == [list(one) for one in after]


def test_git_is_remembered_over_a_line_of_the_memory_mode() -> None:
    thread = told(meta(THREAD, git={"commit_hash": "c"}))
    thread.restate_memory_mode("disabled", NOW)
    thread.restate_git({"branch": "b"}, NOW)
    mode, git = payloads(thread)
    assert "git" not in mode
    assert (git["memory_mode"], git["git"]) == ("disabled", {"commit_hash": "c", "branch": "b"})


def test_a_thread_without_head_has_no_facts_to_say_again() -> None:
    thread = told(event("user_message", message="m"))
    with pytest.raises(ThreadWithoutHead, match=str(THREAD)):
        thread.restate_git({"branch": "b"}, NOW)
    with pytest.raises(ThreadWithoutHead):
        thread.restate_memory_mode("enabled", NOW)


# -- all or nothing ---------------------------------------------------------------------------


def refuse(thread: Thread) -> None:
    thread.append([MESSAGE], NOW)
    thread.restate_git({"branch": "lost"}, NOW)
    raise ThreadWithoutHead("x")


def test_what_fails_leaves_the_thread_as_it_was() -> None:
    thread = started()
    thread.restate_git({"branch": "kept"}, NOW)
    before = thread.snapshot()
    with pytest.raises(ThreadstoreError), thread.whole_or_not():
        refuse(thread)
    assert thread.snapshot() == before
    assert [line.originator_version for line in thread.collect_events()] == [1, 2]


def test_what_succeeds_stays() -> None:
    thread = started()
    with thread.whole_or_not():
        thread.append([MESSAGE], NOW)
    assert thread.version == 2


def test_an_empty_snapshot_is_a_thread_without_lines() -> None:
    assert Thread(ThreadSnapshot(THREAD, 0)).version == 0
