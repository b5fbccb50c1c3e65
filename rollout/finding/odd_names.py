"""Logs whose names tell no id: renamed by hand or by a sync program; what they hold tells whose they are."""

from collections.abc import Iterable
from itertools import islice
from uuid import UUID

from domain.errors import UnreadableThread
from domain.limits import ODD_NAMES_LINES_MAX, ODD_NAMES_MAX
from domain.lines import parse_at
from domain.log import Log
from domain.rollout_name import written_uuid
from domain.shapes.kept import kept_topic


def log_of(paths: Iterable[str], thread_id: UUID, log: Log) -> str | None:
    """The first of these logs whose head tells this thread; None when none does."""
    for path in islice(paths, ODD_NAMES_MAX):
        try:
            if _head_id(path, log) == thread_id:
                return path
        except (FileNotFoundError, UnreadableThread):
            continue
    return None


def _head_id(path: str, log: Log) -> UUID | None:
    """The thread that the first session_meta tells, if it stands among the first lines."""
    with log.open(path) as source:
        first = next(iter(source.slices(0, 1)), None)
        for number, raw in enumerate(first.lines[:ODD_NAMES_LINES_MAX] if first else ()):
            value = parse_at(0 if number == 0 else 1, raw)
            if value is not None and kept_topic(value) == "session_meta":
                return written_uuid(value["payload"]["id"])
    return None
