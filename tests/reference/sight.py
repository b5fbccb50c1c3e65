"""What a server shows of a home, as far as two servers have to agree on it."""

import hashlib
from pathlib import Path

from tests.conformance.compare import differences
from tests.conformance.corpus import PAGE_SIZE_MAX, unnamed_hooks
from tests.conformance.values import Json, JsonObject, as_list, as_object
from tests.crash.served import Served

OF_ONE_SERVER = ("status", "updatedAt")
"""Which threads are loaded is a server's own affair; times are another test's."""
GIT = "gitInfo"
"""Of a thread itself only: release 0.131.0 lists facts of its first line that were cleared since."""
COMMANDED = ("sessions", "archived_sessions", "session_index.jsonl", "threadstore", "threadstore_events")
"""What we write below a home."""


def rows(served: Served, **filters: Json) -> dict[str, JsonObject]:
    """All listed threads, by id."""
    cursor: Json = None
    found: dict[str, JsonObject] = {}
    while True:
        params: JsonObject = {"limit": PAGE_SIZE_MAX, "modelProviders": [], "cursor": cursor, **filters}
        page = served.call("thread/list", params)
        for thread in map(as_object, as_list(page["data"])):
            assert str(thread["id"]) not in found
            found[str(thread["id"])] = _shared(thread)
            found[str(thread["id"])].pop(GIT)
        cursor = page["nextCursor"]
        if cursor is None:
            return found


Lists = tuple[dict[str, JsonObject], dict[str, JsonObject]]


def both_lists(served: Served, **filters: Json) -> Lists:
    """The live threads, and the archived ones."""
    return rows(served, archived=False, **filters), rows(served, archived=True, **filters)


def unlike(lists: Lists, others: Lists) -> list[str]:
    """Where two servers' lists differ."""
    pairs = zip(lists, others, strict=True)
    return [how for one, other in pairs for how in differences({**one}, {**other})]


def without_git(thread: JsonObject) -> JsonObject:
    """The thread as release 0.131.0 goes on to show it once it has a row of it in its database."""
    return {key: value for key, value in thread.items() if key != GIT}


def whole(served: Served, thread_id: str) -> JsonObject:
    """A thread with all its turns."""
    answer = served.call("thread/read", {"threadId": thread_id, "includeTurns": True})
    return shown_whole(answer)


def resumed(served: Served, thread_id: str) -> JsonObject:
    """The same, as a resume answers it."""
    return shown_whole(served.call("thread/resume", {"threadId": thread_id}))


def shown_whole(answer: JsonObject) -> JsonObject:
    """The thread of an answer, without what is a server's own."""
    thread = _shared(as_object(answer["thread"]))
    return thread | {"turns": unnamed_hooks(as_list(thread["turns"]))}


def foreign_files(home: Path) -> dict[str, str]:
    """The checksum of every file that is not for us to write."""
    return {
        str(path.relative_to(home)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(home.rglob("*"))
        if path.is_file() and path.relative_to(home).parts[0] not in COMMANDED
    }


def _shared(thread: JsonObject) -> JsonObject:
    return {key: value for key, value in thread.items() if key not in OF_ONE_SERVER}
