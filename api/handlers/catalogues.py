"""skills, hooks, plugins, apps, MCP servers: this server uses none, and so lists none.

The lists are empty, not one empty entry for each directory: nobody looked into the directories.
"""

import re
from collections.abc import Sequence

from api.handlers.changing import loaded
from api.wire.connection import Connection, Params, Result
from domain.errors import CursorBeyond, InvalidCursor, NeedsChatgptAccount
from domain.ids import parse_thread_id

_NUMBER = re.compile(r"\+?[0-9]{1,20}", re.ASCII)
_NUMBER_MAX = 2**64 - 1


async def skills(_connection: Connection, _params: Params) -> Result:
    """No skills."""
    return {"data": []}


async def hooks(_connection: Connection, _params: Params) -> Result:
    """No hooks."""
    return {"data": []}


async def plugins(_connection: Connection, params: Params) -> Result:
    """No marketplaces; those of an account are refused, as without one."""
    if "shared-with-me" in (params.get("marketplaceKinds") or ()):
        deed = "list remote plugins"
        raise NeedsChatgptAccount(deed)
    return {"marketplaces": [], "marketplaceLoadErrors": [], "featuredPluginIds": []}


async def installed_plugins(_connection: Connection, _params: Params) -> Result:
    """No plugins (a method of release 0.169.0)."""
    return {"marketplaces": [], "marketplaceLoadErrors": []}


async def apps(connection: Connection, params: Params) -> Result:
    """No apps; without any the cursor is not looked at, as in release 0.131.0."""
    if "threadId" in params:
        loaded(connection.context, parse_thread_id(params["threadId"]))
    return {"data": [], "nextCursor": None}


async def mcp_servers(_connection: Connection, params: Params) -> Result:
    """No MCP servers."""
    return numbered_page([], params, "MCP servers")


def numbered_page(rows: Sequence[Result], params: Params, name: str) -> Result:
    """The page of these rows behind a cursor that is a number; `name` is what they are called in a refusal.

    InvalidCursor for what is no number, CursorBeyond for one of more rows than there are.
    """
    start = _start(params.get("cursor"))
    if start > len(rows):
        raise CursorBeyond(start, len(rows), name)
    end = min(len(rows), start + max(1, params.get("limit", len(rows))))
    return {"data": list(rows[start:end]), "nextCursor": str(end) if end < len(rows) else None}


def _start(cursor: str | None) -> int:
    if cursor is None:
        return 0
    if _NUMBER.fullmatch(cursor) is None or int(cursor) > _NUMBER_MAX:
        raise InvalidCursor(cursor)
    return int(cursor)
