"""Lists and pages: what is read of stored threads."""

from collections.abc import Mapping

from api.wire.schemas.parts import (
    Schema,
    boolean,
    enumeration,
    nullable,
    request,
    sequence,
    string,
    u32,
    untagged,
)

_DIRECTION = enumeration("asc", "desc")
_SOURCE_KIND = enumeration(
    "cli",
    "vscode",
    "exec",
    "appServer",
    "subAgent",
    "subAgentReview",
    "subAgentCompact",
    "subAgentThreadSpawn",
    "subAgentOther",
    "unknown",
)

REQUESTS: Mapping[str, Schema] = {
    "thread/list": request(
        "ThreadListParams",
        {
            "cursor": nullable(string()),
            "limit": nullable(u32()),
            "sortKey": nullable(enumeration("created_at", "updated_at")),
            "sortDirection": nullable(_DIRECTION),
            "modelProviders": nullable(sequence(string())),
            "sourceKinds": nullable(sequence(_SOURCE_KIND)),
            "archived": nullable(boolean()),
            "cwd": nullable(untagged("ThreadListCwdFilter", string(), sequence(string()))),
            "useStateDbOnly": boolean(),
            "searchTerm": nullable(string()),
        },
    ),
    "thread/loaded/list": request(
        "ThreadLoadedListParams", {"cursor": nullable(string()), "limit": nullable(u32())}
    ),
    "thread/read": request(
        "ThreadReadParams", {"threadId": string(), "includeTurns": boolean()}, ["threadId"]
    ),
    "thread/turns/list": request(
        "ThreadTurnsListParams",
        {
            "threadId": string(),
            "cursor": nullable(string()),
            "limit": nullable(u32()),
            "sortDirection": nullable(_DIRECTION),
            "itemsView": nullable(enumeration("notLoaded", "summary", "full")),
        },
        ["threadId"],
    ),
    "thread/turns/items/list": request(
        "ThreadTurnsItemsListParams",
        {
            "threadId": string(),
            "turnId": string(),
            "cursor": nullable(string()),
            "limit": nullable(u32()),
            "sortDirection": nullable(_DIRECTION),
        },
        ["threadId", "turnId"],
    ),
}
