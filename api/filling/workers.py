"""Worker processes: what they need to start, how batches reach them, and how their shards come back.

Each process has a thread here that hands it one batch after the other. Whoever merges takes the finished
shards from an iterator, in the order in which they are done; only a few wait at any time.
"""

import os
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from queue import SimpleQueue
from threading import Event, Lock, Semaphore, Thread
from types import TracebackType
from typing import Self

from api.filling.batches import Batch, Built, job_line, read_answer
from api.filling.worker_process import WorkerProcess
from domain.limits import BATCH_TRIES, WORKER_DEATHS_MAX, WORKERS_MAX

SHARDS_WAITING = 2
"""Finished shards for each worker that may wait to be merged: more would pile up on the disk."""


@dataclass(frozen=True, slots=True)
class Shard:
    """What came of a batch: a file to merge, gone when the next one is asked for.

    `path` is None when no worker could do the batch: its files are left to be indexed on demand.
    """

    batch: Batch
    path: Path | None
    built: Built


def usual_worker_count() -> int:
    """A worker for each core that this process may use, up to a bound."""
    return min(len(os.sched_getaffinity(0)), WORKERS_MAX)


class Workers:
    """Up to `count` processes, started as they are needed and ended with the `with` block.

    Use `shards` from one thread at a time; merging has to be over when the next shard is asked for.
    """

    def __init__(self, count: int, home: Path | None = None) -> None:
        """So many; without a home they leave the logs alone that go on from others."""
        self._count = count
        self._home = home
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._lanes: list[_Lane] = []

    def __enter__(self) -> Self:
        """Make the folder of the shards, beside nothing."""
        self._folder = tempfile.TemporaryDirectory(prefix="threadstore-shards-", ignore_cleanup_errors=True)
        folder = Path(self._folder.name)
        names = _Names(folder)
        self._lanes = [_Lane(WorkerProcess(folder, self._home), names) for _ in range(self._count)]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the processes, whatever they are doing, and remove the shards."""
        for lane in self._lanes:
            lane.stop()
        for lane in self._lanes:
            lane.join()
        assert self._folder is not None
        self._folder.cleanup()

    @property
    def pids(self) -> list[int]:
        """The ids of the processes that were started and are not known to have ended."""
        return [pid for lane in self._lanes if (pid := lane.pid) is not None]

    @property
    def is_useless(self) -> bool:
        """Whether no worker ever did a batch: here processes cannot be started, or cannot work."""
        return not any(lane.has_worked for lane in self._lanes)

    def shards(self, batches: Iterable[Batch]) -> Iterator[Shard]:
        """The shards of the batches as they are done; every batch comes back once."""
        waiting = _Waiting(batches)
        done: SimpleQueue[Shard | None] = SimpleQueue()
        room = Semaphore(SHARDS_WAITING * self._count)
        for lane in self._lanes:
            lane.start(waiting, done, room)
        running = len(self._lanes)
        while running:
            shard = done.get()
            if shard is None:
                running -= 1
                continue
            yield shard
            _remove(shard.path)
            room.release()
        for batch in waiting:
            yield _failed(batch)


class _Waiting:
    """Batches that several threads take from."""

    def __init__(self, batches: Iterable[Batch]) -> None:
        self._batches = iter(batches)
        self._lock = Lock()

    def __iter__(self) -> Iterator[Batch]:
        return self

    def __next__(self) -> Batch:
        with self._lock:
            return next(self._batches)


class _Names:
    """Paths for shards, each given once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = count()

    def next(self) -> Path:
        """A path at which nothing is."""
        return self._folder / f"{next(self._numbers)}.sqlite"


class _Lane:
    """One worker's place: the process that works there now, and the thread that serves it."""

    def __init__(self, process: WorkerProcess, names: _Names) -> None:
        self.has_worked = False
        self._process = process
        self._names = names
        self._failures = 0
        self._closing = Event()
        self._thread: Thread | None = None
        self._room: Semaphore | None = None

    @property
    def pid(self) -> int | None:
        """The id of the process that works there."""
        return self._process.pid

    def start(self, waiting: _Waiting, done: "SimpleQueue[Shard | None]", room: Semaphore) -> None:
        """Begin to take batches; None is put behind the last shard."""
        self._room = room
        self._thread = Thread(target=self._run, args=(waiting, done, room), name="worker", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the process; no further batch is taken."""
        self._closing.set()
        self._process.close()

    def join(self) -> None:
        """Wait for the thread. All lanes have been stopped: a permit that one takes is passed on."""
        if self._thread is not None and self._room is not None:
            self._room.release()
            self._thread.join()

    def _run(self, waiting: _Waiting, done: "SimpleQueue[Shard | None]", room: Semaphore) -> None:
        try:
            while self._failures < WORKER_DEATHS_MAX:
                room.acquire()
                batch = None if self._closing.is_set() else next(waiting, None)
                if batch is None:
                    return
                done.put(self._make(batch))
        finally:
            room.release()
            done.put(None)

    def _make(self, batch: Batch) -> Shard:
        """The shard of a batch, made by the second process when the first dies of it."""
        for _ in range(BATCH_TRIES):
            path = self._names.next()
            line = self._process.ask(job_line(batch, path))
            built = read_answer(line) if line is not None else "it ended"
            if isinstance(built, Built):
                self.has_worked, self._failures = True, 0
                return Shard(batch, path, built)
            self._failures += 1
            _remove(path)
        return _failed(batch)


def _failed(batch: Batch) -> Shard:
    return Shard(batch, None, Built(0, len(batch.places), 0))


def _remove(path: Path | None) -> None:
    """Remove a shard and what was made beside it."""
    if path is not None:
        for beside in path.parent.glob(f"{path.name}*"):
            beside.unlink(missing_ok=True)
