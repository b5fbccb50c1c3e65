"""Moving a file to where readers look for it, and taking a needless copy away."""

import errno

from domain.damage.finding import DamageClass
from domain.durability import Durability
from domain.errors import ActiveWriter, IrregularRollout, NameTaken
from rollout.damage.copies import is_within
from rollout.repairing.bytes_of import folder_of
from rollout.repairing.holding import HeldFile, NotTouched, held, thread_held
from rollout.repairing.journal import Deed, Mark
from rollout.repairing.replacing import forget
from rollout.repairing.run import Run
from rollout.writing import storage
from rollout.writing.move import Move
from rollout.writing.partial import NO_SUCH_CALL


def move(run: Run, file: str, target: str) -> bool:
    """Moves the file, both paths below the home; false when the name is taken. Bytes and times stay.

    NotTouched when it is in use; OSError, or InternalError when a call fails.
    """
    if storage.is_there(run.full(target)):
        return False
    with held(run.home, file):
        step = run.plan(Deed.MOVE, file, target=target)
    try:
        with thread_held(run.home, file):
            Move("repair", run.full(file), run.full(target), Durability.DISK).carry_out()
    except (NameTaken, FileNotFoundError):
        forget(run, step)
        return False
    except (ActiveWriter, IrregularRollout):
        forget(run, step)
        raise NotTouched(DamageClass.FILE_IN_USE) from None
    except BaseException:
        forget(run, step)
        raise
    run.mark(step, Mark.DONE)
    return True


def set_aside(run: Run, file: str) -> bool:
    """Moves what is no regular file below the run's folder; false where that is another file system's."""
    step = run.plan(Deed.MOVE, file, target=run.next_stored())
    is_done = rename_special(run, file, step.target)
    run.mark(step, Mark.DONE if is_done else Mark.FORGOTTEN)
    return is_done


def rename_special(run: Run, file: str, target: str) -> bool:
    """Gives a pipe another name, never one that is taken; false when it cannot be there."""
    try:
        storage.rename_new(run.full(file), run.full(target))
    except OSError as error:
        if error.errno not in (errno.EXDEV, errno.EEXIST, errno.ENOENT, *NO_SUCH_CALL):
            raise
        return False
    for path in (target, file):
        storage.sync_folder(folder_of(run.full(path)))
    return True


def remove_copy(run: Run, file: str, other: str) -> bool:
    """Takes away a file with which another one begins, after it was kept; false when that is no longer so."""
    with held(run.home, file) as holding:
        if not is_within(run.home, file, holding.found.st_size, other):
            return False
        remove_held(run, holding)
    return True


def remove_held(run: Run, holding: HeldFile) -> None:
    """Takes a held file away, after it was kept; NotTouched when it changed or is in use, OSError."""
    step = run.plan(Deed.REMOVE, holding.file)
    try:
        step = run.store(step, holding)
        with holding.alone():
            holding.check_unchanged()
            step = run.mark(step, Mark.READY)
            storage.remove(holding.path)
    except BaseException:
        forget(run, step)
        raise
    storage.sync_folder(folder_of(holding.path))
    run.mark(step, Mark.DONE)
    run.keep_original(step)
