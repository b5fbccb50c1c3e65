"""Permissions, and the sandbox that stands for them in answers; this store runs nothing inside it.

What release 0.131.0 answers was measured with settings and parameters of all kinds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.events import Payload
from domain.paths import absolute

READ_ONLY, WORKSPACE_WRITE, FULL_ACCESS = "read-only", "workspace-write", "danger-full-access"

BUILT_IN_PROFILES: Mapping[str, str] = {
    ":read-only": READ_ONLY,
    ":workspace": WORKSPACE_WRITE,
    ":danger-full-access": FULL_ACCESS,
}
"""The permission profiles that need no configuration, and their sandbox modes."""

READ_ONLY_PROFILE, WORKSPACE_PROFILE = ":read-only", ":workspace"

SLASH_TMP = "/tmp"  # noqa: S108 - a name in an answer


@dataclass(frozen=True, slots=True)
class WorkspaceWrite:
    """The table `sandbox_workspace_write`."""

    writable_roots: tuple[str, ...] = ()
    has_network: bool = False
    excludes_tmpdir: bool = False
    excludes_slash_tmp: bool = False


@dataclass(frozen=True, slots=True)
class Profile:
    """A permission profile of the configuration, as far as an answer shows it."""

    writable_paths: tuple[str, ...] = ()
    writes_everywhere: bool = False
    writes_workspace: bool = False
    has_network: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where a thread works: its directory and roots, and the folders of the machine that a sandbox names."""

    cwd: str
    roots: tuple[str, ...]
    home: str
    user_home: str = ""
    temporary_directory: str | None = None

    def resolved(self, paths: Sequence[str]) -> list[str]:
        """The paths made absolute against the working directory."""
        return [absolute(path, self.cwd, self.user_home) for path in paths]


@dataclass(frozen=True, slots=True)
class Sandbox:
    """A sandbox policy at the wire, and the profile that it comes from."""

    policy: Payload
    profile_id: str | None = None

    @property
    def profile(self) -> Payload | None:
        """`activePermissionProfile`: None where a sandbox mode decides."""
        return None if self.profile_id is None else {"id": self.profile_id, "extends": None}


DEFAULT_WORKSPACE_WRITE = WorkspaceWrite()


def sandbox_of_mode(mode: str, place: Place, table: WorkspaceWrite = DEFAULT_WORKSPACE_WRITE) -> Payload:
    """The policy of a sandbox mode."""
    if mode == FULL_ACCESS:
        return {"type": "dangerFullAccess"}
    if mode == READ_ONLY:
        return read_only(has_network=False)
    return _workspace_write(place, table)


def sandbox_of_profile(profile: Profile, place: Place) -> Payload:
    """The policy of a configured profile: writing somewhere is a workspace without temporary folders."""
    if profile.writes_everywhere:
        return external(has_network=profile.has_network)
    if profile.writable_paths or profile.writes_workspace:
        roots = [*(place.roots if profile.writes_workspace else ()), *place.resolved(profile.writable_paths)]
        return writable(place, roots, has_network=profile.has_network)
    return read_only(has_network=profile.has_network)


def read_only(*, has_network: bool) -> Payload:
    """The policy that writes nothing."""
    return {"type": "readOnly", "networkAccess": has_network}


def external(*, has_network: bool) -> Payload:
    """The policy of a sandbox that somebody else provides."""
    return {"type": "externalSandbox", "networkAccess": "enabled" if has_network else "restricted"}


def _workspace_write(place: Place, table: WorkspaceWrite) -> Payload:
    """Roots besides the working directory; where that is none of them, the temporary folders are named."""
    named = place.resolved(table.writable_roots)
    if place.cwd in place.roots:
        excludes = (table.excludes_tmpdir, table.excludes_slash_tmp)
        roots = [*place.roots, *named]
        return writable(place, roots, has_network=table.has_network, excludes=excludes)
    folders = [] if table.excludes_slash_tmp else [SLASH_TMP]
    tmpdir = None if table.excludes_tmpdir else place.temporary_directory
    folders += [tmpdir] if tmpdir else []
    roots = [*place.roots, *folders, *named]
    excludes = (tmpdir is None, table.excludes_slash_tmp)
    return writable(place, roots, has_network=table.has_network, excludes=excludes)


def writable(
    place: Place, roots: Sequence[str], *, has_network: bool, excludes: tuple[bool, bool] = (True, True)
) -> Payload:
    """The policy that writes to the working directory and these roots; `excludes` `$TMPDIR` and `/tmp`."""
    others = [root for root in dict.fromkeys(roots) if root != place.cwd]
    return {
        "type": "workspaceWrite",
        "writableRoots": list(dict.fromkeys([*others, f"{place.home}/memories"])),
        "networkAccess": has_network,
        "excludeTmpdirEnvVar": excludes[0],
        "excludeSlashTmp": excludes[1],
    }
