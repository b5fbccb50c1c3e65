"""`threadstore list`: the threads of a home."""

import json
import sys
from pathlib import Path
from typing import Any

import click

from tools.options import home_option, index_option, json_option, open_home
from tools.terminal import local_time, one_line, terminal_width

PAGE = 100


@click.command("list")
@click.option("--archived", is_flag=True, help="The archived ones instead of the live ones.")
@click.option("--limit", type=click.IntRange(min=1), default=25, show_default=True, help="How many at most.")
@home_option
@index_option
@json_option
def command(
    home_path: str | None, index_path: Path | None, limit: int, *, archived: bool, as_json: bool
) -> None:
    """List the threads of a home, the newest first.

    \b
    Example:
      threadstore list --limit 5
    """  # noqa: D301 - click's own mark
    import asyncio  # noqa: PLC0415 - only when it runs

    threads = asyncio.run(_threads(home_path, index_path, limit, archived=archived))
    for thread in threads:
        click.echo(json.dumps(thread, ensure_ascii=False) if as_json else _row(thread))
    if not threads:
        click.echo("no threads", err=True)
        sys.exit(1)


async def _threads(
    home_path: str | None, index_path: Path | None, limit: int, *, archived: bool
) -> list[dict[str, Any]]:
    from api.local import LocalClient  # noqa: PLC0415 - only when it runs

    threads: list[dict[str, Any]] = []
    params: dict[str, Any] = {"archived": archived, "modelProviders": []}
    async with LocalClient(open_home(home_path, index_path)) as client:
        while len(threads) < limit:
            page = await client.call("thread/list", params | {"limit": min(PAGE, limit - len(threads))})
            threads += page["data"]
            if page["nextCursor"] is None:
                break
            params["cursor"] = page["nextCursor"]
    return threads


def _row(thread: dict[str, Any]) -> str:
    head = f"{local_time(thread['updatedAt'])}  {thread['id']}  "
    return head + one_line(thread["name"] or thread["preview"], terminal_width() - len(head))
