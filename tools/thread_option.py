"""`--thread ID`, for commands that may look at some threads alone."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

import click

from domain.rollout_name import written_uuid

Command = Callable[..., Any]


def thread_option(command: Command) -> Command:
    """`--thread ID`, as often as wanted; the argument is called `threads`."""
    return click.option(
        "--thread",
        "threads",
        metavar="ID",
        multiple=True,
        callback=_thread_ids,
        help="Only this thread's files.",
    )(command)


def _thread_ids(context: click.Context, option: click.Parameter, texts: Sequence[str]) -> list[UUID]:
    """The ids as they are written; any spelling of a UUID is one."""
    del context, option
    found = {text: written_uuid(text) for text in texts}
    wrong = [text for text, thread_id in found.items() if thread_id is None]
    if wrong:
        raise click.BadParameter(f"{wrong[0]!r} is no thread id")
    return [thread_id for thread_id in found.values() if thread_id is not None]
