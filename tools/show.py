"""`threadstore show`: one thread's turns."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from domain.errors import RequestRefused
from tools.asked import client_of, server_option
from tools.options import home_option, index_option, json_option
from tools.terminal import local_time, one_line, safe, terminal_width

if TYPE_CHECKING:
    from api.client.client import Client

VIEWS = ("notLoaded", "summary", "full")

UNKNOWN = "thread not loaded"
"""How the protocol says that there is no such thread."""


@click.command("show")
@click.argument("thread")
@click.option(
    "--view", type=click.Choice(VIEWS), default="summary", show_default=True, help="How much of a turn."
)
@click.option(
    "--limit", type=click.IntRange(min=1), default=25, show_default=True, help="How many turns at most."
)
@home_option
@index_option
@server_option
@json_option
def command(  # noqa: PLR0917 - click calls it by names
    thread: str,
    view: str,
    limit: int,
    home_path: str | None,
    index_path: Path | None,
    address: str | None,
    token_variable: str | None,
    *,
    as_json: bool,
) -> None:
    """Show the last turns of a THREAD, named by its id; the oldest of them first.

    \b
    Example:
      threadstore show 019de137-7000-7cc2-8062-74c053be9d64 --view full
    """  # noqa: D301 - click's own mark
    import asyncio  # noqa: PLC0415 - only when it runs

    client = client_of(home_path, index_path, address, token_variable)
    try:
        turns = asyncio.run(_turns(client, thread, view, limit))
    except RequestRefused as refused:
        if not str(refused).startswith(UNKNOWN):
            raise
        click.echo(f"no thread {safe(thread)}", err=True)
        sys.exit(1)
    for turn in turns:
        click.echo(json.dumps(turn, ensure_ascii=False) if as_json else _text(turn))
    if not turns:
        click.echo("no turns", err=True)
        sys.exit(1)


async def _turns(client: "Client", thread: str, view: str, limit: int) -> list[dict[str, Any]]:
    async with client:
        return [turn async for turn in client.turns(thread, view=view, most=limit)][::-1]


def _text(turn: dict[str, Any]) -> str:
    when = "" if turn["startedAt"] is None else f"  {local_time(turn['startedAt'])}"
    took = "" if turn["durationMs"] is None else f"  {turn['durationMs'] / 1000:.1f} s"
    head = f"turn {safe(turn['id'])}  {turn['status']}{when}{took}"
    return "\n".join(
        [head, *(f"  {item['type']:<18}{summary(item, terminal_width() - 20)}" for item in turn["items"])]
    )


def summary(item: dict[str, Any], width: int) -> str:
    """What a person wants to know of an item, on one line."""
    kind = item["type"]
    if kind == "userMessage":
        text = " ".join(part.get("text") or f"[{part['type']}]" for part in item["content"])
    elif kind == "reasoning":
        text = " ".join(item["summary"] or item["content"])
    elif kind == "fileChange":
        text = ", ".join(f"{change['kind']['type']} {change['path']}" for change in item["changes"])
    elif kind == "mcpToolCall":
        text = f"{item['server']}.{item['tool']} {item['status']}"
    elif kind == "hookPrompt":
        text = " ".join(fragment["text"] for fragment in item["fragments"])
    else:
        text = str(item.get("text") or item.get("query") or item.get("review") or item.get("status") or "")
    return one_line(text, width)
