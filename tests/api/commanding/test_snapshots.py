"""A thread is loaded from the index and the tail of its log; an index that cannot tell costs time only."""

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest
from eventsourcing.persistence import StoredEvent

from api.commanding.snapshots import IndexSnapshots
from api.commanding.store import open_store
from api.indexing.index_view import IndexedCatalogue, IndexView, OtherIndex
from domain.durability import Durability
from domain.thread.application import ThreadStore
from domain.thread.thread import ThreadSnapshot
from rollout.finding.home import Home
from tests.home import THREAD, TIME, IndexedHome, event, meta

MESSAGES = [event("user_message", message=str(number)) for number in range(20)]


class Stage:
    """A home, its index and a store beside it."""

    def __init__(self, root: Path) -> None:
        self.home = IndexedHome(root)
        self.index = self.home.store.path
        self.view = IndexView(self.index)
        self.snapshots = IndexSnapshots(self.view, lambda _: str(self.home.path_of()), self.home.log)
        self.store = open_store(Home.at(root), self.view, Durability.PROCESS)

    def snapshot(self) -> ThreadSnapshot | None:
        """What the index tells."""
        return self.snapshots.of(THREAD)

    def told(self) -> ThreadSnapshot | None:
        """What the lines tell, up to where the index stands."""
        with ThreadStore(recorder=self.store.recorder) as plain:
            return plain.thread(THREAD).snapshot()

    def close(self) -> None:
        """Ends it."""
        self.store.close()
        self.view.close()
        self.home.close()


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    made = Stage(tmp_path)
    yield made
    made.close()


LOGS: dict[str, list[bytes]] = {
    "one meta": [meta(THREAD), *MESSAGES],
    "with git and mode": [meta(THREAD, git={"branch": "b"}, memory_mode="m"), *MESSAGES],
    "restated": [
        meta(THREAD, git={"branch": "b"}),
        *MESSAGES,
        meta(THREAD, git={"branch": "c", "commit_hash": None}, memory_mode="enabled"),
        meta(THREAD, memory_mode="disabled"),
    ],
    "cleared": [meta(THREAD, git={"branch": "b"}), meta(THREAD, git={}, memory_mode="enabled")],
    "head behind other lines": [b"{torn\n", *MESSAGES, meta(THREAD)],
    "unknown fields": [meta(THREAD, zzz={"a": [1]}), *MESSAGES],
}


@pytest.mark.parametrize("lines", LOGS.values(), ids=LOGS)
def test_the_index_tells_what_the_lines_tell(stage: Stage, lines: list[bytes]) -> None:
    stage.home.write(lines)
    stage.home.catch_up()
    assert stage.snapshot() == stage.told()
    assert stage.snapshot() is not None


def test_a_thread_is_loaded_from_the_tail_alone(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    stage.home.write([meta(THREAD), *MESSAGES])
    stage.home.catch_up()
    stage.home.append(b"".join(MESSAGES[:3]) + meta(THREAD, git={"branch": "late"}, memory_mode="m"))
    counts: list[int] = []
    select = stage.store.recorder.select_events

    def counted(*arguments: object, **options: object) -> Sequence[StoredEvent]:
        found = select(*arguments, **options)  # type: ignore[arg-type]
        counts.append(len(found))
        return found

    monkeypatch.setattr(stage.store.recorder, "select_events", counted)
    thread = stage.store.thread(THREAD)
    assert (thread.version, thread.git, thread.memory_mode) == (25, {"branch": "late"}, "m")
    assert counts == [4]


def test_a_command_is_saved_behind_lines_that_the_index_does_not_know(stage: Stage) -> None:
    stage.home.write([meta(THREAD), *MESSAGES])
    stage.home.catch_up()
    stage.home.append(MESSAGES[0])
    stage.store.restate_git(THREAD, {"branch": "b"}, TIME)
    last = json.loads(stage.home.path_of().read_bytes().splitlines()[-1])
    assert last["payload"]["git"] == {"branch": "b"}
    stage.home.catch_up()
    found = stage.snapshot()
    assert found is not None
    assert (found.originator_version, found.git) == (23, {"branch": "b"})


def test_a_line_that_others_may_have_put_between_makes_the_index_keep_silent(stage: Stage) -> None:
    stage.home.write([meta(THREAD), meta(THREAD, memory_mode="disabled"), meta(THREAD)])
    stage.home.catch_up()
    assert stage.snapshot() is None
    assert stage.store.thread(THREAD).memory_mode == "disabled"


def rewrite(stage: Stage) -> None:
    stage.home.write([meta(THREAD, cwd="/other"), *MESSAGES, *MESSAGES])


def shorten(stage: Stage) -> None:
    stage.home.write([meta(THREAD)])


def delete(stage: Stage) -> None:
    stage.index.unlink()


def damage(stage: Stage) -> None:
    stage.view.close()  # it opens a connection for each look from now on
    for suffix in ("", "-wal"):
        stage.index.with_name(stage.index.name + suffix).write_bytes(b"\x00" * 9000)


def make_newer(stage: Stage) -> None:
    with stage.home.store.writing() as cursor:
        cursor.execute("PRAGMA user_version = 999")


def empty(stage: Stage) -> None:
    with stage.home.store.writing() as cursor:
        cursor.execute("DELETE FROM rollout_file")


def unknown(stage: Stage) -> None:
    with stage.home.store.writing() as cursor:
        cursor.execute("DROP TABLE history")


@pytest.mark.parametrize("happen", [rewrite, shorten, delete, damage, make_newer, empty, unknown])
def test_an_index_that_cannot_tell_is_no_failure(stage: Stage, happen: Callable[[Stage], None]) -> None:
    stage.home.write([meta(THREAD), *MESSAGES])
    stage.home.catch_up()
    happen(stage)
    assert stage.snapshot() is None
    before = stage.home.path_of().read_bytes().count(b"\n")
    assert stage.store.thread(THREAD).version == before
    stage.store.append(THREAD, [("event_msg", {"type": "user_message", "message": "m"})], TIME)
    assert stage.store.thread(THREAD).version == before + 1


def test_a_thread_that_is_nowhere_has_no_snapshot(stage: Stage) -> None:
    assert stage.snapshot() is None


def test_an_index_that_was_made_again_is_read_again(stage: Stage) -> None:
    stage.home.write([meta(THREAD), *MESSAGES])
    stage.home.catch_up()
    assert stage.snapshot() is not None
    stage.home.close()
    for path in list(stage.index.parent.iterdir()):
        path.unlink()
    assert stage.snapshot() is None
    stage.home = IndexedHome(stage.home.root)
    assert stage.snapshot() is None
    stage.home.catch_up()
    assert stage.snapshot() is not None


def test_a_writer_at_work_holds_nobody_up(stage: Stage) -> None:
    stage.home.write([meta(THREAD), *MESSAGES])
    stage.home.catch_up()
    with stage.home.store.writing() as cursor:
        cursor.execute("UPDATE history SET line_count = 0")
        found = stage.snapshot()
    assert found is not None
    assert found.originator_version == 21


def test_the_index_is_never_written(stage: Stage) -> None:
    with stage.view.transaction(commit=False) as cursor, pytest.raises(sqlite3.OperationalError):
        cursor.execute("DELETE FROM rollout_file")


def test_an_index_of_another_version_is_not_relied_on(stage: Stage) -> None:
    make_newer(stage)
    with pytest.raises(OtherIndex, match="999"), stage.view.transaction(commit=False):
        pass


def test_connections_are_used_again(stage: Stage) -> None:
    with stage.view.transaction(commit=False) as one:
        connection = one.connection
        with stage.view.transaction(commit=False) as two:
            assert two.connection is not connection
    with stage.view.transaction(commit=False) as again:
        assert again.connection in {connection, two.connection}


def test_files_are_known_again_by_the_seam_of_their_history(stage: Stage) -> None:
    stage.home.write([meta(THREAD), *MESSAGES])
    indexed = stage.home.catch_up()
    with stage.home.log.open(str(stage.home.path_of())) as source:
        seam = source.seam(source.state.size)
    with stage.view.transaction(commit=False) as cursor:
        assert IndexedCatalogue().seam(cursor, indexed.file_id) == seam
        assert IndexedCatalogue().seam(cursor, 999) is None


def test_a_copy_of_an_index_elsewhere_is_an_index_as_well(stage: Stage, tmp_path: Path) -> None:
    stage.home.write([meta(THREAD), *MESSAGES])
    stage.home.catch_up()
    stage.home.store.compact()
    copy = tmp_path / "copy.sqlite"
    shutil.copy(stage.index, copy)
    with closing(IndexView(copy)) as view:
        snapshots = IndexSnapshots(view, lambda _: str(stage.home.path_of()), stage.home.log)
        assert snapshots.of(THREAD) == stage.snapshot()
