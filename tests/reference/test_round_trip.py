"""The real server goes on with what we write, and we with what it writes, on one home."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conformance.compare import differences
from tests.conformance.corpus import lay_corpus
from tests.conformance.values import Json, JsonObject, as_object
from tests.crash.served import Served
from tests.reference.sealed import CODEX, real_server
from tests.reference.sight import both_lists, foreign_files, resumed, rows, unlike, whole, without_git

OPTIONS = ("--enable", "goals")
LOOKS_MAX = 500
"""Looks at the index until it has heard of what another program did: some seconds."""

pytestmark = [
    pytest.mark.reference,
    pytest.mark.skipif(not CODEX, reason="THREADSTORE_CODEX names no codex binary of release 0.131.0"),
]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home that the real server knows, with threads of its own."""
    lay_corpus(tmp_path)
    with real_server(tmp_path) as theirs:
        rows(theirs)
    return tmp_path.resolve()


@pytest.fixture
def ours(home: Path) -> Iterator[Served]:
    """Our server on it."""
    with Served(home, OPTIONS) as served:
        yield served


def message(text: str) -> Json:
    """A response item."""
    return {"type": "message", "role": "user", "content": [{"type": "input_text", "text": text}]}


def turn(name: str) -> list[Json]:
    """The items of a whole turn."""
    events: list[JsonObject] = [
        {"type": "task_started", "turn_id": name, "model_context_window": None},
        {"type": "user_message", "message": f"ask {name}"},
        {"type": "agent_message", "message": f"answer {name}"},
        {"type": "task_complete", "turn_id": name, "last_agent_message": None},
    ]
    return [{"type": "event_msg", "payload": event} for event in events]


def started(served: Served, name: str, *turns: str) -> str:
    """The id of a new thread of ours, stored by its name, then with these turns."""
    thread_id = str(as_object(served.call("thread/start", {})["thread"])["id"])
    served.call("thread/name/set", {"threadId": thread_id, "name": name})
    for one in turns:
        served.call("threadStore/append", {"threadId": thread_id, "items": turn(one)})
    return thread_id


def describe(served: Served, thread_id: str, name: str) -> None:
    """Rename, inject into and update a loaded thread.

    The git facts come last: release 0.131.0 forgets them where it reads a line of the memory mode behind.
    """
    served.call("thread/memoryMode/set", {"threadId": thread_id, "mode": "disabled"})
    served.call("thread/name/set", {"threadId": thread_id, "name": name})
    served.call("thread/inject_items", {"threadId": thread_id, "items": [message(name)]})
    git: JsonObject = {"branch": f"branch of {name}", "sha": "0123456789abcdef0123456789abcdef01234567"}
    served.call("thread/metadata/update", {"threadId": thread_id, "gitInfo": git})


def forked(served: Served, thread_id: str) -> str:
    """The id of a copy."""
    return str(as_object(served.call("thread/fork", {"threadId": thread_id})["thread"])["id"])


def work(served: Served, loaded: list[str], tag: str) -> list[str]:
    """Describe, roll back, fork, archive and unarchive five loaded threads of two turns; gives the copies."""
    for number, thread_id in enumerate(loaded):
        describe(served, thread_id, f"{tag} {number}")
    served.call("thread/rollback", {"threadId": loaded[1], "numTurns": 1})
    copies = [forked(served, loaded[0]), forked(served, loaded[1])]
    served.call("thread/archive", {"threadId": loaded[2]})
    served.call("thread/archive", {"threadId": loaded[3]})
    served.call("thread/unarchive", {"threadId": loaded[3]})
    return copies


def agree(one: Served, other: Served) -> None:
    """Both servers list the same threads, and show each alike."""
    lists = both_lists(one)
    assert unlike(lists, both_lists(other)) == []
    for thread_id in [thread_id for listed in lists for thread_id in listed]:
        seen, wanted = without_git(whole(one, thread_id)), without_git(whole(other, thread_id))
        assert list(differences(wanted, seen)) == [], thread_id


def comes_true(is_true: Callable[[], bool]) -> bool:
    """Whether it is so, at one of many looks."""
    return any(is_true() for _ in range(LOOKS_MAX))


def test_the_real_server_goes_on_with_what_we_wrote(home: Path) -> None:
    before = foreign_files(home)
    with Served(home, OPTIONS) as ours:
        loaded = [started(ours, f"thread {number}", "one", "two") for number in range(5)]
        bare = started(ours, "named and no more")
        copies = work(ours, loaded, "ours")
    assert foreign_files(home) == before
    with Served(home, OPTIONS) as ours:
        live, archived = both_lists(ours)
        shown = {thread_id: whole(ours, thread_id) for thread_id in [*live, *archived, bare]}
    assert set(archived) == {loaded[2]}
    assert {*loaded, *copies} <= shown.keys()
    assert foreign_files(home) == before
    with real_server(home) as theirs:
        assert unlike((live, archived), both_lists(theirs)) == []
        shown[bare].pop("name")  # release 0.131.0 tells it or not: its database has no row yet
        for thread_id, thread in shown.items():
            assert list(differences(thread, whole(theirs, thread_id), whole=False)) == [], thread_id
        for thread_id in [*loaded, *copies, bare]:
            answer = resumed(theirs, thread_id)
            assert list(differences(shown[thread_id], answer, whole=False)) == [], thread_id


def test_what_the_real_server_writes_is_in_our_next_answer(home: Path, ours: Served) -> None:
    loaded = [started(ours, f"thread {number}", "one", "two") for number in range(5)]
    with real_server(home) as theirs:
        for thread_id in loaded:
            resumed(theirs, thread_id)
        copies = work(theirs, loaded, "theirs")
        live, archived = both_lists(ours)
        assert set(archived) == {loaded[2]}
        assert {*loaded[:2], *loaded[3:], *copies} <= live.keys()
        assert live[loaded[0]]["name"] == "theirs 0"
        assert as_object(whole(ours, loaded[0])["gitInfo"])["branch"] == "branch of theirs 0"
        agree(ours, theirs)
        assert comes_true(lambda: both_lists(ours, useStateDbOnly=True) == both_lists(ours))
    before = foreign_files(home)
    agreed = both_lists(ours)
    again = [loaded[0], copies[0], loaded[1], loaded[4]]
    for thread_id in again:
        resumed(ours, thread_id)
    work(ours, again, "ours again")
    assert foreign_files(home) == before
    assert both_lists(ours) != agreed
    with real_server(home) as theirs:
        agree(ours, theirs)
