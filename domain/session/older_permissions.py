"""The `permissionProfile` of earlier releases, in its tagged and its untagged form.

Release 0.131.0 passes over the field; here it is taken, and shown as the sandbox that comes nearest to it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain.events import Payload
from domain.session.sandbox import FULL_ACCESS, Place, external, read_only, sandbox_of_mode, writable

PARTS = frozenset({"network", "fileSystem", "file_system"})
WORKSPACE = frozenset({"project_roots", "current_working_directory"})


@dataclass(frozen=True, slots=True)
class Grants:
    """What may be written."""

    paths: Sequence[str] = ()
    writes_everywhere: bool = False


def sandbox_of_older_profile(profile: object, place: Place) -> Payload | None:
    """The policy of such an object; None for any other value, which is passed over."""
    if not isinstance(profile, dict):
        return None
    kind = profile.get("type")
    if kind == "disabled":
        return sandbox_of_mode(FULL_ACCESS, place)
    if kind == "external":
        return external(has_network=_has_network(profile.get("network")))
    if kind == "managed" or (kind is None and not PARTS.isdisjoint(profile)):
        return _managed(profile, place)
    return None


def _managed(profile: Mapping[str, Any], place: Place) -> Payload:
    has_network = _has_network(profile.get("network"))
    files = profile.get("fileSystem", profile.get("file_system"))
    grants = _grants(files, place) if isinstance(files, dict) else Grants()
    if grants.writes_everywhere:
        return external(has_network=has_network)
    if grants.paths:
        return writable(place, grants.paths, has_network=has_network)
    return read_only(has_network=has_network)


def _has_network(network: object) -> bool:
    return network == "enabled" or (isinstance(network, dict) and network.get("enabled") is True)


def _grants(files: Mapping[str, Any], place: Place) -> Grants:
    """By entries of a path and its access, or by a list of paths that may be written."""
    if files.get("type") == "unrestricted":
        return Grants(writes_everywhere=True)
    entries = [entry for entry in _list(files.get("entries")) if isinstance(entry, dict)]
    granted = [_granted(entry.get("path"), place) for entry in entries if entry.get("access") == "write"]
    if None in granted:
        return Grants(writes_everywhere=True)
    paths = [path for told in granted for path in told or ()]
    paths += [path for path in _list(files.get("write")) if isinstance(path, str)]
    return Grants(place.resolved(paths))


def _granted(path: object, place: Place) -> Sequence[str] | None:
    """The paths that an entry stands for; None for all there are."""
    if not isinstance(path, dict):
        return ()
    special = path.get("value")
    kind = special.get("kind") if isinstance(special, dict) else None
    if kind == "root":
        return None
    if kind in WORKSPACE:
        return place.roots or (place.cwd,)
    told = path.get("path")
    return (told,) if isinstance(told, str) else ()


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
