"""A turn while it is folded, and the same turn made anew from its row and its items."""

from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.history.rows import ItemKey, ItemKind, ItemLine, TurnStatus
from domain.history.turns import Turn

RAW = b"raw\n"

Step = tuple[str, str | None]
"""What happens to a turn: an item of this id is appended or upserted, or thoughts go on; None is a number."""

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("append"), st.sampled_from([None, "item-1", "item-3", "x", ""])),
        st.tuples(
            st.just("upsert"), st.sampled_from(["item-1", "item-2", "item-5", "x", "y", "", "item-02"])
        ),
        st.just(("think", None)),
    ),
    max_size=12,
)


def new_turn() -> Turn:
    """An explicit turn without items."""
    return Turn(4, "t", TurnStatus.IN_PROGRESS, 5, is_explicit=True)


def reread(turn: Turn) -> Turn:
    """The turn as its row and its lines tell it."""
    items: dict[int, list[ItemLine]] = {}
    for line in sorted(turn.lines):
        items.setdefault(line.position, []).append(line)
    keys = [ItemKey(lines[0].kind, lines[0].number, lines[0].item_id, len(lines)) for lines in items.values()]
    return Turn.stored(turn.row(), keys)


def play(turn: Turn, steps: list[Step], number: int) -> int:
    """Let the steps happen to the turn; gives the next number."""
    for at, (step, item_id) in enumerate(steps):
        if step == "think" and turn.extend(at, RAW):
            continue
        if step == "upsert" and item_id is not None:
            turn.upsert(ItemKind.WEB_SEARCH, item_id, at, RAW)
            continue
        kind = ItemKind.REASONING if step == "think" else ItemKind.HOOK_PROMPT
        turn.append(kind, None if item_id is not None else number, item_id, at, RAW)
        number += item_id is None
    return number


def ids_of(turn: Turn) -> list[str]:
    """The ids of the items in order."""
    firsts = sorted(line for line in turn.lines if line.part == 0)
    return [f"item-{line.number}" if line.item_id is None else line.item_id for line in firsts]


def test_an_appended_item_is_the_last() -> None:
    turn = new_turn()
    turn.append(ItemKind.AGENT_MESSAGE, 7, None, 10, RAW)
    turn.append(ItemKind.PLAN, None, "p", 20, RAW)
    assert turn.lines == [
        ItemLine(4, 0, 0, ItemKind.AGENT_MESSAGE, 7, None, 10, 4, crc32(RAW)),
        ItemLine(4, 1, 0, ItemKind.PLAN, None, "p", 20, 4, crc32(RAW)),
    ]
    assert (turn.row().item_count, turn.row().first_number) == (2, 7)


def test_nothing_can_be_added_to_a_last_item_that_is_no_thought() -> None:
    turn = new_turn()
    assert not turn.extend(0, RAW)
    turn.append(ItemKind.REASONING, 1, None, 0, RAW)
    turn.append(ItemKind.AGENT_MESSAGE, 2, None, 1, RAW)
    assert not turn.extend(2, RAW)
    assert len(turn.lines) == 2


def test_thoughts_are_parts_of_one_item() -> None:
    turn = new_turn()
    turn.append(ItemKind.REASONING, 1, None, 0, RAW)
    assert turn.extend(1, RAW)
    assert turn.extend(2, RAW)
    assert [(line.position, line.part) for line in turn.lines] == [(0, 0), (0, 1), (0, 2)]
    assert turn.row().item_count == 1


def test_an_upsert_tells_whether_the_item_is_new() -> None:
    turn = new_turn()
    assert turn.upsert(ItemKind.PLAN, "x", 0, RAW)
    assert not turn.upsert(ItemKind.FILE_CHANGE, "x", 1, RAW)
    assert turn.upsert(ItemKind.PLAN, "y", 2, RAW)
    assert [(line.position, line.kind, line.at) for line in turn.lines] == [
        (0, ItemKind.FILE_CHANGE, 1),
        (1, ItemKind.PLAN, 2),
    ]
    assert turn.cleared == {0}


def test_the_first_item_of_an_id_is_replaced_each_time() -> None:
    turn = new_turn()
    for at in range(3):
        turn.append(ItemKind.HOOK_PROMPT, None, "x", at, RAW)
    turn.upsert(ItemKind.PLAN, "x", 3, RAW)
    turn.upsert(ItemKind.FILE_CHANGE, "x", 4, RAW)
    assert bytes(turn.kinds) == bytes([ItemKind.FILE_CHANGE, ItemKind.HOOK_PROMPT, ItemKind.HOOK_PROMPT])


@pytest.mark.parametrize("number", [1, 2, 41])
def test_numbers_are_found_wherever_the_turn_begins_to_count(number: int) -> None:
    turn = new_turn()
    turn.append(ItemKind.PLAN, None, "p", 0, RAW)
    for offset in range(3):
        turn.append(ItemKind.AGENT_MESSAGE, number + offset, None, offset, RAW)
    assert turn.upsert(ItemKind.PLAN, f"item-{number - 1}", 9, RAW)
    assert turn.upsert(ItemKind.PLAN, f"item-{number + 3}", 9, RAW)
    assert not turn.upsert(ItemKind.PLAN, f"item-{number + 1}", 9, RAW)
    assert turn.cleared == {2}


def test_a_turn_of_a_row_says_that_row_again() -> None:
    turn = new_turn()
    turn.is_compacted = True
    turn.append(ItemKind.USER_MESSAGE, 3, None, 0, RAW)
    turn.append(ItemKind.AGENT_MESSAGE, 4, None, 1, RAW)
    turn.end(TurnStatus.INTERRUPTED, -6, 7)
    again = reread(turn)
    assert again.row() == turn.row()
    assert (again.lines, again.cleared, again.stored_item_count) == ([], set(), 2)


def test_an_end_overwrites_with_absent_values_too() -> None:
    turn = new_turn()
    turn.end(TurnStatus.COMPLETED, 6, 7)
    turn.end(TurnStatus.INTERRUPTED, None, None)
    row = turn.row()
    assert (row.status, row.started_at, row.completed_at, row.duration_ms) == (2, 5, None, None)


@given(STEPS, STEPS)
def test_a_turn_goes_on_from_its_row_as_from_itself(before: list[Step], after: list[Step]) -> None:
    turn = new_turn()
    number = play(turn, before, 1)
    stored = reread(turn)
    lines_before = list(turn.lines)
    turn.cleared = set()
    assert play(turn, after, number) == play(stored, after, number)
    assert stored.row() == turn.row()
    assert stored.cleared == turn.cleared
    kept = [line for line in lines_before if line.position not in stored.cleared]
    assert sorted(kept + stored.lines) == sorted(turn.lines)


@given(STEPS)
def test_an_upsert_finds_the_first_item_of_its_id(steps: list[Step]) -> None:
    turn = new_turn()
    play(turn, steps, 1)
    ids = ids_of(turn)
    for item_id in ("item-1", "item-2", "x", "", "nowhere"):
        turn.cleared = set()
        is_new = turn.upsert(ItemKind.PLAN, item_id, 99, RAW)
        assert is_new is (item_id not in ids)
        assert turn.cleared == (set() if is_new else {ids.index(item_id)})
