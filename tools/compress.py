"""`threadstore compress`: pack the logs that nobody has written for long, or unpack them."""

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from uuid import UUID

import click

from domain.errors import ActiveWriter, AppendFailed, InvalidThreadId, NotPacked, PackingFailed
from domain.ids import parse_thread_id
from domain.log import RolloutPlace
from domain.rollout_name import log_path
from rollout.finding.home import Home
from rollout.finding.sessions import Sessions
from rollout.packed.packing import LEVEL_DEFAULT, LEVEL_MAX
from rollout.writing.packing import pack, unpack
from rollout.writing.thread_locks import ThreadLocks
from tools.index import Reporter
from tools.options import home_option, json_option, open_home
from tools.terminal import safe

DAYS = 7.0
"""Age at which release 0.169.0 packs a log by itself."""

DAY_NS = 86_400 * 1_000_000_000

NOTICE = (
    "Release 0.131.0 cannot read packed threads: it lists none of them and fails to open them.\n"
    "threadstore and release 0.169.0 read them; --unpack makes them plain again."
)


@dataclass(slots=True)
class Report:
    """What was done, or would be: logs, their bytes before and after, and why others stay as they are."""

    is_applied: bool
    logs: int = 0
    bytes_before: int = 0
    bytes_after: int = 0
    left: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


Change = Callable[[RolloutPlace], int]
"""Packs or unpacks one log; gives its bytes on the disk afterwards."""


@click.command("compress")
@home_option
@click.option(
    "--older-than",
    "days",
    metavar="DAYS",
    type=click.FloatRange(min=0),
    default=DAYS,
    show_default=True,
    help="Pack only what was not written for so long.",
)
@click.option("--thread", "thread_id", metavar="ID", help="Only the logs of this thread.")
@click.option(
    "--level",
    metavar="N",
    type=click.IntRange(1, LEVEL_MAX),
    default=LEVEL_DEFAULT,
    show_default=True,
    help="How hard to try: more is smaller and slower.",
)
@click.option("--apply/--dry-run", "is_applied", help="Do it, or say what would be done.  [default: say]")
@click.option(
    "--unpack", "is_unpacking", is_flag=True, help="Make packed logs plain again, whatever their age."
)
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path())
@json_option
def command(
    home_path: str | None,
    days: float,
    thread_id: str | None,
    level: int,
    paths: tuple[str, ...],
    *,
    is_applied: bool,
    is_unpacking: bool,
    as_json: bool,
) -> None:
    """Pack the logs that nobody has written for long (`.jsonl.zst`), or unpack them.

    A log takes a fifth to a tenth of its size then, is listed and read as before, and is made plain again by
    the first command that writes to it. What is packed is unpacked and compared before the plain file goes;
    a log that some program has open for writing stays as it is.

    Release 0.131.0 cannot read packed threads.

    \b
    Example:
      threadstore compress
      threadstore compress --older-than 30 --apply
      threadstore compress --unpack --apply --thread 0196f0aa-0000-7000-8000-000000000001
    """  # noqa: D301 - click's own mark
    home = open_home(home_path)
    found = [place for place in _named(home, thread_id, paths) if place.is_packed is is_unpacking]
    if not is_unpacking:
        newest_ns = time.time_ns() - int(days * DAY_NS)
        found = [place for place in found if place.state.mtime_ns <= newest_ns]
    report = Report(is_applied)
    change = _change(level, is_unpacking=is_unpacking, is_applied=is_applied)
    _change_all(found, _locked(change, ThreadLocks(home)) if is_applied else change, report)
    click.echo(json.dumps(asdict(report)) if as_json else _told(report, is_unpacking=is_unpacking))
    if not as_json and not is_unpacking:
        click.echo(NOTICE, err=True)
    sys.exit(2 if report.failed else int(bool(report.left)))


def _named(home: Home, thread_id: str | None, paths: tuple[str, ...]) -> Iterator[RolloutPlace]:
    """The logs that the command line names, each once: all of the home if it names none."""
    sessions = Sessions(home)
    if thread_id is not None:
        yield from sessions.logs_of(_thread(thread_id))
    for path in dict.fromkeys(log_path(os.path.abspath(path)) for path in paths):  # noqa: PTH100 - links stay
        place = sessions.place(path, UUID(int=0))
        if place is None:
            raise click.UsageError(f"there is no log at {path}")
        yield place
    if thread_id is None and not paths:
        for archived in (False, True):
            yield from sessions.listed(archived=archived)


def _thread(thread_id: str) -> UUID:
    try:
        return parse_thread_id(thread_id)
    except InvalidThreadId as failure:
        raise click.UsageError(str(failure)) from failure


def _change(level: int, *, is_unpacking: bool, is_applied: bool) -> Change:
    """What is done with each log."""

    def nothing(_: RolloutPlace) -> int:
        return 0

    def packed(place: RolloutPlace) -> int:
        return pack(place.path, level).packed_size

    def unpacked(place: RolloutPlace) -> int:
        unpack(place.path)
        return os.stat(place.path).st_size  # noqa: PTH116 - paths are plain text here

    if not is_applied:
        return nothing
    return unpacked if is_unpacking else packed


def _locked(change: Change, locks: ThreadLocks) -> Change:
    """The same for threads that no program keeps loaded; ActiveWriter for others."""

    def locked(place: RolloutPlace) -> int:
        with locks.held(place.thread_id):
            return change(place)

    return locked


def _change_all(places: list[RolloutPlace], change: Change, report: Report) -> None:
    """One after the other; what cannot be done is told and costs itself alone."""
    total, done, progress = sum(place.state.size for place in places), 0, Reporter()
    for place in places:
        try:
            after = change(place)
        except (NotPacked, ActiveWriter) as failure:
            report.left.append(str(failure))
        except (PackingFailed, AppendFailed, OSError) as failure:
            report.failed.append(str(failure))
        else:
            report.logs += 1
            report.bytes_before += place.state.size
            report.bytes_after += after
        done += place.state.size
        if report.is_applied:
            progress(done, total)


def _told(report: Report, *, is_unpacking: bool) -> str:
    word = "unpack" if is_unpacking else "pack"
    logs, before = f"{report.logs:,} logs", f"{report.bytes_before / 1e6:,.1f} MB"
    if not report.is_applied:
        return f"would {word} {logs} of {before}; --apply does it"
    lines = [f"{word}ed {logs}: {before} before, {report.bytes_after / 1e6:,.1f} MB after"]
    return "\n".join([*lines, *map(safe, (*report.left, *report.failed))])
