"""Settings as tables: what the command line and a request lay over those of a file."""

import tomllib
from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import Any, TypeAlias

from domain.errors import UnfitOverride

Table: TypeAlias = dict[str, Any]

DATE_MARK = "$date"
"""A date or time of TOML becomes a table of this key: nothing that is read here is one."""


def read_overrides(
    settings: Sequence[str] = (), enabled: Sequence[str] = (), disabled: Sequence[str] = ()
) -> Table:
    """What `-c key=value`, `--enable FEATURE` and `--disable FEATURE` say, later ones counting.

    A key's dots part it, whatever they stand in; a value that is no TOML is taken as text. UnfitOverride
    for a setting without `=` or without a key.
    """
    table: Table = {}
    for text in settings:
        key, equals, value = text.partition("=")
        if not equals:
            raise UnfitOverride(text, "invalid override (missing '=')")
        if not key.strip():
            raise UnfitOverride(text, "empty key in override")
        table = laid_over(table, {key.strip(): _value(value.strip())})
    features = dict.fromkeys(enabled, True) | dict.fromkeys(disabled, False)
    return laid_over(table, {f"features.{name}": value for name, value in features.items()})


def laid_over(table: Mapping[str, Any], overrides: Mapping[str, Any]) -> Table:
    """The table with these settings, whose keys may be dotted; tables join, everything else replaces."""
    result = dict(table)
    for dotted, value in overrides.items():
        first, *rest = dotted.split(".")
        nested = value
        for part in reversed(rest):
            nested = {part: nested}
        result[first] = _joined(result.get(first), nested)
    return result


def plain(value: object) -> Any:
    """The value in the types of JSON: dates as tables of one text."""
    if isinstance(value, date | time):
        return {DATE_MARK: value.isoformat()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    return value


def without_null(value: object) -> Any:
    """The value of a request, which TOML has to hold: a null becomes the empty text (observed)."""
    if isinstance(value, list):
        return [without_null(inner) for inner in value]
    if isinstance(value, dict):
        return {key: without_null(inner) for key, inner in value.items()}
    return "" if value is None else value


def _joined(old: object, new: object) -> Any:
    if not isinstance(old, dict) or not isinstance(new, dict):
        return new
    return old | {key: _joined(old.get(key), value) for key, value in new.items()}


def _value(text: str) -> Any:
    try:
        document = tomllib.loads(f"value = {text}")
    except (ValueError, RecursionError):
        return text.strip("\"'")
    # More than one value came out of a text with line breaks in it.
    return plain(document["value"]) if len(document) == 1 else text
