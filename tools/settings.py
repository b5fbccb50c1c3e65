"""Settings of the command line: `-c`, `--enable`, `--disable`, before a command and after it."""

from dataclasses import dataclass
from functools import wraps
from typing import Any

import click

from tools.usage import Command, flag, with_options


@dataclass(frozen=True, slots=True)
class Settings:
    """What lies over the home's config.toml, as it was given."""

    assignments: tuple[str, ...] = ()
    enabled: tuple[str, ...] = ()
    disabled: tuple[str, ...] = ()
    is_strict: bool = False

    def followed_by(self, later: "Settings") -> "Settings":
        """These, and those that were given later, which count where both say something."""
        return Settings(
            self.assignments + later.assignments,
            self.enabled + later.enabled,
            self.disabled + later.disabled,
            self.is_strict or later.is_strict,
        )


OPTIONS = (
    click.option(
        "-c", "--config", "assignments", multiple=True, metavar="KEY=VALUE", help="Override config.toml."
    ),
    click.option("--enable", "enabled", multiple=True, metavar="FEATURE", help="Switch a feature on."),
    click.option("--disable", "disabled", multiple=True, metavar="FEATURE", help="Switch a feature off."),
)

STRICT = flag("--strict-config", "is_strict", help="Refuse to start where a setting is unknown or wrong.")


def settings_options(command: Command) -> Command:
    """The options that say settings, given to the command as one value, `settings`."""

    @wraps(command)
    def with_settings(
        *arguments: Any,
        assignments: tuple[str, ...],
        enabled: tuple[str, ...],
        disabled: tuple[str, ...],
        is_strict: bool = False,
        **others: Any,
    ) -> Any:
        settings = Settings(assignments, enabled, disabled, is_strict)
        return command(*arguments, settings=settings, **others)

    return with_options(OPTIONS, with_settings)


def ignored_settings_options(command: Command) -> Command:
    """The same options for a command that needs no settings: clients give them to every command."""

    @wraps(command)
    def without_settings(*arguments: Any, settings: Settings, **others: Any) -> Any:
        del settings
        return command(*arguments, **others)

    return settings_options(without_settings)
