"""openai-codex, the official Python client: `official.py BINARY`."""

import json
import sys
from typing import Any

from openai_codex.client import CodexClient, CodexConfig
from openai_codex.generated.v2_all import ThreadTurnsListResponse


def main(binary: str) -> None:
    """Browse."""
    with CodexClient(CodexConfig(codex_bin=binary)) as client:
        client.initialize()
        listed = threads(client)
        read = [plain(client.thread_read(row["id"], include_turns=True))["thread"] for row in listed]
        walked = {row["id"]: turns(client, row["id"]) for row in listed}
    json.dump({"listed": listed, "read": read, "walked": walked}, sys.stdout)


def threads(client: Any) -> list[Any]:
    """All rows of the list."""
    rows: list[Any] = []
    cursor = None
    while True:
        page = plain(client.thread_list({"limit": 2, "cursor": cursor}))
        rows += page["data"]
        cursor = page["nextCursor"]
        if cursor is None:
            return rows


def turns(client: Any, thread_id: str) -> list[Any]:
    """All turns of a thread."""
    rows: list[Any] = []
    params = {"threadId": thread_id, "limit": 2, "sortDirection": "asc", "itemsView": "full"}
    while True:
        page = plain(client.request("thread/turns/list", params, response_model=ThreadTurnsListResponse))
        rows += page["data"]
        if page["nextCursor"] is None:
            return rows
        params["cursor"] = page["nextCursor"]


def plain(model: Any) -> Any:
    """What a model of the client holds, as JSON."""
    return model.model_dump(mode="json", by_alias=True)


if __name__ == "__main__":
    main(sys.argv[1])
