"""Logs whose names tell no id: renamed by hand or by a sync program; what they hold tells whose they are."""

from collections.abc import Iterable
from itertools import islice
from uuid import UUID

from domain.errors import UnreadableThread
from domain.limits import ODD_NAMES_LINES_MAX, ODD_NAMES_MAX
from domain.lines import parse_at
from domain.log import FileState, Log
from domain.rollout_name import written_uuid
from domain.shapes.kept import kept_topic


class OddNames:
    """What the heads of such logs tell; each is read again only when the file changed."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._told: dict[str, tuple[FileState, UUID | None]] = {}

    def log_of(self, paths: Iterable[str], thread_id: UUID) -> str | None:
        """The first of these logs whose head tells this thread; None when none does."""
        looked_at = {path: self._head_id(path) for path in islice(paths, ODD_NAMES_MAX)}
        self._told = {path: told for path, told in self._told.items() if path in looked_at}
        return next((path for path, found in looked_at.items() if found == thread_id), None)

    def _head_id(self, path: str) -> UUID | None:
        """The thread that the first session_meta tells; None when there is none, or no log to read."""
        state = self._log.state_of(path)
        known = self._told.get(path)
        if state is None or (known is not None and known[0] == state):
            return None if state is None or known is None else known[1]
        try:
            found = _head_id(path, self._log)
        except (FileNotFoundError, UnreadableThread):
            found = None
        self._told[path] = (state, found)
        return found


def _head_id(path: str, log: Log) -> UUID | None:
    """The thread that the first session_meta tells, if it stands among the first lines."""
    with log.open(path) as source:
        first = next(iter(source.slices(0, 1)), None)
        for number, raw in enumerate(first.lines[:ODD_NAMES_LINES_MAX] if first else ()):
            value = parse_at(0 if number == 0 else 1, raw)
            if value is not None and kept_topic(value) == "session_meta":
                return written_uuid(value["payload"]["id"])
    return None
