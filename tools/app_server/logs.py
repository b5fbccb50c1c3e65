"""The log of the service: a JSON object a line on standard error, without a word of a client or a file.

A line tells when, how grave, what (our own sentence, its first line), and of a failure its class and where in
the program it came up; the words of a failure may quote a message or a log, so they are left out.
"""

import json
import logging
import sys
import threading
import traceback
from datetime import UTC, datetime
from pathlib import PurePath

from domain.limits import LOG_LINE_SIZE_MAX

LOG = logging.getLogger("threadstore")
PLACES = 6
"""Innermost calls that are told of a failure."""


class JsonLines(logging.Formatter):
    """Writes a record as one line of JSON, in ASCII, of at most `LOG_LINE_SIZE_MAX` bytes."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its line feed."""
        told: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": "",
        }
        failure = record.exc_info[1] if record.exc_info else None
        if failure is not None:
            told |= {"class": type(failure).__name__, "at": _places(failure)}
        room = LOG_LINE_SIZE_MAX - len(json.dumps(told))
        return json.dumps(told | {"message": _cut(_first_line(record), room)})


def log_to_stderr() -> None:
    """From now on whatever is logged, and failures of threads that nobody waits for, go there so."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    threading.excepthook = _of_thread


def _of_thread(failed: threading.ExceptHookArgs) -> None:
    failure = failed.exc_value
    if failure is not None:
        LOG.error("a thread ended", exc_info=failure)


def _first_line(record: logging.LogRecord) -> str:
    try:
        message = record.getMessage()
    except (TypeError, ValueError):
        message = str(record.msg)
    return message.partition("\n")[0]


def _cut(text: str, room: int) -> str:
    """As much of the text as fits, once it is written as JSON."""
    written = json.dumps(text)[1:-1]
    if len(written) <= room:
        return text
    return next(
        (text[:size] for size in range(max(0, room), -1, -1) if len(json.dumps(text[:size])) - 2 <= room), ""
    )


def _places(failure: BaseException) -> list[str]:
    calls = traceback.extract_tb(failure.__traceback__)[-PLACES:]
    return [f"{PurePath(call.filename).name}:{call.lineno}" for call in calls]
