"""What answers and notifications are made of: threads, turns, items, goals, settings."""

from collections.abc import Mapping

from api.wire.schemas.shapes import (
    ANYTHING,
    FLAG,
    OBJECT,
    TEXT,
    WHOLE,
    Shape,
    kind,
    list_of,
    named,
    one_of,
    or_null,
    record,
)

_SPAN = record({"start": WHOLE, "end": WHOLE})
_TEXT_ELEMENT = record({"byteRange": _SPAN, "placeholder": or_null(TEXT)})
_CITED = record({"path": TEXT, "lineStart": WHOLE, "lineEnd": WHOLE, "note": TEXT})
_CALL_STATUS = one_of("inProgress", "completed", "failed")
_CHANGE_STATUS = one_of("inProgress", "completed", "failed", "declined")
_TOOL_CALL: Mapping[str, Shape] = {"id": TEXT, "tool": TEXT, "arguments": ANYTHING, "status": _CALL_STATUS}

ITEMS: Mapping[str, Shape] = {
    "userMessage": record({"id": TEXT, "content": list_of(named("UserInput"))}),
    "hookPrompt": record({"id": TEXT, "fragments": list_of(record({"text": TEXT, "hookRunId": TEXT}))}),
    "agentMessage": record(
        {"id": TEXT, "text": TEXT},
        {
            "phase": or_null(one_of("commentary", "final_answer")),
            "memoryCitation": or_null(record({"entries": list_of(_CITED), "threadIds": list_of(TEXT)})),
        },
    ),
    "plan": record({"id": TEXT, "text": TEXT}),
    "reasoning": record({"id": TEXT, "summary": list_of(TEXT), "content": list_of(TEXT)}),
    "commandExecution": record(
        {
            "id": TEXT,
            "command": TEXT,
            "cwd": TEXT,
            "status": _CHANGE_STATUS,
            "commandActions": list_of(OBJECT),
        },
        {"aggregatedOutput": or_null(TEXT), "exitCode": or_null(WHOLE), "durationMs": or_null(WHOLE)},
    ),
    "fileChange": record(
        {
            "id": TEXT,
            "changes": list_of(record({"path": TEXT, "kind": record({"type": TEXT}), "diff": TEXT})),
            "status": _CHANGE_STATUS,
        }
    ),
    "mcpToolCall": record(
        {**_TOOL_CALL, "server": TEXT},
        {
            "durationMs": or_null(WHOLE),
            "result": or_null(OBJECT),
            "error": or_null(record({"message": TEXT})),
        },
    ),
    "dynamicToolCall": record(_TOOL_CALL, {"durationMs": or_null(WHOLE), "success": or_null(FLAG)}),
    "collabAgentToolCall": record(
        {"id": TEXT, "tool": TEXT, "status": _CALL_STATUS, "senderThreadId": TEXT},
        {"receiverThreadIds": list_of(TEXT), "agentsStates": OBJECT, "prompt": or_null(TEXT)},
    ),
    "webSearch": record({"id": TEXT, "query": TEXT}, {"action": or_null(record({"type": TEXT}))}),
    "imageView": record({"id": TEXT, "path": TEXT}),
    "imageGeneration": record(
        {"id": TEXT, "status": TEXT, "result": TEXT}, {"revisedPrompt": or_null(TEXT), "savedPath": TEXT}
    ),
    "enteredReviewMode": record({"id": TEXT, "review": TEXT}),
    "exitedReviewMode": record({"id": TEXT, "review": TEXT}),
    "contextCompaction": record({"id": TEXT}),
}
"""What an item of each kind has besides its `type`."""

_OTHER_ITEM: Shape = {
    "type": "object",
    "properties": {"id": TEXT, "type": {"type": "string", "not": {"enum": [*ITEMS]}}},
    "required": ["id", "type"],
}

_THREAD_SETTINGS: Mapping[str, Shape] = {
    "model": TEXT,
    "modelProvider": TEXT,
    "serviceTier": or_null(TEXT),
    "cwd": TEXT,
    "runtimeWorkspaceRoots": list_of(TEXT),
    "instructionSources": list_of(TEXT),
    "approvalPolicy": {"anyOf": [TEXT, OBJECT]},
    "approvalsReviewer": TEXT,
    "sandbox": record({"type": TEXT}),
    "activePermissionProfile": or_null(record({"id": TEXT})),
    "reasoningEffort": or_null(TEXT),
}

_COUNTS = record(
    dict.fromkeys(
        ("inputTokens", "cachedInputTokens", "outputTokens", "reasoningOutputTokens", "totalTokens"), WHOLE
    )
)

DEFINITIONS: Mapping[str, Shape] = {
    "RequestId": {"anyOf": [TEXT, WHOLE]},
    "UserInput": {
        "anyOf": [
            kind("text", {"text": TEXT}, {"text_elements": list_of(_TEXT_ELEMENT)}),
            kind("image", {"url": TEXT}),
            kind("localImage", {"path": TEXT}),
            kind("skill", {"name": TEXT, "path": TEXT}),
            kind("mention", {"name": TEXT, "path": TEXT}),
        ]
    },
    "ThreadItem": {
        "anyOf": [
            *(kind(name, {}) | {"allOf": [members]} for name, members in ITEMS.items()),
            _OTHER_ITEM,
        ]
    },
    "TurnError": record({"message": TEXT, "codexErrorInfo": ANYTHING, "additionalDetails": or_null(TEXT)}),
    "Turn": record(
        {
            "id": TEXT,
            "items": list_of(named("ThreadItem")),
            "itemsView": one_of("notLoaded", "summary", "full"),
            "status": one_of("completed", "interrupted", "failed", "inProgress"),
            "error": or_null(named("TurnError")),
            "startedAt": or_null(WHOLE),
            "completedAt": or_null(WHOLE),
            "durationMs": or_null(WHOLE),
        }
    ),
    "ThreadStatus": {
        "anyOf": [
            kind("notLoaded", {}),
            kind("idle", {}),
            kind("systemError", {}),
            kind("active", {"activeFlags": list_of(TEXT)}),
        ]
    },
    "GitInfo": record({"sha": or_null(TEXT), "branch": or_null(TEXT), "originUrl": or_null(TEXT)}),
    "SessionSource": {
        "anyOf": [
            one_of("cli", "vscode", "exec", "appServer", "unknown"),
            record({"custom": TEXT}),
            record({"subAgent": {"anyOf": [TEXT, OBJECT]}}),
        ]
    },
    "Thread": record(
        {
            "id": TEXT,
            "sessionId": TEXT,
            "forkedFromId": or_null(TEXT),
            "preview": TEXT,
            "ephemeral": FLAG,
            "modelProvider": TEXT,
            "createdAt": WHOLE,
            "updatedAt": WHOLE,
            "status": named("ThreadStatus"),
            "path": or_null(TEXT),
            "cwd": TEXT,
            "cliVersion": TEXT,
            "source": named("SessionSource"),
            "threadSource": or_null(TEXT),
            "agentNickname": or_null(TEXT),
            "agentRole": or_null(TEXT),
            "gitInfo": or_null(named("GitInfo")),
            "name": or_null(TEXT),
            "turns": list_of(named("Turn")),
        }
    ),
    "LoadedThread": record({"thread": named("Thread"), **_THREAD_SETTINGS}),
    "ThreadGoal": record(
        {
            "threadId": TEXT,
            "objective": TEXT,
            "status": one_of("active", "paused", "budgetLimited", "complete"),
            "tokenBudget": or_null(WHOLE),
            "tokensUsed": WHOLE,
            "timeUsedSeconds": WHOLE,
            "createdAt": WHOLE,
            "updatedAt": WHOLE,
        }
    ),
    "ThreadTokenUsage": record({"total": _COUNTS, "last": _COUNTS, "modelContextWindow": or_null(WHOLE)}),
    "RemoteControlStatus": record(
        {
            "status": one_of("disabled", "connecting", "connected", "errored"),
            "serverName": TEXT,
            "installationId": TEXT,
            "environmentId": or_null(TEXT),
        }
    ),
    "ConfigLayer": record({"name": record({"type": TEXT}), "version": TEXT}, {"config": OBJECT}),
}
"""What is referred to by name (`shapes.named`)."""
