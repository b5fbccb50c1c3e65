"""What marks of turns and ordinals say of a log."""

import pytest

from domain.damage.finding import DamageClass
from domain.damage.ordinals import Ordinals
from domain.damage.turn_marks import TurnMarks


def start(turn: str) -> dict[str, object]:
    return {"type": "task_started", "turn_id": turn}


def end(turn: object, kind: str = "task_complete") -> dict[str, object]:
    return {"type": kind, "turn_id": turn}


MARKS = {
    "a turn": ([start("a"), end("a")], [None, None], False),
    "no end": ([start("a")], [None], True),
    "no end, then another": ([start("a"), start("b"), end("b")], [None, None, None], False),
    "an end alone": ([end("a")], [None], False),
    "an end of no turn": ([start("a"), end("ghost")], [None, None], False),
    "an abort without an id": ([start("a"), end(None, "turn_aborted")], [None, None], False),
    "other names": (
        [{"type": "turn_started", "turn_id": "a"}, end("a", "turn_complete")],
        [None, None],
        False,
    ),
    "begun twice": ([start("a"), end("a"), start("a")], [None, None, DamageClass.DUPLICATE_TURN], True),
    "mixed": ([start("a"), start("b"), end("a")], [None, None, DamageClass.TURNS_MIXED], True),
    "no event": ([{"type": 5}, {}, {"type": "task_started"}], [None, None, None], False),
}


@pytest.mark.parametrize(("events", "found", "is_open"), MARKS.values(), ids=MARKS)
def test_marks_tell_of_open_repeated_and_mixed_turns(
    events: list[dict[str, object]], found: list[DamageClass | None], *, is_open: bool
) -> None:
    marks = TurnMarks()
    assert [marks.take(each) for each in events] == found
    assert marks.has_open_turn == is_open


ORDINALS = {
    "in order": ([0, 1, 2, 7], [None, None, None, None]),
    "from anywhere": ([500, 501], [None, None]),
    "missing": ([None, None, 1], [None, DamageClass.ORDINAL_MISSING, None]),
    "repeated": (
        [0, 1, 1, 0, 2],
        [None, None, DamageClass.ORDINAL_REPEATED, DamageClass.ORDINAL_REPEATED, None],
    ),
    "far too large": ([0, 10**9, 1], [None, DamageClass.ORDINAL_TOO_LARGE, DamageClass.ORDINAL_REPEATED]),
}


@pytest.mark.parametrize(("ordinals", "found"), ORDINALS.values(), ids=ORDINALS)
def test_a_line_counts_by_its_ordinal(ordinals: list[int | None], found: list[DamageClass | None]) -> None:
    counted = Ordinals()
    assert [
        counted.take(ordinal, 100 * number, is_head=number == 0) for number, ordinal in enumerate(ordinals)
    ] == found
