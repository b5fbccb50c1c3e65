"""`threadstore app-server`: the service."""

from pathlib import Path

import click

from domain.durability import Durability
from tools.options import home_option, index_option, open_home


@click.command("app-server")
@click.option(
    "--listen",
    default="stdio://",
    show_default=True,
    metavar="URL",
    help="Where to listen: stdio:// serves one client over standard input and output.",
)
@click.option(
    "--durability",
    type=click.Choice([each.value for each in Durability]),
    default=Durability.DISK.value,
    show_default=True,
    help="When a change is acknowledged: once it is on the disk, or once it is written (process, none).",
)
@click.option("-c", "--config", "settings", multiple=True, metavar="KEY=VALUE", help="Override config.toml.")
@click.option("--enable", "enabled", multiple=True, metavar="FEATURE", help="Switch a feature on.")
@click.option("--disable", "disabled", multiple=True, metavar="FEATURE", help="Switch a feature off.")
@home_option
@index_option
def command(  # noqa: PLR0917 - click calls it by names
    listen: str,
    durability: str,
    settings: tuple[str, ...],
    enabled: tuple[str, ...],
    disabled: tuple[str, ...],
    home_path: str | None,
    index_path: Path | None,
) -> None:
    """Serve the threads of a home over the Codex app-server protocol.

    \b
    Example:
      printf '{"id":1,"method":"initialize","params":{"clientInfo":{"name":"me","version":"1"}}}\\n' \\
        | threadstore app-server
    """  # noqa: D301 - click's own mark
    import asyncio  # noqa: PLC0415 - only this command needs it

    from api import stdio  # noqa: PLC0415
    from api.configuration.config_tables import read_overrides  # noqa: PLC0415
    from api.service import Options  # noqa: PLC0415

    if listen != "stdio://":
        raise click.BadParameter(
            f"{listen!r} is not served; this version listens on stdio://", param_hint="--listen"
        )
    options = Options(
        is_lasting=True,
        durability=Durability(durability),
        overrides=read_overrides(settings, enabled, disabled),
    )
    asyncio.run(stdio.serve(open_home(home_path, index_path), options))
