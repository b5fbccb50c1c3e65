"""The cases that we answer otherwise on purpose, each with its reason (`deviations.toml`)."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

LIST = Path(__file__).with_name("deviations.toml")


@dataclass(frozen=True, slots=True)
class Deviation:
    """Why a case is not matched, and what happens instead."""

    because: str
    instead: str


def deviations(path: Path = LIST) -> dict[str, Deviation]:
    """The deviating cases by name."""
    with path.open("rb") as file:
        return {name: Deviation(**entry) for name, entry in tomllib.load(file).items()}
