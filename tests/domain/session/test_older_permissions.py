"""The `permissionProfile` objects of earlier releases."""

from typing import Any

import pytest

from domain.session.older_permissions import sandbox_of_older_profile
from domain.session.sandbox import Place

PLACE = Place("/work", ("/work",), "/home")


def workspace(*roots: str, has_network: bool = False) -> dict[str, Any]:
    return {
        "type": "workspaceWrite",
        "writableRoots": [*roots, "/home/memories"],
        "networkAccess": has_network,
        "excludeTmpdirEnvVar": True,
        "excludeSlashTmp": True,
    }


def entry(path: object, access: str = "write") -> dict[str, Any]:
    return {"path": path, "access": access}


def special(kind: str) -> dict[str, Any]:
    return {"type": "special", "value": {"kind": kind}}


READ_ONLY = {"type": "readOnly", "networkAccess": False}


@pytest.mark.parametrize(
    ("profile", "policy"),
    [
        ({"type": "disabled"}, {"type": "dangerFullAccess"}),
        ({"type": "external", "network": "enabled"}, {"type": "externalSandbox", "networkAccess": "enabled"}),
        (
            {"type": "external", "network": {"enabled": False}},
            {"type": "externalSandbox", "networkAccess": "restricted"},
        ),
        ({"type": "managed"}, READ_ONLY),
        (
            {"type": "managed", "network": {"enabled": True}, "fileSystem": {"type": "unrestricted"}},
            {"type": "externalSandbox", "networkAccess": "enabled"},
        ),
        (
            {
                "type": "managed",
                "network": "restricted",
                "fileSystem": {
                    "type": "restricted",
                    "entries": [entry(special("root"), "read"), entry({"type": "path", "path": "/x"})],
                },
            },
            workspace("/x"),
        ),
        (
            {"fileSystem": {"entries": [entry(special("root"))]}},
            {"type": "externalSandbox", "networkAccess": "restricted"},
        ),
        ({"fileSystem": {"entries": [entry(special("project_roots"))]}}, workspace()),
        (
            {"network": {"enabled": True}, "fileSystem": {"read": ["/"], "write": ["/x"]}},
            workspace("/x", has_network=True),
        ),
        ({"network": {"enabled": True}}, {"type": "readOnly", "networkAccess": True}),
        ({"network": None, "file_system": {"entries": "x", "write": [5]}}, READ_ONLY),
    ],
)
def test_an_older_profile_is_shown_as_the_sandbox_nearest_to_it(profile: object, policy: object) -> None:
    assert sandbox_of_older_profile(profile, PLACE) == policy


@pytest.mark.parametrize("other", [None, 5, "x", [], {}, {"type": "zz"}, {"type": 5}, {"id": ":x"}])
def test_anything_else_is_passed_over(other: object) -> None:
    assert sandbox_of_older_profile(other, PLACE) is None
