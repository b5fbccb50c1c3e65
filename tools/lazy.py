"""Groups of commands whose code is read when they are called."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click

from tools.usage import Misused, Plain


class LazyGroup(Plain, click.Group):
    """A group that knows its commands by name and imports the one that is called.

    `modules` tells where each is; its function there is called `command`.
    """

    def __init__(self, *arguments: Any, modules: Mapping[str, str], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._modules = modules

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in order."""
        del ctx
        return list(self._modules)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name."""
        del ctx
        module = self._modules.get(cmd_name)
        if module is None:
            return None
        command: click.Command = import_module(module).command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The first sentence of each, whole: the parser's own list cuts it off."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, _sentence(self.get_command(ctx, name))) for name in self._modules])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is called, and its arguments; Misused when there is none of this name."""
        if self.get_command(ctx, args[0]) is None:
            raise Misused(f"unrecognized subcommand '{args[0]}'", ctx, is_usage_shown=True)
        return super().resolve_command(ctx, args)


def _sentence(command: click.Command | None) -> str:
    paragraph = (command.help or "").partition("\n\n")[0] if command is not None else ""
    return " ".join(paragraph.split())
