"""A process that packs or restores a log again and again, killed a call later each time.

python -m tests.rollout.writing.killed pack|restore FOLDER

Makes a folder below FOLDER for each time, and ends when once nobody was killed.
"""

import inspect
import os
import signal
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from rollout.writing import storage
from rollout.writing.append import RolloutFile
from rollout.writing.packing import pack
from tests.rollout.writing.packed_logs import NAME, NEW, packed_log, plain_log


def append(path: str) -> None:
    """Write a line, for which the plain file is restored."""
    with RolloutFile(path) as file:
        file.append([NEW])


WORK: dict[str, tuple[Callable[[Path], Path], Callable[[str], object]]] = {
    "pack": (plain_log, pack),
    "restore": (packed_log, append),
}


def killed_before(number: int) -> None:
    """The call of this number to the disk is not made any more, nor is anything after it."""
    count = 0

    def call(function: Callable[..., Any], *arguments: Any) -> Any:
        nonlocal count
        if count == number:
            os.kill(os.getpid(), signal.SIGKILL)
        count += 1
        return function(*arguments)

    for name, function in inspect.getmembers(storage, inspect.isfunction):
        setattr(storage, name, partial(call, function))


def main(kind: str, folder: Path) -> None:
    """Do it until nothing is left to be killed at."""
    make, work = WORK[kind]
    status, number = -1, 0
    while status:
        path = make(folder / str(number) / NAME)
        child = os.fork()
        if not child:
            killed_before(number)
            work(str(path))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        number += 1


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
