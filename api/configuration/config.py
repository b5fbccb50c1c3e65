"""What `config.toml`, and the command line laid over it, say that matters to a store of threads."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from api.configuration.config_faults import BUILT_IN_PROVIDERS, table_fault
from api.configuration.config_file import SUMMARY, ConfigFile, ConfigWarning, read_config_file
from api.configuration.config_tables import laid_over, without_null
from domain.errors import ConfigurationRefused
from domain.paths import absolute
from domain.session.sandbox import BUILT_IN_PROFILES, Profile, WorkspaceWrite

DEFAULT_PROVIDER = "openai"
DEFAULT_MODEL = "gpt-5.5"
"""What release 0.131.0 answers without configuration; nothing here runs it."""

SQLITE_HOME_ENVIRONMENT = "CODEX_SQLITE_HOME"

PROFILE_KEYS = (
    "model",
    "model_provider",
    "approval_policy",
    "approvals_reviewer",
    "sandbox_mode",
    "model_reasoning_effort",
    "service_tier",
    "features",
)
"""Settings that a profile, if one is chosen, says instead of the file."""


@dataclass(frozen=True, slots=True)
class Config:
    """The settings that are read.

    With warnings they are the defaults, by which lists and pages are served. `unread` is why the file does
    not read: then nothing is started. `table` is what was read; a request on top of it may fit again where
    it contradicts itself.
    """

    model: str = DEFAULT_MODEL
    model_provider: str = DEFAULT_PROVIDER
    model_providers: frozenset[str] = BUILT_IN_PROVIDERS
    approval_policy: str | Mapping[str, Any] | None = None
    approvals_reviewer: str = "user"
    sandbox_mode: str | None = None
    workspace_write: WorkspaceWrite | None = None
    default_permissions: str | None = None
    permissions: Mapping[str, Profile] = field(default_factory=dict)
    reasoning_effort: str | None = None
    service_tier: str | None = None
    has_goals: bool = False
    sqlite_home: Path | None = None
    trust_levels: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[ConfigWarning, ...] = ()
    unread: str | None = None
    table: Mapping[str, Any] = field(default_factory=dict, repr=False)

    def overridden(self, overrides: Mapping[str, Any]) -> "Config":
        """These settings with those of a request over them; ConfigurationRefused when they do not read."""
        if self.unread is not None:
            raise ConfigurationRefused(self.unread)
        if not overrides and not self.warnings:
            return self
        table = dict(self.table)
        told = without_null(overrides)
        if "sandbox_mode" in told and "default_permissions" not in told:
            table.pop("default_permissions", None)  # what the stronger layer says counts, in either form
        config = config_of(laid_over(table, told))
        return replace(config, sqlite_home=self.sqlite_home, warnings=self.warnings)


def read_config(
    path: Path,
    overrides: Mapping[str, Any] | None = None,
    environment: Mapping[str, str] | None = None,
) -> Config:
    """The settings of this file with those of the command line (`read_overrides`) over them.

    Nothing but the command line counts where the file is missing, or wrong: then a warning says why.
    ConfigurationRefused when the command line itself does not read.
    """
    variables = os.environ if environment is None else environment
    file = read_config_file(path)
    told = overrides or {}
    config = _of_file(file, told)
    if config.sqlite_home is None and variables.get(SQLITE_HOME_ENVIRONMENT):
        config = replace(config, sqlite_home=Path(variables[SQLITE_HOME_ENVIRONMENT]).absolute())
    return config


def _of_file(file: ConfigFile, overrides: Mapping[str, Any]) -> Config:
    warning = file.warning or _fault_in(file)
    table = laid_over(file.table, overrides)
    if warning is None:
        try:
            return check_whole(config_of(table))
        except ConfigurationRefused as refusal:
            told = ConfigWarning(SUMMARY, refusal.reason)
            return replace(_of_command_line(overrides), warnings=(told,), table=table)
    return replace(_of_command_line(overrides), warnings=(warning,), unread=warning.details)


def _fault_in(file: ConfigFile) -> ConfigWarning | None:
    why = table_fault(file.table)
    return None if why is None else ConfigWarning.of_fault(why, file.path)


def _of_command_line(overrides: Mapping[str, Any]) -> Config:
    return check_whole(config_of(laid_over({}, overrides)))


def config_of(table: Mapping[str, Any]) -> Config:
    """The settings of a table; ConfigurationRefused when one does not read, or its profile is missing."""
    if why := table_fault(table):
        raise ConfigurationRefused(why)
    run = _with_profile(table)
    providers = BUILT_IN_PROVIDERS | table.get("model_providers", {}).keys()
    provider = run.get("model_provider", DEFAULT_PROVIDER)
    return Config(
        model=run.get("model", DEFAULT_MODEL),
        model_provider=provider,
        model_providers=providers,
        approval_policy=run.get("approval_policy"),
        approvals_reviewer=run.get("approvals_reviewer", "user"),
        sandbox_mode=run.get("sandbox_mode"),
        workspace_write=_workspace_write(table.get("sandbox_workspace_write")),
        default_permissions=table.get("default_permissions"),
        permissions={name: _profile(name, told) for name, told in table.get("permissions", {}).items()},
        reasoning_effort=run.get("model_reasoning_effort"),
        service_tier=run.get("service_tier"),
        has_goals=run.get("features", {}).get("goals", False),
        sqlite_home=Path(table["sqlite_home"]) if "sqlite_home" in table else None,
        trust_levels=_trust_levels(table.get("projects", {})),
        table=table,
    )


def check_whole(config: Config) -> Config:
    """The settings, when what they name is there; else ConfigurationRefused."""
    check_provider(config.model_provider, config.model_providers)
    if config.default_permissions is not None:
        check_permissions(config.default_permissions, config)
    return config


def check_provider(provider: str, providers: frozenset[str]) -> None:
    """Refuse a provider that is neither built in nor configured."""
    if provider not in providers:
        raise ConfigurationRefused(f"Model provider `{provider}` not found")


def check_permissions(profile_id: str, config: Config) -> None:
    """Refuse a permission profile that is neither built in nor configured."""
    if profile_id in BUILT_IN_PROFILES or profile_id in config.permissions:
        return
    if profile_id.startswith(":"):
        why = f"refers to unknown built-in profile `{profile_id}`"
    elif config.permissions:
        why = f"refers to undefined profile `{profile_id}`"
    else:
        why = "requires a `[permissions]` table"
    raise ConfigurationRefused(f"default_permissions {why}")


def _with_profile(table: Mapping[str, Any]) -> Mapping[str, Any]:
    name = table.get("profile")
    if name is None:
        return table
    profile = table.get("profiles", {}).get(name)
    if profile is None:
        raise ConfigurationRefused(f"config profile `{name}` not found")
    told = {key: profile[key] for key in PROFILE_KEYS if key in profile}
    return laid_over(table, told)


def _workspace_write(table: Mapping[str, Any] | None) -> WorkspaceWrite | None:
    if table is None:
        return None
    return WorkspaceWrite(
        tuple(table.get("writable_roots", ())),
        table.get("network_access", False),
        table.get("exclude_tmpdir_env_var", False),
        table.get("exclude_slash_tmp", False),
    )


def _profile(name: str, table: Mapping[str, Any]) -> Profile:
    if name.startswith(":"):
        raise ConfigurationRefused(f"permissions profile `{name}` uses a reserved built-in profile prefix")
    paths = {path for path, access in table.get("filesystem", {}).items() if access == "write"}
    files = table.get("filesystem", {})
    roots = files.get(":workspace_roots")
    return Profile(
        writable_paths=tuple(path for path in files if path in paths and not path.startswith(":")),
        writes_everywhere=":root" in paths,
        writes_workspace=":workspace_roots" in paths
        or (isinstance(roots, dict) and roots.get(".") == "write"),
        has_network=table.get("network", {}).get("enabled", False),
    )


def _trust_levels(projects: Mapping[str, Any]) -> Mapping[str, str]:
    return {
        absolute(path, "/"): project["trust_level"]
        for path, project in projects.items()
        if "trust_level" in project
    }
