"""Items that mark a moment of the thread: compactions and reviews."""

from typing import Any

from domain.text import trim

Payload = dict[str, Any]

REVIEW_REQUESTED = "Review requested."
REVIEW_FAILED = "Reviewer failed to output a response."


def context_compaction(item_id: str, _payload: Payload) -> Payload:
    """`contextCompaction`."""
    return {"type": "contextCompaction", "id": item_id}


def entered_review_mode(item_id: str, payload: Payload) -> Payload:
    """`enteredReviewMode`: the hint, an empty one too."""
    hint = payload.get("user_facing_hint")
    return {"type": "enteredReviewMode", "id": item_id, "review": REVIEW_REQUESTED if hint is None else hint}


def exited_review_mode(item_id: str, payload: Payload) -> Payload:
    """`exitedReviewMode`: the reviewer's explanation."""
    output = payload.get("review_output")
    explanation = trim(output["overall_explanation"]) if output is not None else ""
    return {"type": "exitedReviewMode", "id": item_id, "review": explanation or REVIEW_FAILED}
