"""Of a log as the newer release writes it only those lines are parsed that show something."""

import pytest

from domain.history import paginated
from domain.lines import PASSED_OVER, WHOLE_END, parse_at, silent_line, unlisted_line
from domain.listing import listing
from domain.listing.listing import ListFacts, ListFold
from domain.log import LogSlice
from domain.shapes.paginated import counted_topic
from tests.domain.generated_log import generated
from tests.domain.memory_turns import Handing
from tests.domain.paginated_log import PaginatedLog, all_rows, numbered, tokens, user
from tests.home import line

LINES = tuple(generated(turns=20))

SHOWING = ("task_started", "task_complete", "item_completed")
"""Events of these lines that are looked into."""


def parsed_by(monkeypatch: pytest.MonkeyPatch, module: object) -> list[bytes]:
    """The lines that this module will parse."""
    parsed: list[bytes] = []

    def counting(at: int, raw: bytes) -> object:
        parsed.append(raw)
        return parse_at(at, raw)

    monkeypatch.setattr(module, "parse_at", counting)
    return parsed


def test_lines_that_show_nothing_are_not_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed = parsed_by(monkeypatch, paginated)
    log = PaginatedLog()
    log.add(*LINES)
    showing = [raw for raw in LINES[1:] if any(f'"{kind}"'.encode() in raw[:120] for kind in SHOWING)]
    assert parsed == [LINES[0], *showing]
    assert 0 < sum(map(len, parsed)) < sum(map(len, LINES)) / 2


def test_a_log_gives_the_same_rows_with_and_without_the_shortcut() -> None:
    rows = []
    for passed_over in (PASSED_OVER, ()):
        log = PaginatedLog(Handing.WHOLE, passed_over)
        log.add(*LINES)
        rows.append(all_rows(log))
    assert rows[0] == rows[1]
    assert len(log.told()) == 20


def test_a_list_parses_nothing_that_makes_no_row(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed = parsed_by(monkeypatch, listing)
    data = b"".join(LINES)
    fold = ListFold(ListFacts())
    assert not fold.feed(LogSlice(0, len(data), 1, data))
    assert parsed == [LINES[0], LINES[1], LINES[3]]


SILENT = [
    tokens(5),
    line("response_item", {"type": "message"}, ordinal=5),
    line("world_state", {"full": True}, ordinal=5),
    line("compacted", {"message": ""}, ordinal=5),
    numbered("user_message", message="x")(5),
]
NOT_SILENT = [
    user()(5),
    numbered("task_started", turn_id="t")(5),
    numbered("turn_aborted", turn_id="t")(5),
    numbered("thread_goal_updated")(5),
    numbered("of_the_future")(5),
    numbered("token_count_of_the_future")(5),
    line("mystery", {"type": "message"}, ordinal=5),
    line("session_meta", {"id": "x"}, ordinal=5),
    line("response_item", {"type": "message"}),
    line("response_item", {"type": "message"}, ordinal=-5),
    line("response_item", {"type": "message"}, ordinal=5.0),
    line("response_item", {"type": "message"}, ordinal="5"),
    line("response_item", {"type": "message"}, ordinal=10**18),
    line("response_item", {"role": "user", "type": "message"}, ordinal=5),
    line("compacted", {}, ordinal=5),
    tokens(5).replace(b"2026", b"226"),
    b" " + tokens(5),
    tokens(5).replace(b'"ordinal":5', b'"ordinal":05'),
    b"",
]


@pytest.mark.parametrize("raw", SILENT)
def test_a_silent_line_is_recognised_with_its_ordinal(raw: bytes) -> None:
    found = silent_line(raw)
    assert found is not None
    assert (int(found[1]), raw.endswith(WHOLE_END)) == (5, True)
    value = parse_at(0, raw)
    assert value is not None
    assert counted_topic(value) is not None


@pytest.mark.parametrize("raw", NOT_SILENT)
def test_any_other_line_is_not_recognised(raw: bytes) -> None:
    assert silent_line(raw) is None
    assert unlisted_line(raw) is None


def test_a_list_looks_at_legacy_messages() -> None:
    assert [unlisted_line(raw) is None for raw in SILENT] == [False] * 4 + [True]
