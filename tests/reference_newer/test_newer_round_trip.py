"""Release 0.169.0 goes on with what we write to its threads, and we with what it writes, on one home."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from rollout.writing.packing import pack
from tests.conformance.values import Json, JsonObject, as_list, as_object
from tests.crash.served import Refused, Served
from tests.reference_newer.newer import (
    CODEX_NEWER,
    REASON,
    are_gapless,
    lay_real,
    newer_server,
    ordinals,
    path_of,
    resumed,
    turns_of,
)

pytestmark = [
    pytest.mark.reference,
    pytest.mark.skipif(not CODEX_NEWER, reason=REASON),
]

LONG_AGO_S = 30 * 86_400
"""Before now: the newer release packs what is older than a week."""

LOOKS_MAX = 5000
"""Looks at a home of which the newer release packs the logs behind its answer: some seconds."""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with logs of the newer release, of which its databases know nothing yet."""
    lay_real(tmp_path)
    return tmp_path.resolve()


@pytest.fixture
def threads(home: Path) -> list[str]:
    """The ids of its threads."""
    return sorted(path.stem[-36:] for path in home.rglob("rollout-*.jsonl"))


@pytest.fixture
def ours(home: Path) -> Iterator[Served]:
    """Our server on it."""
    with Served(home) as served:
        yield served


def message(text: str) -> Json:
    """A response item."""
    return {"type": "message", "role": "user", "content": [{"type": "input_text", "text": text}]}


def seen_by_newer(home: Path, threads: list[str]) -> dict[str, list[JsonObject]]:
    """The turns of threads as the newer release shows them."""
    with newer_server(home) as theirs:
        return {thread_id: turns_of(resumed(theirs, thread_id)) for thread_id in threads}


def names_of(turns: list[JsonObject]) -> list[Json]:
    """What identifies turns, in either shape of the answers."""
    return [[turn["id"], turn["status"]] for turn in turns]


def are_packed(served: Served, home: Path) -> bool:
    """Whether no plain log is left, at a look behind one more answer of the server that packs them."""
    served.call("thread/loaded/list", {})
    return not list(home.rglob("rollout-*.jsonl"))


def write_all(ours: Served, thread_id: str) -> None:
    """Every kind of line that we write to a paginated log, and a name."""
    resumed(ours, thread_id)
    ours.call("thread/name/set", {"threadId": thread_id, "name": "ours"})
    ours.call("thread/inject_items", {"threadId": thread_id, "items": [message("injected")]})
    ours.call("thread/metadata/update", {"threadId": thread_id, "gitInfo": {"branch": "ours"}})
    ours.call("thread/memoryMode/set", {"threadId": thread_id, "mode": "disabled"})


def test_the_newer_release_resumes_what_we_wrote_to_with_the_same_turns(
    home: Path, threads: list[str]
) -> None:
    before = seen_by_newer(home, threads)
    forks: dict[str, str] = {}
    with Served(home) as ours:
        for thread_id in threads:
            write_all(ours, thread_id)
            fork = as_object(ours.call("thread/fork", {"threadId": thread_id})["thread"])
            forks[thread_id] = str(fork["id"])
            assert turns_of(fork) == turns_of(resumed(ours, thread_id))
            write_all(ours, forks[thread_id])
    with newer_server(home) as theirs:
        for thread_id, fork_id in forks.items():
            source, fork = resumed(theirs, thread_id), resumed(theirs, fork_id)
            assert turns_of(source) == before[thread_id]
            assert names_of(turns_of(fork)) == names_of(before[thread_id])
            # Of a thread that it has a row of the newer release tells the git facts of the row alone.
            assert as_object(fork["gitInfo"])["branch"] == "ours"
            assert fork["forkedFromId"] == thread_id
    for path in home.rglob("rollout-*.jsonl"):
        assert are_gapless(ordinals(path))


def test_a_packed_thread_is_restored_for_a_line_of_ours_and_resumed_by_the_newer_release(
    home: Path, threads: list[str]
) -> None:
    before = seen_by_newer(home, threads)
    for path in home.rglob("rollout-*.jsonl"):
        os.utime(path, (path.stat().st_mtime - LONG_AGO_S,) * 2)
    with newer_server(home) as theirs:
        theirs.call("rollout/compress", {})
        assert any(are_packed(theirs, home) for _ in range(LOOKS_MAX))
    with Served(home) as ours:
        shown = {thread_id: turns_of(resumed(ours, thread_id)) for thread_id in threads}
        for thread_id in threads:
            assert names_of(shown[thread_id]) == names_of(before[thread_id])
            write_all(ours, thread_id)
            assert turns_of(resumed(ours, thread_id)) == shown[thread_id]
    assert list(home.rglob("rollout-*.zst")) == []
    assert seen_by_newer(home, threads) == before


def test_the_newer_release_resumes_what_we_packed(home: Path, threads: list[str]) -> None:
    before = seen_by_newer(home, threads)
    for path in list(home.rglob("rollout-*.jsonl")):
        pack(str(path))
    with Served(home) as ours:
        forks = [
            str(as_object(ours.call("thread/fork", {"threadId": one})["thread"])["id"]) for one in threads
        ]
    with newer_server(home) as theirs:
        shown = [names_of(turns_of(resumed(theirs, fork_id))) for fork_id in forks]
    assert shown == [names_of(before[thread_id]) for thread_id in threads]
    assert seen_by_newer(home, threads) == before


def test_a_running_turn_is_ended_in_our_fork_for_the_newer_release_too(
    home: Path, threads: list[str], ours: Served
) -> None:
    thread_id = threads[0]
    (path,) = home.rglob(f"rollout-*{thread_id}.jsonl")
    lines = path.read_bytes().splitlines(keepends=True)
    ends = [at for at, raw in enumerate(lines) if b'"type":"task_complete"' in raw]
    path.write_bytes(b"".join(lines[: ends[-1]]))
    fork = as_object(ours.call("thread/fork", {"threadId": thread_id})["thread"])
    with newer_server(home) as theirs:
        source = turns_of(resumed(theirs, thread_id))
        shown = turns_of(resumed(theirs, str(fork["id"])))
        assert shown[-1]["status"] == "interrupted"
        assert names_of(shown) == names_of(turns_of(fork)) == names_of(source)
        assert [turn["items"] for turn in shown] == [turn["items"] for turn in source]


def test_what_the_newer_release_writes_is_in_our_next_answer(
    home: Path, threads: list[str], ours: Served
) -> None:
    shown = {thread_id: turns_of(resumed(ours, thread_id)) for thread_id in threads}
    source = max(threads, key=lambda thread_id: len(shown[thread_id]))
    kept, gone = threads[0] if threads[0] != source else threads[1], threads[-1]
    with newer_server(home) as theirs:
        started = as_object(theirs.call("thread/start", {})["thread"])
        theirs.call("thread/name/set", {"threadId": started["id"], "name": "theirs"})
        resumed(theirs, source)
        fork = as_object(theirs.call("thread/fork", {"threadId": source})["thread"])
        boundary = shown[source][-1]["id"]
        theirs.call("thread/revert", {"threadId": source, "beforeTurnId": boundary})
        theirs.call("thread/archive", {"threadId": gone})
        named = as_object(ours.call("thread/read", {"threadId": started["id"]})["thread"])
        assert (named["name"], path_of(named)) == ("theirs", path_of(started))
        assert turns_of(resumed(ours, str(fork["id"]))) == shown[source]
        reverted = ours.call("thread/read", {"threadId": source, "includeTurns": True})
        assert turns_of(as_object(reverted["thread"])) == shown[source][:-1]
        archived = as_list(ours.call("thread/list", {"archived": True})["data"])
        assert [as_object(thread)["id"] for thread in archived] == [gone]
        assert turns_of(resumed(ours, kept)) == shown[kept]


def test_a_thread_that_the_newer_release_has_loaded_is_not_written_to(
    home: Path, threads: list[str], ours: Served
) -> None:
    thread_id = threads[0]
    path = path_of(resumed(ours, thread_id))
    refusal = f"thread {thread_id} already has an active writer"
    requests: list[tuple[str, JsonObject]] = [
        ("thread/inject_items", {"items": [message("no")]}),
        ("thread/metadata/update", {"gitInfo": {"branch": "no"}}),
        ("thread/memoryMode/set", {"mode": "disabled"}),
        ("thread/archive", {}),
    ]
    with newer_server(home) as theirs:
        resumed(theirs, thread_id)
        before = path.read_bytes()
        for method, params in requests:
            with pytest.raises(Refused, match=refusal):
                ours.call(method, {"threadId": thread_id, **params})
        assert path.read_bytes() == before
        ours.call("thread/name/set", {"threadId": thread_id, "name": "a name needs no line"})
        resumed(ours, threads[1])
        ours.call("thread/inject_items", {"threadId": threads[1], "items": [message("yes")]})
        resumed(theirs, threads[1])
    ours.call("thread/resume", {"threadId": thread_id})
    ours.call("thread/inject_items", {"threadId": thread_id, "items": [message("yes")]})
    assert are_gapless(ordinals(path))
    assert [path.name for path in (home / "thread-writer-locks").iterdir()] == [".coordination.lock"]
