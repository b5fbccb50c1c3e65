"""What a turn_context line must look like."""

from domain.shapes.checks import anything, boolean, list_of, nullable, one_of, record, string, tagged, u64
from domain.shapes.permissions import (
    APPROVAL_POLICY,
    FILE_SYSTEM_SANDBOX_POLICY,
    PERMISSION_PROFILE,
    SANDBOX_POLICY,
)
from domain.shapes.shared import EFFORT, MODE

COLLABORATION_MODE = record(
    {
        "mode": MODE,
        "settings": record(
            {"model": string},
            {"reasoning_effort": nullable(EFFORT), "developer_instructions": nullable(string)},
        ),
    },
)

LIMIT = record({"limit": u64})

TURN_CONTEXT = record(
    {
        "cwd": string,
        "approval_policy": APPROVAL_POLICY,
        "sandbox_policy": SANDBOX_POLICY,
        "model": string,
        "summary": one_of("auto", "concise", "detailed", "none"),
    },
    {
        "turn_id": nullable(string),
        "trace_id": nullable(string),
        "current_date": nullable(string),
        "timezone": nullable(string),
        "permission_profile": nullable(PERMISSION_PROFILE),
        "network": nullable(record({"allowed_domains": list_of(string), "denied_domains": list_of(string)})),
        "file_system_sandbox_policy": nullable(FILE_SYSTEM_SANDBOX_POLICY),
        "personality": nullable(one_of("none", "friendly", "pragmatic")),
        "collaboration_mode": nullable(COLLABORATION_MODE),
        "realtime_active": nullable(boolean),
        "effort": nullable(EFFORT),
        "user_instructions": nullable(string),
        "developer_instructions": nullable(string),
        "final_output_json_schema": anything,
        "truncation_policy": nullable(tagged("mode", {"bytes": LIMIT, "tokens": LIMIT})),
    },
)
