"""Accounts, plugins, MCP servers, settings to be written, talks: what a store refuses.

Their parameters are read before, as in release 0.131.0, whose fields, order and sentences these are.
"""

from collections.abc import Mapping

from api.wire.schemas.machine import U16
from api.wire.schemas.parts import (
    Schema,
    absolute_path,
    anything,
    boolean,
    enumeration,
    i64,
    mapping,
    nullable,
    path,
    request,
    sequence,
    string,
    struct,
    tagged,
    u32,
    untagged,
)

_SHARE_TARGETS = sequence(
    struct(
        "PluginShareTarget",
        {
            "principalType": enumeration("user", "group", "workspace"),
            "principalId": string(),
            "role": enumeration("reader", "editor"),
        },
        ["principalType", "principalId", "role"],
    )
)
_AVAILABLE_PLUGIN = {
    "marketplacePath": nullable(absolute_path()),
    "remoteMarketplaceName": nullable(string()),
    "pluginName": string(),
}
_EDIT: Mapping[str, Schema] = {
    "keyPath": string(),
    "value": anything(),
    "mergeStrategy": enumeration("replace", "upsert"),
}
_TO_CONFIG: Mapping[str, Schema] = {"filePath": nullable(string()), "expectedVersion": nullable(string())}
_AUDIO = struct(
    "ThreadRealtimeAudioChunk",
    {
        "data": string(),
        "sampleRate": u32(),
        "numChannels": U16,
        "samplesPerChannel": nullable(u32()),
        "itemId": nullable(string()),
    },
    ["data", "sampleRate", "numChannels"],
)
_MIGRATION = struct(
    "ExternalAgentConfigMigrationItem",
    {
        "itemType": enumeration(
            *("AGENTS_MD", "CONFIG", "SKILLS", "PLUGINS", "MCP_SERVER_CONFIG", "SUBAGENTS", "HOOKS"),
            *("COMMANDS", "SESSIONS"),
        ),
        "description": string(),
        "cwd": nullable(path()),
        "details": nullable(mapping(anything())),
    },
    ["itemType", "description"],
)
_VOICE = enumeration(
    *("alloy", "arbor", "ash", "ballad", "breeze", "cedar", "coral", "cove", "echo", "ember"),
    *("juniper", "maple", "marin", "sage", "shimmer", "sol", "spruce", "vale", "verse"),
)
_LOGIN = tagged(
    "LoginAccountParams",
    {
        "apiKey": struct("apiKey", {"apiKey": string()}, ["apiKey"]),
        "chatgpt": struct("chatgpt", {"codexStreamlinedLogin": boolean()}),
        "chatgptDeviceCode": struct("chatgptDeviceCode", {}),
        "chatgptAuthTokens": struct(
            "chatgptAuthTokens",
            {
                "accessToken": string(),
                "chatgptAccountId": string(),
                "chatgptPlanType": nullable(string()),
            },
            ["accessToken", "chatgptAccountId"],
        ),
    },
)


def _only(name: str, **fields: Schema) -> Schema:
    """Parameters of which none may be missing."""
    return request(name, fields, [*fields])


REQUESTS: Mapping[str, Schema] = {
    "account/login/start": _LOGIN,
    "account/login/cancel": _only("CancelLoginAccountParams", loginId=string()),
    "account/sendAddCreditsNudgeEmail": _only(
        "SendAddCreditsNudgeEmailParams", creditType=enumeration("credits", "usage_limit")
    ),
    "feedback/upload": request(
        "FeedbackUploadParams",
        {
            "classification": string(),
            "reason": nullable(string()),
            "threadId": nullable(string()),
            "includeLogs": boolean(),
            "extraLogFiles": nullable(sequence(path())),
            "tags": nullable(mapping(string())),
        },
        ["classification", "includeLogs"],
    ),
    "marketplace/add": request(
        "MarketplaceAddParams",
        {
            "source": string(),
            "refName": nullable(string()),
            "sparsePaths": nullable(sequence(string())),
        },
        ["source"],
    ),
    "marketplace/remove": _only("MarketplaceRemoveParams", marketplaceName=string()),
    "marketplace/upgrade": request("MarketplaceUpgradeParams", {"marketplaceName": nullable(string())}),
    "plugin/read": request("PluginReadParams", _AVAILABLE_PLUGIN, ["pluginName"]),
    "plugin/install": request("PluginInstallParams", _AVAILABLE_PLUGIN, ["pluginName"]),
    "plugin/uninstall": _only("PluginUninstallParams", pluginId=string()),
    "plugin/skill/read": _only(
        "PluginSkillReadParams",
        remoteMarketplaceName=string(),
        remotePluginId=string(),
        skillName=string(),
    ),
    "plugin/share/save": request(
        "PluginShareSaveParams",
        {
            "pluginPath": absolute_path(),
            "remotePluginId": nullable(string()),
            "discoverability": nullable(enumeration("LISTED", "UNLISTED", "PRIVATE")),
            "shareTargets": nullable(_SHARE_TARGETS),
        },
        ["pluginPath"],
    ),
    "plugin/share/updateTargets": _only(
        "PluginShareUpdateTargetsParams",
        remotePluginId=string(),
        discoverability=enumeration("UNLISTED", "PRIVATE"),
        shareTargets=_SHARE_TARGETS,
    ),
    "plugin/share/list": request("PluginShareListParams", {}),
    "plugin/share/checkout": _only("PluginShareCheckoutParams", remotePluginId=string()),
    "plugin/share/delete": _only("PluginShareDeleteParams", remotePluginId=string()),
    "skills/config/write": request(
        "SkillsConfigWriteParams",
        {"path": nullable(absolute_path()), "name": nullable(string()), "enabled": boolean()},
        ["enabled"],
    ),
    "experimentalFeature/enablement/set": _only(
        "ExperimentalFeatureEnablementSetParams", enablement=mapping(boolean())
    ),
    "config/value/write": request(
        "ConfigValueWriteParams", {**_EDIT, **_TO_CONFIG}, ["keyPath", "value", "mergeStrategy"]
    ),
    "config/batchWrite": request(
        "ConfigBatchWriteParams",
        {
            "edits": sequence(struct("ConfigEdit", _EDIT, [*_EDIT])),
            **_TO_CONFIG,
            "reloadUserConfig": boolean(),
        },
        ["edits"],
    ),
    "mcpServer/oauth/login": request(
        "McpServerOauthLoginParams",
        {"name": string(), "scopes": nullable(sequence(string())), "timeoutSecs": nullable(i64())},
        ["name"],
    ),
    "mcpServer/resource/read": request(
        "McpResourceReadParams",
        {"threadId": nullable(string()), "server": string(), "uri": string()},
        ["server", "uri"],
    ),
    "mcpServer/tool/call": request(
        "McpServerToolCallParams",
        {
            "threadId": string(),
            "server": string(),
            "tool": string(),
            "arguments": anything(),
            "_meta": anything(),
        },
        ["threadId", "server", "tool"],
    ),
    "externalAgentConfig/detect": request(
        "ExternalAgentConfigDetectParams", {"includeHome": boolean(), "cwds": nullable(sequence(path()))}
    ),
    "externalAgentConfig/import": _only(
        "ExternalAgentConfigImportParams", migrationItems=sequence(_MIGRATION)
    ),
    "getConversationSummary": untagged(
        "GetConversationSummaryParams",
        struct("RolloutPath", {"rolloutPath": path()}, ["rolloutPath"]),
        struct("ThreadId", {"conversationId": string()}, ["conversationId"]),
    ),
    "mock/experimentalMethod": request("MockExperimentalMethodParams", {"value": nullable(string())}),
    "thread/approveGuardianDeniedAction": _only(
        "ThreadApproveGuardianDeniedActionParams", threadId=string(), event=anything()
    ),
    "thread/realtime/start": request(
        "ThreadRealtimeStartParams",
        {
            "threadId": string(),
            "outputModality": enumeration("text", "audio"),
            "prompt": nullable(string()),
            "realtimeSessionId": nullable(string()),
            "transport": nullable(
                tagged(
                    "ThreadRealtimeStartTransport",
                    {
                        "websocket": struct("websocket", {}),
                        "webrtc": struct("webrtc", {"sdp": string()}, ["sdp"]),
                    },
                )
            ),
            "voice": nullable(_VOICE),
        },
        ["threadId", "outputModality"],
    ),
    "thread/realtime/appendAudio": _only("ThreadRealtimeAppendAudioParams", threadId=string(), audio=_AUDIO),
    "thread/realtime/appendText": _only("ThreadRealtimeAppendTextParams", threadId=string(), text=string()),
    "thread/realtime/stop": _only("ThreadRealtimeStopParams", threadId=string()),
}
"""The details of what is to be imported are not looked into: it is refused either way."""
