"""A `config.toml` as it lies on disk, and what is to be told of it when it does not read."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from api.configuration.config_tables import plain
from domain.limits import CONFIG_SIZE_MAX
from domain.paths import absolute

SUMMARY = "Invalid configuration; using defaults."

_PLACE = re.compile(r" \(at (?:line ([0-9]+), column ([0-9]+)|end of document)\)$")


@dataclass(frozen=True, slots=True)
class ConfigWarning:
    """What a `configWarning` notification tells; line and column count from 1."""

    summary: str
    details: str | None = None
    path: str | None = None
    place: tuple[int, int] | None = None

    @classmethod
    def of_fault(cls, why: str, path: Path, place: tuple[int, int] | None = None) -> Self:
        """That a file is not taken, and why."""
        where = str(path) if place is None else f"{path}:{place[0]}:{place[1]}"
        return cls(SUMMARY, f"{where}: {why}", str(path), place)

    def params(self) -> dict[str, Any]:
        """The parameters of the notification."""
        params: dict[str, Any] = {"summary": self.summary, "details": self.details}
        if self.path is not None:
            params["path"] = self.path
        if self.place is not None:
            point = {"line": self.place[0], "column": self.place[1]}
            params["range"] = {"start": point, "end": point}
        return params


@dataclass(frozen=True, slots=True)
class ConfigFile:
    """The settings of a file, or why there are none; a missing file has none and needs no warning."""

    path: Path
    table: Mapping[str, Any] = field(default_factory=dict)
    warning: ConfigWarning | None = None


def read_config_file(path: Path) -> ConfigFile:
    """The file's settings, paths in them made absolute against its folder."""
    try:
        if not path.is_file():
            return ConfigFile(path)
        with path.open("rb") as file:
            content = file.read(CONFIG_SIZE_MAX + 1)
    except OSError as fault:
        return _unread(path, fault.strerror or "unreadable")
    if len(content) > CONFIG_SIZE_MAX:
        return _unread(path, f"the file has more than {CONFIG_SIZE_MAX} bytes")
    return _parsed(path, content)


def _parsed(path: Path, content: bytes) -> ConfigFile:
    try:
        text = content.decode("utf-8-sig")
        return ConfigFile(path, _with_paths(plain(tomllib.loads(text)), path.parent))
    except UnicodeDecodeError:
        return _unread(path, "the file is not UTF-8")
    except RecursionError:
        return _unread(path, "values are nested too deeply")
    except tomllib.TOMLDecodeError as fault:
        return _misspelt(path, text, str(fault))


def _misspelt(path: Path, text: str, why: str) -> ConfigFile:
    """The parser tells the place at the end of its sentence only."""
    found = _PLACE.search(why)
    if found is None:
        return _unread(path, why)
    if found[1] is not None:
        place = (int(found[1]), int(found[2]))
    else:
        place = (text.count("\n") + 1, len(text) - text.rfind("\n"))
    return _unread(path, why[: found.start()], place)


def _unread(path: Path, why: str, place: tuple[int, int] | None = None) -> ConfigFile:
    return ConfigFile(path, warning=ConfigWarning.of_fault(why, path, place))


def _with_paths(table: dict[str, Any], folder: Path) -> dict[str, Any]:
    home = str(Path.home())
    if isinstance(table.get("sqlite_home"), str):
        table["sqlite_home"] = absolute(table["sqlite_home"], str(folder), home)
    sandbox = table.get("sandbox_workspace_write")
    roots = sandbox.get("writable_roots") if isinstance(sandbox, dict) else None
    if isinstance(sandbox, dict) and isinstance(roots, list):
        sandbox["writable_roots"] = [
            absolute(root, str(folder), home) if isinstance(root, str) else root for root in roots
        ]
    return table
