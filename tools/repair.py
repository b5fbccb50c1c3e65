"""`threadstore repair`: find damage in a home, and mend what can be mended."""

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import click

from domain.damage.exit_codes import ExitCode
from domain.damage.report import shown_name
from domain.rollout_name import written_uuid
from rollout.finding.home import Home
from rollout.repairing.outcome import Outcome
from rollout.repairing.repair import Asked, Repair
from tools.fsck import FsckCommand, exit_with, new_run_name, now, print_report, report_of
from tools.options import home_option, json_option, open_home


def _thread_ids(context: click.Context, option: click.Parameter, texts: Sequence[str]) -> list[UUID]:
    """The ids as they are written; any spelling of a UUID is one."""
    del context, option
    found = {text: written_uuid(text) for text in texts}
    wrong = [text for text, thread_id in found.items() if thread_id is None]
    if wrong:
        raise click.BadParameter(f"{wrong[0]!r} is no thread id")
    return [thread_id for thread_id in found.values() if thread_id is not None]


def _seconds(context: click.Context, option: click.Parameter, value: datetime | None) -> int | None:
    """The moment in seconds since 1970; a date without a zone is one of UTC."""
    del context, option
    return None if value is None else int(value.replace(tzinfo=UTC).timestamp())


@click.command("repair", cls=FsckCommand)
@click.option("--dry-run", "mode", flag_value="dry-run", help="Only look, and tell what a repair would do.")
@click.option("--apply", "mode", flag_value="apply", help="Repair; originals are kept below DIR/repair.")
@home_option
@click.option(
    "--thread", "threads", metavar="ID", multiple=True, callback=_thread_ids, help="Only this thread's files."
)
@click.option(
    "--since",
    "since_s",
    metavar="DATE",
    type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]),
    callback=_seconds,
    help="Only files changed since this day, in UTC.",
)
@click.option(
    "--max-bytes", "size_max", metavar="N", type=click.IntRange(min=0), help="Leave larger files alone."
)
@json_option
@click.option("--jsonl", "as_lines", is_flag=True, help="Print a line of JSON a finding.")
@click.argument("paths", metavar="[PATH...]", nargs=-1)
def command(  # noqa: PLR0917 - an argument an option
    mode: str | None,
    home_path: str | None,
    threads: list[UUID],
    since_s: int | None,
    size_max: int | None,
    paths: tuple[str, ...],
    *,
    as_json: bool,
    as_lines: bool,
) -> None:
    """Find damaged logs, and mend what can be mended.

    Without an option nothing is changed. No line that parses is ever lost: originals are kept whole below
    DIR/repair, and `threadstore restore` puts them back. PATH names files or folders, below DIR or absolute.

    Exit codes, added up: 0 nothing wrong, 1 corrected, 4 something is left (or was found), 8 a failure,
    16 wrong usage, 32 stopped by a signal.

    \b
    Example:
      threadstore repair --dry-run
      threadstore repair --apply --thread 019de137-7000-7cc2-8062-74c053be9d64
    """  # noqa: D301 - click's own mark
    started = now()
    home = open_home(home_path)
    asked = Asked(threads, [_below(home, path) for path in paths], since_s, size_max)
    repair = Repair(home, asked, new_run_name())
    outcome = repair.apply() if mode == "apply" else repair.look()
    if mode is None:
        outcome = outcome.as_checked()
    print_report(report_of(home, mode or "check", outcome, started), as_json=as_json, as_lines=as_lines)
    exit_with(_codes(outcome, is_applied=mode == "apply"))


def _below(home: Home, path: str) -> str:
    """The path below the home, given as such, absolute, or from the working directory; BadParameter."""
    for whole in (home.root / path, Path.cwd() / path):
        for root in (whole, whole.parent.resolve() / whole.name):
            if os.path.lexists(root) and root.is_relative_to(home.root):
                return str(root.relative_to(home.root))
    raise click.BadParameter(f"{shown_name(path)} is no path below the home")


def _codes(outcome: Outcome, *, is_applied: bool) -> ExitCode:
    codes = ExitCode(0)
    if outcome.is_changed:
        codes |= ExitCode.CORRECTED
    if any(each.is_left if is_applied else each.is_harmful for each in outcome.findings):
        codes |= ExitCode.LEFT
    return codes | ExitCode.FAILED if outcome.has_failed else codes
