"""codexed, which never sends `initialized`: `codexed_client.py BINARY`, or `... ws://HOST:PORT [TOKEN]`."""

import asyncio
import json
import sys
from typing import Any

from codexed import CodexClient
from codexed.transport import WebSocketTransport


async def main(where: str, token: str | None = None) -> None:
    """Browse."""
    async with client_of(where, token) as client:
        listed = await threads(client)
        read, walked = [], {}
        for row in listed:
            session = await client.thread_resume(row["id"])
            read.append(plain(await session.read(include_turns=True))["thread"])
            walked[row["id"]] = await turns(session)
    json.dump({"listed": listed, "read": read, "walked": walked}, sys.stdout)


def client_of(where: str, token: str | None) -> Any:
    """A client by one of its two transports."""
    if where.startswith("ws://"):
        return CodexClient(transport=WebSocketTransport(where, auth_token=token))
    return CodexClient(codex_command=where)


async def threads(client: Any) -> list[Any]:
    """All rows of the list."""
    rows: list[Any] = []
    cursor = None
    while True:
        page = plain(await client.thread_list(limit=2, cursor=cursor))
        rows += page["data"]
        cursor = page["nextCursor"]
        if cursor is None:
            return rows


async def turns(session: Any) -> list[Any]:
    """All turns of a thread."""
    rows: list[Any] = []
    cursor = None
    while True:
        page = plain(await session.list_turns(cursor=cursor, limit=2, sort_direction="asc"))
        rows += page["data"]
        cursor = page["nextCursor"]
        if cursor is None:
            return rows


def plain(model: Any) -> Any:
    """What a model of the client holds, as JSON."""
    return model.model_dump(mode="json", by_alias=True)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
