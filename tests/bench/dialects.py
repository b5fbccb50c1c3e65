"""What long threads of the newer dialect cost: plain ones, packed ones, and forks by reference.

CPU time of the server, anonymous memory; our server alone, as the other release serves none of them.

    python -m tests.bench.dialects                  about 5 minutes, 1 GB of disk
    python -m tests.bench.dialects --turns 500      bars not judged
"""

import argparse
import shlex
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.bench.bar import Bar
from tests.bench.errors import BenchError
from tests.bench.figures import OURS, Figure, Figures
from tests.bench.paginated_home import LongThread, write_homes
from tests.bench.report import table, verdicts
from tests.bench.subject import Session, Subject
from tests.bench.turn_pieces import VIEWS, page
from tests.conformance.errors import HarnessError
from tests.conformance.server import OURS as OUR_SERVER
from tests.conformance.values import as_list

FULL_TURNS = 5000
TURNS_METHOD = "thread/turns/list"
PAGE_MAX_MS = {"plain": 10, "packed": 30, "fork": 10, "fork of the fork": 10}
"""Milliseconds of CPU that a page may cost after the first touch."""

SPEED_MIN = 400
MEMORY_MAX_MB = 120


def measured(subject: Subject, thread: LongThread, index: Path) -> Iterator[Figure]:
    """The first touch, pages in each view, and the first touch of an index that was deleted meanwhile."""
    with subject.on(thread.home, index, thread.name) as session:
        yield _touch(session, thread, f"first touch, {thread.name}")
        for view in VIEWS:
            params = page(str(thread.thread_id), itemsView=view)
            cost = session.repeat(TURNS_METHOD, params, most=40)
            yield subject.figure(page_name(view, thread.name), cost)
        for path in index.parent.glob(f"{index.name}*"):
            path.unlink()
        yield _touch(session, thread, f"index deleted, {thread.name}")


def page_name(view: str, name: str) -> str:
    """What the measure of a page is called."""
    return f"page of 20, {view}, {name}"


def _touch(session: Session, thread: LongThread, measure: str) -> Figure:
    """A page of a thread that the index does not know, as bytes of its history a second of CPU."""
    before = session.cpu_s()
    count = len(as_list(session.ask(TURNS_METHOD, page(str(thread.thread_id)))["data"]))
    took_s = max(session.cpu_s() - before, 1e-6)
    note = f"{count} turns, {thread.size / 1e6:.0f} MB in {took_s * 1000:.0f} ms"
    return Figure(measure, OURS, thread.size / took_s / 1e6, "MB/s", note=note)


def bars(figures: Figures) -> Iterator[Bar]:
    """The numbers to reach, with what was measured for them."""
    for name, most_ms in PAGE_MAX_MS.items():
        for view in VIEWS:
            measure = page_name(view, name)
            yield Bar(measure, figures.value(measure), "<=", most_ms, "ms CPU")
        for measure in (f"first touch, {name}", f"index deleted, {name}"):
            yield Bar(measure, figures.value(measure), ">=", SPEED_MIN, "MB/s")
    yield Bar("anonymous memory, highest", figures.highest("anonymous memory"), "<", MEMORY_MAX_MB, "MB")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print the table, judge the bars; 1 when something could not be measured."""
    parser = argparse.ArgumentParser(
        prog="dialects", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--ours", metavar="CMD", help="our server's command; default: this checkout's")
    parser.add_argument("--turns", type=int, default=FULL_TURNS, help="turns of the long threads")
    parser.add_argument("--work", type=Path, help="where the homes go; default: the temporary folder")
    options = parser.parse_args(arguments)
    subject = Subject(OURS, shlex.split(options.ours) if options.ours else OUR_SERVER)
    taken: list[Figure] = []
    failed = 0
    with tempfile.TemporaryDirectory(prefix="bench-", dir=options.work) as folder:
        work = Path(folder).resolve()
        for number, thread in enumerate(write_homes(work, options.turns)):
            print(thread.name, file=sys.stderr, flush=True)
            index = work / f"index-{number}" / "index.sqlite"
            index.parent.mkdir()
            try:
                taken += measured(subject, thread, index)
            except (BenchError, HarnessError, OSError) as error:
                failed += 1
                print(f"{thread.name} failed: {error}", file=sys.stderr, flush=True)
    figures = Figures([*taken, *subject.memory()])
    for line in (*table(figures), "", *verdicts(bars(figures), judged=options.turns == FULL_TURNS)):
        print(line)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
