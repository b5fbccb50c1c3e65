"""What a thread runs with: release 0.131.0 answers every row the same, but for `permissionProfile`."""

from pathlib import Path
from typing import Any

import pytest

from api.configuration.config import read_config
from api.configuration.settings import resolve
from api.wire.validation import validate
from domain.errors import ThreadstoreError
from domain.session.session import Recorded, SessionBase, Surroundings

DEFAULT: dict[str, Any] = {
    "model": "gpt-5.5",
    "modelProvider": "openai",
    "serviceTier": None,
    "cwd": "/srv",
    "runtimeWorkspaceRoots": ["/srv"],
    "instructionSources": [],
    "approvalPolicy": "on-request",
    "approvalsReviewer": "user",
    "sandbox": {"type": "readOnly", "networkAccess": False},
    "activePermissionProfile": {"id": ":read-only", "extends": None},
    "reasoningEffort": None,
}

FULL_ACCESS = {"type": "dangerFullAccess"}
BY_MODE: dict[str, Any] = {"activePermissionProfile": None}
GRANTED = {"sandbox_approval": True, "rules": False, "mcp_elicitations": True}

RECORDED = Recorded("/recorded", "ollama", "recorded-model", "high")
CONFIGURED = 'model = "c"\nmodel_provider = "lmstudio"\nmodel_reasoning_effort = "medium"\n'


def workspace(*roots: str, **more: bool) -> dict[str, Any]:
    return {
        "type": "workspaceWrite",
        "writableRoots": [*roots, "/home/memories"],
        "networkAccess": False,
        "excludeTmpdirEnvVar": False,
        "excludeSlashTmp": False,
        **more,
    }


def profile(name: str) -> dict[str, Any]:
    return {"activePermissionProfile": {"id": name, "extends": None}}


def answered(
    folder: Path, text: str, params: dict[str, Any], method: str = "thread/start", **base: Any
) -> dict[str, Any]:
    path = folder / "config.toml"
    path.write_text(text)
    facts = SessionBase("/srv", "/home", "/home/user", **base)
    return resolve(validate(method, params), read_config(path, None, {}), facts).answer()


def refused(folder: Path, text: str, params: dict[str, Any]) -> str:
    with pytest.raises(ThreadstoreError) as refusal:
        answered(folder, text, params)
    assert refusal.value.code == -32600
    return str(refusal.value)


def test_without_anything_the_answer_is_that_of_the_release_in_its_order(tmp_path: Path) -> None:
    answer = answered(tmp_path, "", {})
    assert answer == DEFAULT
    assert [*answer] == [*DEFAULT]


@pytest.mark.parametrize(
    ("params", "differs"),
    [
        ({"model": "", "modelProvider": "ollama"}, {"model": "", "modelProvider": "ollama"}),
        ({"serviceTier": "fast"}, {"serviceTier": "priority"}),
        ({"serviceTier": "flex"}, {"serviceTier": "flex"}),
        ({"config": {"service_tier": "fast"}}, {"serviceTier": "priority"}),
        ({"config": {"service_tier": "fast"}, "serviceTier": None}, {}),
        ({"approvalsReviewer": "auto_review"}, {"approvalsReviewer": "guardian_subagent"}),
        ({"config": {"model": None}}, {"model": ""}),
        ({"config": {"nothing": 5, "": 1, "a..b": 1}}, {}),
        ({"config": {"model_reasoning_effort": "low"}}, {"reasoningEffort": "low"}),
        (
            {"config": {"model_providers": {"q": {"name": "Q"}}, "model_provider": "q"}},
            {"modelProvider": "q"},
        ),
        (
            {"config": {"approval_policy": "never"}, "approvalPolicy": "untrusted"},
            {"approvalPolicy": "untrusted"},
        ),
        (
            {"approvalPolicy": {"granular": GRANTED}},
            {
                "approvalPolicy": {
                    "granular": {**GRANTED, "skill_approval": False, "request_permissions": False}
                }
            },
        ),
        ({"environments": [{"environmentId": "local", "cwd": "/q"}]}, {}),
        ({"personality": "none", "unknown": 1}, {}),
    ],
)
def test_a_parameter_counts_before_the_configuration(
    tmp_path: Path, params: dict[str, Any], differs: dict[str, Any]
) -> None:
    assert answered(tmp_path, "", params) == DEFAULT | differs


@pytest.mark.parametrize(
    ("cwd", "shown"),
    [
        ("", "/srv"),
        ("rel/./x/../y/", "/srv/rel/y"),
        ("/a//b", "/a/b"),
        ("/../..", "/"),
        ("//x", "/x"),
        ("~", "/home/user"),
        ("~/x", "/home/user/x"),
    ],
)
def test_the_working_directory_is_made_absolute_and_clean(tmp_path: Path, cwd: str, shown: str) -> None:
    assert answered(tmp_path, "", {"cwd": cwd}) == DEFAULT | {"cwd": shown, "runtimeWorkspaceRoots": [shown]}


@pytest.mark.parametrize(
    ("roots", "shown"),
    [([], []), (["/a", "b", "/a", "/x/../a"], ["/a", "/srv/b"]), (["~/x"], ["/home/user/x"])],
)
def test_roots_are_made_absolute_and_each_is_told_once(
    tmp_path: Path, roots: list[str], shown: list[str]
) -> None:
    answer = answered(tmp_path, "", {"runtimeWorkspaceRoots": roots})
    assert answer == DEFAULT | {"runtimeWorkspaceRoots": shown}


TABLE = '[sandbox_workspace_write]\nwritable_roots = ["/w"]\n'
MODE = f'sandbox_mode = "workspace-write"\n{TABLE}'
ELSEWHERE: dict[str, Any] = {"runtimeWorkspaceRoots": ["/a"]}
WITH_W = {"runtimeWorkspaceRoots": ["/srv", "/w"]}


@pytest.mark.parametrize(
    ("text", "params", "differs"),
    [
        ("", {"sandbox": "read-only"}, BY_MODE),
        ("", {"sandbox": "danger-full-access"}, BY_MODE | {"sandbox": FULL_ACCESS}),
        ("", {"sandbox": "workspace-write"}, BY_MODE | {"sandbox": workspace()}),
        ("", {"permissions": ":workspace"}, profile(":workspace") | {"sandbox": workspace()}),
        (
            "",
            {"permissions": ":danger-full-access"},
            profile(":danger-full-access") | {"sandbox": FULL_ACCESS},
        ),
        (MODE, {}, BY_MODE | WITH_W | {"sandbox": workspace("/w")}),
        (MODE, {"sandbox": "read-only"}, BY_MODE | WITH_W),
        (MODE, {"permissions": ":workspace"}, profile(":workspace") | {"sandbox": workspace()}),
        (MODE, {"permissions": ":read-only"}, {}),
        (TABLE, {}, WITH_W),
        (
            MODE,
            {"cwd": "/w"},
            BY_MODE | {"cwd": "/w", "runtimeWorkspaceRoots": ["/w"], "sandbox": workspace()},
        ),
        (
            MODE,
            ELSEWHERE,
            BY_MODE | ELSEWHERE | {"sandbox": workspace("/a", "/tmp", "/w", excludeTmpdirEnvVar=True)},
        ),
        (
            MODE,
            {"runtimeWorkspaceRoots": ["/b", "/srv"]},
            BY_MODE | {"runtimeWorkspaceRoots": ["/b", "/srv"], "sandbox": workspace("/b", "/w")},
        ),
        (
            'sandbox_mode = "workspace-write"\ndefault_permissions = ":read-only"\n',
            {},
            {},
        ),
        (
            'default_permissions = ":read-only"\n',
            {"config": {"sandbox_mode": "workspace-write"}},
            BY_MODE | {"sandbox": workspace()},
        ),
        ('default_permissions = ":workspace"\n', {"sandbox": "read-only"}, BY_MODE),
        (
            "",
            {"config": {"sandbox_workspace_write": {"writable_roots": ["r"], "network_access": True}}}
            | {"sandbox": "workspace-write"},
            BY_MODE
            | {
                "runtimeWorkspaceRoots": ["/srv", "/srv/r"],
                "sandbox": workspace("/srv/r", networkAccess=True),
            },
        ),
        (
            'default_permissions = "m"\n[permissions.m.filesystem]\n":root" = "read"\n"~/q" = "write"\n',
            {},
            profile("m")
            | {"sandbox": workspace("/home/user/q", excludeTmpdirEnvVar=True, excludeSlashTmp=True)},
        ),
        (
            'default_permissions = "m"\n[permissions.m.filesystem]\n":root" = "write"\n',
            {},
            profile("m") | {"sandbox": {"type": "externalSandbox", "networkAccess": "restricted"}},
        ),
        (
            "[permissions.m.network]\nenabled = true\n",
            {"permissions": "m"},
            profile("m") | {"sandbox": {"type": "readOnly", "networkAccess": True}},
        ),
    ],
)
def test_the_sandbox_follows_the_profile_or_the_mode(
    tmp_path: Path, text: str, params: dict[str, Any], differs: dict[str, Any]
) -> None:
    assert answered(tmp_path, text, params) == DEFAULT | differs


def test_the_temporary_folder_is_named_where_the_working_directory_is_no_root(tmp_path: Path) -> None:
    params = {"sandbox": "workspace-write", **ELSEWHERE}
    answer = answered(tmp_path, "", params, temporary_directory="/var/tmp")
    assert answer["sandbox"] == workspace("/a", "/tmp", "/var/tmp")


TRUST = '[projects."/t"]\ntrust_level = "trusted"\n[projects."/u"]\ntrust_level = "untrusted"\n'


@pytest.mark.parametrize(
    ("cwd", "more", "differs"),
    [
        ("/t", {}, profile(":workspace") | {"sandbox": workspace()}),
        ("/u", {}, profile(":workspace") | {"sandbox": workspace(), "approvalPolicy": "untrusted"}),
        ("/u", {"sandbox": "read-only"}, BY_MODE | {"approvalPolicy": "untrusted"}),
        ("/u", {"permissions": ":read-only", "approvalPolicy": "never"}, {"approvalPolicy": "never"}),
        ("/t/below", {}, {}),
    ],
)
def test_a_project_that_was_judged_has_a_workspace(
    tmp_path: Path, cwd: str, more: dict[str, Any], differs: dict[str, Any]
) -> None:
    place = {"cwd": cwd, "runtimeWorkspaceRoots": [cwd]}
    assert answered(tmp_path, TRUST, {"cwd": cwd, **more}) == DEFAULT | place | differs


def test_the_disk_tells_the_project_and_the_instructions(tmp_path: Path) -> None:
    def look(cwd: str) -> Surroundings:
        return Surroundings((cwd, "/t"), ("/home/AGENTS.md",))

    answer = answered(tmp_path, TRUST, {"cwd": "/t/below"}, look=look)
    assert answer["activePermissionProfile"] == {"id": ":workspace", "extends": None}
    assert answer["instructionSources"] == ["/home/AGENTS.md"]


FAILED = "failed to load configuration: "


@pytest.mark.parametrize(
    ("text", "params", "message"),
    [
        (
            "",
            {"permissions": ":nope", "sandbox": "read-only"},
            "`permissions` cannot be combined with `sandbox`",
        ),
        ("", {"modelProvider": "nope"}, f"{FAILED}Model provider `nope` not found"),
        ("", {"config": {"model_provider": "zz"}}, f"{FAILED}Model provider `zz` not found"),
        (
            "",
            {"permissions": ":x"},
            f"{FAILED}default_permissions refers to unknown built-in profile `:x`",
        ),
        ("", {"permissions": ""}, f"{FAILED}default_permissions requires a `[permissions]` table"),
        (
            "[permissions.m]\n",
            {"permissions": "z"},
            f"{FAILED}default_permissions refers to undefined profile `z`",
        ),
        (
            "[permissions.m]\n",
            {},
            f"{FAILED}config defines `[permissions]` profiles but does not set `default_permissions`",
        ),
        (
            "",
            {"config": {"model": 5, "model_provider": 7}},
            f"{FAILED}invalid type: integer `5`, expected a string\nin `model`\n",
        ),
        ("", {"config": {"profile": "p"}}, f"{FAILED}config profile `p` not found"),
        ('profile = "q"\n', {"config": {"profile": "p"}}, f"{FAILED}config profile `p` not found"),
        ("", {"environments": [{"environmentId": "x", "cwd": "/"}]}, "unknown turn environment id `x`"),
    ],
)
def test_what_cannot_be_run_is_refused(
    tmp_path: Path, text: str, params: dict[str, Any], message: str
) -> None:
    assert refused(tmp_path, text, params) == message


def test_nothing_is_started_by_a_file_that_does_not_read(tmp_path: Path) -> None:
    assert refused(tmp_path, "broken =", {"sandbox": "read-only"}).startswith(
        f"{FAILED}{tmp_path}/config.toml:1:"
    )


def test_a_request_helps_where_the_file_contradicts_itself(tmp_path: Path) -> None:
    answer = answered(tmp_path, 'model_provider = "nope"\n', {"modelProvider": "ollama"})
    assert answer["modelProvider"] == "ollama"


@pytest.mark.parametrize(
    ("method", "params", "recorded", "shown"),
    [
        ("thread/resume", {}, RECORDED, ("/recorded", "ollama", "recorded-model", "high")),
        ("thread/resume", {"cwd": "n"}, RECORDED, ("/srv/n", "ollama", "recorded-model", "high")),
        ("thread/resume", {"model": "p"}, RECORDED, ("/recorded", "lmstudio", "p", "medium")),
        ("thread/resume", {"modelProvider": "openai"}, RECORDED, ("/recorded", "openai", "c", "medium")),
        ("thread/resume", {"config": {"model": "q"}}, RECORDED, ("/recorded", "lmstudio", "q", "medium")),
        (
            "thread/resume",
            {"config": {"model_reasoning_effort": "low"}},
            RECORDED,
            ("/recorded", "lmstudio", "c", "low"),
        ),
        (
            "thread/resume",
            {"config": {"model_provider": "openai"}},
            RECORDED,
            ("/recorded", "ollama", "recorded-model", "high"),
        ),
        ("thread/resume", {}, Recorded("rel"), ("/srv/rel", "lmstudio", "c", "medium")),
        ("thread/resume", {}, Recorded("/r", "ollama", "m"), ("/r", "ollama", "m", "medium")),
        ("thread/fork", {}, Recorded("/recorded"), ("/recorded", "lmstudio", "c", "medium")),
    ],
)
def test_a_resumed_thread_goes_on_as_it_ran_unless_a_model_is_asked_for(
    tmp_path: Path, method: str, params: dict[str, Any], recorded: Recorded, shown: tuple[str, ...]
) -> None:
    answer = answered(tmp_path, CONFIGURED, {"threadId": "t", **params}, method, recorded=recorded)
    assert tuple(answer[name] for name in ("cwd", "modelProvider", "model", "reasoningEffort")) == shown


def test_what_a_log_records_is_taken_from_its_facts_and_its_last_turn() -> None:
    facts = {"cwd": "/recorded", "model_provider": "ollama"}
    context = {"model": "recorded-model", "effort": "high", "cwd": "/other"}
    assert Recorded.resumed(facts, context) == RECORDED
    assert Recorded.resumed(facts) == Recorded("/recorded", "ollama")
    assert Recorded.forked(facts) == Recorded("/recorded")


def test_a_recorded_provider_that_is_not_configured_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ThreadstoreError, match="Model provider `nowhere` not found"):
        answered(tmp_path, "", {"threadId": "t"}, "thread/resume", recorded=Recorded("/r", "nowhere"))


@pytest.mark.parametrize("beside", ["sandbox", "permissions"])
def test_an_older_profile_stands_alone(tmp_path: Path, beside: str) -> None:
    other = {"sandbox": "read-only", "permissions": ":read-only"}[beside]
    message = refused(tmp_path, "", {"permissionProfile": {"type": "disabled"}, beside: other})
    assert message == f"`permissionProfile` cannot be combined with `{beside}`"


def test_an_older_profile_is_shown_as_a_sandbox(tmp_path: Path) -> None:
    answer = answered(tmp_path, "", {"permissionProfile": {"type": "disabled"}})
    assert answer == DEFAULT | BY_MODE | {"sandbox": FULL_ACCESS}


@pytest.mark.parametrize("value", [None, 5, {"type": "zz"}])
def test_anything_else_of_that_name_is_passed_over(tmp_path: Path, value: object) -> None:
    assert answered(tmp_path, "", {"permissionProfile": value}) == DEFAULT
