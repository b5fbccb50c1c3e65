"""Running the service as the command line says."""

import asyncio
import sys
from dataclasses import replace
from typing import Any

from api.access.options import Policy
from api.configuration.config_tables import read_overrides
from api.configuration.strictness import check_strictly
from api.doors.listen import Listen
from api.doors.serve import serve
from api.service import Options
from domain.errors import ConfigurationRefused, SettingsRefused, UnfitOverride, UnreadSetting
from rollout.finding.home import Home
from tools.app_server.logs import log_to_stderr
from tools.settings import Settings


def run(home: Home, listen: Listen, policy: Policy, options: Options, settings: Settings) -> None:
    """Serve until the service ends; a StartRefused where it cannot be run so.

    `options` lack the settings yet. Warnings, banners and the log go to standard error.
    """
    log_to_stderr()
    overrides = _overrides(settings)
    if settings.is_strict:
        check_strictly(home.root / "config.toml", settings.assignments, overrides)
    try:
        asyncio.run(serve(home, replace(options, overrides=overrides), listen, policy, tell))
    except ConfigurationRefused as refusal:
        raise SettingsRefused(refusal.reason.rstrip()) from None


def tell(line: str) -> None:
    """Print a line for whoever runs the service; nobody needs to read it."""
    try:
        print(line, file=sys.stderr, flush=True)
    except OSError:
        return


def _overrides(settings: Settings) -> dict[str, Any]:
    try:
        return read_overrides(settings.assignments, settings.enabled, settings.disabled)
    except UnfitOverride as refusal:
        sentence = str(refusal)
        raise UnreadSetting(sentence[:1].upper() + sentence[1:]) from None
