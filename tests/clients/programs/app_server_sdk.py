"""codex-app-server-sdk: `app_server_sdk.py BINARY`, or `app_server_sdk.py ws://HOST:PORT [TOKEN]`."""

import asyncio
import json
import sys
from typing import Any

from codex_app_server_sdk import CodexClient


async def main(where: str, token: str | None = None) -> None:
    """Browse."""
    async with client_of(where, token) as client:
        await client.initialize({"capabilities": {"experimentalApi": True}})
        listed = await threads(client)
        read = [(await client.read_thread(row["id"]))["thread"] for row in listed]
        walked = {row["id"]: await turns(client, row["id"]) for row in listed}
    json.dump({"listed": listed, "read": read, "walked": walked}, sys.stdout)


def client_of(where: str, token: str | None) -> Any:
    """A client by one of its two transports."""
    if where.startswith("ws://"):
        return CodexClient.connect_websocket(url=where, token=token)
    return CodexClient.connect_stdio(command=[where, "app-server"])


async def threads(client: Any) -> list[Any]:
    """All rows of the list."""
    rows: list[Any] = []
    cursor = None
    while True:
        page = await client.list_threads(limit=2, cursor=cursor)
        rows += page["data"]
        cursor = page["nextCursor"]
        if cursor is None:
            return rows


async def turns(client: Any, thread_id: str) -> list[Any]:
    """All turns of a thread."""
    rows: list[Any] = []
    params = {"threadId": thread_id, "limit": 2, "sortDirection": "asc", "itemsView": "full"}
    while True:
        page = await client.request("thread/turns/list", params)
        rows += page["data"]
        if page["nextCursor"] is None:
            return rows
        params["cursor"] = page["nextCursor"]


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
