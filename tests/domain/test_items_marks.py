"""Items that mark a moment of the thread (thread-history.md, section 3)."""

from typing import Any

import pytest

from domain.items.marks import context_compaction, entered_review_mode, exited_review_mode

ASKED = "Review requested."
FAILED = "Reviewer failed to output a response."


def test_a_compaction_has_no_further_field() -> None:
    told = context_compaction("item-1", {"type": "context_compacted"})
    assert told == {"type": "contextCompaction", "id": "item-1"}


@pytest.mark.parametrize(
    ("payload", "review"),
    [
        ({}, ASKED),
        ({"user_facing_hint": None}, ASKED),
        ({"user_facing_hint": "h"}, "h"),
        ({"user_facing_hint": ""}, ""),
        ({"user_facing_hint": " h "}, " h "),
    ],
)
def test_a_review_begins_with_its_hint(payload: dict[str, Any], review: str) -> None:
    told = entered_review_mode("item-1", {"target": {"type": "uncommittedChanges"}, **payload})
    assert told == {"type": "enteredReviewMode", "id": "item-1", "review": review}


@pytest.mark.parametrize(
    ("explanation", "review"),
    [
        ("e", "e"),
        ("\u3000 a b\n", "a b"),
        ("\x1c", "\x1c"),
        ("", FAILED),
        (" \u2003\n", FAILED),
    ],
)
def test_a_review_ends_with_the_trimmed_explanation(explanation: str, review: str) -> None:
    told = exited_review_mode("item-1", {"review_output": {"overall_explanation": explanation}})
    assert told == {"type": "exitedReviewMode", "id": "item-1", "review": review}


@pytest.mark.parametrize("payload", [{}, {"review_output": None}])
def test_a_review_without_output_failed(payload: dict[str, Any]) -> None:
    assert exited_review_mode("item-1", payload)["review"] == FAILED
