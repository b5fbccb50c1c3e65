"""`threadstore repair`: find damage in a home, and mend what can be mended."""

from datetime import UTC, datetime
from uuid import UUID

import click

from domain.damage.exit_codes import ExitCode
from rollout.repairing.outcome import Outcome
from rollout.repairing.repair import Asked, Repair
from tools.below_home import below_home
from tools.fsck import FsckCommand, exit_with, new_run_name, now, print_report, report_of
from tools.options import home_option, json_option, open_home
from tools.thread_option import thread_option


def _seconds(context: click.Context, option: click.Parameter, value: datetime | None) -> int | None:
    """The moment in seconds since 1970; a date without a zone is one of UTC."""
    del context, option
    return None if value is None else int(value.replace(tzinfo=UTC).timestamp())


@click.command("repair", cls=FsckCommand)
@click.option("--dry-run", "mode", flag_value="dry-run", help="Only look, and tell what a repair would do.")
@click.option("--apply", "mode", flag_value="apply", help="Repair; originals are kept below DIR/repair.")
@home_option
@thread_option
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
    asked = Asked(threads, [below_home(home, path) for path in paths], since_s, size_max)
    run = new_run_name()
    repair = Repair(home, asked, run)
    outcome = repair.apply() if mode == "apply" else repair.look()
    if mode is None:
        outcome = outcome.as_checked()
    report = report_of(home, mode or "check", outcome, started)
    print_report(report, as_json=as_json, as_lines=as_lines, run=run if outcome.is_changed else None)
    exit_with(_codes(outcome, is_applied=mode == "apply"))


def _codes(outcome: Outcome, *, is_applied: bool) -> ExitCode:
    codes = ExitCode(0)
    if outcome.is_changed:
        codes |= ExitCode.CORRECTED
    if any(each.is_left for each in outcome.findings) if is_applied else outcome.summary.damaged:
        codes |= ExitCode.LEFT
    return codes | ExitCode.FAILED if outcome.has_failed else codes
