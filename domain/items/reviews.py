"""The end of a review in the newer dialect: what was found is part of the text."""

from collections.abc import Sequence
from typing import Any

from domain.items.marks import REVIEW_FAILED
from domain.text import trim

Payload = dict[str, Any]

ONE_COMMENT, MORE_COMMENTS = "Review comment:", "Full review comments:"


def exited_review_mode(item_id: str, item: Payload) -> Payload:
    """`exitedReviewMode`: the reviewer's explanation and findings."""
    output = item.get("review_output")
    return {
        "type": "exitedReviewMode",
        "id": item_id,
        "review": REVIEW_FAILED if output is None else _text(output),
    }


def _text(output: Payload) -> str:
    said = (trim(output["overall_explanation"]), _comments(output["findings"]))
    return "\n\n".join(part for part in said if part) or REVIEW_FAILED


def _comments(findings: Sequence[Payload]) -> str:
    """All findings below their heading; nothing when there are none."""
    if not findings:
        return ""
    heading = ONE_COMMENT if len(findings) == 1 else MORE_COMMENTS
    return trim("\n\n".join([heading, *map(_comment, findings)]))


def _comment(finding: Payload) -> str:
    location = finding["code_location"]
    lines = location["line_range"]
    place = f"{location['absolute_file_path']}:{lines['start']}-{lines['end']}"
    body = [f"  {line}" for line in lines_of(finding["body"])]
    return "\n".join([f"- {finding['title']} — {place}", *body])


def lines_of(text: str) -> list[str]:
    """The lines of a text, which end with a line feed, and a carriage return before it."""
    lines = text.split("\n")
    if lines[-1] == "":
        lines.pop()
    return [line.removesuffix("\r") for line in lines]
