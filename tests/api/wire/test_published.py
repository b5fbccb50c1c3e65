"""The published documents describe what this server really sends."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import fastjsonschema
import orjson
import pytest

from api.service import HANDLERS, Service
from api.wire.published import published_schemas, served_methods
from api.wire.schemas.answers import ANSWERS
from api.wire.schemas.notices import NOTIFICATIONS
from api.wire.schemas.objects import ITEMS
from tests.api.clients import Refused, ServedClient, service_on
from tests.api.lifecycle import ID, ear_on, laid, message
from tests.home import event, meta

Json = dict[str, Any]
FULL = published_schemas(experimental=True)
STABLE = published_schemas(experimental=False)
INPUT = [{"type": "text", "text": "hello"}]

CONVERSATION: list[tuple[str, str, Json]] = [
    ("thread/list", "ThreadList", {}),
    ("thread/read", "ThreadRead", {"threadId": ID, "includeTurns": True}),
    ("thread/resume", "ThreadResume", {"threadId": ID, "approvalPolicy": "on-failure"}),
    ("thread/start", "ThreadStart", {"persistExtendedHistory": True}),
    ("thread/fork", "ThreadFork", {"threadId": ID}),
    ("thread/loaded/list", "ThreadLoadedList", {}),
    ("thread/turns/list", "ThreadTurnsList", {"threadId": ID, "itemsView": "full"}),
    ("thread/turns/items/list", "ThreadTurnsItemsList", {"threadId": ID, "turnId": "one"}),
    ("thread/inject_items", "ThreadInjectItems", {"threadId": ID, "items": [message("more")]}),
    ("thread/name/set", "ThreadSetName", {"threadId": ID, "name": "named"}),
    ("thread/goal/set", "ThreadGoalSet", {"threadId": ID, "objective": "all of it"}),
    ("thread/goal/get", "ThreadGoalGet", {"threadId": ID}),
    ("thread/goal/clear", "ThreadGoalClear", {"threadId": ID}),
    ("thread/metadata/update", "ThreadMetadataUpdate", {"threadId": ID, "gitInfo": {"branch": "b"}}),
    ("thread/memoryMode/set", "ThreadMemoryModeSet", {"threadId": ID, "mode": "disabled"}),
    ("turn/start", "TurnStart", {"threadId": ID, "input": INPUT}),
    ("review/start", "ReviewStart", {"threadId": ID, "target": {"type": "uncommittedChanges"}}),
    ("thread/compact/start", "ThreadCompactStart", {"threadId": ID}),
    ("thread/increment_elicitation", "ThreadIncrementElicitation", {"threadId": ID}),
    ("thread/backgroundTerminals/clean", "ThreadBackgroundTerminalsClean", {"threadId": ID}),
    ("thread/rollback", "ThreadRollback", {"threadId": ID, "numTurns": 1}),
    ("account/read", "GetAccount", {}),
    ("getAuthStatus", "GetAuthStatus", {}),
    ("model/list", "ModelList", {}),
    ("modelProvider/capabilities/read", "ModelProviderCapabilitiesRead", {}),
    ("collaborationMode/list", "CollaborationModeList", {}),
    ("experimentalFeature/list", "ExperimentalFeatureList", {}),
    ("thread/realtime/listVoices", "ThreadRealtimeListVoices", {}),
    ("config/read", "ConfigRead", {"includeLayers": True}),
    ("configRequirements/read", "ConfigRequirementsRead", {}),
    ("skills/list", "SkillsList", {}),
    ("hooks/list", "HooksList", {}),
    ("plugin/list", "PluginList", {}),
    ("plugin/installed", "PluginInstalled", {}),
    ("app/list", "AppsList", {}),
    ("mcpServerStatus/list", "ListMcpServerStatus", {}),
    ("remoteControl/status/read", "RemoteControlStatusRead", {}),
    ("remoteControl/disable", "RemoteControlDisable", {}),
    ("windowsSandbox/readiness", "WindowsSandboxReadiness", {}),
    ("threadStore/describe", "ThreadStoreDescribe", {}),
    ("threadStore/append", "ThreadStoreAppend", {"threadId": ID, "items": [message("and more")]}),
    ("threadStore/load", "ThreadStoreLoad", {"threadId": ID}),
    ("threadStore/persist", "ThreadStorePersist", {"threadId": ID}),
    ("threadStore/flush", "ThreadStoreFlush", {}),
    ("thread/unsubscribe", "ThreadUnsubscribe", {"threadId": ID}),
    ("threadStore/shutdown", "ThreadStoreShutdown", {"threadId": ID}),
    ("thread/archive", "ThreadArchive", {"threadId": ID}),
    ("thread/unarchive", "ThreadUnarchive", {"threadId": ID}),
]
"""What a client asks, one after the other, and the name of the documents about it."""

TOLD_BY_IT = NOTIFICATIONS.keys() - {
    "configWarning",
    "threadStore/changed",
    "threadStore/subscriptionEnded",
}


def judge(document: Json) -> Callable[[Any], Any]:
    """A check of values against a document."""
    check: Callable[[Any], Any] = fastjsonschema.compile(document, use_default=False)
    return check


async def test_answers_and_notifications_are_as_published(tmp_path: Path) -> None:
    laid(tmp_path)
    (tmp_path / "config.toml").write_text('model = "m"\n[features]\ngoals = true\n')
    async with ear_on(tmp_path, goals=True) as ear:
        for method, name, params in CONVERSATION:
            judge(FULL[f"v2/{name}Response.json"])(await ear.call(method, **params))
            if f"v2/{name}Params.json" in FULL:
                judge(FULL[f"v2/{name}Params.json"])(params)
        await ear.call("model/list")
    told = judge(FULL["ServerNotification.json"])
    for notification in ear.told:
        told(notification)
    assert {notification["method"] for notification in ear.told} == TOLD_BY_IT


async def test_changes_are_told_as_published(tmp_path: Path) -> None:
    laid(tmp_path)
    service = service_on(tmp_path)
    client = await ServedClient(service).greet()
    subscription = await client.call("threadStore/subscribe", position="beginning")
    await client.until(lambda: bool(client.changes()))
    ended = await client.call("threadStore/unsubscribe", subscriptionId=subscription["subscriptionId"])
    await service.close()
    judge(FULL["v2/ThreadStoreSubscribeResponse.json"])(subscription)
    judge(FULL["v2/ThreadStoreUnsubscribeResponse.json"])(ended)
    judge(FULL["v2/ThreadStoreChangedNotification.json"])(client.changes()[0])


async def test_a_broken_configuration_is_told_as_published(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("model = 5\n")
    async with ear_on(tmp_path) as ear:
        await ear.until(lambda: bool(ear.params("configWarning")))
    judge(FULL["v2/ConfigWarningNotification.json"])(ear.params("configWarning")[0])


class Reader(ServedClient):
    """A client that holds the lines themselves against the documents."""

    def __init__(self, service: Service) -> None:
        super().__init__(service)
        self.heard: list[str] = []
        self._begun = b""

    def take(self, part: bytes) -> None:
        """Check a line, once it is whole."""
        self._begun += part
        if part.endswith(b"\n"):
            line = orjson.loads(self._begun)
            self._begun = b""
            self.heard.append(
                "Notification" if "method" in line else "Error" if "error" in line else "Response"
            )
            judge(FULL[f"JSONRPC{self.heard[-1]}.json"])(line)
        super().take(part)


async def test_lines_are_as_published(tmp_path: Path) -> None:
    laid(tmp_path)
    service = service_on(tmp_path, lasting=False)
    reader = await Reader(service).greet()
    await reader.call("thread/read", threadId=ID, includeTurns=True)
    for method in ("thread/read", "turn/start", "fs/readFile"):
        with pytest.raises(Refused):
            await reader.call(method, path="/x")
    await service.close()
    assert set(reader.heard) == {"Notification", "Response", "Error"}


ITEM_LINES = (
    event("task_started", turn_id="one", model_context_window=None)
    + event("user_message", message="hi", images=["data:x"], local_images=["/p"])
    + event("agent_message", message="yo", phase="commentary")
    + event("agent_reasoning", text="hm")
    + event("web_search_end", call_id="w", query="q", action={"type": "search", "query": "q"})
    + event("context_compacted")
)


async def test_items_are_as_published(tmp_path: Path) -> None:
    laid(tmp_path).write_bytes(meta() + ITEM_LINES)
    async with ear_on(tmp_path) as ear:
        thread = await ear.call("thread/read", threadId=ID, includeTurns=True)
    judge(FULL["v2/ThreadReadResponse.json"])(thread)
    kinds = {item["type"] for turn in thread["thread"]["turns"] for item in turn["items"]}
    assert kinds == {"userMessage", "agentMessage", "reasoning", "webSearch", "contextCompaction"}


@pytest.mark.parametrize("kind", ITEMS)
def test_an_item_of_a_known_kind_needs_its_members(kind: str) -> None:
    check = judge({**FULL["v2/ThreadTurnsItemsListResponse.json"]})
    page = {"nextCursor": None, "backwardsCursor": None}
    with pytest.raises(fastjsonschema.JsonSchemaException):
        check({"data": [{"type": kind}], **page})
    check({"data": [{"type": f"{kind}Of2030", "id": "x"}], **page})


def test_every_served_method_is_published_and_no_other() -> None:
    assert ANSWERS.keys() == HANDLERS.keys() == set(served_methods())


@pytest.mark.parametrize("documents", [FULL, STABLE], ids=["full", "stable"])
def test_every_document_stands_alone(documents: dict[str, Json]) -> None:
    for document in documents.values():
        assert document["$schema"] == "http://json-schema.org/draft-07/schema#"
        judge(document)


def test_what_is_experimental_is_published_only_if_asked() -> None:
    assert STABLE.keys() < FULL.keys()
    assert "v2/ThreadTurnsListParams.json" in FULL.keys() - STABLE.keys()
    assert not [name for name in STABLE if "ThreadStore" in name or "Goal" in name]
    hidden = {"path", "history", "excludeTurns", "permissions", "persistExtendedHistory"}
    full, stable = (each["v2/ThreadResumeParams.json"]["properties"] for each in (FULL, STABLE))
    assert hidden <= full.keys() - stable.keys()
    for each, takes in ((full, True), (stable, False)):
        granular = {"granular": dict.fromkeys(("sandbox_approval", "rules", "mcp_elicitations"), True)}
        check = judge({"$schema": "http://json-schema.org/draft-07/schema#", **each["approvalPolicy"]})
        check("never")
        if takes:
            check(granular)
        else:
            with pytest.raises(fastjsonschema.JsonSchemaException):
                check(granular)


@pytest.mark.parametrize("method", ["thread/list", "configRequirements/read"])
def test_a_request_is_told_by_its_method(method: str) -> None:
    check = judge(STABLE["ClientRequest.json"])
    check({"id": 1, "method": method, "params": {}})
    check({"id": "a", "method": "thread/read", "params": {"threadId": "x"}})
    for wrong in ({"id": 1, "method": "thread/read", "params": {}}, {"id": 1, "method": "no/such"}):
        with pytest.raises(fastjsonschema.JsonSchemaException):
            check(wrong)


def test_documents_hold_no_words_for_refusals() -> None:
    assert "x-form" not in str(FULL)
    assert "a string" not in str(FULL)
