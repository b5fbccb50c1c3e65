"""What token counts and thread goals must look like."""

from domain.shapes.checks import boolean, i64, nullable, number, one_of, record, string, uuid

USAGE = record(
    {
        "input_tokens": i64,
        "cached_input_tokens": i64,
        "output_tokens": i64,
        "reasoning_output_tokens": i64,
        "total_tokens": i64,
    },
)

RATE_LIMIT_WINDOW = record(
    {"used_percent": number},
    {"window_minutes": nullable(i64), "resets_at": nullable(i64)},
)

# What is inside `credits`, and that the reason must be a known one while the plan may be any string, was
# observed on release 0.131.0.
CREDITS = record({"has_credits": boolean, "unlimited": boolean}, {"balance": nullable(string)})

RATE_LIMITS = record(
    {},
    {
        "limit_id": nullable(string),
        "limit_name": nullable(string),
        "primary": nullable(RATE_LIMIT_WINDOW),
        "secondary": nullable(RATE_LIMIT_WINDOW),
        "credits": nullable(CREDITS),
        "plan_type": nullable(string),  # an unknown plan reads as `unknown`
        "rate_limit_reached_type": nullable(
            one_of(
                "rate_limit_reached",
                "workspace_owner_credits_depleted",
                "workspace_member_credits_depleted",
                "workspace_owner_usage_limit_reached",
                "workspace_member_usage_limit_reached",
            ),
        ),
    },
)

TOKEN_COUNT = record(
    {},
    {
        "info": nullable(
            record(
                {"total_token_usage": USAGE, "last_token_usage": USAGE},
                {"model_context_window": nullable(i64)},
            ),
        ),
        "rate_limits": nullable(RATE_LIMITS),
    },
)

THREAD_GOAL_UPDATED = record(
    {
        "threadId": uuid,
        "goal": record(
            {
                "threadId": uuid,
                "objective": string,
                "status": one_of("active", "paused", "budgetLimited", "complete"),
                "tokensUsed": i64,
                "timeUsedSeconds": i64,
                "createdAt": i64,
                "updatedAt": i64,
            },
            {"tokenBudget": nullable(i64)},
        ),
    },
    {"turnId": nullable(string)},
)
