"""The settings that matter to a store: where they come from, and what is told when they do not read."""

from pathlib import Path

import pytest

from api.configuration.config import DEFAULT_MODEL, Config, read_config
from api.configuration.config_tables import laid_over, read_overrides
from domain.errors import ConfigurationRefused, UnfitOverride
from domain.limits import CONFIG_SIZE_MAX
from domain.session.sandbox import Profile, WorkspaceWrite


def config_at(folder: Path, text: str, *overrides: str) -> Config:
    path = folder / "config.toml"
    path.write_text(text)
    return read_config(path, read_overrides(overrides), {})


def test_without_a_file_everything_is_the_default(tmp_path: Path) -> None:
    config = read_config(tmp_path / "config.toml", None, {})
    assert config == Config()
    assert (config.model, config.model_provider, config.has_goals) == (DEFAULT_MODEL, "openai", False)


def test_a_file_says_what_a_thread_runs_with(tmp_path: Path) -> None:
    config = config_at(
        tmp_path,
        """
        model = "m"
        model_provider = "x"
        approval_policy = "never"
        approvals_reviewer = "auto_review"
        sandbox_mode = "workspace-write"
        model_reasoning_effort = "high"
        service_tier = "fast"
        unknown = 2020-01-01
        [model_providers.x]
        name = "X"
        [sandbox_workspace_write]
        network_access = true
        writable_roots = ["/w", "rel"]
        [features]
        goals = true
        [projects."/p/"]
        trust_level = "trusted"
        [projects."/q"]
        """,
    )
    assert (config.model, config.model_provider, config.approval_policy) == ("m", "x", "never")
    assert (config.approvals_reviewer, config.sandbox_mode) == ("auto_review", "workspace-write")
    assert (config.reasoning_effort, config.service_tier, config.has_goals) == ("high", "fast", True)
    assert config.workspace_write == WorkspaceWrite(("/w", f"{tmp_path}/rel"), has_network=True)
    assert config.trust_levels == {"/p": "trusted"}
    assert config.warnings == ()


def test_permission_profiles_are_read_as_far_as_answers_show_them(tmp_path: Path) -> None:
    config = config_at(
        tmp_path,
        """
        default_permissions = "m"
        [permissions.m.network]
        enabled = true
        [permissions.m.filesystem]
        ":root" = "read"
        "/x" = "write"
        "/y" = "read"
        [permissions.n.filesystem.":workspace_roots"]
        "." = "write"
        [permissions.o.filesystem]
        ":root" = "write"
        """,
    )
    assert config.permissions == {
        "m": Profile(("/x",), has_network=True),
        "n": Profile(writes_workspace=True),
        "o": Profile(writes_everywhere=True),
    }


def test_the_chosen_profile_counts_before_the_file(tmp_path: Path) -> None:
    text = 'profile = "p"\nmodel = "top"\n[profiles.p]\nmodel = "in"\nfeatures = { goals = true }\n'
    config = config_at(tmp_path, text)
    assert (config.model, config.has_goals) == ("in", True)


def test_the_command_line_counts_before_the_file(tmp_path: Path) -> None:
    config = config_at(tmp_path, 'model = "m"\n[features]\ngoals = false\n', "model=n", "features.goals=true")
    assert (config.model, config.has_goals) == ("n", True)


def test_the_database_home_is_told_by_the_file_else_by_the_environment(tmp_path: Path) -> None:
    variables = {"CODEX_SQLITE_HOME": "/elsewhere"}
    path = tmp_path / "config.toml"
    assert read_config(path, None, variables).sqlite_home == Path("/elsewhere")
    path.write_text('sqlite_home = "db"\n')
    assert read_config(path, None, variables).sqlite_home == tmp_path / "db"
    assert read_config(path, None, {}).overridden({"model": "x"}).sqlite_home == tmp_path / "db"


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [("broken = \n", 1, 10), ("x = 1\n\n  y = @\n", 3, 7), ("a = 1\na = 2\n", 2, 6), ("model = [1,\n", 2, 1)],
)
def test_a_file_that_is_no_toml_leaves_the_defaults_and_a_warning_with_the_place(
    tmp_path: Path, text: str, line: int, column: int
) -> None:
    config = config_at(tmp_path, text, "model=n")
    [warning] = config.warnings
    params = warning.params()
    point = {"line": line, "column": column}
    assert params["summary"] == "Invalid configuration; using defaults."
    assert params["details"].startswith(f"{tmp_path}/config.toml:{line}:{column}: ")
    assert "(at" not in params["details"]
    assert (params["path"], params["range"]) == (f"{tmp_path}/config.toml", {"start": point, "end": point})
    assert (config.model, config.model_provider) == ("n", "openai")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("model = 5", "invalid type: integer `5`, expected a string\nin `model`\n"),
        ("model = 2020-01-01", "invalid type: map, expected a string\nin `model`\n"),
        (
            'sandbox_mode = "x"',
            (
                "unknown variant `x`, expected one of `read-only`, `workspace-write`, `danger-full-access`\n"
                "in `sandbox_mode`\n"
            ),
        ),
        (
            "[sandbox_workspace_write]\nnetwork_access = 5",
            "invalid type: integer `5`, expected a boolean\nin `sandbox_workspace_write.network_access`\n",
        ),
        (
            "[profiles.p]\nmodel = 5",
            "invalid type: integer `5`, expected a string\nin `profiles.p.model`\n",
        ),
        (
            '[projects."/x"]\ntrust_level = "maybe"',
            "unknown variant `maybe`, expected `trusted` or `untrusted`\nin `projects./x.trust_level`\n",
        ),
        ("projects = 5", "invalid type: integer `5`, expected a map\nin `projects`\n"),
        ("sqlite_home = 5", "invalid type: integer `5`, expected path string\nin `sqlite_home`\n"),
        ("[model_providers.x]", "model_providers.x: provider name must not be empty\nin `model_providers`\n"),
        (
            '[model_providers.openai]\nname = "x"',
            (
                "model_providers contains reserved built-in provider IDs: `openai`. Built-in providers "
                "cannot be overridden. Rename your custom provider (for example, "
                "`openai-custom`).\nin `model_providers`\n"
            ),
        ),
    ],
)
def test_a_value_that_does_not_read_is_told_with_its_file(tmp_path: Path, text: str, why: str) -> None:
    config = config_at(tmp_path, text)
    [warning] = config.warnings
    assert warning.params() == {
        "summary": "Invalid configuration; using defaults.",
        "details": f"{tmp_path}/config.toml: {why}",
        "path": f"{tmp_path}/config.toml",
    }
    with pytest.raises(ConfigurationRefused, match="failed to load configuration: "):
        config.overridden({})


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('model_provider = "x"', "Model provider `x` not found"),
        ('profile = "p"', "config profile `p` not found"),
        ('default_permissions = ":x"', "default_permissions refers to unknown built-in profile `:x`"),
        ('default_permissions = "x"', "default_permissions requires a `[permissions]` table"),
        (
            'default_permissions = "x"\n[permissions.y]',
            "default_permissions refers to undefined profile `x`",
        ),
        ('[permissions.":x"]', "permissions profile `:x` uses a reserved built-in profile prefix"),
    ],
)
def test_settings_that_contradict_each_other_are_told_without_a_place(
    tmp_path: Path, text: str, why: str
) -> None:
    config = config_at(tmp_path, text)
    [warning] = config.warnings
    assert warning.params() == {"summary": "Invalid configuration; using defaults.", "details": why}
    assert config.model_provider == "openai"


def test_a_request_may_say_what_the_file_lacks(tmp_path: Path) -> None:
    config = config_at(tmp_path, 'profile = "p"\n')
    assert config.overridden({"profiles": {"p": {"model": "in"}}}).model == "in"


@pytest.mark.parametrize("content", [b"\xff", b"a = " + b"[" * 5000, b"#" * (CONFIG_SIZE_MAX + 1)])
def test_bytes_that_are_no_settings_do_no_harm(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(content)
    config = read_config(path, None, {})
    assert len(config.warnings) == 1
    assert config.model_provider == "openai"


def test_a_byte_order_mark_and_a_folder_of_that_name_are_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.mkdir()
    assert read_config(path, None, {}) == Config()
    path.rmdir()
    path.write_bytes(b'\xef\xbb\xbfmodel = "b"\n')
    assert read_config(path, None, {}).model == "b"


def test_a_command_line_that_does_not_read_is_refused(tmp_path: Path) -> None:
    for overrides in (["model=5"], ["model_provider=x"], ["profile=p"]):
        with pytest.raises(ConfigurationRefused):
            read_config(tmp_path / "config.toml", read_overrides(overrides), {})


def test_what_a_request_lays_over_is_not_kept(tmp_path: Path) -> None:
    config = config_at(tmp_path, 'model = "m"\n')
    over = config.overridden({"model": None, "sandbox_workspace_write.network_access": True})
    assert (over.model, over.workspace_write) == ("", WorkspaceWrite(has_network=True))
    assert (config.model, config.workspace_write) == ("m", None)


def test_a_stronger_layer_says_the_sandbox_in_either_form(tmp_path: Path) -> None:
    config = config_at(tmp_path, 'default_permissions = ":workspace"\n')
    assert config.overridden({"sandbox_mode": "read-only"}).default_permissions is None
    assert config.overridden({"model": "x"}).default_permissions == ":workspace"


@pytest.mark.parametrize(
    ("text", "table"),
    [
        ("model=abc", {"model": "abc"}),
        ('model="abc"', {"model": "abc"}),
        (" model = spaced ", {"model": "spaced"}),
        ("model=[1,2", {"model": "[1,2"}),
        ("model=a=b", {"model": "a=b"}),
        ("model='", {"model": ""}),
        ("n=5", {"n": 5}),
        ("a.b=true", {"a": {"b": True}}),
        ("a={x=[1, 2]}", {"a": {"x": [1, 2]}}),
        ('a."b.c"=1', {"a": {'"b': {'c"': 1}}}),
        ("a..b=1", {"a": {"": {"b": 1}}}),
        ("a=1\nb=2", {"a": "1\nb=2"}),
    ],
)
def test_an_override_is_toml_else_text(text: str, table: object) -> None:
    assert read_overrides([text]) == table


def test_of_two_overrides_the_later_counts_and_features_count_last() -> None:
    table = read_overrides(["model=a", "model=b", "features.x=false"], ["x", "y"], ["y"])
    assert table == {"model": "b", "features": {"x": True, "y": False}}


def test_tables_join_and_everything_else_replaces() -> None:
    assert laid_over({"a": {"b": 1, "c": [1]}, "d": 5}, {"a.c": [], "d.e": 1}) == {
        "a": {"b": 1, "c": []},
        "d": {"e": 1},
    }


@pytest.mark.parametrize("text", ["model", "=x", " =x", ""])
def test_an_override_without_a_key_or_a_value_is_refused(text: str) -> None:
    with pytest.raises(UnfitOverride):
        read_overrides([text])
