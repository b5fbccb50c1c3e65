"""A program that indexes files with workers, tells their process ids, and then waits for its end.

python -m tests.api.filler HOME WORKERS
"""

import sys
from pathlib import Path

from api.filling.batches import Kind, plan_batches
from api.filling.workers import Workers
from rollout.finding.home import Home
from rollout.finding.sessions import Sessions


def work(root: Path, count: int) -> None:
    """Have the files of a home folded over and over, and never merge anything."""
    places = list(Sessions(Home.at(root)).listed(archived=False))
    with Workers(count) as workers:
        shard = next(workers.shards(plan_batches(Kind.TURNS, places * 1000)))
        assert shard.path is not None
        told = [str(shard.path.parent), *(str(pid) for pid in workers.pids)]
        sys.stdout.write(" ".join(told) + "\n")
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    work(Path(sys.argv[1]), int(sys.argv[2]))
