"""What building an index costs: ours alone, there is nothing to compare it with."""

import resource
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.bench.corpus import Plan
from tests.bench.errors import IndexFailed
from tests.bench.figures import OURS, Figure
from tests.bench.homes import Homes
from tests.bench.process import MemoryWatch
from tests.bench.subject import compiled
from tests.conformance.server import environment_for

MANY_THREADS = 1000


def index(command: Sequence[str], homes: Homes, big: int) -> Iterator[Figure]:
    """CPU time, size and memory of an index of a big thread and many small ones.

    The same command on a home of one turn says what of the time is the start of the program.
    """
    plan = Plan(threads=MANY_THREADS, turns=2.0, big_threads=(big,), seed=7)
    with homes.copy(homes.one_thread(1)) as tiny, homes.copy(plan) as copy:
        start_s, _ = _build(command, tiny.home, tiny.index())
        whole_s, peak_mb = _build(command, copy.home, copy.index())
        took_s = max(whole_s - start_s, 1e-6)
        size = sum(path.stat().st_size for path in copy.folder.glob(f"{copy.index().name}*"))
        note = f"{copy.size / 1e6:.0f} MB in {took_s * 1000:.0f} ms, and {start_s * 1000:.0f} ms to start"
        yield Figure("index: log read a second of CPU", OURS, copy.size / 1e6 / took_s, "MB/s", note=note)
        yield Figure("index: size", OURS, 100 * size / copy.size, "% of log", note=f"{size / 1e6:.1f} MB")
        yield Figure("anonymous memory, index", OURS, peak_mb, "MB")


def _build(command: Sequence[str], home: Path, index_file: Path) -> tuple[float, float]:
    """CPU seconds and peak memory of one run."""
    whole = (*command, "--home", str(home), "--index", str(index_file), "--json")
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            whole, stdout=output, stderr=output, env=environment_for(home) | compiled(index_file)
        )
        watch = MemoryWatch(process.pid)
        code = process.wait()
        peak_mb = watch.stop()
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        if code:
            output.seek(0)
            raise IndexFailed(whole, code, output.read().decode(errors="replace"))
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, peak_mb
