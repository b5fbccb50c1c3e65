"""Homes of generated threads, realistic in their sizes: the same options and seed give the same bytes.

The number of turns of a thread is log-normal, the threads start within half a year, a turn weighs about
40 kB (four tool steps, outputs of 0.5 to 20 kB, encrypted reasoning of 1 to 4 kB). `corpus.json` in the home
says what is true of each thread.

    python -m tests.bench.corpus HOME --threads 1000 --turns 4
    python -m tests.bench.corpus HOME --threads 0 --big-thread-turns 5000
"""

import argparse
import json
import math
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from tests.bench.gibberish import Voice, pools
from tests.bench.threads import Shape, ThreadWriter, Truth

TRUTH_FILE = "corpus.json"
YOUNGEST_MS = 1_777_600_000_000
"""Before this moment, in May 2026, all but the big threads start."""
SPAN_MS = 180 * 86_400_000
TURNS_SIGMA = 1.3
TURNS_MAX = 400


@dataclass(frozen=True, slots=True)
class Plan:
    """What a home is to hold."""

    threads: int = 100
    turns: float = 4.0
    big_threads: tuple[int, ...] = ()
    seed: int = 1
    shape: Shape = field(default_factory=Shape)


def write_home(home: Path, plan: Plan) -> list[Truth]:
    """Write the home; what is true of its threads, in the order of their start."""
    home.mkdir(parents=True, exist_ok=True)
    truths: list[Truth] = []
    parent_id = None
    for number in range(plan.threads):
        voice = Voice(pools(plan.seed), f"{plan.seed} thread {number}")
        start_ms = YOUNGEST_MS - SPAN_MS + int(SPAN_MS * (number + voice.random()) / plan.threads)
        writer = ThreadWriter(pools(plan.seed), f"{plan.seed} file {number}", start_ms, plan.shape)
        truths.append(writer.write(home, _turns(voice, plan.turns), parent_id))
        if truths[-1].source != "subagent" and (parent_id is None or voice.happens(0.3)):
            parent_id = truths[-1].thread_id
    for number, turns in enumerate(plan.big_threads):
        start_ms = YOUNGEST_MS + 60_000 * number
        shape = Shape(plan.shape.steps, plan.shape.output_max, archived=0.0)
        writer = ThreadWriter(pools(plan.seed), f"{plan.seed} big {number}", start_ms, shape)
        truths.append(writer.write(home, turns))
    _write_names(home, truths)
    (home / TRUTH_FILE).write_text(json.dumps([asdict(truth) for truth in truths], indent=0))
    return truths


def _turns(voice: Voice, mean: float) -> int:
    mu = math.log(max(mean, 1.0)) - TURNS_SIGMA**2 / 2
    return min(TURNS_MAX, max(1, round(math.exp(voice.rng.gauss(mu, TURNS_SIGMA)))))


def _write_names(home: Path, truths: list[Truth]) -> None:
    lines = [
        json.dumps(
            {"id": truth.thread_id, "thread_name": truth.name, "updated_at": "2026-05-01T00:00:00.000Z"}
        )
        for truth in truths
        if truth.name is not None
    ]
    if lines:
        (home / "session_index.jsonl").write_text("\n".join(lines) + "\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Write a home as the options say, and print what it weighs."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("home", type=Path, help="the folder to write, as a CODEX_HOME")
    parser.add_argument("--threads", type=int, default=100, help="number of threads")
    parser.add_argument("--turns", type=float, default=4.0, help="mean number of turns of a thread")
    parser.add_argument(
        "--big-thread-turns", type=int, action="append", default=[], help="one more thread of N turns"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--dialect", choices=["legacy"], default="legacy", help="which release writes the files"
    )
    options = parser.parse_args(arguments)
    begun = time.perf_counter()
    plan = Plan(options.threads, options.turns, tuple(options.big_thread_turns), options.seed)
    truths = write_home(options.home, plan)
    took = time.perf_counter() - begun
    size = sum(truth.size for truth in truths)
    turns = sum(truth.turns for truth in truths)
    for truth in truths[plan.threads :]:
        print(f"big thread {truth.thread_id}: {truth.turns} turns, {truth.size / 1e6:.1f} MB")
    print(f"{len(truths)} threads, {turns} turns, {size / 1e6:.1f} MB at {size / 1e6 / took:.0f} MB/s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
