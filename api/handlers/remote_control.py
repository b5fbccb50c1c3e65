"""remoteControl/status/read, disable: this server connects to nothing, so it is always disabled."""

import platform
from pathlib import Path
from uuid import UUID

from api.wire.connection import Connection, Params, Result
from domain.limits import INSTALLATION_SIZE_MAX

INSTALLATION_FILE = "installation_id"

NO_INSTALLATION = str(UUID(int=0))
"""Told where the home has no installation id: the protocol wants a text, and the home is not written."""


async def read_status(connection: Connection, _params: Params) -> Result:
    """The state of remote control."""
    return status(connection.context.home.root)


async def disable(connection: Connection, _params: Params) -> Result:
    """Done: it is disabled."""
    return status(connection.context.home.root)


def status(home: Path) -> Result:
    """The state of remote control on this home, also told right behind the handshake."""
    return {
        "status": "disabled",
        "serverName": platform.node(),
        "installationId": _installation_id(home / INSTALLATION_FILE),
        "environmentId": None,
    }


def _installation_id(path: Path) -> str:
    try:
        if not path.is_file():  # a pipe would never open
            return NO_INSTALLATION
        with path.open("rb") as file:
            return str(UUID(file.read(INSTALLATION_SIZE_MAX).decode().strip()))
    except (OSError, ValueError):
        return NO_INSTALLATION
