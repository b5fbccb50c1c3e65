"""Options that several commands share."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from rollout.finding.home import DEFAULT_HOME, ENVIRONMENT, INDEX_ENVIRONMENT, Home

Command = Callable[..., Any]


def home_option(command: Command) -> Command:
    """`--home DIR`: the home to work on."""
    return click.option(
        "--home", "home_path", metavar="DIR", help="The home to work on.  [default: $CODEX_HOME or ~/.codex]"
    )(command)


def index_option(command: Command) -> Command:
    """`--index FILE`: where the index is kept."""
    return click.option(
        "--index",
        "index_path",
        metavar="FILE",
        envvar=INDEX_ENVIRONMENT,
        type=click.Path(dir_okay=False, path_type=Path),
        help="Where the index is kept.  [default: $THREADSTORE_INDEX or DIR/threadstore/index.sqlite]",
    )(command)


def json_option(command: Command) -> Command:
    """`--json`: answer as JSON."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON.")(command)


def home_root(home_path: str | None) -> Path:
    """Where the home is that the options name, its links resolved; it need not exist."""
    return Path(home_path or os.environ.get(ENVIRONMENT) or DEFAULT_HOME).expanduser().resolve()


def open_home(home_path: str | None, index_path: Path | None = None) -> Home:
    """The home that the options name."""
    return Home.at(home_path, index_path) if home_path else Home.of_user(index_path)


def open_indexed_home(home_path: str | None, index_path: Path | None = None) -> Home:
    """The same for who looks at the index itself: it lies where a server has it (`sqlite_home`)."""
    from api.configuration.config import read_config  # noqa: PLC0415 - only some commands need it

    home = open_home(home_path, index_path)
    return home.with_sqlite_home(read_config(home.root / "config.toml").sqlite_home)
