"""`threadstore doctor`: one page about a home."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tools.fsck import FsckCommand
from tools.options import home_option, index_option, json_option, open_indexed_home
from tools.progress import ProgressBar
from tools.terminal import one_line

if TYPE_CHECKING:
    from api.checking.diagnosis import Diagnosis
    from api.checking.index_state import IndexState

COLUMNS = 200
LABEL = 14
MEGABYTE = 1_000_000


@click.command("doctor", cls=FsckCommand)
@home_option
@index_option
@click.option(
    "--deep", "is_deep", is_flag=True, help="Read every log and compare all of the index with them."
)
@json_option
def command(home_path: str | None, index_path: Path | None, *, is_deep: bool, as_json: bool) -> None:
    """Tell how a home is: what there is, what lists do not show, what is wrong and what helps.

    Nothing is changed, and without --deep no log is read but its beginning.

    Exit codes: 0 nothing to do, 4 there is advice, 8 could not work, 16 wrong usage, 32 stopped by a signal.

    \b
    Example:
      threadstore doctor
      threadstore doctor --deep --json
    """  # noqa: D301 - click's own mark
    from api.checking.diagnosis import diagnose  # noqa: PLC0415 - only this command needs it
    from domain.damage.exit_codes import ExitCode  # noqa: PLC0415

    home = open_indexed_home(home_path, index_path)
    with ProgressBar("logs", is_shown=is_deep and not as_json) as progress:
        found = diagnose(home, is_deep=is_deep, progress=progress)
    if as_json:
        click.echo(json.dumps(found.facts()))
    else:
        for line in _page(found):
            click.echo(line)
    if any(found.advice()):
        raise SystemExit(ExitCode.LEFT.value)


def _page(found: "Diagnosis") -> Iterator[str]:
    counted, around = found.census, found.surroundings
    yield _row("home", found.home)
    yield _row("logs", f"{counted.files:,} files, {counted.size / MEGABYTE:,.1f} MB")
    yield _row("threads", f"{counted.threads:,} live, {counted.archived:,} archived, {found.named:,} names")
    if counted.heads < counted.files:
        yield _row("", f"counted from the newest {counted.heads:,} files")
    for each in counted.hidden:
        yield _row("not listed", f"{each.what}: {each.count:,}; shown by {each.shown_by}")
    if counted.packed:
        yield _row("packed", f"{counted.packed:,} files (.jsonl.zst), which release 0.131.0 cannot read")
    yield from _index(found.index, counted.files)
    yield _row("findings", _findings(found.severities))
    yield _row(
        "versions",
        f"threadstore {around.threadstore}, protocol {around.protocol}, Python {around.python}, "
        f"SQLite {around.sqlite}",
    )
    watches = "none here" if around.watches_max is None else f"{around.watches_max:,} for this user"
    yield _row("watches", f"{watches}; the home has {counted.folders:,} folders")
    yield _row("disk", f"{around.disk_free / MEGABYTE:,.0f} MB free")
    for advice in found.advice():
        yield _row("advice", advice.about)
        yield _row("", f"helps: {advice.helps}")


def _index(state: "IndexState", files: int) -> Iterator[str]:
    if not state.is_there:
        yield _row("index", f"none at {state.path}; it is made when it is needed")
        return
    if not state.is_ours:
        yield _row("index", f"{state.path} is somebody else's, and is not touched")
        return
    yield _row("index", f"{state.path}, {state.size / MEGABYTE:,.1f} MB, written {_ago(state.age_s)}")
    if state.fault is None:
        yield _row("", f"version {state.version}; {state.current:,} of {files:,} files as they are now")
    if state.set_aside:
        yield _row("", f"{state.set_aside} damaged ones are kept beside it")


def _findings(severities: dict[str, int] | None) -> str:
    if severities is None:
        return "not looked for; --deep does"
    return ", ".join(f"{name}: {count:,}" for name, count in sorted(severities.items())) or "none"


def _ago(seconds: int) -> str:
    for unit, size in (("days", 86_400), ("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * size:
            return f"{seconds // size:,} {unit} ago"
    return f"{seconds} seconds ago"


def _row(label: str, text: str) -> str:
    return f"{label:<{LABEL}}{one_line(text, COLUMNS - LABEL)}"
