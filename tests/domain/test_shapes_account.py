"""Tests of the shapes of token counts and thread goals."""

import pytest

from tests.domain.shape_lines import (
    BOOLEAN,
    I64,
    NUMBER,
    OBJECT,
    STRING,
    THREAD_ID,
    UUID,
    Shape,
    is_kept,
    misjudged,
    names,
    nullable,
    required,
)

COUNTERS = (
    "input_tokens",
    "cached_input_tokens",
    "output_tokens",
    "reasoning_output_tokens",
    "total_tokens",
)
USAGE = dict.fromkeys(COUNTERS, 1)

TOKEN_COUNT = Shape(
    "event_msg:token_count",
    {
        "info": {"total_token_usage": USAGE, "last_token_usage": USAGE, "model_context_window": 1},
        "rate_limits": {
            "limit_id": "l",
            "limit_name": "n",
            "primary": {"used_percent": 1.5, "window_minutes": 1, "resets_at": 1},
            "secondary": {"used_percent": 1},
            "credits": {"has_credits": True, "unlimited": False, "balance": "b"},
            "plan_type": "pro",
            "rate_limit_reached_type": "rate_limit_reached",
        },
    },
    (
        nullable("info", OBJECT),
        required("info.total_token_usage", OBJECT),
        required("info.last_token_usage", OBJECT),
        *(required(f"info.total_token_usage.{name}", I64) for name in COUNTERS),
        nullable("info.model_context_window", I64),
        nullable("rate_limits", OBJECT),
        nullable("rate_limits.limit_id", STRING),
        nullable("rate_limits.limit_name", STRING),
        nullable("rate_limits.primary", OBJECT),
        required("rate_limits.primary.used_percent", NUMBER),
        nullable("rate_limits.primary.window_minutes", I64),
        nullable("rate_limits.primary.resets_at", I64),
        nullable("rate_limits.secondary", OBJECT),
        required("rate_limits.secondary.used_percent", NUMBER),
        nullable("rate_limits.credits", OBJECT),
        required("rate_limits.credits.has_credits", BOOLEAN),
        required("rate_limits.credits.unlimited", BOOLEAN),
        nullable("rate_limits.credits.balance", STRING),
        nullable("rate_limits.plan_type", STRING),
        nullable(
            "rate_limits.rate_limit_reached_type",
            names(
                "rate_limit_reached",
                "workspace_owner_credits_depleted",
                "workspace_member_credits_depleted",
                "workspace_owner_usage_limit_reached",
                "workspace_member_usage_limit_reached",
            ),
        ),
    ),
)

GOAL_UPDATED = Shape(
    "event_msg:thread_goal_updated",
    {
        "threadId": THREAD_ID,
        "turnId": "t",
        "goal": {
            "threadId": THREAD_ID,
            "objective": "o",
            "status": "active",
            "tokenBudget": 1,
            "tokensUsed": 1,
            "timeUsedSeconds": 1,
            "createdAt": 1,
            "updatedAt": 1,
        },
    },
    (
        required("threadId", UUID),
        nullable("turnId", STRING),
        required("goal", OBJECT),
        required("goal.threadId", UUID),
        required("goal.objective", STRING),
        required("goal.status", names("active", "paused", "budgetLimited", "complete")),
        nullable("goal.tokenBudget", I64),
        required("goal.tokensUsed", I64),
        required("goal.timeUsedSeconds", I64),
        required("goal.createdAt", I64),
        required("goal.updatedAt", I64),
    ),
)


@pytest.mark.parametrize("shape", [TOKEN_COUNT, GOAL_UPDATED], ids=str)
def test_every_field_of_a_count_or_a_goal_follows_its_rules(shape: Shape) -> None:
    assert misjudged(shape) == []


def test_a_plan_of_any_name_is_read() -> None:
    assert is_kept(TOKEN_COUNT.line(rate_limits={"plan_type": "a plan of next year"}))


def test_the_old_way_to_say_when_a_window_resets_is_ignored() -> None:
    assert is_kept(
        TOKEN_COUNT.line(rate_limits={"primary": {"used_percent": 1, "resets_in_seconds": "soon"}})
    )
