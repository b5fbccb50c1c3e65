"""A flattened log has every line that counts of all the logs it is made of, with new ordinals."""

import json
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from domain.durability import Durability
from domain.errors import ForkFailed
from domain.thread.branch import interruption
from rollout.finding.home import Home
from rollout.finding.sessions import Sessions
from rollout.joined.home_log import JoinedLog
from rollout.writing import storage
from rollout.writing.flattening import Flattened, flatten_log
from tests.domain.paginated_log import end, paginated_meta, start, tokens
from tests.home import THREAD, event, line

Json = dict[str, Any]

OTHER = UUID("0196f0aa-0000-7000-8000-000000000002")
NOW = "2026-05-01T12:00:00.000Z"
HEAD: Json = {"id": "head"}


def reordered(turn_id: str, ordinal: int) -> bytes:
    """A line that is spelt otherwise than writers of rollouts spell it."""
    value = json.loads(start(turn_id)(ordinal))
    return json.dumps({"type": value.pop("type"), **value}, indent=None).encode() + b"\n"


OLDER = [
    paginated_meta(0, OTHER),
    start("a")(1),
    b"garbage\n",
    reordered("b", 2),
    end("b")(2),
    event("token_count"),
    end("a")(7),
    end("beyond")(8),
]
NEWER = [
    paginated_meta(
        8, history_base={"thread_id": str(OTHER), "end_ordinal_exclusive": 8, "end_byte_offset": 0}
    ),
    start("below")(8),
    start("c")(9),
    paginated_meta(10),
    line("strange", {}, ordinal=11),
    tokens(20),
    end("c")(21)[:-1],
]
TAKEN = [("task_started", "a"), ("task_started", "b"), ("task_complete", "a"), ("task_started", "c")]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home with a log and its base."""
    folder = tmp_path / "sessions" / "2026" / "05" / "01"
    folder.mkdir(parents=True)
    for thread_id, lines in ((OTHER, OLDER), (THREAD, NEWER)):
        (folder / f"rollout-2026-05-01T10-00-00-{thread_id}.jsonl").write_bytes(b"".join(lines))
    return Home.at(tmp_path)


def flattened(home: Home, target: Path) -> list[Json]:
    """The lines of the copy, with an end."""
    sessions = Sessions(home)
    place = sessions.find(THREAD)
    assert place is not None
    told = Flattened(("session_meta", HEAD), interruption("c", None), NOW)
    size = flatten_log(
        JoinedLog(find_log=sessions.find_log), place.path, str(target), told, Durability.PROCESS
    )
    data = target.read_bytes()
    assert (len(data), data[-1:]) == (size, b"\n")
    return [json.loads(raw) for raw in data.splitlines()]


def test_lines_keep_their_order_and_all_but_their_ordinals(home: Home, tmp_path: Path) -> None:
    head, *lines, note, aborted = flattened(home, tmp_path / "copy")
    assert (head["payload"], note["type"], aborted["payload"]["turn_id"]) == (HEAD, "response_item", "c")
    told = [(one["payload"]["type"], one["payload"].get("turn_id")) for one in lines]
    assert told == [*TAKEN, ("token_count", None), ("task_complete", "c")]
    assert [one["ordinal"] for one in [head, *lines, note, aborted]] == list(range(len(lines) + 3))
    assert {one["timestamp"] for one in lines} == {json.loads(OLDER[0])["timestamp"]}


def test_a_copy_that_cannot_be_written_is_not_there(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> int:
        raise OSError(28, "full")

    monkeypatch.setattr(storage, "write", fail)
    with pytest.raises(ForkFailed):
        flattened(home, tmp_path / "copies" / "copy")
    assert not (tmp_path / "copies").exists()
