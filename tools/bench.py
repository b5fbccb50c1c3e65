"""`threadstore bench`: what this machine makes of a home."""

import json
import tempfile
import time
from pathlib import Path
from typing import Any, NamedTuple

import click

from tools.options import home_option, json_option, open_home

REPEATS = 30
VIEWS = ("notLoaded", "summary", "full")
PAGE = 20


class Figure(NamedTuple):
    """One thing measured: medians of wall and CPU milliseconds, or what the note says."""

    what: str
    wall_ms: float
    cpu_ms: float
    note: str


@click.command("bench")
@home_option
@json_option
def command(home_path: str | None, *, as_json: bool) -> None:
    """Measure how fast a home is indexed and paged here.

    Works on an index of its own in a temporary folder; the home is only read. Wall times depend on what
    else the machine does, CPU times hardly.

    \b
    Example:
      threadstore bench --home ~/.codex
    """  # noqa: D301 - click's own mark
    import asyncio  # noqa: PLC0415 - only when it runs

    with tempfile.TemporaryDirectory(prefix="threadstore-bench-") as folder:
        index_path = Path(folder) / "index.sqlite"
        figures = [_index(home_path, index_path), *asyncio.run(_pages(home_path, index_path))]
    for figure in figures:
        if as_json:
            click.echo(json.dumps(figure._asdict()))
        else:
            click.echo(
                f"{figure.what:<44}{figure.wall_ms:>10.2f} ms{figure.cpu_ms:>10.2f} ms CPU   {figure.note}"
            )


def _index(home_path: str | None, index_path: Path) -> Figure:
    from api.filling.filling import fill  # noqa: PLC0415 - only when it runs

    filled = fill(open_home(home_path, index_path), lambda _done, _total: None)
    rate = filled.folded_bytes / 1e6 / max(filled.cpu_seconds, 1e-9)
    share = 100 * filled.index_bytes / max(filled.bytes, 1)
    note = f"{filled.bytes / 1e6:.1f} MB, {rate:.0f} MB/s of CPU, index {share:.2f} % of the log"
    return Figure("index the home", filled.seconds * 1000, filled.cpu_seconds * 1000, note)


async def _pages(home_path: str | None, index_path: Path) -> list[Figure]:
    from api.client.client import Client  # noqa: PLC0415 - only when it runs

    figures = []
    async with Client.inside(open_home(home_path, index_path)) as client:
        params: dict[str, Any] = {"limit": 25, "modelProviders": []}
        figures.append(await _repeat(client, "list 25 threads", "thread/list", params))
        threads = (await client.request("thread/list", params))["data"]
        if not threads:
            return figures
        longest = max(threads, key=_size)
        size = _size(longest) / 1e6
        for view in VIEWS:
            params = {"threadId": longest["id"], "limit": PAGE, "itemsView": view}
            what = f"{PAGE} turns, {view}, thread of {size:.1f} MB"
            figures.append(await _repeat(client, what, "thread/turns/list", params))
    return figures


def _size(thread: dict[str, Any]) -> int:
    return Path(thread["path"]).stat().st_size


async def _repeat(client: Any, what: str, method: str, params: dict[str, Any]) -> Figure:
    wall, cpu = [], []
    for _ in range(REPEATS):
        started, cpu_started = time.perf_counter(), time.process_time()
        await client.request(method, params)
        wall.append(1000 * (time.perf_counter() - started))
        cpu.append(1000 * (time.process_time() - cpu_started))
    return Figure(what, sorted(wall)[REPEATS // 2], sorted(cpu)[REPEATS // 2], f"median of {REPEATS}")
