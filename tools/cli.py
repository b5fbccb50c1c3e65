"""The command `threadstore`: each command in a file of its own, imported when it is called."""

import os
from errno import EPIPE
from typing import Any

import click

from domain.errors import StartRefused, ThreadstoreError, WrongUsage
from domain.version import PROTOCOL_RELEASE, __version__
from tools.lazy import LazyGroup
from tools.settings import STRICT, Settings, settings_options
from tools.terminal import safe, safe_lines
from tools.usage import MORE

COMMANDS = {
    "app-server": "tools.app_server.command",
    "bench": "tools.bench",
    "compress": "tools.compress",
    "doctor": "tools.doctor",
    "index": "tools.index",
    "list": "tools.list_threads",
    "repair": "tools.repair",
    "restore": "tools.restore",
    "show": "tools.show",
    "verify": "tools.verify",
}
"""Where each command is; its function there is called `command`."""


STOPPED = 130
"""The exit code of a command that Ctrl-C ended, as shells have it."""


class Commands(LazyGroup):
    """The commands; a failure of ours is one sentence and its exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that is called."""
        try:
            return super().invoke(ctx)
        except ThreadstoreError as failure:
            click.echo(safe_lines(_told(failure)), err=True)
            ctx.exit(failure.exit_code)
        except KeyboardInterrupt:
            click.echo("threadstore: stopped", err=True)
            ctx.exit(STOPPED)
        except OSError as error:
            if error.errno == EPIPE:  # nobody reads on: the parser ends quietly
                raise
            click.echo(f"threadstore: {safe(_obstacle(error))}", err=True)
            ctx.exit(ThreadstoreError.exit_code)


@click.command(cls=Commands, modules=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@settings_options
@STRICT
@click.option(
    "-p", "--profile", hidden=True, help="Taken from clients; without effect, as in release 0.131.0."
)
@click.version_option(
    __version__,
    "-V",
    "--version",
    message=f"threadstore %(version)s (protocol of release {PROTOCOL_RELEASE})",
)
@click.pass_context
def main(context: click.Context, settings: Settings, profile: str | None) -> None:
    """Keep, list and page the threads of coding agents.

    A thread is a rollout file below CODEX_HOME; everything else here can be deleted and comes back. Settings
    may stand before `app-server` as well as after it; other commands take them and need none.
    Exit codes: 0 done, 1 found nothing, 2 wrong usage or failure; some commands tell others in their help.
    """
    del profile
    context.obj = settings


def _told(failure: ThreadstoreError) -> str:
    """How a failure is told: the service's own in the words of the release, which others know."""
    if isinstance(failure, WrongUsage):
        return f"error: {failure}{MORE}"
    return f"Error: {failure}" if isinstance(failure, StartRefused) else f"threadstore: {failure}"


def _obstacle(error: OSError) -> str:
    """What the system refused, and where it told that."""
    reason = error.strerror or str(error)
    return reason if error.filename is None else f"{reason}: {os.fsdecode(error.filename)}"


if __name__ == "__main__":
    main()
