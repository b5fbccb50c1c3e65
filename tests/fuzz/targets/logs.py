"""Targets that read lines, and logs as a whole."""

from domain.lines import is_passed_over, parse, silent_line, topic_of, unlisted_line
from domain.listing.listing import ListFacts, ListFold
from domain.log import LogSlice
from domain.thread.copied_line import copy_line
from tests.damage.talk import Talk
from tests.domain.memory_turns import Handing
from tests.domain.paginated_log import PaginatedLog, in_order, paginated_meta
from tests.fuzz.target import Target
from tests.home import TIME
from tests.properties.dialects.lines import whole_turn

LEGACY = Talk().data()
PAGINATED = b"".join([paginated_meta(0), *in_order([*whole_turn("a", "x"), *whole_turn("b", "y")])])
LOGS = (LEGACY, PAGINATED)
LINES = tuple(line for log in LOGS for line in log.splitlines())


def read_line(data: bytes) -> None:
    """A line is a record, of one topic, or none."""
    value = parse(data)
    assert value is None or isinstance(value, dict)
    assert topic_of(value)
    is_passed_over(data), silent_line(data), unlisted_line(data), copy_line(data, TIME)


def fold_log(data: bytes) -> None:
    """A log folds to the same rows in one piece and line by line."""
    whole = data if data.endswith(b"\n") else data + b"\n"
    rows = []
    for handing in (Handing.WHOLE, Handing.BY_LINE):
        log = PaginatedLog(handing)
        log.add(*(line + b"\n" for line in whole.split(b"\n")[:-1]))
        log.take()
        rows.append((log.stored.rows, log.stored.lines))
    assert rows[0] == rows[1]


def fold_list(data: bytes) -> None:
    """The beginning of a log makes a row of a list, or none."""
    facts = ListFacts()
    ListFold(facts).feed(LogSlice(0, len(data) + 1, 1, data.rstrip(b"\n") + b"\n"))
    assert isinstance(facts.is_listed, bool)


TARGETS = {
    "line": Target(read_line, LINES, 1000),
    "folds": Target(fold_log, LOGS, 400),
    "list fold": Target(fold_list, LOGS, 400),
}
