"""Items are made from the lines that their rows name, and from nothing else."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from zlib import crc32

import pytest

from domain.cursors import SortDirection
from domain.errors import StaleIndex
from domain.history.rows import LinePlace
from domain.views import ItemsView
from projections.content import items_json, line_payload, turns_json
from projections.pages import ItemPage, TurnPage, item_page, turn_page
from tests.domain.paginated_log import end, paginated_meta, start
from tests.home import IndexedHome, event, meta
from tests.projections.counting import CountingLog
from tests.projections.homes import new_home

LINES = (
    meta(),
    event("task_started", turn_id="t"),
    event("user_message", message="question"),
    event("agent_reasoning", text="one"),
    event("agent_reasoning_raw_content", text="two"),
    event("agent_message", message="answer"),
)
ANSWER_AT = len(b"".join(LINES[:-1]))

Change = Callable[[bytes], bytes]


@pytest.fixture(name="home")
def _home(tmp_path: Path) -> IndexedHome:
    home = new_home(tmp_path)
    home.write(LINES)
    return home


def page(home: IndexedHome, view: ItemsView = ItemsView.FULL) -> TurnPage:
    """All turns as they are indexed now."""
    found: TurnPage = home.ask(lambda file_id: turn_page(file_id, None, None, SortDirection.ASCENDING, view))
    return found


def items(home: IndexedHome) -> ItemPage:
    """All items of the turn as they are indexed now."""
    found: ItemPage = home.ask(lambda file_id: item_page(file_id, "t", None, 100, SortDirection.ASCENDING))
    return found


def test_items_are_made_from_their_lines(home: IndexedHome) -> None:
    found = page(home)
    with home.log.open(str(home.path_of())) as source:
        (turn,) = json.loads(turns_json(source, found.turns, ItemsView.FULL))
        assert json.loads(items_json(source, items(home))) == turn["items"]
    assert [(item["type"], item["id"]) for item in turn["items"]] == [
        ("userMessage", "item-1"),
        ("reasoning", "item-2"),
        ("agentMessage", "item-3"),
    ]
    assert (turn["items"][1]["summary"], turn["items"][1]["content"]) == (["one"], ["two"])


def test_without_turns_there_is_an_empty_list(home: IndexedHome) -> None:
    with home.log.open(str(home.path_of())) as source:
        assert turns_json(source, (), ItemsView.FULL) == b"[]"
        assert items_json(source, ItemPage(page(home).turns[0].turn, (), has_more=False)) == b"[]"


@pytest.mark.parametrize(
    ("view", "expected"), [(ItemsView.FULL, 4), (ItemsView.SUMMARY, 2), (ItemsView.NOT_LOADED, 0)]
)
def test_a_view_reads_the_lines_that_it_shows(home: IndexedHome, view: ItemsView, expected: int) -> None:
    found = page(home, view)
    log = CountingLog()
    with log.open(str(home.path_of())) as source:
        turns_json(source, found.turns, view)
    assert len(log.ranges) == expected
    assert sum(size for _, size in log.ranges) == sum(
        line.size for turn in found.turns for line in turn.lines
    )


def test_a_summary_shows_the_user_first_though_the_agent_spoke_before(tmp_path: Path) -> None:
    home = new_home(tmp_path)
    home.write(
        [
            meta(),
            event("task_started", turn_id="t"),
            event("agent_message", message="first"),
            event("user_message", message="then"),
            event("user_message", message="and then"),
        ]
    )
    (turn,) = home.turns(ItemsView.SUMMARY)
    assert [item["id"] for item in turn["items"]] == ["item-2", "item-1"]


# -- lines that are no more what they were ----------------------------------------------------


def flipped(at: int) -> Change:
    """One bit is another."""
    return lambda data: data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


CHANGES: dict[str, Change] = {
    "a bit of its first byte": flipped(ANSWER_AT),
    "a bit in its text": flipped(ANSWER_AT + LINES[-1].index(b"answer")),
    "a bit of its line feed": flipped(-1),
    "its last byte gone": lambda data: data[:-1],
    "all of it gone": lambda data: data[:ANSWER_AT],
    "everything gone": lambda _: b"",
    "another line of the same length": lambda data: data.replace(b"answer", b"reply!"),
    "zeros": lambda data: data[:ANSWER_AT] + b"\0" * len(LINES[-1]),
    "a byte more before it": lambda data: b" " + data,
    "other lines of the same length": lambda data: data.replace(b"question", b"demanded"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_a_range_that_no_longer_holds_its_line_is_stale(home: IndexedHome, change: Change) -> None:
    found, found_items = page(home), items(home)
    home.path_of().write_bytes(change(home.path_of().read_bytes()))
    with home.log.open(str(home.path_of())) as source:
        with pytest.raises(StaleIndex):
            turns_json(source, found.turns, ItemsView.FULL)
        with pytest.raises(StaleIndex):
            items_json(source, found_items)


def test_what_changed_elsewhere_does_no_harm(home: IndexedHome) -> None:
    found = page(home, ItemsView.SUMMARY)
    data = home.path_of().read_bytes()
    home.path_of().write_bytes(data.replace(b'"one"', b'"1st"') + b"more")
    with home.log.open(str(home.path_of())) as source:
        (turn,) = json.loads(turns_json(source, found.turns, ItemsView.SUMMARY))
    assert len(turn["items"]) == 2


def test_a_file_that_is_cut_while_it_is_read_is_stale(home: IndexedHome) -> None:
    found = page(home)
    with home.log.open(str(home.path_of())) as source:
        os.truncate(home.path_of(), ANSWER_AT + 5)
        with pytest.raises(StaleIndex):
            turns_json(source, found.turns, ItemsView.FULL)


# -- why a turn failed ------------------------------------------------------------------------

FAILED = (
    paginated_meta(),
    start()(1),
    end(error={"message": "boom", "codex_error_info": "usage_limit_exceeded"})(2),
)


@pytest.mark.parametrize("view", ItemsView)
def test_a_failed_turn_tells_why_in_every_view(tmp_path: Path, view: ItemsView) -> None:
    home = new_home(tmp_path)
    home.write(FAILED)
    (turn,) = home.turns(view)
    assert (turn["status"], turn["error"]["message"]) == ("failed", "boom")
    assert turn["error"]["codexErrorInfo"] == "usageLimitExceeded"


def test_an_error_that_is_no_longer_what_it_was_is_stale(tmp_path: Path) -> None:
    home = new_home(tmp_path)
    home.write(FAILED)
    found = page(home, ItemsView.NOT_LOADED)
    data = home.path_of().read_bytes()
    home.path_of().write_bytes(data.replace(b"boom", b"bang"))
    with home.log.open(str(home.path_of())) as source, pytest.raises(StaleIndex):
        turns_json(source, found.turns, ItemsView.NOT_LOADED)


# -- kept lines by their places ---------------------------------------------------------------


def test_the_payload_of_a_kept_line_is_read_from_its_place(home: IndexedHome) -> None:
    with home.log.open(str(home.path_of())) as source:
        payload = line_payload(source, place_of(0, LINES[0]))
        assert payload == json.loads(LINES[0])["payload"]
        assert line_payload(source, place_of(ANSWER_AT, LINES[-1]))["message"] == "answer"


def place_of(at: int, raw: bytes) -> LinePlace:
    """Where this line is."""
    return LinePlace(at, len(raw), crc32(raw))


@pytest.mark.parametrize(
    "place",
    [
        LinePlace(0, len(LINES[0]), 0),
        LinePlace(1, 50, crc32(LINES[0][1:51])),
        LinePlace(0, 10**6, crc32(LINES[0])),
        LinePlace(10**6, 50, 0),
        LinePlace(0, 0, 0),
    ],
)
def test_a_place_that_holds_other_bytes_is_stale(home: IndexedHome, place: LinePlace) -> None:
    with home.log.open(str(home.path_of())) as source, pytest.raises(StaleIndex):
        line_payload(source, place)
