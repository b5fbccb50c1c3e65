"""What clients ask about the server when they start: accounts, models, settings, things that are listed.

Fields, their order and their sentences are those of release 0.131.0; `plugin/installed` is of later ones.
"""

from collections.abc import Mapping

from api.wire.schemas.parts import (
    Schema,
    absolute_path,
    boolean,
    enumeration,
    nullable,
    path,
    request,
    sequence,
    string,
    u32,
)

_BY_NUMBER: Mapping[str, Schema] = {"cursor": nullable(string()), "limit": nullable(u32())}
"""Paging by numbers: the cursor is how many rows were passed."""

REQUESTS: Mapping[str, Schema] = {
    "account/read": request("GetAccountParams", {"refreshToken": boolean()}),
    "getAuthStatus": request(
        "GetAuthStatusParams", {"includeToken": nullable(boolean()), "refreshToken": nullable(boolean())}
    ),
    "model/list": request("ModelListParams", {**_BY_NUMBER, "includeHidden": nullable(boolean())}),
    "modelProvider/capabilities/read": request("ModelProviderCapabilitiesReadParams", {}),
    "experimentalFeature/list": request("ExperimentalFeatureListParams", _BY_NUMBER),
    "collaborationMode/list": request("CollaborationModeListParams", {}),
    "thread/realtime/listVoices": request("ThreadRealtimeListVoicesParams", {}),
    "config/read": request("ConfigReadParams", {"includeLayers": boolean(), "cwd": nullable(string())}),
    "skills/list": request("SkillsListParams", {"cwds": sequence(path()), "forceReload": boolean()}),
    "hooks/list": request("HooksListParams", {"cwds": sequence(path())}),
    "plugin/list": request(
        "PluginListParams",
        {
            "cwds": nullable(sequence(absolute_path())),
            "marketplaceKinds": nullable(
                sequence(enumeration("local", "workspace-directory", "shared-with-me"))
            ),
        },
    ),
    "plugin/installed": request("PluginInstalledParams", {"cwds": nullable(sequence(absolute_path()))}),
    "app/list": request(
        "AppsListParams", {**_BY_NUMBER, "threadId": nullable(string()), "forceRefetch": boolean()}
    ),
    "mcpServerStatus/list": request(
        "ListMcpServerStatusParams",
        {**_BY_NUMBER, "detail": nullable(enumeration("full", "toolsAndAuthOnly"))},
    ),
}
