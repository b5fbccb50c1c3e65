"""codex-app-server-client: `app_server_client.py BINARY`."""

import asyncio
import json
import sys
from typing import Any

from codex_app_server_client import AsyncCodexClient
from codex_app_server_client.types.threads import ThreadListParams, ThreadReadParams


async def main(binary: str) -> None:
    """Browse."""
    client = AsyncCodexClient(codex_bin=binary)
    await client.start()
    try:
        listed = await threads(client)
        read = []
        for row in listed:
            answer = await client.thread_read(ThreadReadParams(thread_id=row["id"], include_turns=True))
            read.append(plain(answer)["thread"])
        walked = {row["id"]: await turns(client, row["id"]) for row in listed}
    finally:
        await client.close()
    json.dump({"listed": listed, "read": read, "walked": walked}, sys.stdout)


async def threads(client: Any) -> list[Any]:
    """All rows of the list."""
    rows: list[Any] = []
    cursor = None
    while True:
        page = plain(await client.thread_list(ThreadListParams(limit=2, cursor=cursor)))
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


def plain(model: Any) -> Any:
    """What a model of the client holds, as JSON."""
    return model.model_dump(mode="json", by_alias=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
