"""What the commands that look after a home share: their report, their exit codes, their ends."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import groupby
from secrets import token_hex
from types import FrameType
from typing import Any, NoReturn

import click

from domain.damage.exit_codes import ExitCode
from domain.damage.finding import UNTOUCHED, Finding
from domain.damage.report import Report, shown_name
from domain.errors import ThreadstoreError, UnknownRun
from domain.version import __version__
from rollout.finding.home import Home
from rollout.repairing.outcome import Outcome
from tools.terminal import one_line, safe

FINDINGS_SHOWN_MAX = 1000
"""Findings of a text report; `--json` has them all."""

NEXT = dict.fromkeys(("verify", "check"), "`threadstore repair --dry-run` tells what a repair would do") | {
    "dry-run": "nothing was changed; `threadstore repair --apply` does it, and keeps the originals"
}
"""What a person may do next, by the mode of a report that has found damage."""

COLUMNS = 200
"""Characters of a line of the text report."""


class FsckCommand(click.Command):
    """A command with the exit codes of fsck, also for a command line that does not read."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """Reads the command line."""
        with _ended():
            return super().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        """Runs the command."""
        with _ended(), _stopped_by_signals():
            return super().invoke(ctx)


@contextmanager
def _ended() -> Iterator[None]:
    """A failure is one sentence and its exit code."""
    try:
        yield
    except click.UsageError as error:
        error.show()
        sys.exit(ExitCode.USAGE.value)
    except UnknownRun as failure:
        _end(str(failure), ExitCode.USAGE)
    except ThreadstoreError as failure:
        _end(str(failure), ExitCode.FAILED)
    except BrokenPipeError:  # nobody reads on: what is left goes nowhere
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(ExitCode.FAILED.value)
    except OSError as error:
        _end(error.strerror or str(error), ExitCode.FAILED)
    except KeyboardInterrupt:
        _end("stopped", ExitCode.STOPPED)


def _end(sentence: str, code: ExitCode) -> None:
    click.echo(f"threadstore: {safe(sentence)}", err=True)
    sys.exit(code.value)


@contextmanager
def _stopped_by_signals() -> Iterator[None]:
    """SIGTERM ends the run as Ctrl-C does: the step at work is taken back."""

    def stop(number: int, frame: FrameType | None) -> None:
        del number, frame
        raise KeyboardInterrupt

    former = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, former)


def new_run_name() -> str:
    """The name of a run: the time, and something that tells two of one second apart."""
    return f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{token_hex(3)}"


def now() -> str:
    """The time as a report tells it."""
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def report_of(home: Home, mode: str, outcome: Outcome, started: str) -> Report:
    """The report of a run that has ended now."""
    root, summary = str(home.root), outcome.summary
    return Report(__version__, root, mode, started, now(), summary, outcome.findings, outcome.originals)


def print_report(report: Report, *, as_json: bool, as_lines: bool, run: str | None = None) -> None:
    """Prints the report as it was asked for; `run` is the name of a run that has changed something."""
    if as_json:
        click.echo(report.json())
    elif as_lines:
        for line in report.jsonl():
            click.echo(line)
    else:
        _print_text(report)
        if run is not None:
            click.echo(
                f"{len(report.originals)} originals are kept; `threadstore restore {run}` takes it back"
            )


def _print_text(report: Report) -> None:
    shown = [each for each in report.findings if each.is_harmful]
    for file, findings in groupby(shown[:FINDINGS_SHOWN_MAX], key=lambda each: each.file):
        click.echo(one_line(shown_name(file), COLUMNS))
        for each in findings:
            click.echo(one_line(_row(each), COLUMNS))
    if len(shown) > FINDINGS_SHOWN_MAX:
        click.echo(f"and {len(shown) - FINDINGS_SHOWN_MAX} more; --json tells them all")
    click.echo(_summary(report, len(report.findings) - len(shown)))
    if report.summary.damaged and report.mode in NEXT:
        click.echo(NEXT[report.mode])


def _summary(report: Report, notices: int) -> str:
    summary, mode = report.summary, report.mode
    looked = f"{summary.files:,} files, {summary.records:,} records: {summary.damaged:,} damaged files"
    told = {
        "restore": f"{summary.files:,} files: {summary.rewritten:,} put back, {summary.moved:,} moved",
        "dry-run": f"{looked}; {summary.salvaged:,} records would be salvaged, "
        f"{summary.quarantined:,} pieces quarantined",
        "apply": f"{looked}; {summary.salvaged:,} records salvaged, {summary.quarantined:,} pieces "
        f"quarantined, {summary.rewritten:,} files rewritten, {summary.moved:,} moved",
    }
    left = f"{summary.left:,} findings{' left' * (mode in told)}, {notices:,} notices"
    return f"{told.get(mode, looked)}, {left}{' (--json tells them)' * bool(notices)}"


def _row(each: Finding) -> str:
    place = f"line {each.line} at {each.offset}: " if each.line else ""
    lossless = "" if each.is_lossless else ", not lossless"
    done = "" if each.action in UNTOUCHED else f"; {each.action}{lossless}"
    return f"· {each.severity} {each.damage}: {place}{each.note}{done}"


def exit_with(codes: ExitCode) -> NoReturn:
    """Ends the program with these codes added up."""
    sys.exit(codes.value)
