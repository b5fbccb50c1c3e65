"""`threadstore list`: the threads of a home."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tools.asked import client_of, server_option
from tools.options import home_option, index_option, json_option
from tools.terminal import local_time, one_line, terminal_width

if TYPE_CHECKING:
    from api.client.client import Client


TITLE_MIN = 20
"""Columns of a title at least, on however narrow a terminal."""


@click.command("list")
@click.option("--archived", is_flag=True, help="The archived ones instead of the live ones.")
@click.option("--limit", type=click.IntRange(min=1), default=25, show_default=True, help="How many at most.")
@home_option
@index_option
@server_option
@json_option
def command(
    home_path: str | None,
    index_path: Path | None,
    address: str | None,
    token_variable: str | None,
    limit: int,
    *,
    archived: bool,
    as_json: bool,
) -> None:
    """List the threads of a home, the newest first.

    \b
    Example:
      threadstore list --limit 5
      threadstore list --server unix://
    """  # noqa: D301 - click's own mark
    import asyncio  # noqa: PLC0415 - only when it runs

    client = client_of(home_path, index_path, address, token_variable)
    threads = asyncio.run(_threads(client, limit, archived=archived))
    for thread in threads:
        click.echo(json.dumps(thread, ensure_ascii=False) if as_json else _row(thread))
    if not threads:
        click.echo("no threads", err=True)
        sys.exit(1)


async def _threads(client: "Client", limit: int, *, archived: bool) -> list[dict[str, Any]]:
    async with client:
        return [thread async for thread in client.threads(most=limit, is_archived=archived)]


def _row(thread: dict[str, Any]) -> str:
    head = f"{local_time(thread['updatedAt'])}  {thread['id']}  "
    return head + one_line(thread["name"] or thread["preview"], max(TITLE_MIN, terminal_width() - len(head)))
