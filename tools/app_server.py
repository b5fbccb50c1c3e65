"""`threadstore app-server`: the service."""

from pathlib import Path

import click

from tools.options import home_option, index_option, open_home


@click.command("app-server")
@click.option(
    "--listen",
    default="stdio://",
    show_default=True,
    metavar="URL",
    help="Where to listen: stdio:// serves one client over standard input and output.",
)
@home_option
@index_option
def command(listen: str, home_path: str | None, index_path: Path | None) -> None:
    """Serve the threads of a home over the Codex app-server protocol.

    \b
    Example:
      printf '{"id":1,"method":"initialize","params":{"clientInfo":{"name":"me","version":"1"}}}\\n' \\
        | threadstore app-server
    """  # noqa: D301 - click's own mark
    import asyncio  # noqa: PLC0415 - only this command needs it

    from api import stdio  # noqa: PLC0415

    if listen != "stdio://":
        raise click.BadParameter(
            f"{listen!r} is not served; this version listens on stdio://", param_hint="--listen"
        )
    asyncio.run(stdio.serve(open_home(home_path, index_path)))
