"""What clients are told of a thread's tokens (observed on release 0.131.0)."""

import pytest

from domain.session.token_usage import TokenUsage, TurnName, recomputed_payload, token_usage_params
from domain.shapes.account import TOKEN_COUNT
from tests.home import THREAD, Json


def counts(total: int) -> Json:
    """Counts as a log has them."""
    return {
        "input_tokens": total - 3,
        "cached_input_tokens": 2,
        "output_tokens": 3,
        "reasoning_output_tokens": 1,
        "total_tokens": total,
    }


INFO: Json = {
    "total_token_usage": counts(50),
    "last_token_usage": counts(20),
    "model_context_window": 1000,
}
USAGE = TokenUsage.of(INFO, "t2")


def test_usage_is_told_in_the_names_of_the_protocol() -> None:
    assert token_usage_params(THREAD, USAGE) == {
        "threadId": str(THREAD),
        "turnId": "t2",
        "tokenUsage": {
            "total": {
                "totalTokens": 50,
                "inputTokens": 47,
                "cachedInputTokens": 2,
                "outputTokens": 3,
                "reasoningOutputTokens": 1,
            },
            "last": {
                "totalTokens": 20,
                "inputTokens": 17,
                "cachedInputTokens": 2,
                "outputTokens": 3,
                "reasoningOutputTokens": 1,
            },
            "modelContextWindow": 1000,
        },
    }


def test_a_window_that_is_not_told_is_null() -> None:
    usage = TokenUsage.of(INFO | {"model_context_window": None}, None)
    params = token_usage_params(THREAD, usage)
    assert params["tokenUsage"]["modelContextWindow"] is None
    assert params["turnId"] == ""
    untold = {name: value for name, value in INFO.items() if name != "model_context_window"}
    assert TokenUsage.of(untold, None).model_context_window is None


@pytest.mark.parametrize(
    ("turns", "told"),
    [
        ("t1 completed, t2 interrupted, t3 completed", "t2"),
        ("t1 completed, t3 interrupted", "t1"),
        ("t1 completed, t3 completed, t4 inProgress", "t3"),
        ("t1 interrupted, t3 interrupted", "t3"),
        ("", ""),
    ],
    ids=["a turn that is there", "rolled back", "two completed", "none completed", "no turn"],
)
def test_usage_is_told_for_a_turn_that_there_is(turns: str, told: str) -> None:
    names = [TurnName(*turn.split()) for turn in turns.split(",") if turn]
    assert token_usage_params(THREAD, USAGE, names)["turnId"] == told


def test_a_rollback_keeps_what_was_used_and_bounds_what_is_left() -> None:
    payload = recomputed_payload(USAGE)
    assert payload is not None
    assert TOKEN_COUNT(payload)
    assert payload["info"]["total_token_usage"] == counts(50)
    left = payload["info"]["last_token_usage"]
    assert left == dict.fromkeys(counts(0), 0) | {"total_tokens": 20}
    assert TokenUsage.of(payload["info"], None).total == USAGE.total


def test_nothing_known_is_not_written() -> None:
    assert recomputed_payload(None) is None
