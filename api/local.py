"""A client in the server's own process: the same lines, no transport."""

import asyncio
from types import TracebackType
from typing import Any, Self

import orjson

from api.service import Service
from domain.errors import ThreadstoreError
from domain.version import __version__
from rollout.finding.home import Home

CAPABILITIES = {"experimentalApi": True}


class RefusedRequest(ThreadstoreError):
    """A request that was answered with an error; carries the code of the answer."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


class LocalClient:
    """Calls methods of a service over one connection of its own; use it with `async with`."""

    def __init__(self, home: Home) -> None:
        self._service = Service(home)
        self._connection = self._service.connect(self._take)
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._count = 0
        self._parts: list[bytes] = []

    async def __aenter__(self) -> Self:
        """Shake hands."""
        await self.call(
            "initialize",
            {"clientInfo": {"name": "threadstore", "version": __version__}, "capabilities": CAPABILITIES},
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Answer what is open, then stop."""
        await self._connection.drain()
        self._connection.close()
        await self._service.close()

    async def call(self, method: str, params: dict[str, Any]) -> Any:
        """The result of a method; RefusedRequest when it is an error."""
        self._count += 1
        self._waiting[self._count] = answer = asyncio.get_running_loop().create_future()
        await self._connection.receive(orjson.dumps({"id": self._count, "method": method, "params": params}))
        return await answer

    def _take(self, part: bytes) -> None:
        self._parts.append(part)
        if not part.endswith(b"\n"):
            return
        message = orjson.loads(b"".join(self._parts))
        self._parts = []
        answer = self._waiting.pop(message.get("id"), None)
        if answer is None:
            return
        if "error" in message:
            answer.set_exception(RefusedRequest(message["error"]["code"], message["error"]["message"]))
        else:
            answer.set_result(message["result"])
