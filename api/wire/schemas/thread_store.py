"""The store for other agents: raw lines in and out, and the feed of changes."""

from collections.abc import Mapping

from api.wire.schemas.parts import (
    Schema,
    anything,
    enumeration,
    mapping,
    nullable,
    request,
    sequence,
    string,
    u32,
    u64,
    unit,
)

REQUESTS: Mapping[str, Schema] = {
    "threadStore/describe": unit(),
    "threadStore/append": request(
        "ThreadStoreAppendParams",
        {
            "threadId": string(),
            "items": sequence(mapping(anything())),
            "expectedVersion": nullable(u64()),
            "policy": nullable(enumeration("limited", "extended")),
        },
        ["threadId", "items"],
    ),
    "threadStore/load": request(
        "ThreadStoreLoadParams",
        {
            "threadId": string(),
            "fromVersion": nullable(u64()),
            "limit": nullable(u32()),
            "maxBytes": nullable(u64()),
        },
        ["threadId"],
    ),
    "threadStore/persist": request("ThreadStorePersistParams", {"threadId": string()}, ["threadId"]),
    "threadStore/flush": request("ThreadStoreFlushParams", {"threadId": nullable(string())}),
    "threadStore/shutdown": request("ThreadStoreShutdownParams", {"threadId": string()}, ["threadId"]),
    "threadStore/discard": request("ThreadStoreDiscardParams", {"threadId": string()}, ["threadId"]),
    "threadStore/subscribe": request(
        "ThreadStoreSubscribeParams", {"position": nullable(string()), "threadId": nullable(string())}
    ),
    "threadStore/unsubscribe": request(
        "ThreadStoreUnsubscribeParams", {"subscriptionId": string()}, ["subscriptionId"]
    ),
}
