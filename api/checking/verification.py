"""Everything that `threadstore verify` looks at: the logs, the names, and the index against the logs."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from api.checking.index_check import Depth, IndexCheck, Progress
from domain.damage.exit_codes import ExitCode
from domain.damage.report import summary_of
from rollout.damage.inspect import Inspection, file_below, is_among
from rollout.finding.home import Home
from rollout.repairing.outcome import Outcome


@dataclass(frozen=True, slots=True)
class Verified:
    """What was found, and how many files of the index were held against their logs."""

    outcome: Outcome
    compared: int

    @property
    def codes(self) -> ExitCode:
        """How the command ends."""
        return ExitCode.LEFT if self.outcome.summary.damaged else ExitCode(0)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be looked at: these threads, or these files and folders; all when neither is named."""

    threads: Collection[UUID] = ()
    paths: Collection[str] = ()

    def holds(self, file: str) -> bool:
        """Whether this file, by its path below the home, is among it."""
        return is_among(file, self.threads, self.paths)


def verify(
    home: Home,
    asked: Asked,
    depth: Depth = Depth.SAMPLE,
    logs_progress: Progress | None = None,
    index_progress: Progress | None = None,
) -> Verified:
    """Look at a home, or at some of it; nothing is written."""
    asked = Asked(asked.threads, [file_below(home, path) for path in asked.paths])
    inspection = Inspection(home, threads=asked.threads, paths=asked.paths, progress=logs_progress)
    index = IndexCheck(home, depth, lambda path: asked.holds(file_below(home, path)), index_progress)
    found = (*inspection.findings(), *index.findings())
    summary = summary_of(found, files=inspection.files, records=inspection.records)
    return Verified(Outcome(found, (), summary).as_checked(), index.compared)
