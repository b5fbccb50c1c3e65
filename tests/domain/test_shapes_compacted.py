"""Tests of the shape of compacted lines."""

from typing import Any

import pytest

from tests.domain.shape_lines import STRING, Kind, Shape, is_kept, misjudged, nullable, required

MESSAGE = {"type": "message", "role": "user", "content": []}
GHOST = {"type": "ghost_snapshot", "ghost_commit": 5}

SHAPE = Shape(
    "compacted",
    {"message": "m", "replacement_history": [MESSAGE]},
    (
        required("message", STRING),
        nullable("replacement_history", Kind(good=([], [MESSAGE, MESSAGE]), bad=({}, "x", 5, [None], [[]]))),
    ),
)


@pytest.mark.parametrize("shape", [SHAPE], ids=str)
def test_every_field_of_a_compacted_line_follows_its_rules(shape: Shape) -> None:
    assert misjudged(shape) == []


@pytest.mark.parametrize(
    "item",
    [
        GHOST,
        {"type": "mystery", "role": 5},
        {"type": "compaction_trigger", "role": 5},
        {"type": "other"},
        {"type": "compaction", "encrypted_content": "e"},
        {"type": "compaction_summary", "encrypted_content": "e"},
    ],
)
def test_a_replacement_history_tolerates_items_without_meaning(item: Any) -> None:
    assert is_kept(SHAPE.line(replacement_history=[MESSAGE, item]))


@pytest.mark.parametrize(
    "item",
    [
        {},
        {"type": None},
        {"role": "user", "content": []},
        {"type": "message", "role": "user"},
        {"type": "compaction"},
        {"type": "compaction_summary"},
    ],
)
def test_a_replacement_history_with_a_broken_item_drops_the_line(item: Any) -> None:
    assert not is_kept(SHAPE.line(replacement_history=[MESSAGE, item]))


def test_ghost_snapshots_do_not_excuse_their_neighbours() -> None:
    assert not is_kept(SHAPE.line(replacement_history=[GHOST, {"type": "message"}]))
