"""Tests of the shapes of the beginning and the end of a review."""

from typing import Any

import pytest

from tests.domain.shape_lines import (
    I32,
    LIST,
    NUMBER,
    OBJECT,
    STRING,
    U32,
    Shape,
    is_kept,
    line_of,
    misjudged,
    names,
    nullable,
    required,
)


def entered(target: dict[str, Any], *fields: Any) -> Shape:
    """The beginning of a review of this target."""
    return Shape("event_msg:entered_review_mode", {"target": target, "user_facing_hint": "h"}, fields)


SHAPES = (
    entered(
        {"type": "uncommittedChanges"},
        required("target", OBJECT),
        required("target.type", names("uncommittedChanges")),
        nullable("user_facing_hint", STRING),
    ),
    entered({"type": "baseBranch", "branch": "b"}, required("target.branch", STRING)),
    entered(
        {"type": "commit", "sha": "s", "title": "t"},
        required("target.sha", STRING),
        nullable("target.title", STRING),
    ),
    entered({"type": "custom", "instructions": "i"}, required("target.instructions", STRING)),
    Shape(
        "event_msg:exited_review_mode",
        {
            "review_output": {
                "findings": [
                    {
                        "title": "t",
                        "body": "b",
                        "confidence_score": 0.5,
                        "priority": 1,
                        "code_location": {
                            "absolute_file_path": "anything",
                            "line_range": {"start": 1, "end": 2},
                        },
                    }
                ],
                "overall_correctness": "c",
                "overall_explanation": "e",
                "overall_confidence_score": 1,
            }
        },
        (
            nullable("review_output", OBJECT),
            required("review_output.findings", LIST),
            required("review_output.overall_correctness", STRING),
            required("review_output.overall_explanation", STRING),
            required("review_output.overall_confidence_score", NUMBER),
            required("review_output.findings.0.title", STRING),
            required("review_output.findings.0.body", STRING),
            required("review_output.findings.0.confidence_score", NUMBER),
            required("review_output.findings.0.priority", I32),
            required("review_output.findings.0.code_location", OBJECT),
            required("review_output.findings.0.code_location.absolute_file_path", STRING),
            required("review_output.findings.0.code_location.line_range", OBJECT),
            required("review_output.findings.0.code_location.line_range.start", U32),
            required("review_output.findings.0.code_location.line_range.end", U32),
        ),
    ),
)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_every_field_of_a_review_follows_its_rules(shape: Shape) -> None:
    assert misjudged(shape) == []


def test_the_old_beginning_of_a_review_by_prompt_is_dropped() -> None:
    assert not is_kept(line_of("event_msg:entered_review_mode", {"prompt": "p", "user_facing_hint": "h"}))
