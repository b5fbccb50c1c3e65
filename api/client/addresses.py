"""The address of a running server, as people write it."""

from os import PathLike
from urllib.parse import urlsplit

from api.client.wires import Open, Wire
from domain.errors import UnfitServerAddress

UNIX = "unix://"
WEBSOCKET_SCHEMES = frozenset({"ws", "wss"})


def opener(address: str, token: str | None = None) -> Open:
    """What begins a conversation with the server at this address; UnfitServerAddress when it is none.

    A token goes only to `ws://` and `wss://`, which may ask for one.
    """
    path = address.removeprefix(UNIX)
    if path and path != address:
        return lambda: open_unix(path)
    if not _is_websocket(address):
        raise UnfitServerAddress(address)
    return lambda: open_tcp(address, token)


def _is_websocket(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return parts.scheme in WEBSOCKET_SCHEMES and bool(parts.hostname) and parts.port is not None
    except ValueError:
        return False


async def open_unix(path: str | PathLike[str]) -> Wire:
    """A conversation over a Unix socket."""
    from api.client.wires import websocket  # noqa: PLC0415 - a client inside needs none

    return await websocket.open_unix(path)


async def open_tcp(url: str, token: str | None = None) -> Wire:
    """A conversation over TCP."""
    from api.client.wires import websocket  # noqa: PLC0415 - a client inside needs none

    return await websocket.open_tcp(url, token)
