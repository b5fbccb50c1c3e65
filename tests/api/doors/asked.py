"""Requests whose end a test decides."""

import asyncio
from typing import Any

import pytest

from api import service
from api.wire.connection import Answer, Connection
from tests.api.clients import PATIENCE_S

METHOD = "thread/loaded/list"
"""What is asked; it has no parameters and waits for nothing."""


class Held:
    """Stands in for a method: each request waits until it is let go, then tells as many letters as wanted."""

    def __init__(self, patch: pytest.MonkeyPatch, size: int = 1, *, is_let_go: bool = False) -> None:
        self.begun = 0
        self.done = 0
        self.size = size
        self.let_go = asyncio.Event()
        self.changed = asyncio.Event()
        if is_let_go:
            self.let_go.set()
        patch.setitem(service.HANDLERS, METHOD, self._answer)

    async def until_begun(self, count: int) -> None:
        """Wait until so many requests have begun."""
        async with asyncio.timeout(PATIENCE_S):
            while self.begun < count:
                self.changed.clear()
                await self.changed.wait()

    async def _answer(self, connection: Connection, params: dict[str, Any]) -> Answer:
        self.begun += 1
        self.changed.set()
        await self.let_go.wait()
        self.done += 1
        return {"data": "x" * self.size}


async def settle() -> None:
    """Let everybody do all that can be done without waiting for anybody."""
    for _ in range(50):
        await asyncio.sleep(0)
