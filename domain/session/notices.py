"""What start, resume and fork tell besides their answers."""

from collections.abc import Mapping
from typing import Any

Notice = tuple[str, Mapping[str, Any]]
"""A notification: its method and its parameters."""

ON_FAILURE = "on-failure"

ON_FAILURE_WARNING = (
    "`on-failure` approval policy is deprecated and will be removed in a future release. Use `on-request` "
    "for interactive approvals or `never` for non-interactive runs."
)


def deprecation_notices(params: Mapping[str, Any]) -> list[Notice]:
    """To be sent to the connection that asked, before its answer (case start-deprecated-flag)."""
    if not params.get("persistExtendedHistory"):
        return []
    return [
        (
            "deprecationNotice",
            {
                "summary": "persistExtendedHistory is deprecated and ignored",
                "details": "Remove this parameter. App-server always uses limited history persistence.",
            },
        )
    ]


def policy_warnings(thread_id: str, approval_policy: object) -> list[Notice]:
    """To be sent to the thread's subscribers.

    Behind `thread/started` of a start; for a resume and a fork behind the deprecation notice, before
    `thread/status/changed` and the answer (measured).
    """
    if approval_policy != ON_FAILURE:
        return []
    return [("warning", {"threadId": thread_id, "message": ON_FAILURE_WARNING})]
