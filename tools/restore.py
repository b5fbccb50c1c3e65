"""`threadstore restore`: put back what a repair changed."""

import click

from domain.damage.exit_codes import ExitCode
from rollout.repairing.restoring import Restore
from tools.fsck import FsckCommand, exit_with, new_run_name, now, print_report, report_of
from tools.options import home_option, json_option, open_home


@click.command("restore", cls=FsckCommand)
@home_option
@json_option
@click.option("--jsonl", "as_lines", is_flag=True, help="Print a line of JSON a file.")
@click.argument("run")
def command(run: str, home_path: str | None, *, as_json: bool, as_lines: bool) -> None:
    """Put back what the repair RUN changed: the folder of that name below DIR/repair.

    A file that was written to since is left alone. Restoring is a run too, and can be taken back.
    Exit codes are those of `threadstore repair`; 0 when everything is back.

    \b
    Example:
      threadstore restore 20260501T100000Z-3f2a1c
    """  # noqa: D301 - click's own mark
    started = now()
    home = open_home(home_path)
    own = new_run_name()
    outcome = Restore(home, run, own).apply()
    report = report_of(home, "restore", outcome, started)
    print_report(report, as_json=as_json, as_lines=as_lines, run=own if outcome.is_changed else None)
    codes = ExitCode.LEFT if any(each.is_left for each in outcome.findings) else ExitCode(0)
    exit_with(codes | ExitCode.FAILED if outcome.has_failed else codes)
