"""The layers of a configuration as `config/read` tells them: what a store reads of each, and nothing else.

What no store reads is not told, secrets above all: only settings that `api.wire.schemas.settings` names come
through, so that of a provider its name is told and no key. A layer's version is that of all it holds.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from api.configuration.config_faults import table_fault
from api.configuration.config_file import read_config_file
from api.configuration.config_tables import Table, laid_over
from api.wire.schemas.parts import Schema
from api.wire.schemas.settings import SETTINGS
from domain.errors import ConfigurationUnfit, ConfigurationUnread

ALWAYS_TOLD = (
    "model",
    "model_provider",
    "approval_policy",
    "approvals_reviewer",
    "sandbox_mode",
    "sandbox_workspace_write",
    "profile",
    "model_reasoning_effort",
    "service_tier",
)
"""Settings that are told as null where no layer has them, as in release 0.131.0."""

REVIEWER = "approvals_reviewer"
REVIEWER_SPELLINGS = {"auto_review": "guardian_subagent"}
"""How release 0.131.0 spells a reviewer when it tells it."""


Place: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Layer:
    """One source of settings: its name at the wire, and all that it holds."""

    name: Mapping[str, Any]
    table: Mapping[str, Any]

    @property
    def version(self) -> str:
        """A digest of what it holds; order, comments and quoting of its text do not count."""
        text = json.dumps(self.table, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return f"sha256:{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()}"

    @property
    def known(self) -> Table:
        """What of it a store reads."""
        known: Table = _known_part(SETTINGS, self.table)
        return known

    @property
    def origin(self) -> dict[str, Any]:
        """The layer as the origin of a setting."""
        return {"name": self.name, "version": self.version}

    def at_wire(self) -> dict[str, Any]:
        """The layer as `config/read` tells it."""
        return {**self.origin, "config": self.known}


def read_layers(file: Path, overrides: Mapping[str, Any]) -> list[Layer]:
    """The layers of a home, the weakest first: its config.toml, and the command line if that says anything.

    ConfigurationUnread when the file does not read, ConfigurationUnfit when a value in it fits no setting.
    """
    found = read_config_file(file)
    if found.warning is not None:
        raise ConfigurationUnread(found.warning.details or str(file))
    if why := table_fault(found.table):
        raise ConfigurationUnfit(why)
    layers = [Layer({"type": "user", "file": str(file), "profile": None}, _respelt(found.table))]
    if overrides:
        layers.append(Layer({"type": "sessionFlags"}, _respelt(laid_over({}, overrides))))
    return layers


def told(layers: Sequence[Layer], *, with_layers: bool) -> dict[str, Any]:
    """What `config/read` answers: the settings in force, where each comes from, and the layers if asked."""
    config: Table = {}
    known = [(layer, layer.known) for layer in layers]
    for _, table in known:
        config = laid_over(config, table)
    leaves = [(layer, set(_leaves(table, ()))) for layer, table in reversed(known)]
    origins = {
        ".".join(place): next(layer.origin for layer, places in leaves if place in places)
        for place in _leaves(config, ())
    }
    answer: Table = {"config": {**dict.fromkeys(ALWAYS_TOLD), "profiles": {}, **config}, "origins": origins}
    if with_layers:
        answer["layers"] = [layer.at_wire() for layer in reversed(layers)]
    return answer


def _known_part(schema: Schema, value: Any) -> Any:
    """What of a value its schema names; a value without members is told whole."""
    if isinstance(value, dict) and schema.get("x-form") == "struct":
        fields = schema["properties"]
        return {name: _known_part(fields[name], inner) for name, inner in value.items() if name in fields}
    if isinstance(value, dict) and schema.get("x-form") == "map":
        inner_schema = schema["additionalProperties"]
        return {name: _known_part(inner_schema, inner) for name, inner in value.items()}
    return value


def _leaves(value: object, place: Place) -> Iterator[Place]:
    """Where the values without members are, elements of lists by their number."""
    if isinstance(value, dict):
        inner = [(str(name), member) for name, member in value.items()]
    elif isinstance(value, list):
        inner = [(str(number), member) for number, member in enumerate(value)]
    else:
        yield place
        return
    for name, member in inner:
        yield from _leaves(member, (*place, name))


def _respelt(table: Mapping[str, Any]) -> Table:
    """The table with reviewers as release 0.131.0 spells them, also in its profiles."""
    result = dict(table)
    if result.get(REVIEWER) in REVIEWER_SPELLINGS:
        result[REVIEWER] = REVIEWER_SPELLINGS[result[REVIEWER]]
    if isinstance(result.get("profiles"), dict):
        result["profiles"] = {name: _respelt(profile) for name, profile in result["profiles"].items()}
    return result
