"""Our server and the real one beside each other, on the same generated homes in the same run.

CPU time of the server (all its threads) is what is compared: other load on the machine hardly touches it.
Each piece starts processes of its own on copies of its own.

    python -m tests.bench.compare --reference codex --json figures.json
    python -m tests.bench.compare --quick --only pages,walk
"""

import argparse
import shlex
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path

from tests.bench import fresh_pieces, index_pieces, list_pieces, start_pieces, turn_pieces, writing_pieces
from tests.bench.bars import FULL_TURNS, bars
from tests.bench.errors import BenchError
from tests.bench.figures import OURS, REFERENCE, Figure, Figures
from tests.bench.homes import Homes
from tests.bench.report import table, verdicts, write_json
from tests.bench.subject import Subject
from tests.conformance.errors import HarnessError
from tests.conformance.server import OURS as OUR_SERVER

QUICK_TURNS = 500
OUR_INDEX = (*OUR_SERVER[:-1], "index")

PIECES: dict[str, Callable[[Subject, Homes, int], Iterator[Figure]]] = {
    "round-trip": turn_pieces.round_trip,
    "pages": turn_pieces.pages,
    "first-touch": turn_pieces.first_touch,
    "catch-up": turn_pieces.catch_up,
    "walk": turn_pieces.walk,
    "reads": turn_pieces.reads,
    "lists": list_pieces.lists,
    "start": start_pieces.start,
    "fresh": fresh_pieces.fresh,
    "idle": fresh_pieces.idle,
    "many": fresh_pieces.many,
    "rename": writing_pieces.rename,
    "resume": writing_pieces.resume,
    "fork": writing_pieces.fork,
    "appends": writing_pieces.appends,
}
"""The measurements, each taken of every server; `index` is ours alone."""
INDEX = "index"

Job = tuple[str, Callable[[], Iterable[Figure]]]
"""A measurement with its name."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure as the options say, print the table, judge the bars; 1 when a piece could not be measured."""
    options = _options(arguments)
    big = QUICK_TURNS if options.quick else options.turns
    taken: list[Figure] = []
    failed = 0
    with tempfile.TemporaryDirectory(prefix="bench-", dir=options.work) as work:
        for name, measure in _jobs(options, Homes(Path(work).resolve()), big):
            print(name, file=sys.stderr, flush=True)
            try:
                taken += measure()
            except (BenchError, HarnessError, OSError) as error:
                failed += 1
                print(f"{name} failed: {error}", file=sys.stderr, flush=True)
    figures = Figures(taken)
    print()
    for line in (*table(figures), "", *verdicts(bars(figures, big), judged=big == FULL_TURNS)):
        print(line)
    if options.json:
        write_json(options.json, figures, bars(figures, big))
    return 1 if failed else 0


def _jobs(options: argparse.Namespace, homes: Homes, big: int) -> Iterator[Job]:
    """What is to be measured, in order; the memory of each server is known at the end."""
    subjects = [Subject(OURS, shlex.split(options.ours) if options.ours else OUR_SERVER)]
    if options.reference:
        subjects.insert(0, Subject(REFERENCE, (options.reference, "app-server")))
    for name in options.only:
        for subject in subjects if name in PIECES else ():
            yield f"{name}: {subject.name}", partial(PIECES[name], subject, homes, big)
    if INDEX in options.only:
        command = shlex.split(options.index) if options.index else OUR_INDEX
        yield f"{INDEX}: {OURS}", partial(index_pieces.index, command, homes, big)
    for subject in subjects:
        yield f"memory: {subject.name}", subject.memory


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--ours", metavar="CMD", help="our server's command; default: this checkout's")
    parser.add_argument("--index", metavar="CMD", help="our index command; default: this checkout's")
    parser.add_argument(
        "--reference", "--reference-binary", metavar="PATH", help="the codex binary to compare with, if any"
    )
    parser.add_argument(
        "--turns", type=int, default=FULL_TURNS, help="turns of the big thread, and threads of the big home"
    )
    parser.add_argument(
        "--quick", action="store_true", help=f"a big thread of {QUICK_TURNS} turns, bars not judged"
    )
    parser.add_argument(
        "--only", type=_pieces, default=[*PIECES, INDEX], help=f"of {', '.join([*PIECES, INDEX])}"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write figures and bars there")
    parser.add_argument(
        "--work", type=Path, help="where the generated homes go; default: the temporary folder"
    )
    return parser.parse_args(arguments)


def _pieces(text: str) -> list[str]:
    names = text.split(",")
    unknown = set(names) - {*PIECES, INDEX}
    if unknown:
        raise argparse.ArgumentTypeError(f"no such piece: {', '.join(sorted(unknown))}")
    return names


if __name__ == "__main__":
    sys.exit(main())
