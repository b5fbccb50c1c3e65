"""`threadstore verify`: is everything as it should be? Nothing is changed."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING
from uuid import UUID

import click

from tools.below_home import below_home
from tools.fsck import FsckCommand, exit_with, now, print_report, report_of
from tools.options import home_option, index_option, json_option, open_indexed_home
from tools.progress import ProgressBar
from tools.thread_option import thread_option

if TYPE_CHECKING:
    from pathlib import Path

    from api.checking.verification import Verified


@click.command("verify", cls=FsckCommand)
@home_option
@index_option
@thread_option
@click.option(
    "--against",
    "depth",
    type=click.Choice(["none", "sample", "full"]),
    default="sample",
    show_default=True,
    help="How many files of the index are held against their logs: no file, some, or every one.",
)
@json_option
@click.option("--jsonl", "as_lines", is_flag=True, help="Print a line of JSON a finding.")
@click.argument("paths", metavar="[PATH...]", nargs=-1)
def command(
    home_path: str | None,
    index_path: "Path | None",
    threads: list[UUID],
    depth: str,
    paths: tuple[str, ...],
    *,
    as_json: bool,
    as_lines: bool,
) -> None:
    """Look for damage in the logs, and for differences between them and the index.

    Nothing is changed: `threadstore repair` mends logs, and a server builds a damaged index again by itself.
    PATH names files or folders, below DIR or absolute.

    Exit codes, added up: 0 nothing wrong, 4 damage was found, 8 could not work, 16 wrong usage, 32 stopped
    by a signal.

    \b
    Example:
      threadstore verify
      threadstore verify --against full --jsonl
    """  # noqa: D301 - click's own mark
    started = now()
    home = open_indexed_home(home_path, index_path)
    with _bars(is_shown=not (as_json or as_lines)) as (logs, index):
        from api.checking.index_check import Depth  # noqa: PLC0415 - only this command needs it
        from api.checking.verification import Asked, verify  # noqa: PLC0415

        asked = Asked(threads, [below_home(home, path) for path in paths])
        verified = verify(home, asked, Depth(depth), logs, index)
    print_report(report_of(home, "verify", verified.outcome, started), as_json=as_json, as_lines=as_lines)
    if not (as_json or as_lines):
        _tell_of_index(verified, depth)
    exit_with(verified.codes)


def _tell_of_index(verified: "Verified", depth: str) -> None:
    if depth != "none":
        click.echo(f"{verified.compared:,} files of the index held against their logs")


@contextmanager
def _bars(*, is_shown: bool) -> Iterator[Sequence[ProgressBar]]:
    with ProgressBar("logs", is_shown=is_shown) as logs, ProgressBar("index", is_shown=is_shown) as index:
        yield logs, index
