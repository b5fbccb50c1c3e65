"""`threadstore app-server generate-json-schema`: the schemas of the protocol, a file each."""

import json
from pathlib import Path

import click

from tools.settings import ignored_settings_options
from tools.usage import Plain, flag


@click.command("generate-json-schema", cls=Plain)
@click.option(
    "-o",
    "--out",
    "folder",
    required=True,
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder to write to; made where it is missing.",
)
@flag("--experimental", "is_experimental", help="With what is experimental, too.")
@ignored_settings_options
def command(folder: Path, is_experimental: bool) -> None:  # noqa: FBT001 - click calls it by names
    """Write the JSON schemas of the protocol, as far as it is served here.

    \b
    Example:
      threadstore app-server generate-json-schema --out schemas
    """  # noqa: D301 - click's own mark
    from api.wire.published import published_schemas  # noqa: PLC0415 - only this command needs them

    for name, schema in published_schemas(experimental=is_experimental).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(schema, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
