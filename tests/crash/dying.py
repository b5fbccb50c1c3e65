"""A server that a kill meets in the middle of a long line.

python -m tests.crash.dying CUT ARGUMENT…

Of the first line that is longer than LONG bytes it writes what stands before CUT, counted from the line's end
when it is negative, and is killed there; the arguments are those of threadstore.
"""

import os
import signal
import sys

from rollout.writing import storage
from tools.cli import main

LONG = 50_000


def killed_at(cut: int) -> None:
    """No write of a long line gets beyond this place."""
    write = storage.write

    def write_some(descriptor: int, data: memoryview) -> int:
        if len(data) <= LONG:
            return write(descriptor, data)
        write(descriptor, data[:cut])
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError

    storage.write = write_some


if __name__ == "__main__":
    killed_at(int(sys.argv.pop(1)))
    main()
