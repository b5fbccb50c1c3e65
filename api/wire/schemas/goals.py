"""The goal of a thread."""

from collections.abc import Mapping

from api.wire.schemas.parts import Schema, clearable, enumeration, i64, nullable, request, string

REQUESTS: Mapping[str, Schema] = {
    "thread/goal/get": request("ThreadGoalGetParams", {"threadId": string()}, ["threadId"]),
    "thread/goal/set": request(
        "ThreadGoalSetParams",
        {
            "threadId": string(),
            "objective": nullable(string()),
            "status": nullable(enumeration("active", "paused", "budgetLimited", "complete")),
            "tokenBudget": clearable(i64()),
        },
        ["threadId"],
    ),
    "thread/goal/clear": request("ThreadGoalClearParams", {"threadId": string()}, ["threadId"]),
}
