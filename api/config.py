"""What the home's `config.toml` says that matters to a store of threads."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

DEFAULT_PROVIDER = "openai"


@dataclass(frozen=True, slots=True)
class Config:
    """The settings that are read."""

    model_provider: str = DEFAULT_PROVIDER


def read_config(path: Path) -> Config:
    """The settings of this file; the defaults where it is missing, unreadable or says nothing."""
    try:
        settings = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return Config()
    provider = settings.get("model_provider")
    return Config(provider if isinstance(provider, str) and provider else DEFAULT_PROVIDER)
