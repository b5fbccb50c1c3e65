"""The rollout files of a home, each together with what it goes on from."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from uuid import UUID

from domain.errors import UnreadableThread
from domain.log import Bases, FileState, Log, LogSlice, OpenLog, RolloutPlace
from rollout.joined import bases as finding
from rollout.joined.bases import FindLog
from rollout.joined.joined_reader import JoinedReader
from rollout.log import RolloutLog


def not_here(rollout_id: UUID) -> RolloutPlace | None:
    """UnreadableThread: who does not know the home leaves logs with bases to those who do."""
    raise UnreadableThread(str(rollout_id), "logs that others go on from are not looked for here")


class JoinedLog:
    """Opens rollout files, alone or with their bases."""

    def __init__(self, files: Log | None = None, find_log: FindLog = not_here) -> None:
        self._files = files or RolloutLog()
        self._find_log = find_log

    @contextmanager
    def open(self, path: str, bases: Bases = ()) -> Iterator[OpenLog]:
        """One file, together with its bases; FileNotFoundError or UnreadableThread when that fails."""
        with self._files.open(path) as source, self.joined(source, bases) as whole:
            yield whole

    @contextmanager
    def joined(self, source: OpenLog, bases: Bases) -> Iterator[OpenLog]:
        """An open file together with its bases."""
        with ExitStack() as closing:
            yield JoinedReader(source, bases, self._files.open, closing) if bases else source

    def state_of(self, path: str) -> FileState | None:
        """What `stat` says of a path now; None when nothing is there."""
        return self._files.state_of(path)

    def bases_of(self, first: LogSlice) -> Bases:
        """All that the log beginning with these lines goes on from."""
        return finding.find_bases(self._files, self._find_log, first)

    def renewed(self, bases: Bases) -> Bases | None:
        """The same bases where they lie now; None when they do not hold what they held."""
        return finding.renewed(self._files, self._find_log, bases)
