"""What a thread runs with, by a request, the configuration and its log: the rules of release 0.131.0.

Measured with settings and parameters of all kinds. A parameter counts before the `config` of the same
request, that before the command line, that before the file.
"""

from collections.abc import Mapping
from typing import Any

from api.configuration.config import Config, check_permissions, check_provider
from domain.errors import ConfigurationRefused
from domain.events import Payload
from domain.paths import absolute
from domain.session.older_permissions import sandbox_of_older_profile
from domain.session.sandbox import (
    BUILT_IN_PROFILES,
    READ_ONLY,
    READ_ONLY_PROFILE,
    WORKSPACE_PROFILE,
    WORKSPACE_WRITE,
    Place,
    Sandbox,
    WorkspaceWrite,
    sandbox_of_mode,
    sandbox_of_profile,
)
from domain.session.session import ApprovalPolicy, Recorded, Session, SessionBase
from domain.session.turn_checks import check_environments, check_not_combined

Params = Mapping[str, Any]

OWN_MODEL = ("model", "modelProvider")
OWN_MODEL_SETTINGS = ("model", "model_reasoning_effort")
"""What of a request makes a resumed thread go by the configuration, not by what it ran with."""

DEFAULT_APPROVAL, UNTRUSTED_APPROVAL = "on-request", "untrusted"
UNTRUSTED = "untrusted"

GRANULAR_DEFAULTS: Mapping[str, bool | None] = {
    "sandbox_approval": None,
    "rules": None,
    "skill_approval": False,
    "request_permissions": False,
    "mcp_elicitations": None,
}
"""The members of a granular policy in their order, and what those that may be left out are then."""

REVIEWERS = {"auto_review": "guardian_subagent"}
TIERS = {"fast": "priority"}
"""Names that come back as others."""


def check_session_params(params: Params) -> None:
    """What is refused before a thread is looked for: fields that exclude each other, strange environments."""
    check_not_combined(params, "permissions", "sandbox")
    if isinstance(params.get("permissionProfile"), dict):
        check_not_combined(params, "permissionProfile", "sandbox", "permissions")
    check_environments(params.get("environments") or ())


def resolve(params: Params, config: Config, base: SessionBase) -> Session:
    """What the thread runs with; ConfigurationRefused, NotCombined or UnknownEnvironment when it cannot."""
    check_session_params(params)
    overrides = params.get("config") or {}
    config = config.overridden(overrides)
    recorded = _counting(params, overrides, base.recorded)
    provider = params.get("modelProvider", recorded.model_provider or config.model_provider)
    profile_id = _profile_id(params, config)
    if profile_id is not None:
        check_permissions(profile_id, config)
    check_provider(provider, config.model_providers)
    cwd = _cwd(params, base)
    surroundings = base.look(cwd)
    trust = _trust(config, surroundings.projects)
    place = Place(cwd, _roots(params, config, base, cwd), base.home, base.user_home, base.temporary_directory)
    sandbox = _sandbox(params, config, place, trust)
    reviewer: str = params.get("approvalsReviewer", config.approvals_reviewer)
    tier = params.get("serviceTier", config.service_tier)
    return Session(
        model=params.get("model", recorded.model or config.model),
        model_provider=provider,
        service_tier=TIERS.get(tier, tier),
        cwd=cwd,
        workspace_roots=place.roots,
        instruction_sources=surroundings.instruction_sources,
        approval_policy=_approval_policy(params, config, trust),
        approvals_reviewer=REVIEWERS.get(reviewer, reviewer),
        sandbox=sandbox.policy,
        permission_profile=sandbox.profile,
        reasoning_effort=recorded.reasoning_effort or config.reasoning_effort,
    )


def _counting(params: Params, overrides: Params, recorded: Recorded) -> Recorded:
    """What the log says, as far as the request does not ask for a model of its own."""
    asks = any(name in params for name in OWN_MODEL) or any(name in overrides for name in OWN_MODEL_SETTINGS)
    return Recorded(recorded.cwd) if asks else recorded


def _cwd(params: Params, base: SessionBase) -> str:
    asked = params.get("cwd")
    path = (base.recorded.cwd or "") if asked is None else asked
    return absolute(path, base.working_directory, base.user_home)


def _trust(config: Config, projects: tuple[str, ...]) -> str | None:
    """The word for the nearest folder that there is one for."""
    return next((config.trust_levels[folder] for folder in projects if folder in config.trust_levels), None)


def _roots(params: Params, config: Config, base: SessionBase, cwd: str) -> tuple[str, ...]:
    """The roots asked for, else the working directory with the writable roots of a sandbox mode."""
    asked = params.get("runtimeWorkspaceRoots")
    if asked is None:
        table = config.workspace_write
        is_by_mode = table is not None and _profile_id(params, config) is None
        asked = [cwd, *(table.writable_roots if table is not None and is_by_mode else ())]
    return tuple(dict.fromkeys(absolute(root, cwd, base.user_home) for root in asked))


def _profile_id(params: Params, config: Config) -> str | None:
    """The permission profile that is asked for, or configured and not overruled by a mode."""
    if "permissions" in params:
        profile_id: str = params["permissions"]
        return profile_id
    return None if "sandbox" in params else config.default_permissions


def _sandbox(params: Params, config: Config, place: Place, trust: str | None) -> Sandbox:
    older = sandbox_of_older_profile(params.get("permissionProfile"), place)
    if older is not None:
        return Sandbox(older)
    profile_id = _profile_id(params, config)
    if profile_id is not None:
        return Sandbox(_profile_policy(profile_id, config, place), profile_id)
    table = config.workspace_write or WorkspaceWrite()
    mode = params.get("sandbox", config.sandbox_mode)
    if mode is not None:
        return Sandbox(sandbox_of_mode(mode, place, table))
    if config.permissions:
        why = "config defines `[permissions]` profiles but does not set `default_permissions`"
        raise ConfigurationRefused(why)
    if trust is None:
        return Sandbox(sandbox_of_mode(READ_ONLY, place), READ_ONLY_PROFILE)
    policy = sandbox_of_mode(WORKSPACE_WRITE, place, table)
    return Sandbox(policy, WORKSPACE_PROFILE if config.workspace_write is None else None)


def _profile_policy(profile_id: str, config: Config, place: Place) -> Payload:
    mode = BUILT_IN_PROFILES.get(profile_id)
    if mode is not None:
        return sandbox_of_mode(mode, place)
    return sandbox_of_profile(config.permissions[profile_id], place)


def _approval_policy(params: Params, config: Config, trust: str | None) -> ApprovalPolicy:
    policy: ApprovalPolicy | None = params.get("approvalPolicy", config.approval_policy)
    if policy is None:
        return UNTRUSTED_APPROVAL if trust == UNTRUSTED else DEFAULT_APPROVAL
    if isinstance(policy, str):
        return policy
    told = policy["granular"]
    return {"granular": {name: told.get(name, default) for name, default in GRANULAR_DEFAULTS.items()}}
