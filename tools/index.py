"""`threadstore index`: build the index of a home, or catch it up."""

import json
import sys
import time
from pathlib import Path

import click

from domain.limits import WORKERS_ASKED_MAX, WORKERS_MAX
from tools.options import home_option, index_option, json_option, open_indexed_home

PLAIN_INTERVAL_S = 5.0
"""Seconds between two progress lines where there is no terminal to draw a bar on."""


class Reporter:
    """Progress on standard error: a bar on a terminal, a line now and then elsewhere."""

    def __init__(self) -> None:
        self._started = time.monotonic()
        self._told = self._started
        self._is_terminal = sys.stderr.isatty()

    def __call__(self, done: int, total: int) -> None:
        """So many bytes of so many are done."""
        now = time.monotonic()
        interval = 0.1 if self._is_terminal else PLAIN_INTERVAL_S
        if now - self._told < interval and not (self._is_terminal and done == total):
            return
        self._told = now
        rate = done / max(now - self._started, 1e-6)
        left = (total - done) / rate if rate else 0.0
        text = f"{done / 1e6:,.0f} of {total / 1e6:,.0f} MB, {rate / 1e6:,.0f} MB/s, {left:,.0f} s left"
        if self._is_terminal:
            filled = 30 * done // max(total, 1)
            click.echo(f"\r[{'#' * filled}{'.' * (30 - filled)}] {text:<60}", err=True, nl=done == total)
        else:
            click.echo(text, err=True)


@click.command("index")
@home_option
@index_option
@click.option(
    "--workers",
    "worker_count",
    metavar="N",
    type=click.IntRange(0, WORKERS_ASKED_MAX),
    show_default=f"one a core, at most {WORKERS_MAX}",
    help="Processes that read the log where much of it is new; 0: this one alone.",
)
@json_option
def command(
    home_path: str | None, index_path: Path | None, worker_count: int | None, *, as_json: bool
) -> None:
    """Build the index of a home, or catch it up with the log.

    The server does the same by itself, bit by bit; this does all of it at once. The index may be deleted
    at any moment.

    \b
    Example:
      threadstore index --home ~/.codex
    """  # noqa: D301 - click's own mark
    from api.filling.filling import fill  # noqa: PLC0415 - only this command needs it
    from api.filling.workers import usual_worker_count  # noqa: PLC0415

    if worker_count is None:
        worker_count = usual_worker_count()
    filled = fill(open_indexed_home(home_path, index_path), Reporter(), worker_count)
    if as_json:
        click.echo(json.dumps(filled.facts()))
    else:
        rate = filled.folded_bytes / 1e6 / max(filled.cpu_seconds, 1e-6)
        click.echo(
            f"{filled.threads:,} threads, {filled.turns:,} turns in {filled.files:,} files "
            f"({filled.lines:,} lines, {filled.bytes / 1e6:,.1f} MB)"
        )
        click.echo(
            f"read {filled.folded_bytes / 1e6:,.1f} MB in {filled.seconds:.2f} s "
            f"({filled.cpu_seconds:.2f} s of CPU, {rate:,.0f} MB/s); "
            f"the index takes {filled.index_bytes / 1e6:,.1f} MB: {filled.index}"
        )
        if filled.unreadable_files:
            click.echo(f"{filled.unreadable_files} files could not be read", err=True)
    if not filled.is_kept:
        click.echo("nothing was kept: an index in memory ends with this command", err=True)
        sys.exit(2)
    if not filled.files:
        sys.exit(1)
