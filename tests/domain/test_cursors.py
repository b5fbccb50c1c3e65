"""Cursors of pages, written and read (thread-history.md, section 7, thread-list.md, section 5, D1)."""

import json
from collections.abc import Callable
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.cursors import (
    HIGHEST_ID,
    LOWEST_ID,
    ItemCursor,
    SortDirection,
    ThreadCursor,
    TurnCursor,
    read_item_cursor,
    read_thread_cursor,
    read_turn_cursor,
)
from domain.errors import InvalidCursor
from domain.times import day_number

THREAD = "0196f0aa-0000-7000-8000-00000000abcd"
THREAD_ID = UUID(THREAD)
SECOND = 10**9
TEN = 1_777_629_600 * SECOND
TURN = '{"turnId":"a","includeAnchor":true}'
ITEM = '{"itemPosition":3,"includeAnchor":false}'

Reader = Callable[[str], object]
READERS: tuple[Reader, ...] = (read_turn_cursor, read_item_cursor, read_thread_cursor)

TURN_FORMS = {
    TURN: TurnCursor("a", include_anchor=True),
    '{"turnId":"a","includeAnchor":false}': TurnCursor("a", include_anchor=False),
    ' \n{ "turnId" : "a" ,\t"includeAnchor" : true }\r\n': TurnCursor("a", include_anchor=True),
    '{"includeAnchor":true,"turnId":"a"}': TurnCursor("a", include_anchor=True),
    '{"turnId":"a","includeAnchor":true,"x":[1,{"turnId":"b"}]}': TurnCursor("a", include_anchor=True),
    '{"x":1,"turnId":"a","x":2,"includeAnchor":true}': TurnCursor("a", include_anchor=True),
    '{"turn\\u0049d":"\\u0061","includeAnchor":true}': TurnCursor("a", include_anchor=True),
    '{"turnId":"","includeAnchor":true}': TurnCursor("", include_anchor=True),
    '{"turnId":"é\\"\\n","includeAnchor":true}': TurnCursor('é"\n', include_anchor=True),
    '["a",true]': TurnCursor("a", include_anchor=True),
    ' [ "a" , false ] ': TurnCursor("a", include_anchor=False),
}

NO_JSON = (
    "",
    " ",
    "a",
    "null",
    "true",
    "5",
    '"a"',
    "{}",
    "[]",
    "[[]]",
    "\ufeff" + TURN,
    "\u3000" + TURN,
    "\x00" + TURN,
    TURN + "x",
    TURN + TURN,
    TURN[:-1] + ",}",
    TURN.replace('"', "'"),
    TURN.replace("true", "True"),
    '{"turnId":"a" "includeAnchor":true}',
    '{"turnId":"a","includeAnchor":true,"x":NaN}',
    '{"turnId":"\ta","includeAnchor":true}',
    '{"turnId":"\\ud800","includeAnchor":true}',
    "[" * 100_000,
    '{"a":' * 100_000,
)

NO_TURN_CURSORS = (
    *NO_JSON,
    ITEM,
    '{"turnId":"a"}',
    '{"includeAnchor":true}',
    '{"turnId":null,"includeAnchor":true}',
    '{"turnId":5,"includeAnchor":true}',
    '{"turnId":["a"],"includeAnchor":true}',
    '{"turnId":true,"includeAnchor":true}',
    '{"turnId":"a","includeAnchor":null}',
    '{"turnId":"a","includeAnchor":1}',
    '{"turnId":"a","includeAnchor":"true"}',
    '{"turnId":"a","includeAnchor":[true]}',
    '{"turnid":"a","includeAnchor":true}',
    '{"turn_id":"a","include_anchor":true}',
    '{"turnId":"a","turnId":"a","includeAnchor":true}',
    '{"turnId":"a","includeAnchor":true,"includeAnchor":true}',
    '{"turnId":"a","turn\\u0049d":"a","includeAnchor":true}',
    '{"turnId":"a","turnId":true}',
    '{"includeAnchor":"a","includeAnchor":true}',
    '["a"]',
    '["a",true,1]',
    '["a",1]',
    "[1,true]",
    '[true,"a"]',
    '[["a"],true]',
    f"[{TURN}]",
)

NO_ITEM_CURSORS = (
    *NO_JSON,
    TURN,
    '{"itemPosition":"3","includeAnchor":true}',
    '{"itemPosition":-1,"includeAnchor":true}',
    '{"itemPosition":1.0,"includeAnchor":true}',
    '{"itemPosition":true,"includeAnchor":true}',
    '{"itemPosition":null,"includeAnchor":true}',
    f'{{"itemPosition":{2**63},"includeAnchor":true}}',
    '{"itemPosition":3,"includeAnchor":0}',
    '{"itemPosition":3,"itemPosition":3,"includeAnchor":true}',
    "[3]",
    '["3",true]',
)

THREAD_FORMS = {
    # A bare time is still accepted, in every form of RFC 3339.
    "2026-05-01T10:00:00Z": ThreadCursor(TEN, None),
    "2026-05-01 12:00:00.9876+02:00": ThreadCursor(TEN + 987_600_000, None),
    "2026-05-01/10:00:00Z": ThreadCursor(TEN, None),
    "2026-05-01T10-00-00": ThreadCursor(TEN, None),
    f"2026-05-01T10:00:00Z/{THREAD}": ThreadCursor(TEN, THREAD_ID),
    f"2026-05-01T10-00-00/{THREAD}": ThreadCursor(TEN, THREAD_ID),
    f"2026-05-01T10:00:00.987Z/{THREAD}": ThreadCursor(TEN + 987_000_000, THREAD_ID),
    f"2026-05-01T10:00:00Z@{THREAD}": ThreadCursor(TEN, THREAD_ID, includes_anchor=True),
    f"2026-05-01T10:00:00Z/{THREAD}/2026.4.30": ThreadCursor(TEN, THREAD_ID, day=day_number(2026, 4, 30)),
    f"2026-05-01T10:00:00Z@{THREAD}/0.99.255": ThreadCursor(
        TEN, THREAD_ID, includes_anchor=True, day=day_number(0, 99, 255)
    ),
    f"2026-05-01T10:00:00Z/{THREAD}/65535.255.0": ThreadCursor(TEN, THREAD_ID, day=day_number(65535, 255, 0)),
}

NO_THREAD_CURSORS = (
    *NO_JSON,
    TURN,
    ITEM,
    "2026-05-01",
    " 2026-05-01T10:00:00Z",
    "2026-05-01T10:00:00Z ",
    "2026-05-01T10:00:00",
    "2026-05-01T24:00:00Z",
    # Anything with a bar, later releases' own form too.
    "2026-05-01T10:00:00Z|",
    f"2026-05-01T10:00:00Z|{THREAD}",
    f"2026-05-01T10:00:00Z/{THREAD}|",
    "|",
    # An id that is none, or is not in its plain form.
    "2026-05-01T10:00:00Z/",
    "2026-05-01T10:00:00Z/x",
    "2026-05-01T10:00:00Z/None",
    "2026-05-01é10:00:00Z",
    f"2026-05-01T10:00:00Z/{THREAD[:-1]}",
    f"2026-05-01T10:00:00Z/{THREAD.upper()}",
    f"2026-05-01T10:00:00Z/{THREAD.replace('-', '')}",
    f"2026-05-01T10:00:00Z/{{{THREAD}}}",
    f"2026-05-01T10:00:00Z/{THREAD} ",
    f"2026-05-01T10:00:00Z/{THREAD}/",
    f"2026-05-01T10:00:00Z//{THREAD}",
    f"2026-05-01T10:00:00Z@@{THREAD}",
    f"2026-05-01T10:00:00Z/@{THREAD}",
    f"2026-05-01T10:00:00Z#{THREAD}",
    f"2026-05-01T10:00:00Z@{THREAD}@2026.5.1",
    # A folder that is no three numbers.
    f"2026-05-01T10:00:00Z/{THREAD}/2026.5",
    f"2026-05-01T10:00:00Z/{THREAD}/2026.5.",
    f"2026-05-01T10:00:00Z/{THREAD}/2026.5.1.1",
    f"2026-05-01T10:00:00Z/{THREAD}/2026/5/1",
    f"2026-05-01T10:00:00Z/{THREAD}/-1.5.1",
    f"2026-05-01T10:00:00Z/{THREAD}/2026.5.1000",
    f"2026-05-01T10:00:00Z/{THREAD}/2026.\u0665.1",
    "2026-05-01T10:00:00Z/2026.5.1",
    f"2026-05-01T10:00:00Z /{THREAD}",
    f"/{THREAD}",
    THREAD,
    "/",
)


def refusal(read: Reader, text: str) -> str:
    """What is said about a text that is no cursor."""
    with pytest.raises(InvalidCursor) as refused:
        read(text)
    return str(refused.value)


@pytest.mark.parametrize(("text", "cursor"), TURN_FORMS.items())
def test_a_turn_cursor_is_read_in_each_form(text: str, cursor: TurnCursor) -> None:
    assert read_turn_cursor(text) == cursor


@pytest.mark.parametrize("text", NO_TURN_CURSORS)
def test_any_other_text_is_no_turn_cursor_and_is_repeated_as_given(text: str) -> None:
    assert refusal(read_turn_cursor, text) == f"invalid cursor: {text}"


@pytest.mark.parametrize("text", NO_ITEM_CURSORS)
def test_any_other_text_is_no_item_cursor_and_is_repeated_as_given(text: str) -> None:
    assert refusal(read_item_cursor, text) == f"invalid cursor: {text}"


@pytest.mark.parametrize(("text", "cursor"), THREAD_FORMS.items())
def test_a_thread_cursor_is_read_in_each_form(text: str, cursor: ThreadCursor) -> None:
    assert read_thread_cursor(text) == cursor


@pytest.mark.parametrize("text", NO_THREAD_CURSORS)
def test_any_other_text_is_no_thread_cursor_and_is_repeated_as_given(text: str) -> None:
    assert refusal(read_thread_cursor, text) == f"invalid cursor: {text}"


@pytest.mark.parametrize("position", [0, 3, 2**63 - 1])
def test_an_item_cursor_is_read_as_object_and_as_list(position: int) -> None:
    cursor = ItemCursor(position, include_anchor=True)
    assert read_item_cursor(f'{{"includeAnchor":true,"itemPosition":{position}}}') == cursor
    assert read_item_cursor(f"[{position},true]") == cursor


@pytest.mark.parametrize(
    ("cursor", "text"),
    [
        (TurnCursor("a", include_anchor=True), TURN),
        (TurnCursor('日本"\\', include_anchor=False), '{"turnId":"日本\\"\\\\","includeAnchor":false}'),
        (ItemCursor(3, include_anchor=False), ITEM),
        (ThreadCursor(TEN, None), "2026-05-01T10:00:00Z"),
        (ThreadCursor(TEN, THREAD_ID), f"2026-05-01T10:00:00Z/{THREAD}"),
        (ThreadCursor(TEN + 5_000_000, THREAD_ID), f"2026-05-01T10:00:00.005Z/{THREAD}"),
        (ThreadCursor(TEN, THREAD_ID, includes_anchor=True), f"2026-05-01T10:00:00Z@{THREAD}"),
        (ThreadCursor(TEN, THREAD_ID, day=day_number(2026, 5, 1)), f"2026-05-01T10:00:00Z/{THREAD}"),
        (
            ThreadCursor(TEN, THREAD_ID, includes_anchor=True, day=day_number(2026, 5, 2)),
            f"2026-05-01T10:00:00Z@{THREAD}/2026.5.2",
        ),
    ],
)
def test_a_cursor_is_written_in_one_form(cursor: TurnCursor | ItemCursor | ThreadCursor, text: str) -> None:
    assert cursor.text() == text


@given(st.text(st.characters(exclude_categories=["Cs"])), st.booleans())
def test_a_written_turn_cursor_is_read_again(turn_id: str, include_anchor: bool) -> None:  # noqa: FBT001
    cursor = TurnCursor(turn_id, include_anchor)
    assert read_turn_cursor(cursor.text()) == cursor
    assert json.loads(cursor.text()) == {"turnId": turn_id, "includeAnchor": include_anchor}


@given(st.integers(0, 2**63 - 1), st.booleans())
def test_a_written_item_cursor_is_read_again(position: int, include_anchor: bool) -> None:  # noqa: FBT001
    cursor = ItemCursor(position, include_anchor)
    assert read_item_cursor(cursor.text()) == cursor


@given(
    st.integers(-62_135_596_800 * 10**9, 253_402_300_799 * 10**9),
    st.uuids(),
    st.booleans(),
    st.none() | st.tuples(st.integers(0, 65535), st.integers(0, 255), st.integers(0, 255)),
)
def test_a_written_thread_cursor_is_read_again(
    time_ns: int,
    thread_id: UUID,
    includes_anchor: bool,  # noqa: FBT001 - drawn
    folder: tuple[int, int, int] | None,
) -> None:
    day = None if folder is None else day_number(*folder)
    cursor = ThreadCursor(time_ns, thread_id, includes_anchor, day)
    again = read_thread_cursor(cursor.text())
    assert (again.time_ns, again.thread_id, again.includes_anchor) == (time_ns, thread_id, includes_anchor)
    assert again.folder_day == cursor.folder_day
    assert again.text() == cursor.text()


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize("whole", [TURN, ITEM, f"2026-05-01T10:00:00.5Z/{THREAD}/2026.4.3"])
def test_every_cut_of_a_cursor_is_read_or_refused(read: Reader, whole: str) -> None:
    accepted = {
        "2026-05-01T10:00:00.5Z": ThreadCursor(TEN + 500_000_000, None),
        f"2026-05-01T10:00:00.5Z/{THREAD}": ThreadCursor(TEN + 500_000_000, THREAD_ID),
    }
    for size in range(len(whole)):
        try:
            cursor = read(whole[:size])
        except InvalidCursor:
            continue
        assert cursor == accepted[whole[:size]]


@given(st.text(alphabet='{}[]":,\\turnIdcleAho0129-.e \n') | st.text())
def test_any_text_is_read_or_refused_by_each_reader(text: str) -> None:
    for read in READERS:
        try:
            read(text)
        except InvalidCursor as refused:
            assert str(refused) == f"invalid cursor: {text}"  # noqa: PT017  acceptance is as good


# -- where a page of threads begins -----------------------------------------------------------

UP, DOWN = SortDirection.ASCENDING, SortDirection.DESCENDING


def test_a_bare_time_stands_behind_every_thread_of_that_time() -> None:
    bare = ThreadCursor(TEN, None)
    assert bare.place(UP, SECOND) == (TEN // SECOND, HIGHEST_ID, False)
    assert bare.place(DOWN, SECOND) == (TEN // SECOND, LOWEST_ID, False)


@pytest.mark.parametrize("thread_id", [None, THREAD_ID])
@pytest.mark.parametrize("rest_ns", [1, SECOND - 1])
def test_a_time_between_two_seconds_has_them_on_either_side(rest_ns: int, thread_id: UUID | None) -> None:
    cursor = ThreadCursor(TEN + rest_ns, thread_id)
    for direction in SortDirection:
        units, anchor, is_included = cursor.place(direction, SECOND)
        earlier, later = ((TEN // SECOND + more, THREAD_ID) for more in (0, 1))
        begins_with = [key for key in (earlier, later) if is_behind((units, anchor), direction, key)]
        assert begins_with == ([later] if direction is UP else [earlier])
        assert is_included  # the earlier second is met in whole when going back, its last id too


def is_behind(place: tuple[int, UUID], direction: SortDirection, key: tuple[int, UUID]) -> bool:
    return key > place if direction is UP else key < place


@pytest.mark.parametrize("direction", SortDirection)
@pytest.mark.parametrize("includes_anchor", [True, False])
def test_a_cursor_with_an_id_stands_at_that_thread(
    direction: SortDirection,
    includes_anchor: bool,  # noqa: FBT001 - a parameter
) -> None:
    cursor = ThreadCursor(TEN, THREAD_ID, includes_anchor)
    assert cursor.place(direction, SECOND) == (TEN // SECOND, THREAD_ID, includes_anchor)


def test_the_folder_of_a_cursor_is_that_of_its_day_unless_told() -> None:
    assert ThreadCursor(TEN, THREAD_ID).folder_day == day_number(2026, 5, 1)
    assert ThreadCursor(TEN - 1, None).folder_day == day_number(2026, 5, 1)
    assert ThreadCursor(TEN, THREAD_ID, day=day_number(0, 1, 2)).folder_day == day_number(0, 1, 2)


def test_directions_are_named_as_at_the_wire() -> None:
    assert [direction.value for direction in SortDirection] == ["asc", "desc"]
