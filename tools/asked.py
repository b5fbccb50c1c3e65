"""Whom a command asks: a service of its own on a home, or a server that runs already."""

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from tools.options import open_home

if TYPE_CHECKING:
    from pathlib import Path

    from api.client.client import Client

UNIX = "unix://"
"""The control socket of the home."""

Command = Callable[..., Any]


def server_option(command: Command) -> Command:
    """`--server URL`, and `--token-env NAME` for a server that asks for a token."""
    for option in (
        click.option(
            "--token-env", "token_variable", metavar="NAME", help="Variable that holds the token for ws://."
        ),
        click.option(
            "--server",
            "address",
            metavar="URL",
            help="Ask a server that runs: unix:// (that of the home), unix://PATH or ws://HOST:PORT.",
        ),
    ):
        command = option(command)
    return command


def client_of(
    home_path: str | None, index_path: "Path | None", address: str | None, token_variable: str | None
) -> "Client":
    """A client of the server at the address; without one, of a service on the home that the options name."""
    from api.client.client import Client  # noqa: PLC0415 - only when a command runs

    if address is None:
        return Client.inside(open_home(home_path, index_path))
    if address == UNIX:
        from api.doors.listen import control_socket  # noqa: PLC0415

        address = f"{UNIX}{control_socket(open_home(home_path).root)}"
    return Client.at(address, _token(token_variable))


def _token(variable: str | None) -> str | None:
    if variable is None:
        return None
    token = os.environ.get(variable)
    if not token:
        raise click.BadParameter(f"the variable {variable} is not set", param_hint="--token-env")
    return token
