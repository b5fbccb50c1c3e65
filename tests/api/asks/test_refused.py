"""What a store does not serve is refused by a sentence that says so, once its parameters have been read."""

from pathlib import Path
from typing import Any

import pytest

from api.handlers.refused import BECAUSE
from api.service import HANDLERS
from api.wire.methods import EXPERIMENTAL_METHODS, KNOWN
from api.wire.schemas import REQUESTS
from tests.api.clients import Refused, ServedClient, service_on
from tests.api.lifecycle import ID, ear_on

Json = dict[str, Any]
SIZE = {"rows": 1, "cols": 1}

REFUSED: dict[str, Json] = {
    "memory/reset": {},
    "marketplace/add": {"source": "x"},
    "marketplace/remove": {"marketplaceName": "x"},
    "marketplace/upgrade": {},
    "plugin/read": {"pluginName": "x"},
    "plugin/skill/read": {"remoteMarketplaceName": "x", "remotePluginId": "x", "skillName": "x"},
    "plugin/share/save": {"pluginPath": "/x"},
    "plugin/share/updateTargets": {"remotePluginId": "x", "discoverability": "PRIVATE", "shareTargets": []},
    "plugin/share/list": {},
    "plugin/share/checkout": {"remotePluginId": "x"},
    "plugin/share/delete": {"remotePluginId": "x"},
    "plugin/install": {"pluginName": "x"},
    "plugin/uninstall": {"pluginId": "x"},
    "skills/config/write": {"enabled": True},
    "fs/readFile": {"path": "/x"},
    "fs/writeFile": {"path": "/x", "dataBase64": ""},
    "fs/createDirectory": {"path": "/x"},
    "fs/getMetadata": {"path": "/x"},
    "fs/readDirectory": {"path": "/x"},
    "fs/remove": {"path": "/x"},
    "fs/copy": {"sourcePath": "/x", "destinationPath": "/y"},
    "fs/watch": {"watchId": "x", "path": "/x"},
    "fs/unwatch": {"watchId": "x"},
    "thread/approveGuardianDeniedAction": {"threadId": ID, "event": {}},
    "thread/realtime/start": {"threadId": ID, "outputModality": "text"},
    "thread/realtime/appendAudio": {
        "threadId": ID,
        "audio": {"data": "", "sampleRate": 1, "numChannels": 1},
    },
    "thread/realtime/appendText": {"threadId": ID, "text": "x"},
    "thread/realtime/stop": {"threadId": ID},
    "experimentalFeature/enablement/set": {"enablement": {"goals": True}},
    "remoteControl/enable": {},
    "mock/experimentalMethod": {},
    "environment/add": {"environmentId": "x", "execServerUrl": "x"},
    "mcpServer/oauth/login": {"name": "x"},
    "config/mcpServer/reload": {},
    "mcpServer/resource/read": {"server": "x", "uri": "x"},
    "mcpServer/tool/call": {"threadId": ID, "server": "x", "tool": "x"},
    "windowsSandbox/setupStart": {"mode": "elevated"},
    "account/login/start": {"type": "apiKey", "apiKey": "x"},
    "account/login/cancel": {"loginId": "x"},
    "account/logout": {},
    "account/sendAddCreditsNudgeEmail": {"creditType": "credits"},
    "feedback/upload": {"classification": "bug", "includeLogs": False},
    "command/exec": {"command": ["true"]},
    "command/exec/write": {"processId": "x"},
    "command/exec/terminate": {"processId": "x"},
    "command/exec/resize": {"processId": "x", "size": SIZE},
    "process/spawn": {"command": ["true"], "processHandle": "x", "cwd": "/"},
    "process/writeStdin": {"processHandle": "x"},
    "process/kill": {"processHandle": "x"},
    "process/resizePty": {"processHandle": "x", "size": SIZE},
    "externalAgentConfig/detect": {},
    "externalAgentConfig/import": {"migrationItems": []},
    "config/value/write": {"keyPath": "model", "value": "x", "mergeStrategy": "replace"},
    "config/batchWrite": {"edits": [{"keyPath": "model", "value": None, "mergeStrategy": "upsert"}]},
    "getConversationSummary": {"conversationId": ID},
    "gitDiffToRemote": {"cwd": "/x"},
    "fuzzyFileSearch": {"query": "x", "roots": ["/x"]},
    "fuzzyFileSearch/sessionStart": {"sessionId": "x", "roots": []},
    "fuzzyFileSearch/sessionUpdate": {"sessionId": "x", "query": "x"},
    "fuzzyFileSearch/sessionStop": {"sessionId": "x"},
}
"""Every method that is refused, with parameters that would do."""

UNKNOWN = ["attestation/generate", "thread/items/list", "fs", "initialized"]


def test_every_known_method_is_served_or_stands_here() -> None:
    assert KNOWN - HANDLERS.keys() == REFUSED.keys()
    assert REQUESTS.keys() == KNOWN


def test_every_reason_is_that_of_a_method() -> None:
    assert BECAUSE.keys() <= {method.partition("/")[0] for method in REFUSED}


async def test_what_is_not_served_is_refused_by_what_this_server_is(tmp_path: Path) -> None:
    async with ear_on(tmp_path) as ear:
        for method, params in REFUSED.items():
            with pytest.raises(Refused, match="this server stores threads and") as refusal:
                await ear.call(method, **params)
            assert (refusal.value.code, str(refusal.value).partition(" ")[0]) == (-32601, method)
    assert list(tmp_path.iterdir()) == []


async def test_parameters_are_read_before_the_refusal(tmp_path: Path) -> None:
    asked = {method: params for method, params in REFUSED.items() if params}
    async with ear_on(tmp_path) as ear:
        for method in asked:
            with pytest.raises(Refused, match="Invalid request: ") as refusal:
                await ear.call(method)
            assert refusal.value.code == -32600


async def test_the_capability_is_asked_for_before_the_refusal(tmp_path: Path) -> None:
    service = service_on(tmp_path, lasting=False)
    client = await ServedClient(service).greet(experimental=False)
    for method in REFUSED.keys() & EXPERIMENTAL_METHODS:
        with pytest.raises(Refused, match=f"^{method} requires experimentalApi capability$"):
            await client.call(method, **REFUSED[method])
    await service.close()


@pytest.mark.parametrize("method", UNKNOWN)
async def test_what_the_protocol_does_not_know_is_refused_as_by_the_reference(
    method: str, tmp_path: Path
) -> None:
    async with ear_on(tmp_path) as ear:
        with pytest.raises(Refused, match=f"^Invalid request: unknown variant `{method}`, ") as refusal:
            await ear.call(method)
    assert refusal.value.code == -32600
    assert "plugin/installed" not in str(refusal.value)


async def test_notifications_of_clients_are_passed_over(tmp_path: Path) -> None:
    async with ear_on(tmp_path) as ear:
        ear.heard.clear()
        for name in ("initialized", "initialized", "account/logout", "no/such", "$/cancelRequest"):
            await ear.send(b'{"method":"%b","params":{"x":1}}' % name.encode())
        await ear.call("model/list")
        assert ear.heard == ["answer"]
