"""A home of odd files, shards of its index, and what an index holds without what is accidental."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from api.filling.batches import Batch, Kind
from api.filling.worker import build
from domain.log import RolloutPlace
from projections.indexer import Indexer
from projections.store import UPSTREAM, IndexStore
from projections.threads import ThreadList
from rollout.catalogue.catalogue import Catalogue
from rollout.finding.home import Home
from rollout.finding.sessions import Sessions
from rollout.joined.home_log import JoinedLog
from rollout.log import RolloutLog
from tests.home import meta
from tests.projections.homes import begin
from tests.projections.listing import says
from tests.projections.sample import SAMPLE, thread, turns

Row = dict[str, Any]

TWICE = thread(100)
"""A thread that several files tell of."""

LATER_GIT = meta(thread(6), git={"branch": "later", "commit_hash": None, "repository_url": None})

CONTENTS: tuple[bytes, ...] = (
    b"".join(SAMPLE),
    b"",
    b"".join([meta(thread(2)), *turns(30)]),
    b"".join(SAMPLE)[:-1],
    b"no lines at all",
    b"".join([meta(thread(5), cwd="/srv/other"), says("hello")]),
    b"".join([meta(thread(6)), says("a question"), LATER_GIT]),
    b"".join([meta(TWICE), says("the shorter")]),
    b"".join([meta(TWICE), says("the longer"), *turns(2)]),
    b"".join([meta(TWICE), says("as long as another")]),
    b"".join([meta(TWICE), says("another as long as")]),
)

BY_FILE = {
    "rollout_file": ("file_id",),
    "segment": ("file_id", "first_position"),
    "history": ("file_id",),
    "turn": ("file_id",),
    "item_line": ("file_id",),
    "thread": ("file_id",),
}
"""Tables whose rows belong to a file, and the columns that no two indexes share."""


class OddHome:
    """Files as they come in life, some of them archived."""

    def __init__(self, root: Path) -> None:
        self.home = Home.at(begin(root))
        self.log = RolloutLog()
        for number, data in enumerate(CONTENTS):
            path = self.path_of(number)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)

    def path_of(self, number: int) -> Path:
        """Where a file is; every fourth is archived."""
        name = f"rollout-2026-05-01T10-00-{number:02}-{thread(number)}.jsonl"
        return (self.home.archived if number % 4 == 3 else self.home.sessions / "2026" / "05" / "01") / name

    def places(self) -> list[RolloutPlace]:
        """All files as they are found."""
        sessions = Sessions(self.home)
        return [place for archived in (False, True) for place in sessions.listed(archived=archived)]

    def open_index(self, folder: Path) -> IndexStore:
        """An index that knows nothing, in this folder."""
        return IndexStore(begin(folder) / "threadstore" / "index.sqlite", Catalogue())

    def index(self, store: IndexStore, kind: Kind, places: Sequence[RolloutPlace]) -> None:
        """List or fold files in the index itself."""
        if kind is Kind.HEADS:
            with store.writing() as cursor:
                ThreadList(store, JoinedLog(self.log)).renew(cursor, places)
        else:
            Indexer(store, JoinedLog(self.log)).catch_up_all(places, lambda _place, _new, _is_all: None)

    def complete(self, store: IndexStore) -> None:
        """Bring an index up to date, in process, as a server does."""
        for archived in (False, True):
            places = [place for place in self.places() if place.is_archived is archived]
            ThreadList(store, JoinedLog(self.log)).reconcile(places, archived=archived)
        self.index(store, Kind.TURNS, self.places())
        self.index(store, Kind.HEADS, self.places())  # a file that was replaced lost its row with its turns
        found = {place.path for place in self.places()}
        with store.writing() as cursor:
            for file in store.catalogue.files(cursor):
                if file.path not in found:
                    store.forget(cursor, file.file_id)

    def shard(self, path: Path, kind: Kind, places: Sequence[RolloutPlace]) -> Path:
        """A shard of these files, as a worker makes it."""
        build(Batch(kind, tuple(places)), path, JoinedLog(self.log))
        return path


def content(store: IndexStore) -> dict[str, list[Row]]:
    """The rows of an index, files named by their paths; without ids and positions."""
    with store.writing() as cursor:
        found = {
            table: [
                {"path": row["its_path"], **{name: row[name] for name in row.keys() if name not in left_out}}  # noqa: SIM118
                for row in cursor.execute(
                    f"SELECT file.path AS its_path, {table}.* FROM rollout_file AS file "
                    f"JOIN {table} USING (file_id)"
                ).fetchall()
            ]
            for table, left_out in ((table, (*columns, "its_path")) for table, columns in BY_FILE.items())
        }
        found["cwd"] = [dict(row) for row in cursor.execute("SELECT * FROM cwd").fetchall()]
    return {table: sorted(rows, key=str) for table, rows in found.items()}


def orphans(store: IndexStore) -> int:
    """How many rows belong to no file."""
    with store.writing() as cursor:
        return sum(
            cursor.execute(
                f"SELECT count(*) FROM {table} WHERE file_id NOT IN (SELECT file_id FROM rollout_file)"
            ).fetchone()[0]
            for table in BY_FILE
        )


def spans(store: IndexStore) -> list[tuple[int, int]]:
    """The positions of each segment, from and up to."""
    with store.writing() as cursor:
        found = cursor.execute("SELECT first_position, first_position + line_count FROM segment ORDER BY 1")
        return [tuple(row) for row in found.fetchall()]


def tracked(store: IndexStore) -> tuple[int, int]:
    """The newest position, and the one up to which all is accounted for."""
    with store.writing() as cursor:
        head = store.catalogue.head_position(cursor)
    return head, store.max_tracking_id(UPSTREAM) or 0
