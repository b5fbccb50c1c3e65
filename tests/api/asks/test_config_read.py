"""config/read tells the settings that this server reads of a home, where they are from, and no secret."""

from pathlib import Path
from typing import Any

import pytest

from api.configuration.layers import Layer
from tests.api.clients import Refused
from tests.api.lifecycle import ear_on

Json = dict[str, Any]
EMPTY = "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
NULLS = dict.fromkeys(
    (
        *("model", "model_provider", "approval_policy", "approvals_reviewer", "sandbox_mode"),
        *("sandbox_workspace_write", "profile", "model_reasoning_effort", "service_tier"),
    )
)

CONFIG = """
model = "u"
approvals_reviewer = "auto_review"
notify = ["a secret"]
[model_providers.x]
name = "X"
experimental_bearer_token = "a secret"
http_headers = {a = "a secret"}
[mcp_servers.m]
command = "c"
env = {A = "a secret"}
[shell_environment_policy]
set = {A = "a secret"}
[sandbox_workspace_write]
writable_roots = ["here", "/there"]
[projects."/a.b"]
trust_level = "trusted"
[profiles.p]
approvals_reviewer = "auto_review"
chatgpt_base_url = "a secret"
[features]
goals = false
of_nobody = true
"""


async def test_settings_are_told_as_far_as_they_are_read(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(CONFIG)
    user = {"type": "user", "file": str(tmp_path / "config.toml"), "profile": None}
    async with ear_on(tmp_path, goals=True) as ear:
        answer = await ear.call("config/read", includeLayers=True, cwd="/a.b")
    assert answer["config"] == NULLS | {
        "model": "u",
        "approvals_reviewer": "guardian_subagent",
        "model_providers": {"x": {"name": "X"}},
        "sandbox_workspace_write": {"writable_roots": [str(tmp_path / "here"), "/there"]},
        "projects": {"/a.b": {"trust_level": "trusted"}},
        "profiles": {"p": {"approvals_reviewer": "guardian_subagent"}},
        "features": {"goals": True},
    }
    origins = {place: origin["name"] for place, origin in answer["origins"].items()}
    assert origins == {
        "model": user,
        "approvals_reviewer": user,
        "model_providers.x.name": user,
        "sandbox_workspace_write.writable_roots.0": user,
        "sandbox_workspace_write.writable_roots.1": user,
        "projects./a.b.trust_level": user,
        "profiles.p.approvals_reviewer": user,
        "features.goals": {"type": "sessionFlags"},
    }
    assert [layer["name"]["type"] for layer in answer["layers"]] == ["sessionFlags", "user"]
    assert [layer["config"].get("features") for layer in answer["layers"]] == [
        {"goals": True},
        {"goals": False},
    ]
    assert "secret" not in str(answer)


async def test_a_home_without_a_file_has_an_empty_layer(tmp_path: Path) -> None:
    async with ear_on(tmp_path) as ear:
        answer = await ear.call("config/read", includeLayers=True)
        brief = await ear.call("config/read")
    assert (answer["config"], answer["origins"]) == (NULLS | {"profiles": {}}, {})
    assert [(layer["config"], layer["version"]) for layer in answer["layers"]] == [({}, EMPTY)]
    assert brief.keys() == {"config", "origins"}


async def test_the_file_is_read_each_time(tmp_path: Path) -> None:
    async with ear_on(tmp_path) as ear:
        for model in ("one", "two"):
            (tmp_path / "config.toml").write_text(f'model = "{model}"\n')
            assert (await ear.call("config/read"))["config"]["model"] == model


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("model = [\n", "failed to read configuration layers: {file}:"),
        ("model = 5\n", "invalid configuration: invalid type: integer `5`, expected a string\nin `model`\n"),
    ],
)
async def test_a_file_that_does_not_read_is_an_error_of_the_server(
    text: str, sentence: str, tmp_path: Path
) -> None:
    (tmp_path / "config.toml").write_text(text)
    async with ear_on(tmp_path) as ear:
        with pytest.raises(Refused) as refusal:
            await ear.call("config/read")
    assert refusal.value.code == -32603
    assert str(refusal.value).startswith(sentence.format(file=tmp_path / "config.toml"))


@pytest.mark.parametrize(
    ("table", "version"),
    [
        ({}, EMPTY),
        ({"model": "u"}, "sha256:d345291bcf8c05ead526ebe42fe78b78099a856dccfcbba6c6fa47c323443ca9"),
        (
            {"features": {"goals": True}, "model": "f"},
            "sha256:802da6e46c59d0707000bf05f344e5317b328e8f8980abce6f29d3cb687e7d27",
        ),
        (
            {"model": "f", "features": {"goals": True}},
            "sha256:802da6e46c59d0707000bf05f344e5317b328e8f8980abce6f29d3cb687e7d27",
        ),
    ],
)
def test_a_version_is_that_of_release_0_131_0(table: Json, version: str) -> None:
    assert Layer({}, table).version == version
