"""Of several servers that start on one home, one fills the index."""

import asyncio
import fcntl
import os
from pathlib import Path
from types import TracebackType

SUFFIX = "-filling"


class FillingLock:
    """Held with `async with` by one process at a time; it ends with the process.

    Where the folder cannot be written everybody fills an index of his own, and nobody waits.
    """

    def __init__(self, index: Path, poll_s: float) -> None:
        self._path = index.with_name(index.name + SUFFIX)
        self._poll_s = poll_s
        self._descriptor: int | None = None

    async def __aenter__(self) -> None:
        """Wait until it is ours."""
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            flags = os.O_CREAT | os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW
            self._descriptor = os.open(self._path, flags, 0o600)
        except OSError:
            return
        while not self._is_ours(self._descriptor):  # noqa: ASYNC110
            await asyncio.sleep(self._poll_s)  # a lock of another process sets no event here

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let another one have it."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    @staticmethod
    def _is_ours(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
