"""Threads in use: start, resume, fork, and what is done to a loaded one."""

from collections.abc import Mapping

from api.wire.schemas.items import RESPONSE_ITEM
from api.wire.schemas.parts import (
    Schema,
    absolute_path,
    anything,
    boolean,
    choice,
    clearable,
    enumeration,
    mapping,
    nullable,
    path,
    request,
    sequence,
    string,
    struct,
    u32,
    untagged,
)

_GRANULAR = struct(
    "AskForApproval::Granular",
    {
        "sandbox_approval": boolean(),
        "rules": boolean(),
        "skill_approval": boolean(),
        "request_permissions": boolean(),
        "mcp_elicitations": boolean(),
    },
    ["sandbox_approval", "rules", "mcp_elicitations"],
)
_GRANULAR["title"] = "struct variant"

_ENVIRONMENT = struct(
    "TurnEnvironmentParams",
    {"environmentId": string(), "cwd": absolute_path()},
    ["environmentId", "cwd"],
)

_DYNAMIC_TOOL = struct(
    "DynamicToolSpecDe",
    {
        "namespace": nullable(string()),
        "name": string(),
        "description": string(),
        "inputSchema": anything(),
        "deferLoading": nullable(boolean()),
        "exposeToContext": nullable(boolean()),
    },
    ["name", "description", "inputSchema"],
)

_THREAD_SOURCE = enumeration("user", "subagent", "memory_consolidation")
PERSONALITY = enumeration("none", "friendly", "pragmatic")

APPROVAL_POLICY = choice(
    ["untrusted", "on-failure", "on-request", "granular", "never"], {"granular": _GRANULAR}
)
APPROVALS_REVIEWER = enumeration("user", "auto_review", "guardian_subagent")
SANDBOX_MODE = enumeration("read-only", "workspace-write", "danger-full-access")
ENVIRONMENTS = sequence(_ENVIRONMENT)
PERMISSIONS = untagged("Wire", string())

_OVERRIDES: Mapping[str, Schema] = {
    "model": nullable(string()),
    "modelProvider": nullable(string()),
    "serviceTier": clearable(string()),
    "cwd": nullable(string()),
    "runtimeWorkspaceRoots": nullable(sequence(path())),
    "approvalPolicy": nullable(APPROVAL_POLICY),
    "approvalsReviewer": nullable(APPROVALS_REVIEWER),
    "sandbox": nullable(SANDBOX_MODE),
    "permissions": nullable(PERMISSIONS),
    "config": nullable(mapping(anything())),
}
"""What start, resume and fork share; each goes on with fields of its own."""

_INSTRUCTIONS: Mapping[str, Schema] = {
    "baseInstructions": nullable(string()),
    "developerInstructions": nullable(string()),
}

_EARLIER: Mapping[str, Schema] = {"permissionProfile": clearable(anything())}
"""Fields of earlier releases that are still taken; they stand last, so that lists are read as before."""

REQUESTS: Mapping[str, Schema] = {
    "thread/start": request(
        "ThreadStartParams",
        {
            **_OVERRIDES,
            "serviceName": nullable(string()),
            **_INSTRUCTIONS,
            "personality": nullable(PERSONALITY),
            "ephemeral": nullable(boolean()),
            "sessionStartSource": nullable(enumeration("startup", "clear")),
            "threadSource": nullable(_THREAD_SOURCE),
            "environments": nullable(ENVIRONMENTS),
            "dynamicTools": nullable(sequence(_DYNAMIC_TOOL)),
            "mockExperimentalField": nullable(string()),
            "experimentalRawEvents": boolean(),
            "persistExtendedHistory": boolean(),
            **_EARLIER,
        },
    ),
    "thread/resume": request(
        "ThreadResumeParams",
        {
            "threadId": string(),
            "history": nullable(sequence(RESPONSE_ITEM)),
            "path": nullable(path()),
            **_OVERRIDES,
            **_INSTRUCTIONS,
            "personality": nullable(PERSONALITY),
            "excludeTurns": boolean(),
            "persistExtendedHistory": boolean(),
            **_EARLIER,
        },
        ["threadId"],
    ),
    "thread/fork": request(
        "ThreadForkParams",
        {
            "threadId": string(),
            "path": nullable(path()),
            **_OVERRIDES,
            **_INSTRUCTIONS,
            "ephemeral": boolean(),
            "threadSource": nullable(_THREAD_SOURCE),
            "excludeTurns": boolean(),
            "persistExtendedHistory": boolean(),
            **_EARLIER,
        },
        ["threadId"],
    ),
    "thread/rollback": request(
        "ThreadRollbackParams", {"threadId": string(), "numTurns": u32()}, ["threadId", "numTurns"]
    ),
    "thread/inject_items": request(
        "ThreadInjectItemsParams",
        {"threadId": string(), "items": sequence(anything())},
        ["threadId", "items"],
    ),
    "thread/unsubscribe": request("ThreadUnsubscribeParams", {"threadId": string()}, ["threadId"]),
}
"""The items of `thread/inject_items` are looked at by the method itself, which counts them in its refusal."""
