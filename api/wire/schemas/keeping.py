"""What is written about a stored thread: where it lies, what it is called, what is remembered of it."""

from collections.abc import Mapping

from api.wire.schemas.parts import Schema, clearable, enumeration, nullable, request, string, struct

_GIT_INFO = struct(
    "ThreadMetadataGitInfoUpdateParams",
    {"sha": clearable(string()), "branch": clearable(string()), "originUrl": clearable(string())},
)

REQUESTS: Mapping[str, Schema] = {
    "thread/archive": request("ThreadArchiveParams", {"threadId": string()}, ["threadId"]),
    "thread/unarchive": request("ThreadUnarchiveParams", {"threadId": string()}, ["threadId"]),
    "thread/metadata/update": request(
        "ThreadMetadataUpdateParams",
        {"threadId": string(), "gitInfo": nullable(_GIT_INFO)},
        ["threadId"],
    ),
    "thread/name/set": request(
        "ThreadSetNameParams", {"threadId": string(), "name": string()}, ["threadId", "name"]
    ),
    "thread/memoryMode/set": request(
        "ThreadMemoryModeSetParams",
        {"threadId": string(), "mode": enumeration("enabled", "disabled")},
        ["threadId", "mode"],
    ),
}
