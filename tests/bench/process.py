"""What a process costs, as the kernel counts it: CPU time of all its threads, and anonymous memory."""

import threading
import time
from pathlib import Path

SAMPLE_S = 0.01
PROCESS_CPU = 2
"""The low bits of a clock's number when it counts the CPU time of a process (clock_getcpuclockid)."""


def cpu_s(pid: int) -> float:
    """CPU seconds of all threads of a process so far, ended threads too."""
    return time.clock_gettime((~pid << 3) | PROCESS_CPU)


def has_children(pid: int) -> bool:
    """Whether the process has children that run."""
    return any(path.read_text() for path in Path(f"/proc/{pid}/task").glob("*/children"))


def anonymous_mb(pid: int) -> float:
    """Anonymous memory of a process right now: what it holds itself, pages of files not counted."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    found = (line.split()[1] for line in status.splitlines() if line.startswith("RssAnon:"))
    return int(next(found, "0")) / 1000


class MemoryWatch:
    """Looks at a process's anonymous memory every few milliseconds."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.peak_mb = 0.0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop(self) -> float:
        """Look a last time; the peak."""
        self._look()
        self._ended.set()
        self._thread.join()
        return self.peak_mb

    def _watch(self) -> None:
        while not self._ended.wait(SAMPLE_S):
            self._look()

    def _look(self) -> None:
        self.peak_mb = max(self.peak_mb, anonymous_mb(self.pid))
