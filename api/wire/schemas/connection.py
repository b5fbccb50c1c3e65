"""The handshake, and the methods that take nothing."""

from collections.abc import Mapping

from api.wire.schemas.parts import Schema, boolean, nullable, request, sequence, string, struct, unit

_CLIENT_INFO = struct(
    "ClientInfo",
    {"name": string(), "title": nullable(string()), "version": string()},
    ["name", "version"],
)

_CAPABILITIES = struct(
    "InitializeCapabilities",
    {
        "experimentalApi": boolean(),
        "requestAttestation": boolean(),
        "optOutNotificationMethods": nullable(sequence(string())),
    },
)

REQUESTS: Mapping[str, Schema] = {
    "initialize": request(
        "InitializeParams",
        {"clientInfo": _CLIENT_INFO, "capabilities": nullable(_CAPABILITIES)},
        ["clientInfo"],
    ),
    **dict.fromkeys(
        (
            "memory/reset",
            "remoteControl/enable",
            "remoteControl/disable",
            "remoteControl/status/read",
            "config/mcpServer/reload",
            "windowsSandbox/readiness",
            "account/logout",
            "account/rateLimits/read",
            "configRequirements/read",
        ),
        unit(),
    ),
}
