"""Batches of files that worker processes index, and what is said of them between the processes.

A job is one line of JSON, and so is its answer. JSON is written in ASCII: a path is any bytes that the
file system allows.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any
from uuid import UUID

from domain.limits import BATCH_FILES, BATCH_SIZE
from domain.log import FileState, RolloutPlace


class Kind(StrEnum):
    """What is made of the files of a batch: their list rows, or their turns and items."""

    HEADS = "heads"
    TURNS = "turns"


@dataclass(frozen=True, slots=True)
class Batch:
    """Files that one worker indexes in one go."""

    kind: Kind
    places: tuple[RolloutPlace, ...]

    @property
    def size(self) -> int:
        """The bytes of log in its files."""
        return sum(place.state.size for place in self.places)


@dataclass(frozen=True, slots=True)
class Built:
    """What became of a batch: files done and unreadable, and the bytes of log that were folded.

    A file that is gone counts as done when turns were asked for, and as unreadable when a list row was.
    """

    files: int
    unreadable: int
    folded: int


def plan_batches(kind: Kind, places: Iterable[RolloutPlace]) -> Iterator[Batch]:
    """The files in batches, in their order; one that is larger than a batch is alone or the last in one."""
    batch: list[RolloutPlace] = []
    size = 0
    for place in places:
        batch.append(place)
        size += place.state.size if kind is Kind.TURNS else 0
        if size >= BATCH_SIZE or len(batch) >= BATCH_FILES:
            yield Batch(kind, tuple(batch))
            batch, size = [], 0
    if batch:
        yield Batch(kind, tuple(batch))


def job_line(batch: Batch, shard: Path) -> bytes:
    """The job of making this shard of a batch."""
    job = {"kind": batch.kind, "shard": str(shard), "files": [_told(place) for place in batch.places]}
    return json.dumps(job).encode() + b"\n"


def read_job(line: bytes) -> tuple[Batch, Path]:
    """The batch and the shard of a job."""
    job = json.loads(line)
    return Batch(Kind(job["kind"]), tuple(map(_place, job["files"]))), Path(job["shard"])


def answer_line(answer: Built | Exception) -> bytes:
    """The answer to a job: what was built, or why nothing was."""
    told: dict[str, object]
    if isinstance(answer, Built):
        told = {"files": answer.files, "unreadable": answer.unreadable, "folded": answer.folded}
    else:
        told = {"error": f"{type(answer).__name__}: {answer}"}
    return json.dumps(told).encode() + b"\n"


def read_answer(line: bytes) -> Built | str:
    """What was built, or the reason why nothing was."""
    told = json.loads(line)
    return str(told["error"]) if "error" in told else Built(**told)


def _told(place: RolloutPlace) -> tuple[object, ...]:
    return (
        place.path,
        place.is_archived,
        place.is_listable,
        place.started_s,
        str(place.thread_id),
        place.state.text(),
        str(place.rollout_id),
        place.is_packed,
    )


def _place(told: list[Any]) -> RolloutPlace:
    path, is_archived, is_listable, started_s, thread_id, state, rollout_id, is_packed = told
    return RolloutPlace(
        path,
        is_archived,
        is_listable,
        started_s,
        UUID(thread_id),
        FileState.of_text(state),
        UUID(rollout_id),
        is_packed,
    )
