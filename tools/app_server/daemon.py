"""`threadstore app-server daemon`: who listens on the control socket of the home."""

import asyncio
import json
from pathlib import Path
from typing import Any

import click

from api.doors.listen import control_socket
from domain.errors import DaemonUnconnected, DaemonUnmanaged
from domain.version import PROTOCOL_RELEASE
from tools.proxy import connect, root_of
from tools.settings import ignored_settings_options
from tools.usage import Plain


class DaemonGroup(Plain, click.Group):
    """The commands about a server that runs already."""


@click.command("daemon", cls=DaemonGroup, subcommand_metavar="COMMAND")
@ignored_settings_options
def command() -> None:
    """Ask who listens on the control socket of the home.

    Starting and watching over a service is the work of a service manager: it is not done here.
    """


@command.command("version", cls=Plain)
@ignored_settings_options
@click.pass_context
def version(context: click.Context) -> None:
    """Print the versions of this command and of the running server as JSON."""
    path = control_socket(root_of(context))
    with connect(path, DaemonUnconnected):
        pass
    _print("running", path, appServerVersion=asyncio.run(_server_version(path)))


@command.command("stop", cls=Plain)
@ignored_settings_options
@click.pass_context
def stop(context: click.Context) -> None:
    """Tell that nothing runs; a server that does is stopped by whoever started it."""
    path = control_socket(root_of(context))
    try:
        with connect(path, DaemonUnconnected):
            raise DaemonUnmanaged
    except DaemonUnconnected:
        _print("notRunning", path)


async def _server_version(path: Path) -> str:
    """What the server's greeting says behind the first name in it."""
    from api.client.client import Client  # noqa: PLC0415 - brings what speaks WebSocket

    async with Client.unix(path) as client:
        agent: str = client.server["userAgent"]
    return agent.partition("/")[2].partition(" ")[0]


def _print(status: str, path: Path, **facts: Any) -> None:
    told = {"status": status, "socketPath": str(path), "cliVersion": PROTOCOL_RELEASE, **facts}
    print(json.dumps(told, separators=(",", ":"), ensure_ascii=False))
