"""A home counted: how much there is, and what lists do not show of it.

Nothing is read but folders and the heads of files, those of the newest where there are very many.
"""

import os
import sqlite3
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass

from domain.damage.placing import looks_like_rollout, name_of
from domain.limits import CENSUS_HEADS_MAX
from domain.listing.source_kind import AGENTS, INTERACTIVE, SourceKind
from domain.log import RolloutPlace
from domain.rollout_name import PACKED_ENDING, log_path
from projections.memory_store import MemoryStore
from projections.threads import ThreadList
from rollout.catalogue.catalogue import Catalogue
from rollout.damage.entries import EntryKind, entries_of
from rollout.finding.home import Home
from rollout.finding.sessions import Sessions
from rollout.joined.home_log import JoinedLog

SHOWN = "is_listed AND NOT is_archived"

THREADS = (
    "SELECT coalesce(sum(is_listed AND NOT is_archived), 0), coalesce(sum(is_listed AND is_archived), 0)"
)

REPEATED = """
    SELECT count(*) FROM (SELECT 1 FROM thread WHERE thread_id IS NOT NULL
        GROUP BY thread_id, coalesce(rollout_id, name_id) HAVING count(*) > 1)
"""

ODD = {
    EntryKind.LINK_TO_FILE: "links to files",
    EntryKind.LINK_TO_FOLDER: "links to folders",
    EntryKind.DANGLING_LINK: "links that lead nowhere",
    EntryKind.UNREADABLE_FOLDER: "folders that cannot be read",
    EntryKind.PIPE: "pipes",
    EntryKind.SPECIAL: "devices, sockets and the like",
}


@dataclass(frozen=True, slots=True)
class Hidden:
    """Threads or files that a list does not show unless asked, how many, and what shows them."""

    what: str
    count: int
    shown_by: str


@dataclass(frozen=True, slots=True)
class Census:
    """What a home holds. `heads` files were looked into, of `files` that lists look at; `size` in bytes."""

    files: int
    size: int
    heads: int
    threads: int
    archived: int
    hidden: tuple[Hidden, ...]
    repeated_ids: int
    packed: int
    folders: int
    odd: tuple[tuple[str, int], ...]


def census(home: Home, default_provider: str) -> tuple[Census, Sequence[RolloutPlace]]:
    """Count a home; also gives the files that lists look at."""
    sessions = Sessions(home)
    places = [place for archived in (False, True) for place in sessions.listed(archived=archived)]
    places.sort(key=lambda place: place.state.mtime_ns, reverse=True)
    heads = places[:CENSUS_HEADS_MAX]
    kinds, packed, hidden_files = _entries(home, {place.path for place in places})
    with closing(MemoryStore(Catalogue())) as store, store.writing() as cursor:
        ThreadList(store, JoinedLog(find_log=sessions.find_log)).renew(cursor, heads)
        threads, archived = cursor.execute(f"{THREADS} FROM thread").fetchone()
        hidden = [*_hidden(cursor, default_provider), *hidden_files]
        repeated: int = cursor.execute(REPEATED).fetchone()[0]
    counted = Census(
        files=len(places),
        size=sum(place.state.size for place in places),
        heads=len(heads),
        threads=threads,
        archived=archived,
        hidden=tuple(each for each in hidden if each.count),
        repeated_ids=repeated,
        packed=packed,
        folders=kinds[EntryKind.FOLDER],
        odd=tuple((words, kinds[kind]) for kind, words in ODD.items() if kinds[kind]),
    )
    return counted, places


def _entries(home: Home, listed: set[str]) -> tuple[Counter[EntryKind], int, list[Hidden]]:
    """How many entries of each kind there are, how many packed files, and files that no list looks at."""
    kinds: Counter[EntryKind] = Counter()
    packed = beside = unlisted = 0
    for entry in entries_of(home):
        kinds[entry.kind] += 1
        if entry.kind is EntryKind.FILE and looks_like_rollout(name_of(entry.file)):
            path = f"{home.root}/{entry.file}"
            is_packed = path.endswith(PACKED_ENDING)
            packed += is_packed
            beside += is_packed and os.path.lexists(log_path(path))
            unlisted += log_path(path) not in listed  # a packed log is listed by its plain name
    return kinds, packed, [_beside(beside), _unlisted(unlisted)]


def _hidden(cursor: sqlite3.Cursor, provider: str) -> list[Hidden]:
    def count(condition: str, *values: object) -> int:
        found: int = cursor.execute(f"SELECT count(*) FROM thread WHERE {condition}", values).fetchone()[0]  # noqa: S608
        return found

    def of_kinds(kinds: Sequence[SourceKind]) -> int:
        return count(f"{SHOWN} AND source_kind IN ({', '.join('?' * len(kinds))})", *map(int, kinds))

    others = set(SourceKind) - AGENTS - INTERACTIVE - {SourceKind.EXEC, SourceKind.APP_SERVER}
    return [
        Hidden("threads of subagents", of_kinds(sorted(AGENTS)), 'sourceKinds: ["subAgent"]'),
        Hidden("threads of exec runs", of_kinds([SourceKind.EXEC]), 'sourceKinds: ["exec"]'),
        Hidden("threads of app servers", of_kinds([SourceKind.APP_SERVER]), 'sourceKinds: ["appServer"]'),
        Hidden(
            "threads of other sources", of_kinds(sorted(others)), 'sourceKinds: ["unknown"], or thread/read'
        ),
        Hidden(
            "threads of other model providers",
            count(f"{SHOWN} AND provider IS NOT NULL AND provider <> ?", provider),
            "modelProviders: [] (the command `threadstore list` shows them)",
        ),
        Hidden(
            "files without a first message of the user",
            count("NOT is_listable AND meta IS NOT NULL"),
            "thread/read with the id, `threadstore show ID`",
        ),
        Hidden("files without a usable head", count("meta IS NULL"), "`threadstore repair`"),
    ]


def _beside(count: int) -> Hidden:
    return Hidden("packed files beside their plain log", count, "the plain log, which counts")


def _unlisted(count: int) -> Hidden:
    return Hidden("files in places, or with names, that no list looks at", count, "`threadstore repair`")
