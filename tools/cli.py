"""The command `threadstore`: each command in a file of its own, imported when it is called."""

from importlib import import_module
from typing import Any

import click

from domain.errors import ThreadstoreError
from domain.version import PROTOCOL_RELEASE, __version__

COMMANDS = {
    "app-server": "tools.app_server",
    "bench": "tools.bench",
    "index": "tools.index",
    "list": "tools.list_threads",
    "show": "tools.show",
}
"""Where each command is; its function there is called `command`."""


class Commands(click.Group):
    """A group that knows its commands by name and imports the one that is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in order."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name."""
        del ctx
        module = COMMANDS.get(cmd_name)
        if module is None:
            return None
        command: click.Command = import_module(module).command
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a failure of ours is one sentence and its exit code."""
        try:
            return super().invoke(ctx)
        except ThreadstoreError as failure:
            click.echo(f"threadstore: {failure}", err=True)
            ctx.exit(failure.exit_code)


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(
    __version__, message=f"threadstore %(version)s (protocol of release {PROTOCOL_RELEASE})"
)
def main() -> None:
    """Keep, list and page the threads of coding agents.

    A thread is a rollout file below CODEX_HOME; everything else here can be deleted and comes back.
    Exit codes: 0 done, 1 found nothing or has findings, 2 wrong usage or failure.
    """


if __name__ == "__main__":
    main()
