"""A home's repair: look, then file by file take needless copies away, put contents right, move to the place.

A check and a dry run only look. What is done is what the look has planned; a file that has changed since is
looked at anew under its lock.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from uuid import UUID

from domain.damage.finding import UNTOUCHED, Action, DamageClass, Finding, finding
from domain.damage.placing import named
from domain.damage.report import summary_of
from domain.errors import InternalError
from rollout.damage.inspect import Inspection, Progress
from rollout.finding.home import Home
from rollout.repairing.holding import NotTouched
from rollout.repairing.home_lock import locked
from rollout.repairing.moving import move, remove_copy, set_aside
from rollout.repairing.outcome import Outcome, untouched
from rollout.repairing.recovery import recover
from rollout.repairing.rewriting import rewrite
from rollout.repairing.run import Run
from rollout.repairing.verifying import UnfaithfulResult

OF_THE_PLACE = frozenset(
    {
        DamageClass.MISPLACED,
        DamageClass.MISNAMED,
        DamageClass.NESTED_ARCHIVE,
        DamageClass.ID_MISMATCH,
        DamageClass.WRONG_DAY,
        DamageClass.TIME_MISMATCH,
        DamageClass.NAME_CAPITALS,
        DamageClass.COPY_WITHIN,
        DamageClass.COPIES_DIVERGE,
        DamageClass.PIPE,
    }
)
"""Findings that are not of a file's contents."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a run is to look at: all by default. `size_max` in bytes leaves larger files alone."""

    threads: Collection[UUID] = ()
    paths: Collection[str] = ()
    since_s: int | None = None
    size_max: int | None = None


class Repair:
    """One run over a home; `name` is that of its folder, made only when something is changed."""

    def __init__(self, home: Home, asked: Asked, name: str, progress: Progress | None = None) -> None:
        self._home = home
        self._name = name
        self._look = Inspection(
            home,
            threads=asked.threads,
            paths=asked.paths,
            since_s=asked.since_s,
            size_max=asked.size_max,
            progress=progress,
        )
        self._rewritten = 0
        self._moved = 0
        self._removed = 0
        self._has_failed = False

    def look(self) -> Outcome:
        """The findings, each with what a repair would do; nothing is opened for writing."""
        findings = tuple(self._look.findings())
        summary = summary_of(findings, files=self._look.files, records=self._look.records)
        return Outcome(findings, (), summary)

    def apply(self) -> Outcome:
        """Does it; RepairRunning while another run works on the home."""
        with locked(self._home), Run(self._home, self._name) as run:
            recover(self._home)
            planned = list(self._look.findings())
            findings: list[Finding] = []
            for file, group in groupby(_in_order_of_files(planned), key=lambda each: each.file):
                findings += self._repaired(run, file, list(group))
            summary = summary_of(findings, files=self._look.files, records=self._look.records)
            is_changed = self._rewritten + self._moved + self._removed > 0
            return Outcome(
                tuple(findings),
                tuple(run.originals),
                replace(summary, rewritten=self._rewritten, moved=self._moved),
                is_changed,
                self._has_failed,
            )

    def _repaired(self, run: Run, file: str, group: list[Finding]) -> list[Finding]:
        """The findings of one file after its repair."""
        place = [each for each in group if each.damage in OF_THE_PLACE]
        contents = [each for each in group if each.damage not in OF_THE_PLACE]
        done = self._attempt(file, contents, lambda: self._put_right(run, file, contents))
        return done + self._attempt(file, place, lambda: self._put_in_place(run, file, place))

    def _attempt(self, file: str, planned: list[Finding], act: Callable[[], list[Finding]]) -> list[Finding]:
        """What the act gives; when it fails, the findings with nothing done, and why."""
        if all(each.action in UNTOUCHED for each in planned):
            return planned
        try:
            return act()
        except NotTouched as refusal:
            return [*untouched(planned), finding(file, named(file).thread_id, refusal.damage)]
        except (OSError, InternalError, UnfaithfulResult):
            self._has_failed = True
            return [*untouched(planned), finding(file, named(file).thread_id, DamageClass.REPAIR_FAILED)]

    def _put_right(self, run: Run, file: str, planned: list[Finding]) -> list[Finding]:
        done = rewrite(run, file)
        self._rewritten += done.is_changed
        return done.findings if done.is_changed else untouched(planned)

    def _put_in_place(self, run: Run, file: str, planned: list[Finding]) -> list[Finding]:
        target, whole = self._look.targets.get(file), self._look.within.get(file)
        is_done = False
        if planned[0].damage is DamageClass.PIPE:
            is_done = set_aside(run, file)
            self._removed += is_done
        elif whole is not None:
            is_done = remove_copy(run, file, whole)
            self._removed += is_done
        elif target is not None:
            is_done = move(run, file, target)
            self._moved += is_done
        return planned if is_done else untouched(planned)


def _in_order_of_files(findings: Sequence[Finding]) -> list[Finding]:
    """Needless copies first, while the files still begin with them; then what else there is, file by file."""
    copies = [each for each in findings if _is_needless(each)]
    others = [each for each in findings if not _is_needless(each)]
    return copies + sorted(others, key=lambda each: each.file)


def _is_needless(each: Finding) -> bool:
    return each.damage is DamageClass.COPY_WITHIN and each.action is Action.QUARANTINED
