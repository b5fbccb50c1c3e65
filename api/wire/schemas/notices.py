"""What clients are told without having asked."""

from collections.abc import Mapping

from api.wire.schemas.shapes import (
    ANYTHING,
    FLAG,
    TEXT,
    WHOLE,
    Shape,
    list_of,
    named,
    one_of,
    or_null,
    record,
)

_OF_THREAD = record({"threadId": TEXT})
_TURN = record({"threadId": TEXT, "turn": named("Turn")})

_CHANGE = record(
    {
        "type": one_of("found", "appended", "rewritten", "archived", "unarchived", "moved", "removed"),
        "path": or_null(TEXT),
    },
    {
        "firstVersion": or_null(WHOLE),
        "lastVersion": or_null(WHOLE),
        "keptTurns": or_null(WHOLE),
        "isWhole": FLAG,
        "turns": list_of(named("Turn")),
        "items": list_of(record({"turnId": TEXT, "item": named("ThreadItem")})),
    },
)

NOTIFICATIONS: Mapping[str, Shape] = {
    "configWarning": record({"summary": TEXT, "details": or_null(TEXT)}, {"path": TEXT, "range": ANYTHING}),
    "deprecationNotice": record({"summary": TEXT, "details": or_null(TEXT)}),
    "warning": record({"message": TEXT}, {"threadId": or_null(TEXT)}),
    "remoteControl/status/changed": named("RemoteControlStatus"),
    "thread/started": record({"thread": named("Thread")}),
    "thread/status/changed": record({"threadId": TEXT, "status": named("ThreadStatus")}),
    "thread/archived": _OF_THREAD,
    "thread/unarchived": _OF_THREAD,
    "thread/closed": _OF_THREAD,
    "thread/name/updated": record({"threadId": TEXT}, {"threadName": or_null(TEXT)}),
    "thread/goal/updated": record({"threadId": TEXT, "goal": named("ThreadGoal")}, {"turnId": or_null(TEXT)}),
    "thread/goal/cleared": _OF_THREAD,
    "thread/tokenUsage/updated": record(
        {"threadId": TEXT, "turnId": TEXT, "tokenUsage": named("ThreadTokenUsage")}
    ),
    "turn/started": _TURN,
    "turn/completed": _TURN,
    "threadStore/changed": record(
        {"subscriptionId": TEXT, "position": TEXT, "threadId": TEXT, "change": _CHANGE}
    ),
    "threadStore/subscriptionEnded": record({"subscriptionId": TEXT, "reason": TEXT, "message": TEXT}),
}
"""The parameters of every notification that this server sends."""

EXPERIMENTAL_NOTIFICATIONS = frozenset(
    {
        "thread/goal/updated",
        "thread/goal/cleared",
        "threadStore/changed",
        "threadStore/subscriptionEnded",
    }
)
"""Those of experimental methods."""
