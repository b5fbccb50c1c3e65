"""`threadstore app-server generate-ts`: refused, and what to do instead."""

import click

from domain.errors import NotGenerated
from tools.settings import ignored_settings_options
from tools.usage import Plain, file_path, flag, once

INSTEAD = "make them from the JSON schemas (threadstore app-server generate-json-schema --out DIR)"


@click.command("generate-ts", cls=Plain)
@once("-o", "--out", "folder", metavar="DIR", read=file_path, hidden=True, help="Nothing here.")
@once(
    "-p", "--prettier", "formatter", metavar="PRETTIER_BIN", read=file_path, hidden=True, help="Nothing here."
)
@flag("--experimental", "is_experimental", hidden=True, help="Nothing here.")
@ignored_settings_options
def command(folder: str | None, formatter: str | None, is_experimental: bool) -> None:  # noqa: FBT001
    """TypeScript is not generated here; any generator makes it from the JSON schemas."""
    del folder, formatter, is_experimental
    raise NotGenerated("TypeScript", INSTEAD)
