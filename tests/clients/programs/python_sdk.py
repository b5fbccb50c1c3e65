"""codex-python-sdk, which lists the first page alone and knows no pages of turns: `python_sdk.py BINARY`."""

import asyncio
import json
import sys

from codex_python_sdk.async_client import AsyncCodexAgenticClient


async def main(binary: str) -> None:
    """Browse."""
    async with AsyncCodexAgenticClient(codex_command=binary) as client:
        listed = await client.thread_list(limit=100)
        read = []
        for row in listed:
            answer = await client.thread_read(row["id"], include_turns=True)
            read.append(answer.get("thread", answer))
    json.dump({"listed": listed, "read": read, "walked": {}}, sys.stdout)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
