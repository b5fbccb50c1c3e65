"""Writing the result of a repair from the steps of its file, streaming."""

from hashlib import sha256

from domain.damage.steps import Cut, Keep, Write
from domain.damage.survey import Head
from domain.limits import COPY_WRITE_SIZE
from rollout.damage.file_steps import FileSteps
from rollout.repairing.bytes_of import pieces
from rollout.repairing.journal import Step
from rollout.repairing.run import Run
from rollout.writing.partial import write_fully


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


def write_result(made: int, steps: FileSteps, head: Head | None, run: Run, step: Step) -> str:
    """Writes what the steps keep and make, the new head first; what they cut out goes to quarantine.

    `made` is the descriptor of the result, whose sha256 it gives.
    """
    result = Result(made)
    if head is not None:
        result.write(head.data + b"\n")
    for each in steps:
        if isinstance(each, Keep):
            for data in pieces(steps.read, each.start, each.end):
                result.write(data)
            if not each.is_ended:
                result.write(b"\n")
        elif isinstance(each, Write):
            result.write(each.data + b"\n")
        elif isinstance(each, Cut) and not each.is_zeros:
            run.quarantine(step, each.start, pieces(steps.read, each.start, each.end))
    run.sync_quarantine()
    return result.finish()
