"""Turns: what asks for a model, or for something that a model's turn has. Nothing of it runs here.

Fields, their order and their sentences are those of release 0.131.0.
"""

from collections.abc import Mapping

from api.wire.schemas.parts import (
    Schema,
    absolute_path,
    anything,
    boolean,
    enumeration,
    mapping,
    nullable,
    path,
    request,
    sequence,
    string,
    struct,
    tagged,
    u64,
)
from api.wire.schemas.running import (
    APPROVAL_POLICY,
    APPROVALS_REVIEWER,
    ENVIRONMENTS,
    PERMISSIONS,
    PERSONALITY,
)
from api.wire.schemas.settings import REASONING_EFFORT

_PLACE: Schema = {**u64(), "title": "usize"}

_TEXT_ELEMENT = struct(
    "TextElement",
    {
        "byteRange": struct("ByteRange", {"start": _PLACE, "end": _PLACE}, ["start", "end"]),
        "placeholder": nullable(string()),
    },
    ["byteRange"],
)

_USER_INPUT = tagged(
    "UserInput",
    {
        "text": struct("text", {"text": string(), "text_elements": sequence(_TEXT_ELEMENT)}, ["text"]),
        "image": struct("image", {"url": string()}, ["url"]),
        "localImage": struct("localImage", {"path": path()}, ["path"]),
        "skill": struct("skill", {"name": string(), "path": path()}, ["name", "path"]),
        "mention": struct("mention", {"name": string(), "path": string()}, ["name", "path"]),
    },
)

SANDBOX_POLICY = tagged(
    "SandboxPolicyDeserialize",
    {
        "dangerFullAccess": struct("dangerFullAccess", {}),
        "readOnly": struct("readOnly", {"networkAccess": boolean()}),
        "externalSandbox": struct("externalSandbox", {"networkAccess": enumeration("restricted", "enabled")}),
        "workspaceWrite": struct(
            "workspaceWrite",
            {
                "writableRoots": sequence(absolute_path()),
                "networkAccess": boolean(),
                "excludeTmpdirEnvVar": boolean(),
                "excludeSlashTmp": boolean(),
            },
        ),
    },
)

_COLLABORATION_MODE = struct(
    "CollaborationMode",
    {
        "mode": enumeration("plan", "code", "custom", "default", "execute", "pair_programming"),
        "settings": struct(
            "Settings",
            {
                "model": string(),
                "reasoning_effort": nullable(REASONING_EFFORT),
                "developer_instructions": nullable(string()),
            },
            ["model"],
        ),
    },
    ["mode", "settings"],
)

_REVIEW_TARGET = tagged(
    "ReviewTarget",
    {
        "uncommittedChanges": struct("uncommittedChanges", {}),
        "baseBranch": struct("baseBranch", {"branch": string()}, ["branch"]),
        "commit": struct("commit", {"sha": string(), "title": nullable(string())}, ["sha"]),
        "custom": struct("custom", {"instructions": string()}, ["instructions"]),
    },
)


def _thread_only(name: str) -> Schema:
    return request(name, {"threadId": string()}, ["threadId"])


REQUESTS: Mapping[str, Schema] = {
    "turn/start": request(
        "TurnStartParams",
        {
            "threadId": string(),
            "input": sequence(_USER_INPUT),
            "responsesapiClientMetadata": nullable(mapping(string())),
            "environments": nullable(ENVIRONMENTS),
            "cwd": nullable(path()),
            "runtimeWorkspaceRoots": nullable(sequence(path())),
            "approvalPolicy": nullable(APPROVAL_POLICY),
            "approvalsReviewer": nullable(APPROVALS_REVIEWER),
            "sandboxPolicy": nullable(SANDBOX_POLICY),
            "permissions": nullable(PERMISSIONS),
            "model": nullable(string()),
            "serviceTier": nullable(string()),
            "effort": nullable(REASONING_EFFORT),
            "summary": nullable(enumeration("auto", "concise", "detailed", "none")),
            "personality": nullable(PERSONALITY),
            "outputSchema": nullable(anything()),
            "collaborationMode": nullable(_COLLABORATION_MODE),
        },
        ["threadId", "input"],
    ),
    "turn/steer": request(
        "TurnSteerParams",
        {
            "threadId": string(),
            "input": sequence(_USER_INPUT),
            "responsesapiClientMetadata": nullable(mapping(string())),
            "expectedTurnId": string(),
        },
        ["threadId", "input", "expectedTurnId"],
    ),
    "turn/interrupt": request(
        "TurnInterruptParams", {"threadId": string(), "turnId": string()}, ["threadId", "turnId"]
    ),
    "thread/compact/start": _thread_only("ThreadCompactStartParams"),
    "thread/shellCommand": request(
        "ThreadShellCommandParams", {"threadId": string(), "command": string()}, ["threadId", "command"]
    ),
    "review/start": request(
        "ReviewStartParams",
        {
            "threadId": string(),
            "target": _REVIEW_TARGET,
            "delivery": nullable(enumeration("inline", "detached")),
        },
        ["threadId", "target"],
    ),
    "thread/backgroundTerminals/clean": _thread_only("ThreadBackgroundTerminalsCleanParams"),
    "thread/increment_elicitation": _thread_only("ThreadIncrementElicitationParams"),
    "thread/decrement_elicitation": _thread_only("ThreadDecrementElicitationParams"),
}
