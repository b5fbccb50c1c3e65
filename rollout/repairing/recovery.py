"""Finishing or forgetting what a run left behind that died: each file is as it was, or as it was to be.

Which of the two shows in the names: a result that has taken its name has none beside it any more.
"""

from contextlib import suppress

from rollout.finding.home import Home
from rollout.repairing.bytes_of import folder_of, sum_of
from rollout.repairing.journal import Deed, Mark, Step, append_step, read_journal
from rollout.repairing.replacing import remove_if_there
from rollout.repairing.run import FOLDER, JOURNAL, TEXT_ENDING, folder_of_run
from rollout.writing import storage
from rollout.writing.partial import write_fully

OPEN_MARKS = frozenset({Mark.PLANNED, Mark.READY})


def recover(home: Home) -> int:
    """Settles every step that was begun and not ended; gives how many. The home's lock has to be held."""
    count = 0
    for name in storage.names_in(f"{home.root}/{FOLDER}"):
        folder = f"{home.root}/{folder_of_run(name)}"
        open_steps = [step for step in read_journal(f"{folder}/{JOURNAL}") if step.mark in OPEN_MARKS]
        if open_steps:
            count += len(open_steps)
            _settle(home, folder, open_steps)
    return count


def _settle(home: Home, folder: str, steps: list[Step]) -> None:
    for name in storage.names_in(f"{folder}/files"):
        if name.endswith(TEXT_ENDING):
            remove_if_there(f"{folder}/files/{name}")
    journal = storage.open_to_append(f"{folder}/{JOURNAL}")
    try:
        write_fully(journal, b"\n")  # the last line may be torn; an empty one counts for nothing
        for step in steps:
            append_step(journal, step.marked(_settled(home, step)))
    finally:
        with suppress(OSError):
            storage.close(journal)


def _settled(home: Home, step: Step) -> Mark:
    is_done = _IS_DONE[step.deed](home, step)
    for name in (step.aside, step.former):
        remove_if_there(f"{home.root}/{name}")
    if is_done:
        for file in {step.file, step.target or step.file}:
            folder = folder_of(f"{home.root}/{file}")
            if storage.is_folder(folder):
                storage.sync_folder(folder)
    return Mark.DONE if is_done else Mark.FORGOTTEN


def _is_rewritten(home: Home, step: Step) -> bool:
    """Whether the result has the name. Who wrote to the original meanwhile gets it back."""
    former, path = f"{home.root}/{step.former}", f"{home.root}/{step.file}"
    if step.mark is not Mark.READY or storage.is_there(f"{home.root}/{step.aside}"):
        return False
    if storage.is_there(former) and storage.lstat(former).st_size != step.size:
        storage.rename_over(former, path)
        return False
    return storage.is_there(path) and _sum(path) != step.sha256


def _is_moved(home: Home, step: Step) -> bool:
    return storage.is_there(f"{home.root}/{step.target}") and not storage.is_there(f"{home.root}/{step.file}")


def _is_removed(home: Home, step: Step) -> bool:
    return step.mark is Mark.READY and not storage.is_there(f"{home.root}/{step.file}")


def _is_created(home: Home, step: Step) -> bool:
    is_named = not storage.is_there(f"{home.root}/{step.aside}")
    return step.mark is Mark.READY and is_named and storage.is_there(f"{home.root}/{step.file}")


_IS_DONE = {
    Deed.REWRITE: _is_rewritten,
    Deed.MOVE: _is_moved,
    Deed.REMOVE: _is_removed,
    Deed.CREATE: _is_created,
}


def _sum(path: str) -> str:
    descriptor = storage.open_to_hold(path)
    try:
        return sum_of(descriptor, storage.fstat(descriptor).st_size)
    finally:
        storage.close(descriptor)
