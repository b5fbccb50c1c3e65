"""A process that copies a log and is killed at its second write.

python -m tests.rollout.fork_writer SOURCE TARGET
"""

import os
import signal
import sys
from itertools import count
from unittest import mock

from domain.durability import Durability
from rollout.writing import storage
from rollout.writing.copying import copy_log
from tests.home import TIME, meta


def copy_and_die(source: str, target: str) -> None:
    """Copies as far as the first write."""
    numbers, write = count(), storage.write

    def write_once(descriptor: int, data: memoryview) -> int:
        if next(numbers):
            os.kill(os.getpid(), signal.SIGKILL)
        return write(descriptor, data)

    with mock.patch.object(storage, "write", write_once):
        copy_log(source, target, meta().rstrip(), TIME, Durability.DISK)


if __name__ == "__main__":
    copy_and_die(sys.argv[1], sys.argv[2])
