"""Two servers of ours and the real one at work on one home at the same time."""

from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from threading import Barrier, Thread

import pytest

from tests.conformance.compare import differences
from tests.conformance.conversation import Conversation
from tests.conformance.corpus import FILES, expected, lay_corpus, read_thread, unnamed_hooks
from tests.conformance.server import launcher, server_command
from tests.conformance.test_corpus import NOT_RECORDED
from tests.conformance.values import as_list, as_object
from tests.crash.files import lines_of
from tests.crash.served import Served
from tests.reference.sealed import CODEX, real_server
from tests.reference.sight import both_lists, unlike, whole, without_git
from tests.reference.test_round_trip import OPTIONS, forked, message, started, work

ROUNDS = 3
SHARED_LINES = 15

pytestmark = [
    pytest.mark.reference,
    pytest.mark.skipif(not CODEX, reason="THREADSTORE_CODEX names no codex binary of release 0.131.0"),
]


def corpus_files(home: Path) -> dict[Path, tuple[bytes, int]]:
    """What the files of the corpus hold, and when they changed."""
    found = [path for path in home.rglob("rollout-*.jsonl") if path.stem in FILES]
    return {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in found}


def open_below(home: Path, pid: int) -> set[str]:
    """What a process holds open of a home: the first folder or file below it."""
    found = set()
    for link in Path(f"/proc/{pid}/fd").iterdir():
        target = link.readlink()
        if target.is_relative_to(home) and target != home:
            found.add(target.relative_to(home).parts[0])
    return found


class Worker(Thread):
    """One that works with a server: on threads of its own, and on one that all write to."""

    def __init__(self, served: Served, begin: Barrier, source: str, shared: str, tag: str) -> None:
        super().__init__()
        self._served, self._begin, self._source, self._shared, self._tag = served, begin, source, shared, tag
        self.failure: BaseException | None = None
        self.texts: list[str] = []

    def run(self) -> None:
        """Work; a failure is kept."""
        try:
            self._begin.wait()
            self._work()
        except BaseException as failure:  # noqa: BLE001  told by the thread that waits for this one
            self.failure = failure

    def _work(self) -> None:
        self._served.call("thread/resume", {"threadId": self._shared, "excludeTurns": True})
        for number in range(ROUNDS):
            copies = [forked(self._served, self._source) for _ in range(4)]
            work(self._served, copies, f"{self._tag} {number}")
            for place in range(SHARED_LINES):
                text = f"{self._tag} {number} {place}"
                items = [message(text)]
                self._served.call("thread/inject_items", {"threadId": self._shared, "items": items})
                self.texts.append(text)
                both_lists(self._served)


def texts_of(path: Path) -> list[str]:
    """The texts of a file's messages, each line being whole."""
    values, torn = lines_of(path.read_bytes())
    assert torn == []
    return [
        str(as_object(as_list(as_object(value["payload"])["content"])[0])["text"])
        for value in values
        if value["type"] == "response_item"
    ]


def test_three_servers_work_on_one_home(tmp_path: Path) -> None:
    home = tmp_path.resolve()
    lay_corpus(home)
    before = corpus_files(home)
    with Served(home, OPTIONS) as first, Served(home, OPTIONS) as second, real_server(home) as real:
        servers = {"first": first, "second": second, "real": real}
        shared = started(first, "of all", "one")
        source = started(first, "source", "one", "two")
        begin = Barrier(len(servers))
        workers = [Worker(served, begin, source, shared, tag) for tag, served in servers.items()]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        failures = [worker.failure for worker in workers if worker.failure is not None]
        if failures:
            raise failures[0]
        lists = both_lists(real)
        for ours in (first, second):
            assert unlike(lists, both_lists(ours)) == []
            assert open_below(home, ours.process.pid) <= {"threadstore", "threadstore_events", "sessions"}
        for thread_id in [thread_id for listed in lists for thread_id in listed]:
            seen = whole(first, thread_id)
            assert list(differences(seen, whole(second, thread_id))) == []
            theirs = without_git(whole(real, thread_id))
            assert list(differences(theirs, without_git(seen))) == []
        (path,) = home.rglob(f"rollout-*{shared}.jsonl")
        told = Counter(text for worker in workers for text in worker.texts)
        found = Counter(texts_of(path))
        assert {text: found[text] for text in told} == dict(told)
        assert corpus_files(home) == before
    check_corpus(home)


def check_corpus(home: Path) -> None:
    """Every thread of the corpus is as it was recorded."""
    with ExitStack() as stack:
        talk = Conversation(launcher(server_command())(home))
        stack.callback(talk.close)
        talk.greet({"experimentalApi": True})
        for name in FILES:
            thread, turns = expected(name)
            got = read_thread(talk, thread["id"], include_turns=True)
            told = {key: value for key, value in got.items() if key not in NOT_RECORDED}
            assert list(differences(thread, told)) == []
            assert list(differences(turns, unnamed_hooks(as_list(got["turns"])))) == []
