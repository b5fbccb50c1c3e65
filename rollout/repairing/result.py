"""Writing the result of a repair from the steps of its file, streaming."""

from hashlib import sha256

from domain.damage.finding import Finding
from domain.damage.steps import Cut, Write
from domain.damage.survey import Head
from domain.limits import COPY_WRITE_SIZE
from rollout.damage.file_steps import FileSteps
from rollout.repairing.bytes_of import pieces
from rollout.repairing.journal import Step
from rollout.repairing.run import Run
from rollout.writing.partial import write_fully

FEEDS_SIZE = 2
"""Bytes between two pieces of one run of damage: a line feed, and the carriage return before it."""


class Result:
    """The file that is to take the name, as it is written: its bytes gathered for few writes."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._gathered = bytearray()
        self._total = sha256()

    def write(self, data: bytes) -> None:
        """More bytes."""
        self._gathered += data
        if len(self._gathered) >= COPY_WRITE_SIZE:
            self._flush()

    def finish(self) -> str:
        """Writes the rest; gives the sha256 of all."""
        self._flush()
        return self._total.hexdigest()

    def _flush(self) -> None:
        self._total.update(self._gathered)
        write_fully(self._descriptor, bytes(self._gathered))
        self._gathered.clear()


class Pieces:
    """What is cut out, each piece by itself; pieces with nothing but line feeds between them are one."""

    def __init__(self, steps: FileSteps, run: Run, step: Step) -> None:
        self._steps = steps
        self._run = run
        self._step = step
        self._last: Cut | None = None

    def add(self, cut: Cut) -> None:
        """One more."""
        last = self._last
        if last is not None and not (cut.is_zeros or last.is_zeros) and cut.start - last.end <= FEEDS_SIZE:
            self._last = Cut(last.start, cut.end)
        else:
            self.end()
            self._last = cut

    def end(self) -> None:
        """Something else follows: what is gathered is a piece. Of zeros the report tells all."""
        last, self._last = self._last, None
        if last is not None and not last.is_zeros:
            self._run.quarantine(self._step, last.start, pieces(self._steps.read, last.start, last.end))


def write_result(made: int, steps: FileSteps, head: Head | None, run: Run, step: Step) -> str:
    """Writes what the steps keep and make, the new head first; what they cut out goes to quarantine.

    `made` is the descriptor of the result, whose sha256 it gives.
    """
    result = Result(made)
    cuts = Pieces(steps, run, step)
    if head is not None:
        result.write(head.data + b"\n")
    for each in steps:
        if isinstance(each, Cut):
            cuts.add(each)
            continue
        if isinstance(each, Finding):
            continue
        cuts.end()
        if isinstance(each, Write):
            result.write(each.data + b"\n")
            continue
        for data in pieces(steps.read, each.start, each.end):
            result.write(data)
        if not each.is_ended:
            result.write(b"\n")
    cuts.end()
    run.sync_quarantine()
    return result.finish()
