"""What clients ask when they start has an answer that keeps all of them at work."""

import platform
from pathlib import Path
from typing import Any

import pytest

from tests.api.clients import Refused
from tests.api.lifecycle import ID, ear_on, laid

Json = dict[str, Any]
INSTALLATION = "0b7a7a52-7f0c-4f7e-9a55-3f6f8a0c0001"
NOBODY = "00000000-0000-0000-0000-000000000000"
MODEL: Json = {
    "id": "none",
    "model": "none",
    "displayName": "none",
    "description": "",
    "hidden": False,
    "supportedReasoningEfforts": [],
    "defaultReasoningEffort": "medium",
    "isDefault": True,
}
NO_PAGE: Json = {"data": [], "nextCursor": None}

CONSTANTS: list[tuple[str, Json, Json]] = [
    ("account/read", {"refreshToken": False}, {"account": {"type": "apiKey"}, "requiresOpenaiAuth": False}),
    ("getAuthStatus", {}, {"authMethod": "apikey", "authToken": None, "requiresOpenaiAuth": False}),
    ("model/list", {"includeHidden": True}, {"data": [MODEL], "nextCursor": None}),
    ("model/list", {"cursor": "0", "limit": 0}, {"data": [MODEL], "nextCursor": None}),
    ("model/list", {"cursor": "+1"}, NO_PAGE),
    (
        "modelProvider/capabilities/read",
        {},
        {"namespaceTools": False, "imageGeneration": False, "webSearch": False},
    ),
    ("collaborationMode/list", {}, {"data": []}),
    ("configRequirements/read", {}, {"requirements": None}),
    ("skills/list", {"cwds": ["/a", "b"], "forceReload": True}, {"data": []}),
    ("hooks/list", {"cwds": ["/a"]}, {"data": []}),
    (
        "plugin/list",
        {"cwds": ["/a"], "marketplaceKinds": ["local"]},
        {"marketplaces": [], "marketplaceLoadErrors": [], "featuredPluginIds": []},
    ),
    ("plugin/installed", {}, {"marketplaces": [], "marketplaceLoadErrors": []}),
    ("app/list", {"cursor": "anything"}, NO_PAGE),
    ("mcpServerStatus/list", {"detail": "full"}, NO_PAGE),
    ("windowsSandbox/readiness", {}, {"status": "notConfigured"}),
]

WRONG: list[tuple[str, Json, str]] = [
    ("model/list", {"cursor": "x"}, "invalid cursor: x"),
    ("model/list", {"cursor": ""}, "invalid cursor: "),
    ("model/list", {"cursor": "-1"}, "invalid cursor: -1"),
    ("model/list", {"cursor": str(2**64)}, f"invalid cursor: {2**64}"),
    ("model/list", {"cursor": "9"}, "cursor 9 exceeds total models 1"),
    ("model/list", {"limit": -1}, "Invalid request: invalid value: integer `-1`, expected u32"),
    ("experimentalFeature/list", {"cursor": "2"}, "cursor 2 exceeds total feature flags 1"),
    ("mcpServerStatus/list", {"cursor": "1"}, "cursor 1 exceeds total MCP servers 0"),
    ("app/list", {"threadId": ID}, f"thread not found: {ID}"),
    ("account/read", {"refreshToken": None}, "Invalid request: invalid type: null, expected a boolean"),
    ("account/rateLimits/read", {}, "chatgpt authentication required to read rate limits"),
    (
        "plugin/list",
        {"marketplaceKinds": ["shared-with-me"]},
        "chatgpt authentication required to list remote plugins",
    ),
    (
        "plugin/list",
        {"cwds": ["relative"]},
        "Invalid request: AbsolutePathBuf deserialized without a base path",
    ),
    (
        "thread/list",
        {"sortKey": "recency_at"},
        "Invalid request: unknown variant `recency_at`, expected `created_at` or `updated_at`",
    ),
    (
        "thread/list",
        {"sortKey": "section_position"},
        "Invalid request: unknown variant `section_position`, expected `created_at` or `updated_at`",
    ),
]


@pytest.mark.parametrize(("method", "params", "answer"), CONSTANTS)
async def test_a_question_about_the_server_has_its_constant_answer(
    method: str, params: Json, answer: Json, tmp_path: Path
) -> None:
    async with ear_on(tmp_path) as ear:
        assert await ear.call(method, **params) == answer
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("method", "params", "sentence"), WRONG)
async def test_a_question_that_cannot_be_answered_is_refused_as_by_the_reference(
    method: str, params: Json, sentence: str, tmp_path: Path
) -> None:
    async with ear_on(tmp_path) as ear:
        with pytest.raises(Refused) as refusal:
            await ear.call(method, **params)
    assert (refusal.value.code, str(refusal.value)) == (-32600, sentence)


@pytest.mark.parametrize("goals", [False, True])
async def test_the_one_feature_of_a_store_is_on_where_the_home_has_it_on(
    *, goals: bool, tmp_path: Path
) -> None:
    async with ear_on(tmp_path, goals=goals) as ear:
        [feature] = (await ear.call("experimentalFeature/list"))["data"]
    assert (feature["name"], feature["enabled"], feature["defaultEnabled"]) == ("goals", goals, False)


async def test_voices_are_those_that_the_protocol_has_names_for(tmp_path: Path) -> None:
    async with ear_on(tmp_path) as ear:
        voices = (await ear.call("thread/realtime/listVoices"))["voices"]
    assert voices["defaultV1"] in voices["v1"]
    assert voices["defaultV2"] in voices["v2"]
    assert (len(voices["v1"]), len(voices["v2"])) == (9, 10)


async def test_apps_are_listed_for_a_loaded_thread(tmp_path: Path) -> None:
    laid(tmp_path)
    async with ear_on(tmp_path) as ear:
        await ear.call("thread/resume", threadId=ID)
        assert await ear.call("app/list", threadId=ID) == NO_PAGE


@pytest.mark.parametrize(
    ("content", "shown"),
    [
        (INSTALLATION, INSTALLATION),
        (f"{INSTALLATION.upper()}\n", INSTALLATION),
        ("no id", NOBODY),
        (None, NOBODY),
    ],
)
async def test_remote_control_is_disabled_under_the_id_of_the_home(
    content: str | None, shown: str, tmp_path: Path
) -> None:
    if content is not None:
        (tmp_path / "installation_id").write_text(content)
    status = {
        "status": "disabled",
        "serverName": platform.node(),
        "installationId": shown,
        "environmentId": None,
    }
    async with ear_on(tmp_path) as ear:
        assert ear.heard == ["answer", "remoteControl/status/changed"]
        assert ear.params("remoteControl/status/changed") == [status]
        for method in ("remoteControl/status/read", "remoteControl/disable"):
            assert await ear.call(method) == status
    assert (tmp_path / "installation_id").exists() == (content is not None)


async def test_unknown_members_are_passed_over_everywhere(tmp_path: Path) -> None:
    laid(tmp_path)
    asked: dict[str, Json] = {
        "thread/list": {"currentAccountOnly": True, "excludedThreadIds": [], "originators": None},
        "thread/read": {"threadId": ID, "parentThreadId": 5},
        "thread/resume": {"threadId": ID, "config": {"of": {"nobody": None}}, "sectionId": {}},
        "model/list": {"forTheUser": "x"},
        "config/read": {"x": 1},
        "turn/start": {"threadId": ID, "input": [{"type": "text", "text": "a", "y": 1}], "z": []},
    }
    async with ear_on(tmp_path) as ear:
        for method, params in asked.items():
            assert await ear.call(method, **params)
