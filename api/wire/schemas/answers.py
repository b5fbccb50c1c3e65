"""What each method answers."""

from collections.abc import Mapping

from api.wire.schemas.shapes import (
    ANYTHING,
    FLAG,
    OBJECT,
    TEXT,
    WHOLE,
    Shape,
    list_by_number,
    list_of,
    named,
    one_of,
    or_null,
    page_of,
    record,
)

_NOTHING = record({})
_THREAD = record({"thread": named("Thread")})
_GOAL = record({"goal": or_null(named("ThreadGoal"))})
_TURN = record({"turn": named("Turn")})
_ELICITATIONS = record({"count": WHOLE, "paused": FLAG})
_LIST = record({"data": list_of(OBJECT)})
_MARKETPLACES: Mapping[str, Shape] = {
    "marketplaces": list_of(OBJECT),
    "marketplaceLoadErrors": list_of(OBJECT),
}
_MODEL = record(
    {
        "id": TEXT,
        "model": TEXT,
        "displayName": TEXT,
        "description": TEXT,
        "hidden": FLAG,
        "supportedReasoningEfforts": list_of(OBJECT),
        "defaultReasoningEffort": TEXT,
        "isDefault": FLAG,
    }
)
_FEATURE = record(
    {
        "name": TEXT,
        "stage": one_of("beta", "underDevelopment", "stable", "deprecated", "removed"),
        "displayName": or_null(TEXT),
        "description": or_null(TEXT),
        "announcement": or_null(TEXT),
        "enabled": FLAG,
        "defaultEnabled": FLAG,
    }
)
_VOICES = record({"v1": list_of(TEXT), "v2": list_of(TEXT), "defaultV1": TEXT, "defaultV2": TEXT})

ANSWERS: Mapping[str, Shape] = {
    "initialize": record(dict.fromkeys(("userAgent", "codexHome", "platformFamily", "platformOs"), TEXT)),
    "thread/start": named("LoadedThread"),
    "thread/resume": named("LoadedThread"),
    "thread/fork": named("LoadedThread"),
    "thread/archive": _NOTHING,
    "thread/unarchive": _THREAD,
    "thread/unsubscribe": record({"status": one_of("notLoaded", "notSubscribed", "unsubscribed")}),
    "thread/name/set": _NOTHING,
    "thread/metadata/update": _THREAD,
    "thread/memoryMode/set": _NOTHING,
    "thread/goal/get": _GOAL,
    "thread/goal/set": _GOAL,
    "thread/goal/clear": record({"cleared": FLAG}),
    "thread/rollback": _THREAD,
    "thread/inject_items": _NOTHING,
    "thread/list": page_of(named("Thread")),
    "thread/loaded/list": list_by_number(TEXT),
    "thread/read": _THREAD,
    "thread/turns/list": page_of(named("Turn")),
    "thread/turns/items/list": page_of(named("ThreadItem")),
    "thread/compact/start": _NOTHING,
    "thread/shellCommand": _NOTHING,
    "thread/backgroundTerminals/clean": _NOTHING,
    "thread/increment_elicitation": _ELICITATIONS,
    "thread/decrement_elicitation": _ELICITATIONS,
    "turn/start": _TURN,
    "turn/steer": record({"turnId": TEXT}),
    "turn/interrupt": _NOTHING,
    "review/start": record({"turn": named("Turn"), "reviewThreadId": TEXT}),
    "account/read": record({"account": or_null(record({"type": TEXT})), "requiresOpenaiAuth": FLAG}),
    "account/rateLimits/read": OBJECT,
    "getAuthStatus": record(
        {"authMethod": or_null(TEXT), "authToken": or_null(TEXT), "requiresOpenaiAuth": or_null(FLAG)}
    ),
    "model/list": list_by_number(_MODEL),
    "modelProvider/capabilities/read": record(
        dict.fromkeys(("namespaceTools", "imageGeneration", "webSearch"), FLAG)
    ),
    "collaborationMode/list": _LIST,
    "experimentalFeature/list": list_by_number(_FEATURE),
    "thread/realtime/listVoices": record({"voices": _VOICES}),
    "windowsSandbox/readiness": record({"status": one_of("ready", "notConfigured", "updateRequired")}),
    "config/read": record(
        {"config": OBJECT, "origins": {"type": "object", "additionalProperties": named("ConfigLayer")}},
        {"layers": list_of(named("ConfigLayer"))},
    ),
    "configRequirements/read": record({"requirements": or_null(OBJECT)}),
    "skills/list": _LIST,
    "hooks/list": _LIST,
    "plugin/list": record({**_MARKETPLACES, "featuredPluginIds": list_of(TEXT)}),
    "plugin/installed": record(_MARKETPLACES),
    "app/list": list_by_number(OBJECT),
    "mcpServerStatus/list": list_by_number(OBJECT),
    "remoteControl/status/read": named("RemoteControlStatus"),
    "remoteControl/disable": named("RemoteControlStatus"),
    "threadStore/describe": record(
        {
            "server": record(dict.fromkeys(("name", "version", "protocolRelease"), TEXT)),
            "methods": list_of(TEXT),
            "instead": OBJECT,
            "policies": list_of(TEXT),
            "durability": TEXT,
            "features": OBJECT,
            "limits": OBJECT,
        }
    ),
    "threadStore/append": record({"threadId": TEXT, "version": WHOLE, "appended": WHOLE}),
    "threadStore/load": record(
        {
            "threadId": TEXT,
            "version": WHOLE,
            "items": list_of(
                record(
                    {"version": WHOLE},
                    {"type": TEXT, "timestamp": TEXT, "payload": ANYTHING, "damaged": FLAG, "size": WHOLE},
                )
            ),
            "nextVersion": or_null(WHOLE),
        }
    ),
    "threadStore/persist": record({"threadId": TEXT, "path": TEXT}),
    "threadStore/flush": _NOTHING,
    "threadStore/shutdown": record({"status": one_of("unloaded", "notLoaded")}),
    "threadStore/discard": _NOTHING,
    "threadStore/subscribe": record({"subscriptionId": TEXT, "position": TEXT}),
    "threadStore/unsubscribe": record({"status": one_of("unsubscribed", "notSubscribed")}),
}
"""The answers of all methods that are served."""
