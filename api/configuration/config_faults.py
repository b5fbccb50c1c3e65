"""What is wrong with settings, in the words of release 0.131.0."""

from collections.abc import Mapping
from typing import Any

from api.wire.schemas.faults import fault
from api.wire.schemas.judge import fits
from api.wire.schemas.parts import Schema
from api.wire.schemas.settings import SETTINGS

BUILT_IN_PROVIDERS = frozenset({"openai", "amazon-bedrock", "ollama", "lmstudio"})

REPLACEABLE_PROVIDERS = frozenset({"amazon-bedrock"})
"""Built-in providers of which a table may say more."""


def table_fault(table: Mapping[str, Any]) -> str | None:
    """The first setting that does not read, and where it stands; None when all do."""
    return _struct_fault(SETTINGS, table, ())


def _struct_fault(schema: Schema, table: Mapping[str, Any], place: tuple[str, ...]) -> str | None:
    known = schema["properties"]
    found = (_fault(known[name], value, (*place, name)) for name, value in table.items() if name in known)
    return next((why for why in found if why), None)


def _fault(schema: Schema, value: object, place: tuple[str, ...]) -> str | None:
    if fits(schema, value):
        return _provider_fault(value, place) if place == ("model_providers",) else None
    if isinstance(value, dict) and schema.get("x-form") == "struct":
        return _struct_fault(schema, value, place)
    if isinstance(value, dict) and schema.get("x-form") == "map":
        inner = schema["additionalProperties"]
        found = (_fault(inner, entry, (*place, name)) for name, entry in value.items())
        return next((why for why in found if why), None)
    return _told(fault(schema, value), place)


def _provider_fault(providers: object, place: tuple[str, ...]) -> str | None:
    """Providers need a name, and the built-in ones stay as they are."""
    if not isinstance(providers, dict):
        return None
    reserved = sorted((BUILT_IN_PROVIDERS - REPLACEABLE_PROVIDERS) & providers.keys())
    if reserved:
        names = ", ".join(f"`{name}`" for name in reserved)
        return _told(
            f"model_providers contains reserved built-in provider IDs: {names}. Built-in providers cannot be "
            f"overridden. Rename your custom provider (for example, `{reserved[0]}-custom`).",
            place,
        )
    named = ((provider, table.get("name", "")) for provider, table in providers.items())
    unnamed = [
        provider for provider, name in named if not name.strip() and provider not in BUILT_IN_PROVIDERS
    ]
    if unnamed:
        return _told(f"model_providers.{unnamed[0]}: provider name must not be empty", place)
    return None


def _told(why: str, place: tuple[str, ...]) -> str:
    return f"{why}\nin `{'.'.join(place)}`\n"
