"""Tests of the shape of turn_context lines; their permissions have tests of their own."""

import pytest

from tests.domain.shape_lines import (
    ANYTHING,
    BOOLEAN,
    OBJECT,
    STRING,
    STRINGS,
    U64,
    Shape,
    is_kept,
    misjudged,
    names,
    nullable,
    required,
)

EFFORT = names("none", "minimal", "low", "medium", "high", "xhigh")

SHAPE = Shape(
    "turn_context",
    {
        "turn_id": "t",
        "trace_id": "t",
        "cwd": "anything",
        "current_date": "d",
        "timezone": "z",
        "approval_policy": "on-request",
        "sandbox_policy": {"type": "danger-full-access"},
        "permission_profile": {"type": "disabled"},
        "network": {"allowed_domains": ["a"], "denied_domains": ["b"]},
        "file_system_sandbox_policy": {"kind": "restricted"},
        "model": "m",
        "personality": "none",
        "collaboration_mode": {
            "mode": "plan",
            "settings": {"model": "m", "reasoning_effort": "low", "developer_instructions": "d"},
        },
        "realtime_active": True,
        "effort": "high",
        "summary": "auto",
        "user_instructions": "u",
        "developer_instructions": "d",
        "final_output_json_schema": {"type": "object"},
        "truncation_policy": {"mode": "bytes", "limit": 5},
    },
    (
        required("cwd", STRING),
        required("approval_policy", names("untrusted", "on-failure", "on-request", "never")),
        required("sandbox_policy", OBJECT),
        required("model", STRING),
        required("summary", names("auto", "concise", "detailed", "none")),
        nullable("turn_id", STRING),
        nullable("trace_id", STRING),
        nullable("current_date", STRING),
        nullable("timezone", STRING),
        nullable("user_instructions", STRING),
        nullable("developer_instructions", STRING),
        nullable("permission_profile", OBJECT),
        nullable("file_system_sandbox_policy", OBJECT),
        nullable("network", OBJECT),
        required("network.allowed_domains", STRINGS),
        required("network.denied_domains", STRINGS),
        nullable("personality", names("none", "friendly", "pragmatic")),
        nullable("collaboration_mode", OBJECT),
        required(
            "collaboration_mode.mode",
            names("plan", "default", "code", "pair_programming", "execute", "custom"),
        ),
        required("collaboration_mode.settings", OBJECT),
        required("collaboration_mode.settings.model", STRING),
        nullable("collaboration_mode.settings.reasoning_effort", EFFORT),
        nullable("collaboration_mode.settings.developer_instructions", STRING),
        nullable("realtime_active", BOOLEAN),
        nullable("effort", EFFORT),
        nullable("final_output_json_schema", ANYTHING),
        nullable("truncation_policy", OBJECT),
        required("truncation_policy.mode", names("bytes", "tokens")),
        required("truncation_policy.limit", U64),
    ),
)


@pytest.mark.parametrize("shape", [SHAPE], ids=str)
def test_every_field_of_a_turn_context_follows_its_rules(shape: Shape) -> None:
    assert misjudged(shape) == []


def test_the_reviewer_of_approvals_is_no_field_of_this_line() -> None:
    assert is_kept(SHAPE.line(approvals_reviewer=5))
