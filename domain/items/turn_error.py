"""Why a turn failed: the TurnError of the protocol, from the line that ended the turn."""

from collections.abc import Callable
from typing import Any

Payload = dict[str, Any]


def _http(detail: Payload) -> Payload:
    return {"httpStatusCode": detail.get("http_status_code")}


def _turn_kind(detail: Payload) -> Payload:
    return {"turnKind": detail["turn_kind"]}


NAMES = {
    "context_window_exceeded": "contextWindowExceeded",
    "usage_limit_exceeded": "usageLimitExceeded",
    "server_overloaded": "serverOverloaded",
    "cyber_policy": "cyberPolicy",
    "internal_server_error": "internalServerError",
    "unauthorized": "unauthorized",
    "bad_request": "badRequest",
    "thread_rollback_failed": "threadRollbackFailed",
    "sandbox_error": "sandboxError",
}
"""Errors that release 0.131.0 knows by name; any other reads as `other`."""

DETAILED: dict[str, tuple[str, Callable[[Payload], Payload]]] = {
    "http_connection_failed": ("httpConnectionFailed", _http),
    "response_stream_connection_failed": ("responseStreamConnectionFailed", _http),
    "response_stream_disconnected": ("responseStreamDisconnected", _http),
    "response_too_many_failed_attempts": ("responseTooManyFailedAttempts", _http),
    "active_turn_not_steerable": ("activeTurnNotSteerable", _turn_kind),
}
"""Errors that tell more than their name."""


def turn_error(payload: Payload) -> Payload:
    """The TurnError of a `task_complete` line with an error."""
    error = payload["error"]
    info = error.get("codex_error_info")
    return {
        "message": error["message"],
        "codexErrorInfo": None if info is None else _info(info),
        "additionalDetails": None,
    }


def _info(info: str | Payload) -> str | Payload:
    if isinstance(info, str):
        return NAMES.get(info, "other")
    ((name, detail),) = info.items()
    if name not in DETAILED:
        return NAMES.get(name, "other")
    wire_name, told = DETAILED[name]
    return {wire_name: told(detail)}
