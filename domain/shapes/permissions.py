"""What the permissions of a turn_context line must look like, in today's forms and in older ones."""

from domain.shapes.checks import (
    absolute_path,
    anything,
    boolean,
    either,
    exact_record,
    keyed,
    list_of,
    nullable,
    one_of,
    record,
    string,
    tagged,
    u64,
    whole,
)

APPROVAL_POLICY = either(
    one_of("untrusted", "on-failure", "on-request", "never"),
    keyed(
        {
            "granular": record(
                {"sandbox_approval": boolean, "rules": boolean, "mcp_elicitations": boolean},
                {"skill_approval": boolean, "request_permissions": boolean},
            ),
        },
    ),
)

NETWORK_ACCESS = one_of("restricted", "enabled")

SANDBOX_POLICY = tagged(
    "type",
    {
        "danger-full-access": anything,
        "read-only": record({}, {"network_access": boolean}),
        "external-sandbox": record({}, {"network_access": NETWORK_ACCESS}),
        "workspace-write": record(
            {},
            {
                "writable_roots": list_of(absolute_path),
                "network_access": boolean,
                "exclude_tmpdir_env_var": boolean,
                "exclude_slash_tmp": boolean,
            },
        ),
    },
)

SPECIAL_PATH = tagged(
    "kind",
    {
        "root": anything,
        "minimal": anything,
        "project_roots": record({}, {"subpath": nullable(string)}),
        "current_working_directory": record({}, {"subpath": nullable(string)}),  # read as `project_roots`
        "tmpdir": anything,
        "slash_tmp": anything,
        "unknown": record({"path": string}, {"subpath": nullable(string)}),
    },
)

ENTRY = record(
    {
        "path": tagged(
            "type",
            {
                "path": record({"path": absolute_path}),
                "glob_pattern": record({"pattern": string}),
                "special": record({"value": SPECIAL_PATH}),
            },
        ),
        "access": one_of("read", "write", "none"),
    },
)

# Here a depth of 0 is read, in a permission profile it is not.
FILE_SYSTEM_SANDBOX_POLICY = record(
    {"kind": one_of("restricted", "unrestricted", "external-sandbox")},
    {"entries": list_of(ENTRY), "glob_scan_max_depth": nullable(u64)},
)

DEPTH_AT_LEAST_ONE = whole(1, 2**64 - 1)

TAGGED_PROFILE = tagged(
    "type",
    {
        "disabled": anything,
        "external": record({"network": NETWORK_ACCESS}),
        "managed": record(
            {
                "network": NETWORK_ACCESS,
                "file_system": tagged(
                    "type",
                    {
                        "unrestricted": anything,
                        "restricted": record(
                            {"entries": list_of(ENTRY)},
                            {"glob_scan_max_depth": nullable(DEPTH_AT_LEAST_ONE)},
                        ),
                    },
                ),
            },
        ),
    },
)

# The two older forms exclude each other's fields, so that `{}` fits both and a mixture neither.
LEGACY_FILE_SYSTEM = either(
    exact_record({}, {"entries": list_of(ENTRY), "glob_scan_max_depth": nullable(DEPTH_AT_LEAST_ONE)}),
    exact_record(
        {},
        {"read": nullable(list_of(absolute_path)), "write": nullable(list_of(absolute_path))},
    ),
)

LEGACY_PROFILE = exact_record(
    {},
    {
        "network": nullable(record({}, {"enabled": nullable(boolean)})),
        "file_system": nullable(LEGACY_FILE_SYSTEM),
    },
)

PERMISSION_PROFILE = either(TAGGED_PROFILE, LEGACY_PROFILE)
