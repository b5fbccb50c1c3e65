"""`threadstore app-server`: the service; with a word behind it, one of the commands beside the service."""

from pathlib import Path

import click

from api.access.options import AccessOptions, policy_of
from api.doors.listen import parse_listen
from domain.durability import Durability
from tools.app_server.access_options import access_options
from tools.lazy import LazyGroup
from tools.options import home_option, home_root, index_option, open_home
from tools.settings import STRICT, Settings, settings_options
from tools.usage import Misused, flag, once, one_of

SUBCOMMANDS = {
    "daemon": "tools.app_server.daemon",
    "generate-json-schema": "tools.app_server.generate_json_schema",
    "generate-ts": "tools.app_server.generate_ts",
    "proxy": "tools.proxy",
}
"""Where each of them is."""

DEFAULT_LISTEN = "stdio://"


@click.command(
    "app-server",
    cls=LazyGroup,
    modules=SUBCOMMANDS,
    invoke_without_command=True,
    subcommand_metavar="[COMMAND]",
)
@once(
    "--listen",
    metavar="URL",
    help="Where to listen: stdio://, unix:// (the control socket of the home), unix://PATH, ws://IP:PORT or "
    f"off.  [default: {DEFAULT_LISTEN}]",
)
@flag("--stdio", "is_stdio", help="The same as --listen stdio://.")
@once(
    "--durability",
    metavar="LEVEL",
    read=one_of(*(each.value for each in Durability)),
    help="When a change is acknowledged: once it is on the disk, or once it is written (process, none).  "
    "[default: disk]",
)
@flag(
    "--allow-external-rollouts",
    "allows_external_rollouts",
    help="Let clients of stdio:// and unix:// go on in a rollout outside the home itself, not in a copy.",
)
@access_options
@settings_options
@STRICT
@flag("--analytics-default-enabled", "has_analytics", hidden=True, help="Nothing here.")
@flag("--remote-control", "has_remote_control", hidden=True, help="Nothing here.")
@home_option
@index_option
@click.pass_context
def command(  # noqa: PLR0917 - click calls it by names
    context: click.Context,
    listen: str | None,
    is_stdio: bool,  # noqa: FBT001
    durability: str | None,
    allows_external_rollouts: bool,  # noqa: FBT001
    has_analytics: bool,  # noqa: FBT001
    has_remote_control: bool,  # noqa: FBT001
    home_path: str | None,
    index_path: Path | None,
    settings: Settings,
    access: AccessOptions,
) -> None:
    """Serve the threads of a home over the Codex app-server protocol.

    \b
    Example:
      printf '{"id":1,"method":"initialize","params":{"clientInfo":{"name":"me","version":"1"}}}\\n' \\
        | threadstore app-server

    Over standard input it ends with the input, once everything is answered. SIGTERM, SIGINT and SIGHUP end
    it within two seconds, what is at work finished first; a second one at once. It exits with 0 then, with 1
    when it cannot be run as asked, with 2 when the command line does not read. Analytics and remote control
    are taken from clients and are nothing here: this server connects to nobody.
    """  # noqa: D301 - click's own mark
    del has_analytics, has_remote_control
    root = home_root(home_path)
    if is_stdio and listen is not None:
        raise Misused(
            "the argument '--stdio' cannot be used with '--listen <URL>'", context, is_usage_shown=True
        )
    place = parse_listen(DEFAULT_LISTEN if listen is None else listen, root)
    if context.invoked_subcommand is not None:
        context.obj = root
        return
    from api.service import Options  # noqa: PLC0415 - the sub-commands need none of it
    from tools.app_server.serving import run  # noqa: PLC0415 - the sub-commands need none of it

    policy = policy_of(access)
    home = open_home(home_path, index_path)
    earlier = context.obj if isinstance(context.obj, Settings) else Settings()
    options = Options(
        is_lasting=True,
        durability=Durability(durability or Durability.DISK),
        allows_external_rollouts=allows_external_rollouts,
    )
    run(home, place, policy, options, earlier.followed_by(settings))
