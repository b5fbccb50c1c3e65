"""A worker process: makes shards of the index from batches of files.

    python -m api.filling.worker FOLDER [HOME]

Reads jobs from standard input, a line each, and answers each with a line on standard output. It ends
when its input ends, at once and in the middle of a job, so it never outlives whoever started it; the
folder, where the shards of all workers lie, is removed then: nobody is left who would merge them. Logs that
go on from others need these, which are looked for in the home.
"""

import os
import shutil
import sqlite3
import sys
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from threading import Lock, Thread

from eventsourcing.persistence import PersistenceError

from api.filling.batches import Batch, Built, Kind, answer_line, read_job
from domain.errors import ThreadstoreError
from domain.log import HomeLog, RolloutPlace
from projections.indexer import Indexer
from projections.shards import open_shard
from projections.store import IndexStore
from projections.threads import ThreadList
from rollout.catalogue.catalogue import Catalogue
from rollout.finding.home import Home
from rollout.finding.sessions import Sessions
from rollout.joined.home_log import JoinedLog
from rollout.log import RolloutLog

NICENESS = 10
"""Bulk work waits for everything else that the machine has to do."""

FAILURES = (ThreadstoreError, PersistenceError, sqlite3.Error, OSError, ValueError)
"""What may befall a job: a full disk, a path that SQLite cannot store. Anything else ends the worker."""


OPENING = Lock()
"""Held while a shard's files are made: whoever removes the folder takes it, so that nothing comes after."""


def build(batch: Batch, shard: Path, log: HomeLog) -> Built:
    """Make the shard of a batch; files that are gone or cannot be read are told, and are not in it."""
    with OPENING:
        store = open_shard(shard, Catalogue())
    try:
        return BUILDERS[batch.kind](store, batch, log)
    finally:
        store.close()


def _heads(store: IndexStore, batch: Batch, log: HomeLog) -> Built:
    threads = ThreadList(store, log)
    for archived in (False, True):
        places = [place for place in batch.places if place.is_archived is archived]
        if places:
            threads.reconcile(places, archived=archived)
    with store.writing() as cursor:
        done: int = cursor.execute("SELECT count(*) FROM thread").fetchone()[0]
    return Built(done, len(batch.places) - done, 0)


def _turns(store: IndexStore, batch: Batch, log: HomeLog) -> Built:
    done = unreadable = folded = 0

    def note(_place: RolloutPlace, new: int, is_all: bool) -> None:  # noqa: FBT001 - told by the indexer
        nonlocal done, unreadable, folded
        folded += new
        done += is_all
        unreadable += not is_all and not new

    Indexer(store, log).catch_up_all(batch.places, note)
    return Built(done, unreadable, folded)


BUILDERS = {Kind.HEADS: _heads, Kind.TURNS: _turns}


def answer(line: bytes, log: HomeLog) -> bytes:
    """Do a job; its answer."""
    try:
        return answer_line(build(*read_job(line), log))
    except FAILURES as failure:
        return answer_line(failure)


def main(folder: Path, home: Path | None = None) -> None:
    """Do jobs until the input ends."""
    os.nice(NICENESS)
    files = RolloutLog(folder / "plain")
    log = JoinedLog(files) if home is None else JoinedLog(files, Sessions(Home(home)).find_log)
    jobs: SimpleQueue[bytes] = SimpleQueue()
    Thread(target=_listen, args=(folder, jobs), daemon=True).start()
    while True:
        done = answer(jobs.get(), log)
        with suppress(BrokenPipeError):  # the input has ended too
            os.write(sys.stdout.fileno(), done)


def _listen(folder: Path, jobs: "SimpleQueue[bytes]") -> None:
    """Pass jobs on; end the process with the input, whatever it is doing."""
    try:
        for line in sys.stdin.buffer:
            jobs.put(line)
    finally:
        OPENING.acquire()
        shutil.rmtree(folder, ignore_errors=True)
        os._exit(0)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
