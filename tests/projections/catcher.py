"""A server that keeps the index up with one thread, beside others.

python -m tests.projections.catcher FOLDER LINES
"""

import sys
import time
from pathlib import Path

from tests.home import IndexedHome
from tests.projections.counting import positions

PAUSE_S = 0.001


def follow(root: Path, line_count: int) -> None:
    """Catch up again and again until so many lines are folded; the position never goes back."""
    home = IndexedHome(root)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    known = 0
    while known < line_count:
        home.catch_up()
        head, tracked = positions(home)
        assert known <= tracked <= head
        known = tracked
        time.sleep(PAUSE_S)
    home.close()


if __name__ == "__main__":
    follow(Path(sys.argv[1]), int(sys.argv[2]))
