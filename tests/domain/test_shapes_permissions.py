"""Tests of the permissions in turn_context lines: today's forms, older ones, unknown ones."""

from collections.abc import Iterable
from typing import Any

import pytest

from tests.domain.shape_lines import (
    ABSOLUTE_PATH,
    BOOLEAN,
    LIST,
    OBJECT,
    STRING,
    U64,
    Kind,
    Shape,
    is_kept,
    misjudged,
    names,
    nullable,
    optional,
    required,
    whole,
)

CONTEXT = {
    "cwd": "/srv",
    "approval_policy": "never",
    "sandbox_policy": {"type": "danger-full-access"},
    "model": "m",
    "summary": "auto",
}
NETWORK = names("restricted", "enabled")
DEPTH = whole(1, 2**64 - 1)
ENTRIES = [
    {"path": {"type": "path", "path": "/a"}, "access": "read"},
    {"path": {"type": "glob_pattern", "pattern": "*"}, "access": "write"},
    {"path": {"type": "special", "value": {"kind": "project_roots", "subpath": "s"}}, "access": "none"},
    {
        "path": {"type": "special", "value": {"kind": "unknown", "path": "p", "subpath": "s"}},
        "access": "read",
    },
]
BROKEN_ENTRIES: list[Any] = [
    [None],
    [{}],
    [{"path": {"type": "path", "path": "a"}, "access": "read"}],
    {},
    None,
]
ENTRIES_OR_NOT = Kind(good=([], ENTRIES), bad=(*(entries for entries in BROKEN_ENTRIES if entries), {}))
PATHS = Kind(good=([], ["/a", "/b"]), bad=(["a"], [None], "/a", {}))


def shape(field: str, value: Any, *fields: Any, exact: Iterable[str] = ()) -> Shape:
    """A turn context with this permission field."""
    return Shape("turn_context", CONTEXT | {field: value}, fields, tuple(exact))


SHAPES = (
    shape(
        "approval_policy",
        {
            "granular": {
                "sandbox_approval": True,
                "rules": True,
                "mcp_elicitations": True,
                "skill_approval": True,
                "request_permissions": True,
            }
        },
        required("approval_policy.granular", OBJECT),
        required("approval_policy.granular.sandbox_approval", BOOLEAN),
        required("approval_policy.granular.rules", BOOLEAN),
        required("approval_policy.granular.mcp_elicitations", BOOLEAN),
        optional("approval_policy.granular.skill_approval", BOOLEAN),
        optional("approval_policy.granular.request_permissions", BOOLEAN),
        exact=["approval_policy"],
    ),
    shape(
        "sandbox_policy",
        {"type": "read-only", "network_access": True},
        required("sandbox_policy.type", names("read-only")),
        optional("sandbox_policy.network_access", BOOLEAN),
    ),
    shape(
        "sandbox_policy",
        {"type": "external-sandbox", "network_access": "enabled"},
        optional("sandbox_policy.network_access", NETWORK),
    ),
    shape(
        "sandbox_policy",
        {
            "type": "workspace-write",
            "writable_roots": ["/a"],
            "network_access": True,
            "exclude_tmpdir_env_var": True,
            "exclude_slash_tmp": True,
        },
        optional("sandbox_policy.writable_roots", PATHS),
        optional("sandbox_policy.network_access", BOOLEAN),
        optional("sandbox_policy.exclude_tmpdir_env_var", BOOLEAN),
        optional("sandbox_policy.exclude_slash_tmp", BOOLEAN),
    ),
    shape(
        "file_system_sandbox_policy",
        {"kind": "restricted", "entries": ENTRIES, "glob_scan_max_depth": 0},
        required("file_system_sandbox_policy.kind", names("restricted", "unrestricted", "external-sandbox")),
        optional("file_system_sandbox_policy.entries", LIST),
        nullable("file_system_sandbox_policy.glob_scan_max_depth", U64),
        required("file_system_sandbox_policy.entries.0.access", names("read", "write", "none")),
        required("file_system_sandbox_policy.entries.0.path", OBJECT),
        required("file_system_sandbox_policy.entries.0.path.type", names("path")),
        required("file_system_sandbox_policy.entries.0.path.path", ABSOLUTE_PATH),
        required("file_system_sandbox_policy.entries.1.path.pattern", STRING),
        required("file_system_sandbox_policy.entries.2.path.value", OBJECT),
        required(
            "file_system_sandbox_policy.entries.2.path.value.kind",
            names("project_roots", "current_working_directory", "root", "minimal", "tmpdir", "slash_tmp"),
        ),
        nullable("file_system_sandbox_policy.entries.2.path.value.subpath", STRING),
        required("file_system_sandbox_policy.entries.3.path.value.path", STRING),
        nullable("file_system_sandbox_policy.entries.3.path.value.subpath", STRING),
    ),
    shape(
        "permission_profile",
        {"type": "external", "network": "enabled"},
        required("permission_profile.network", NETWORK),
    ),
    shape(
        "permission_profile",
        {"type": "managed", "network": "enabled", "file_system": {"type": "unrestricted"}},
        required("permission_profile.network", NETWORK),
        required("permission_profile.file_system", OBJECT),
        required("permission_profile.file_system.type", names("unrestricted")),
    ),
    shape(
        "permission_profile",
        {
            "type": "managed",
            "network": "enabled",
            "file_system": {"type": "restricted", "entries": ENTRIES, "glob_scan_max_depth": 1},
        },
        required("permission_profile.type", names("managed")),
        required("permission_profile.file_system.entries", ENTRIES_OR_NOT),
        nullable("permission_profile.file_system.glob_scan_max_depth", DEPTH),
    ),
    shape(
        "permission_profile",
        {"network": {"enabled": True}, "file_system": {"entries": ENTRIES, "glob_scan_max_depth": 1}},
        nullable("permission_profile.network", OBJECT),
        nullable("permission_profile.network.enabled", BOOLEAN),
        nullable("permission_profile.file_system", OBJECT),
        optional("permission_profile.file_system.entries", ENTRIES_OR_NOT),
        nullable("permission_profile.file_system.glob_scan_max_depth", DEPTH),
        exact=["permission_profile", "permission_profile.file_system"],
    ),
    shape(
        "permission_profile",
        {"file_system": {"read": ["/a"], "write": ["/b"]}},
        nullable("permission_profile.file_system.read", PATHS),
        nullable("permission_profile.file_system.write", PATHS),
        exact=["permission_profile", "permission_profile.file_system"],
    ),
)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_every_field_of_a_permission_follows_its_rules(shape: Shape) -> None:
    assert misjudged(shape) == []


def test_the_older_name_of_the_project_roots_has_their_fields() -> None:
    for subpath, kept in (("s", True), (None, True), (5, False)):
        path = {"type": "special", "value": {"kind": "current_working_directory", "subpath": subpath}}
        policy = {"kind": "restricted", "entries": [{"path": path, "access": "read"}]}
        assert is_kept(shape("file_system_sandbox_policy", policy).line()) is kept


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("permission_profile", {}),
        ("permission_profile", {"network": None, "file_system": None}),
        ("permission_profile", {"network": {}, "file_system": {}}),
        ("permission_profile", {"type": "disabled", "network": 5}),
        ("sandbox_policy", {"type": "read-only", "access": {"type": "restricted"}}),
        ("sandbox_policy", {"type": "workspace-write", "read_only_access": 5}),
    ],
)
def test_older_forms_of_a_permission_are_kept(field: str, value: Any) -> None:
    assert is_kept(shape(field, value).line())


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("approval_policy", "unless-trusted"),
        ("approval_policy", "granular"),
        ("approval_policy", {"reject": {"sandbox_approval": True, "rules": True, "mcp_elicitations": True}}),
        ("sandbox_policy", "read-only"),
        ("sandbox_policy", {"mode": "read-only"}),
        ("permission_profile", {"type": None}),
        ("permission_profile", {"type": "mystery"}),
        ("permission_profile", {"mystery": 1}),
        ("permission_profile", {"type": "disabled_", "network": None}),
        (
            "permission_profile",
            {"type": "managed", "network": {"enabled": True}, "file_system": {"read": []}},
        ),
        ("permission_profile", {"file_system": {"entries": [], "read": []}}),
        ("permission_profile", {"file_system": {"read": [], "glob_scan_max_depth": 1}}),
    ],
)
def test_unknown_forms_of_a_permission_drop_the_line(field: str, value: Any) -> None:
    assert not is_kept(shape(field, value).line())
