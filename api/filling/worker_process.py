"""One worker process at a time: started when it is asked, and another in its place when it died."""

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from threading import Lock

ROOMS = str(Path(__file__).resolve().parents[2])
"""Where the rooms are imported from, be it a checkout or an installed package."""

COMMAND = ("-P", "-m", "api.filling.worker")
"""`-P`: a folder that happens to be the working directory gives no modules."""

END_WAIT_S = 5.0
"""How long a killed process is waited for: one that hangs in a dead file system ends when that does."""


class WorkerProcess:
    """A place for a worker; `ask` belongs to one thread, `close` may come from another."""

    def __init__(self, folder: Path, home: Path | None = None) -> None:
        """The folder is where it makes its shards; in the home are the logs that others go on from."""
        self._folder = folder
        self._home = home
        self._lock = Lock()
        self._is_closed = False
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """The id of the process; None when there is none."""
        process = self._process
        return None if process is None else process.pid

    def ask(self, job: bytes) -> bytes | None:
        """The line that answers this one; None when the process could not be started or died over it."""
        process = self._running()
        if process is None or process.stdin is None or process.stdout is None:
            return None
        try:
            process.stdin.write(job)
            process.stdin.flush()
            answer = process.stdout.readline()
        except (OSError, ValueError):  # ValueError: closed by another thread
            answer = b""
        if answer.endswith(b"\n"):
            return answer
        with self._lock:
            _end(process)
            self._process = None
        return None

    def close(self) -> None:
        """End the process; no other is started."""
        with self._lock:
            self._is_closed = True
            if self._process is not None:
                _end(self._process)

    def _running(self) -> "subprocess.Popen[bytes] | None":
        with self._lock:
            if self._process is None and not self._is_closed:
                with suppress(OSError):
                    self._process = _start(self._folder, self._home)
            return self._process


def _start(folder: Path, home: Path | None) -> "subprocess.Popen[bytes]":
    """A worker that imports what this process imports; it shares two pipes and no terminal with it."""
    return subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, *COMMAND, str(folder), *([str(home)] if home else [])],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(_import_paths())},
        start_new_session=True,
    )


def _import_paths() -> list[str]:
    paths = [os.path.abspath(path) for path in sys.path if path]  # noqa: PTH100 - links stay
    return paths if ROOMS in paths else [*paths, ROOMS]


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Kill the process, which has nothing to lose, and close its pipes."""
    process.kill()
    with suppress(subprocess.TimeoutExpired):
        process.wait(END_WAIT_S)
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(OSError):
                pipe.close()
