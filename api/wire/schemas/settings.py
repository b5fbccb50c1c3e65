"""What of a `config.toml` matters to a store of threads, and what its values must be.

Keys that are not here are passed over, whatever they hold.
"""

from collections.abc import Mapping

from api.wire.schemas.parts import (
    Schema,
    boolean,
    enumeration,
    mapping,
    path,
    sequence,
    string,
    struct,
)
from api.wire.schemas.running import APPROVAL_POLICY, APPROVALS_REVIEWER, SANDBOX_MODE

REASONING_EFFORT = enumeration("none", "minimal", "low", "medium", "high", "xhigh")
TRUST_LEVEL = enumeration("trusted", "untrusted")

_RUN: Mapping[str, Schema] = {
    "model": string(),
    "model_provider": string(),
    "approval_policy": APPROVAL_POLICY,
    "approvals_reviewer": APPROVALS_REVIEWER,
    "sandbox_mode": SANDBOX_MODE,
    "model_reasoning_effort": REASONING_EFFORT,
    "service_tier": string(),
    "features": struct("FeaturesToml", {"goals": boolean()}),
}
"""What a profile can say too."""

SETTINGS: Schema = struct(
    "ConfigToml",
    {
        **_RUN,
        "model_providers": mapping(struct("ModelProviderInfo", {"name": string()})),
        "sandbox_workspace_write": struct(
            "SandboxWorkspaceWrite",
            {
                "writable_roots": sequence(path()),
                "network_access": boolean(),
                "exclude_tmpdir_env_var": boolean(),
                "exclude_slash_tmp": boolean(),
            },
        ),
        "default_permissions": string(),
        "permissions": mapping(
            struct(
                "PermissionProfileToml",
                {
                    "network": struct("NetworkToml", {"enabled": boolean()}),
                    "filesystem": mapping({}),
                },
            )
        ),
        "projects": mapping(struct("ProjectConfig", {"trust_level": TRUST_LEVEL})),
        "sqlite_home": path(),
        "profile": string(),
        "profiles": mapping(struct("ConfigProfile", _RUN)),
    },
)
