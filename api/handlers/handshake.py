"""initialize: who the client is, and who answers."""

import os
import platform
from functools import partial

from api.handlers.remote_control import status
from api.wire.connection import Connection, Followed, Params
from domain.errors import UnusableClientName
from domain.version import PROTOCOL_RELEASE


async def initialize(connection: Connection, params: Params) -> Followed:
    """Greet the client; at once, whatever the size of the home."""
    client = params["clientInfo"]
    name = client["name"]
    if any((ord(character) < ord(" ") and character != "\t") or character == "\x7f" for character in name):
        raise UnusableClientName(name)
    connection.greet(params)
    system = f"{platform.system()} {platform.release()}; {platform.machine()}"
    terminal = os.environ.get("TERM") or "unknown"
    answer = {
        "userAgent": f"{name}/{PROTOCOL_RELEASE} ({system}) {terminal} ({name}; {client['version']})",
        "codexHome": str(connection.context.home.root),
        "platformFamily": "unix",
        "platformOs": platform.system().lower(),
    }
    warnings = connection.context.config.warnings
    told = [partial(connection.tell, "configWarning", warning.params()) for warning in warnings]
    control = status(connection.context.home.root)
    told.append(partial(connection.tell, "remoteControl/status/changed", control))
    return Followed(answer, [*told, connection.context.start])
