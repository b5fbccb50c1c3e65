"""config/read, configRequirements/read: the settings of the home as this server reads them.

Read from the disk each time, as in release 0.131.0, and not as they were when the server started. Layers that
are not read here (the machine's, those of projects) are not told either.
"""

from api.configuration.layers import read_layers, told
from api.wire.connection import Connection, Params, Result


async def read(connection: Connection, params: Params) -> Result:
    """The settings in force and where each comes from; a directory makes no difference."""
    context = connection.context
    file = context.home.root / "config.toml"
    layers = await context.engine.files.run(read_layers, file, context.overrides)
    return told(layers, with_layers=params.get("includeLayers", False))


async def requirements(_connection: Connection, _params: Params) -> Result:
    """What settings must hold to: nothing that this server would enforce."""
    return {"requirements": None}
