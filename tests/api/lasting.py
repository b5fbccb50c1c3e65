"""A server of a home inside a test's process, with its watch and its filling, and a client of it."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from uuid import UUID

import orjson

from api.engine import Engine
from api.indexing.background import Background
from api.service import Options, Service
from rollout.finding.home import Home
from tests.home import event, meta

Json = dict[str, Any]

PATIENCE_S = 20.0
"""How long a test waits for what will happen before it fails."""

BEGIN = datetime(2026, 5, 1, 10, tzinfo=UTC)


class Lasting:
    """A service that watches and fills its home, and one connection to it; use it with `async with`."""

    def __init__(self, root: Path, *, is_lasting: bool = True, base: str | None = None) -> None:
        options = Options(is_lasting=is_lasting, working_directory=base or str(root), user_home=str(root))
        self.service = Service(Home.at(root), options)
        self._connection = self.service.connect(self._take)
        self._waiting: dict[int, asyncio.Future[Json]] = {}
        self._parts: list[bytes] = []

    async def __aenter__(self) -> Self:
        """Shake hands."""
        await self.call("initialize", {"clientInfo": {"name": "tests", "version": "1"}})
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        await self._connection.drain()
        self._connection.close()
        await self.service.close()

    @property
    def engine(self) -> Engine:
        """The home at work."""
        return self.service.context.engine

    @property
    def background(self) -> Background:
        """What goes on between requests."""
        background = self.engine._background
        assert background is not None
        return background

    async def filled(self) -> None:
        """Wait until all that was there at the start is indexed."""
        await asyncio.wait_for(self.background.filled.wait(), PATIENCE_S)

    async def rested(self) -> None:
        """Wait until the server has nothing more to do of itself."""
        await asyncio.wait_for(self.background.rested.wait(), PATIENCE_S)

    async def call(self, method: str, params: Json) -> Json:
        """The result of a method."""
        number = len(self._waiting)
        self._waiting[number] = answer = asyncio.get_running_loop().create_future()
        await self._connection.receive(orjson.dumps({"id": number, "method": method, "params": params}))
        return await asyncio.wait_for(answer, PATIENCE_S)

    async def page(self, **params: object) -> Json:
        """A page of `thread/list`."""
        return await self.call("thread/list", params)

    async def previews(self, **params: object) -> list[str]:
        """What the threads of a page show, in its order."""
        return [thread["preview"] for thread in (await self.page(**params))["data"]]

    async def walk(self, **params: object) -> list[Json]:
        """The threads of all pages."""
        found: list[Json] = []
        while True:
            page = await self.page(**params)
            found += page["data"]
            if page["nextCursor"] is None:
                return found
            params["cursor"] = page["nextCursor"]

    async def soon(self, is_so: Callable[[list[str]], bool], **params: object) -> list[str]:
        """The page of the index alone as soon as it is so."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                shown = await self.previews(useStateDbOnly=True, **params)
                if is_so(shown):
                    return shown
                await asyncio.sleep(0.005)  # the index is another task's: there is nothing to wait for

    def _take(self, part: bytes) -> None:
        self._parts.append(part)
        if not part.endswith(b"\n"):
            return
        message = orjson.loads(b"".join(self._parts))
        self._parts = []
        answer = self._waiting.get(message.get("id"))
        if answer is not None and "error" in message:
            answer.set_exception(AssertionError(message["error"]))
        elif answer is not None and not answer.done():
            answer.set_result(message["result"])


def thread_id(number: int) -> UUID:
    """The id of a thread."""
    return UUID(f"0196f0aa-0000-7000-8000-{number:012x}")


def path_of(root: Path, number: int) -> Path:
    """Where the file of a thread is; each began a minute after the one before, 100 a day."""
    begun = BEGIN + timedelta(days=number // 100, minutes=number % 100)
    name = f"rollout-{begun:%Y-%m-%dT%H-%M-%S}-{thread_id(number)}.jsonl"
    return root / "sessions" / f"{begun:%Y/%m/%d}" / name


def says(text: str) -> bytes:
    """A user message."""
    return event("user_message", message=text)


def write(root: Path, number: int, text: str | None = None, **facts: object) -> Path:
    """Write the file of a thread that says this, its number unless told."""
    path = path_of(root, number)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(meta(thread_id(number), **facts) + says(str(number) if text is None else text))
    return path
