"""Giving a file other bytes: the original is kept, the new bytes are checked, then they take its name.

    plan ──── the journal names everything that will be made
    store ─── the original, whole, on the disk
    write ─── the result aside, with the original's times, mode and owner, on the disk
    check ─── by whoever asks for the change
    rename ── in one step, while nobody has the file open for writing; the folder on the disk
    done ──── in the journal

A step that fails takes back those before it. A program that dies leaves the file as it was, or with its new
bytes; `recovery` finds out which.
"""

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from domain.damage.finding import DamageClass
from rollout.repairing.bytes_of import folder_of
from rollout.repairing.holding import HeldFile, NotTouched
from rollout.repairing.journal import Deed, Mark, Step
from rollout.repairing.run import Run
from rollout.writing import storage
from rollout.writing.partial import keep_facts

Make = Callable[[int, Step], str]
"""Writes the result to a descriptor, checks it, and gives its sha256."""


def replace_bytes(run: Run, held: HeldFile, make: Make, facts: os.stat_result | None = None) -> None:
    """Gives the held file the bytes that `make` writes; times, mode and owner are the original's or `facts`.

    NotTouched when the file changed or others came to write; OSError, and what `make` raises.
    """
    step = run.plan(Deed.REWRITE, held.file)
    try:
        step = run.store(step, held)
        step = replace(step, result=_write(run, step, make, facts or held.found))
        with held.alone() as is_alone:
            held.check_unchanged()
            step = run.mark(step, Mark.READY)
            has_former = _exchange(run, step, held, is_alone)
    except BaseException:
        forget(run, step)
        raise
    run.keep_original(step)
    if has_former:
        storage.remove(run.full(step.former))
    storage.sync_folder(folder_of(held.path))
    run.mark(step, Mark.DONE)


def forget(run: Run, step: Step) -> None:
    """Gives a step up that changed nothing; what cannot be cleared away now is by a later run."""
    with suppress(OSError):
        if _may_be_done(run, step):
            return
        remove_if_there(run.full(step.aside))
        remove_if_there(run.full(step.former))
        run.mark(step, Mark.FORGOTTEN)


def _may_be_done(run: Run, step: Step) -> bool:
    """Whether a signal may have come behind the change itself: then the next run finds out."""
    if step.deed is Deed.MOVE:
        return storage.is_there(run.full(step.target)) and not storage.is_there(run.full(step.file))
    return step.mark is Mark.READY and not storage.is_there(run.full(step.aside))


def remove_if_there(path: str) -> None:
    """Takes the name away, which may be gone already."""
    with suppress(FileNotFoundError):
        storage.remove(path)


def _write(run: Run, step: Step, make: Make, facts: os.stat_result) -> str:
    descriptor = storage.create(run.full(step.aside))
    try:
        total = make(descriptor, step)
        keep_facts(descriptor, facts)
    finally:
        with suppress(OSError):  # its bytes are on the disk
            storage.close(descriptor)
    return total


def _exchange(run: Run, step: Step, held: HeldFile, is_alone: Callable[[], bool]) -> bool:
    """Gives the name to the result, unless somebody came to write: then the original has it back.

    Tells whether the original still has its second name.
    """
    former = run.full(step.former)
    has_former = _has_link(held.path, former)
    storage.rename_over(run.full(step.aside), held.path)
    if has_former and not is_alone():
        storage.rename_over(former, held.path)
        raise NotTouched(DamageClass.FILE_IN_USE)
    return has_former


def _has_link(path: str, former: str) -> bool:
    """Whether the original has a second name now; not every file system can do that."""
    try:
        storage.link(path, former)
    except OSError:
        return False
    return True
