"""Putting back what a run changed: the originals with their bytes and times, files where they were.

A restore is a run of its own, with the same care: it can be restored too. What was written since the repair
is worth more than the original: such a file is left alone.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Self

from domain.damage.finding import Action, DamageClass, Finding, finding
from domain.damage.placing import named
from domain.damage.report import summary_of
from domain.errors import InternalError, UnknownRun
from rollout.finding.home import Home
from rollout.repairing.bytes_of import folder_of, pieces, reading, sum_of
from rollout.repairing.holding import HeldFile, NotTouched, held
from rollout.repairing.home_lock import locked
from rollout.repairing.journal import Deed, Mark, Step, read_journal
from rollout.repairing.moving import move, remove_held, rename_special
from rollout.repairing.outcome import Outcome
from rollout.repairing.recovery import recover
from rollout.repairing.replacing import forget, replace_bytes
from rollout.repairing.run import FOLDER, JOURNAL, Run, folder_of_run
from rollout.repairing.verifying import UnfaithfulResult
from rollout.writing import storage
from rollout.writing.missing_folders import make_missing
from rollout.writing.partial import give_name, keep_facts, write_fully
from rollout.writing.undo import Undo


class Restore:
    """Takes back the run `restored`; `name` is that of the new run."""

    def __init__(self, home: Home, restored: str, name: str) -> None:
        self._home = home
        self._restored = restored
        self._name = name
        self._has_failed = False

    def apply(self) -> Outcome:
        """Does it, the last step first; UnknownRun, RepairRunning."""
        if self._restored not in storage.names_in(f"{self._home.root}/{FOLDER}"):
            raise UnknownRun(self._restored)
        with locked(self._home), Run(self._home, self._name) as run:
            recover(self._home)
            journal = f"{self._home.root}/{folder_of_run(self._restored)}/{JOURNAL}"
            steps = [step for step in read_journal(journal) if step.mark is Mark.DONE]
            findings = [self._taken_back(run, step) for step in reversed(steps)]
        summary = summary_of(findings, files=len(steps), records=0)
        done = [each for each in findings if not each.is_left]
        summary = replace(
            summary,
            damaged=0,
            moved=sum(each.action is Action.MOVED for each in done),
            rewritten=sum(each.action is Action.REWRITTEN for each in done),
        )
        return Outcome(tuple(findings), tuple(run.originals), summary, bool(done), self._has_failed)

    def _taken_back(self, run: Run, step: Step) -> Finding:
        """Takes one step back; what was done, or why nothing was."""
        thread_id = named(step.file).thread_id
        try:
            damage, action = _BACK[step.deed](run, step)
        except NotTouched as refusal:
            damage, action = refusal.damage, Action.NONE
        except (OSError, InternalError, UnfaithfulResult):
            self._has_failed = True
            damage, action = DamageClass.REPAIR_FAILED, Action.NONE
        return finding(step.file, thread_id, damage, length=step.size, action=action)


Back = tuple[DamageClass, Action]


def _rewrite_back(run: Run, step: Step) -> Back:
    with held(run.home, step.file) as holding:
        _check_sum(holding, step.result)
        with _Stored(run, step) as stored:
            replace_bytes(run, holding, lambda made, _: stored.copy_to(made), stored.found)
    return DamageClass.RESTORED, Action.REWRITTEN


def _move_back(run: Run, step: Step) -> Back:
    is_regular = storage.is_regular(storage.lstat(run.full(step.target)))
    if not (move if is_regular else _rename_back)(run, step.target, step.file):
        raise NotTouched(DamageClass.FILE_CHANGED)
    return DamageClass.RESTORED, Action.MOVED


def _rename_back(run: Run, file: str, target: str) -> bool:
    planned = run.plan(Deed.MOVE, file, target=target)
    is_done = rename_special(run, file, target)
    run.mark(planned, Mark.DONE if is_done else Mark.FORGOTTEN)
    return is_done


def _create_again(run: Run, step: Step) -> Back:
    """A file that was taken away comes back, unless something has its name."""
    if storage.is_there(run.full(step.file)):
        raise NotTouched(DamageClass.FILE_CHANGED)
    path = run.full(step.file)
    new = run.plan(Deed.CREATE, step.file)
    undo = Undo()
    try:
        made_folders = make_missing(folder_of(path), undo)
        with _Stored(run, step) as stored:
            _create(run.full(new.aside), stored)
        new = run.mark(replace(new, result=step.sha256, size=step.size), Mark.READY)
        give_name(run.full(new.aside), path)
    except BaseException:
        undo.take_back()
        forget(run, new)
        raise
    for folder in {folder_of(path), *map(folder_of, made_folders)}:
        storage.sync_folder(folder)
    run.mark(new, Mark.DONE)
    return DamageClass.RESTORED, Action.REWRITTEN


def _remove_again(run: Run, step: Step) -> Back:
    """A file that a restore brought back goes again."""
    with held(run.home, step.file) as holding:
        _check_sum(holding, step.result)
        remove_held(run, holding)
    return DamageClass.RESTORED, Action.QUARANTINED


_BACK: dict[Deed, Callable[[Run, Step], Back]] = {
    Deed.REWRITE: _rewrite_back,
    Deed.MOVE: _move_back,
    Deed.REMOVE: _create_again,
    Deed.CREATE: _remove_again,
}


def _check_sum(holding: HeldFile, wanted: str) -> None:
    """NotTouched when the file is not as the run left it."""
    if sum_of(holding.descriptor, holding.found.st_size) != wanted:
        raise NotTouched(DamageClass.FILE_CHANGED)


class _Stored:
    """An original that was kept, open."""

    def __init__(self, run: Run, step: Step) -> None:
        self._sum = step.sha256
        self._descriptor = storage.open_to_hold(run.full(step.stored))
        self.found = storage.fstat(self._descriptor)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        storage.close(self._descriptor)

    def copy_to(self, made: int) -> str:
        """Writes the original; UnfaithfulResult when that is not what was kept. Gives its sha256."""
        for data in pieces(reading(self._descriptor), 0, self.found.st_size):
            write_fully(made, data)
        if sum_of(made, storage.fstat(made).st_size) != self._sum:
            raise UnfaithfulResult("the original that was kept is another")
        return self._sum


def _create(path: str, stored: _Stored) -> None:
    descriptor = storage.create(path)
    try:
        stored.copy_to(descriptor)
        keep_facts(descriptor, stored.found)
    finally:
        storage.close(descriptor)
