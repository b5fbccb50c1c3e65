"""One run that changes a home: its folder below `repair/`, its journal, the originals that it keeps.

    HOME/repair/RUN/journal.jsonl    what was planned and done
    HOME/repair/RUN/files/NNNN       whole originals, under names that hold no thread's id
    HOME/repair/RUN/quarantine/…     what was cut out of them, by original and offset

The folder is made with the first step: a run that finds nothing to do leaves nothing behind.
"""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from hashlib import sha256
from typing import Self

from domain.damage.report import Original
from rollout.finding.home import Home
from rollout.repairing.bytes_of import pieces
from rollout.repairing.holding import HeldFile
from rollout.repairing.journal import Deed, Mark, Step, append_step
from rollout.writing import storage
from rollout.writing.partial import keep_facts, partial_path, write_fully

FOLDER = "repair"
JOURNAL = "journal.jsonl"
TEXT_ENDING = ".utf-8"
"""Of a file's text while it is brought to UTF-8; it goes again."""


def folder_of_run(name: str) -> str:
    """Where a run's things are, below the home."""
    return f"{FOLDER}/{name}"


class Run:
    """A run and its steps so far; `name` is made of the time, so that names are in order."""

    def __init__(self, home: Home, name: str) -> None:
        self.home = home
        self.name = name
        self.originals: list[Original] = []
        self._journal = -1
        self._count = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._journal >= 0:
            with suppress(OSError):
                storage.close(self._journal)

    @property
    def folder(self) -> str:
        """The run's folder, below the home."""
        return folder_of_run(self.name)

    def plan(self, deed: Deed, file: str, *, target: str = "") -> Step:
        """A step that is about to be made; from now on a later run can find out how far it came."""
        if self._journal < 0:
            self._begin()
        stored = self.next_stored()
        self._count += 1
        beside = target or file
        step = Step(
            self._count,
            deed,
            file,
            stored=stored,
            aside=partial_path(beside),
            former=partial_path(beside),
            target=target,
        )
        append_step(self._journal, step)
        return step

    def next_stored(self) -> str:
        """Where the original of the next step will be kept."""
        return f"{self.folder}/files/{self._count + 1:04}"

    def mark(self, step: Step, mark: Mark) -> Step:
        """Notes how far the step is."""
        marked = step.marked(mark)
        append_step(self._journal, marked)
        return marked

    def store(self, step: Step, held: HeldFile) -> Step:
        """Keeps the whole original; gives the step with its sum and size."""
        total = sha256()
        descriptor = storage.create(self.full(step.stored))
        try:
            for data in pieces(held.read, 0, held.found.st_size):
                total.update(data)
                write_fully(descriptor, data)
            keep_facts(descriptor, held.found)
        finally:
            storage.close(descriptor)
        storage.sync_folder(self.full(f"{self.folder}/files"))
        return replace(step, sha256=total.hexdigest(), size=held.found.st_size)

    def keep_original(self, step: Step) -> None:
        """Tells of an original in the report."""
        self.originals.append(Original(step.file, step.sha256, step.size, step.stored))

    def quarantine(self, step: Step, offset: int, data: Iterable[bytes]) -> None:
        """Keeps a piece that is cut out, by itself, under its original's number and its offset."""
        descriptor = storage.create(self.full(f"{self.folder}/quarantine/{step.number:04}-{offset}"))
        try:
            for piece in data:
                write_fully(descriptor, piece)
        finally:
            storage.close(descriptor)

    def sync_quarantine(self) -> None:
        """Waits until the pieces have their names; the originals hold the same bytes, and are on the disk."""
        storage.sync_folder(self.full(f"{self.folder}/quarantine"))

    def full(self, file: str) -> str:
        """The whole path of one below the home."""
        return f"{self.home.root}/{file}"

    def _begin(self) -> None:
        for name in (FOLDER, self.folder, f"{self.folder}/files", f"{self.folder}/quarantine"):
            with suppress(FileExistsError):
                storage.make_folder(self.full(name))
        self._journal = storage.create(self.full(f"{self.folder}/{JOURNAL}"))
        for name in (self.folder, FOLDER, ""):
            storage.sync_folder(self.full(name))
