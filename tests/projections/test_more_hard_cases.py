"""More hard cases: what fails half-way, moves, is replaced, or is reached twice."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from eventsourcing.persistence import Tracking

from api.filling.filling import fill
from domain.cursors import SortDirection, ThreadCursor
from domain.errors import UnreadableThread
from domain.events import RolloutLine
from domain.log import FileState, OpenLog
from projections.history import HistoryProjection
from projections.indexer import Indexer
from projections.store import UPSTREAM
from rollout.finding.folders import FolderTree
from rollout.finding.home import Home
from rollout.joined.home_log import JoinedLog
from rollout.log import RolloutLog
from tests.home import THREAD, event, meta
from tests.projections.listing import ListedHome, says
from tests.projections.sample import SAMPLE, thread

LONG_AGO_NS = 1_000_000_000_000_000_000


@pytest.fixture(name="home")
def _home(tmp_path: Path) -> Iterator[ListedHome]:
    home = ListedHome(tmp_path)
    yield home
    home.close()


# -- bulk -------------------------------------------------------------------------------------


class SeamFails:
    """A log in which the disk fails once, at the seam behind the new lines."""

    def __init__(self, path: str) -> None:
        self.path: str | None = path

    @contextmanager
    def open(self, path: str) -> Iterator[OpenLog]:
        """Open one file."""
        with RolloutLog().open(path) as source:
            if path == self.path:
                self.path = None
                source.seam = self._fail  # type: ignore[method-assign]
            yield source

    def _fail(self, end: int) -> int:
        raise UnreadableThread("the file", "Input/output error")

    def state_of(self, path: str) -> FileState | None:
        """What `stat` says."""
        return RolloutLog().state_of(path)


def test_a_file_that_fails_after_its_rows_were_written_is_right_the_next_time(home: ListedHome) -> None:
    """`_step` passes over the failure and the transaction goes on: rows without a record, folded twice."""
    home.write([meta(), says("text")], thread(1))
    log = SeamFails(str(home.path_of(thread(1))))
    Indexer(home.store, JoinedLog(log)).catch_up_all(home.places(), lambda *_: None)
    assert len(home.turns(thread_id=thread(1))) == 1  # IntegrityError: UNIQUE constraint failed


# -- the list ---------------------------------------------------------------------------------


def test_a_thread_that_was_archived_between_two_fillings_keeps_its_row(home: ListedHome) -> None:
    """The list catalogues the new path; the indexer forgets that for the moved file, list row included."""
    home.write([meta(), says("text")])
    found = Home.at(home.root)
    assert fill(found, lambda *_: None).threads == 1
    home.path_of().rename(home.archive / home.path_of().name)
    assert fill(found, lambda *_: None).threads == 1
    assert [row.preview for row in home.page_of_threads(archived=True).rows] == ["text"]


def test_the_other_file_of_a_thread_is_listed_when_the_longer_one_becomes_another_threads(
    home: ListedHome,
) -> None:
    """Forgotten by the indexer, the longer file's row no longer says whose turn it is to be chosen."""
    home.write([meta(THREAD), says("short")], thread(1))
    longer = home.write([meta(THREAD), says("long"), *SAMPLE[1:]], thread(2))
    home.catch_up(thread(2))
    assert [row.preview for row in home.rows()] == ["long"]
    longer.write_bytes(meta(thread(7)) + says("of another thread"))
    os.utime(longer, (1, 1))
    home.catch_up(thread(2))
    assert sorted(row.preview for row in home.rows()) == ["of another thread", "short"]


def test_a_time_right_before_a_second_does_not_stand_behind_that_second(home: ListedHome) -> None:
    """A double has too few digits for nanoseconds: …599.999999999 becomes …600.0 (`asc`, bare time)."""
    home.write([meta(), says("text")])
    home.reconcile()
    (row,) = home.page_of_threads().rows
    cursor = ThreadCursor(row.started_s * 10**9 - 1, None)
    assert [one.path for one in home.page_of_threads(cursor, 5, SortDirection.ASCENDING).rows] == [row.path]


# -- the door for events ----------------------------------------------------------------------


def door(home: ListedHome, *lines: bytes) -> None:
    """Bring in the file's lines as events; a line over the limit comes from the recorder as an empty one."""
    with RolloutLog().open(str(home.path_of())) as source, home.store.writing() as cursor:
        home.store.catalogue.add_file(cursor, THREAD, source.path, source.state)
    projection = HistoryProjection(home.store, JoinedLog(home.log))
    for number, raw in enumerate(lines, 1):
        projection.process_event(
            RolloutLine(THREAD, number, "any", raw.removesuffix(b"\n")), Tracking(UPSTREAM, number)
        )


def test_a_line_over_the_limit_that_comes_as_an_event_keeps_its_place(
    home: ListedHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its end is taken from the bytes of the event: all places behind it are wrong."""
    monkeypatch.setattr("rollout.scan.LINE_SIZE_MAX", 100_000)
    home.write([meta(), b"x" * 200_000 + b"\n", says("text")])
    with RolloutLog().open(str(home.path_of())) as source:
        lines = [raw for piece in source.slices(0, 1) for raw in piece]
    assert lines[1] == b"\n"
    door(home, *lines)
    assert home.lines()[0].at == len(meta()) + 200_001


def test_an_event_of_a_file_that_was_replaced_meanwhile_does_not_pass_for_one_of_the_new_file(
    home: ListedHome,
) -> None:
    """State and seam are those of the file that is there now, the row that of a line that is not."""
    old = [meta(), says("old one")]
    home.write([meta(), says("new one"), event("agent_message", message="more")])
    door(home, *old)
    assert home.turns()[0]["items"][0]["content"][0]["text"] == "new one"


# -- folders ----------------------------------------------------------------------------------


def test_a_link_to_a_known_folder_is_not_listed_at_every_look(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Think of `sessions/latest -> 2026/05/01`: listed anew, then found to be known, then forgotten."""
    root = tmp_path / "sessions"
    (root / "2026").mkdir(parents=True)
    (root / "latest").symlink_to("2026")
    for folder in (root / "2026", root):
        os.utime(folder, ns=(LONG_AGO_NS, LONG_AGO_NS))
    tree = FolderTree(str(root))
    tree.refresh()
    listed: list[str] = []
    scandir = os.scandir

    def note(path: str) -> Iterator[os.DirEntry[str]]:
        listed.append(path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", note)
    tree.refresh()
    assert listed == []


def test_a_link_to_a_folder_above_shows_no_file_twice(tmp_path: Path) -> None:
    """Real folders below a link are not compared with those that are known."""
    root = tmp_path / "home" / "sessions"
    root.mkdir(parents=True)
    (root / f"a-{THREAD}").touch()
    (root / "up").symlink_to("..")
    tree = FolderTree(str(root))
    tree.refresh()
    assert tree.paths_of(THREAD) == [f"{root}/a-{THREAD}"]
