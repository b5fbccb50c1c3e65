"""A conversation with a server, by the names of its methods."""

from collections.abc import AsyncIterator, Mapping, Sequence
from os import PathLike
from types import TracebackType
from typing import Any, Self

from api.client import addresses
from api.client.calls import Payload
from api.client.conversation import Conversation
from api.client.hello import OWN, Hello
from api.client.notifications import Notifications
from api.client.pages import Page, walk
from api.client.wires import Open, Wire, process
from rollout.finding.home import Home


class Client:
    """A client of one server: `async with` begins the conversation, greets, and ends it.

    Any number of requests may be under way at once. A request that is answered with an error raises
    RequestRefused; one whose answer cannot come any more raises ServerGone. It does not connect again.
    """

    def __init__(self, begin: Open, hello: Hello | None = None) -> None:
        """Talk over the wire that `begin` gives; `hello` of None leaves it to the caller to `initialize`."""
        self._conversation = Conversation(begin)
        self._hello = hello
        self.server: Payload = {}
        """What the server said of itself: `userAgent`, `codexHome`, `platformFamily`, `platformOs`."""

    @classmethod
    def stdio(
        cls,
        command: Sequence[str],
        environment: Mapping[str, str] | None = None,
        working_directory: str | PathLike[str] | None = None,
        hello: Hello | None = OWN,
    ) -> Self:
        """A client of a server that is started for it and ends with it."""
        return cls(lambda: process.start(command, environment, working_directory), hello)

    @classmethod
    def unix(cls, path: str | PathLike[str], hello: Hello | None = OWN) -> Self:
        """A client of the server that listens on this socket."""
        return cls(lambda: addresses.open_unix(path), hello)

    @classmethod
    def websocket(cls, url: str, token: str | None = None, hello: Hello | None = OWN) -> Self:
        """A client of the server at `ws://HOST:PORT`; the token is what its door asks for."""
        return cls(lambda: addresses.open_tcp(url, token), hello)

    @classmethod
    def at(cls, address: str, token: str | None = None, hello: Hello | None = OWN) -> Self:
        """A client of the server at this address; UnfitServerAddress when it is none."""
        return cls(addresses.opener(address, token), hello)

    @classmethod
    def inside(cls, home: Home, hello: Hello | None = OWN) -> Self:
        """A client of a service of its own in this process."""

        async def begin() -> Wire:
            from api.client.wires import inside  # noqa: PLC0415 - a client of a server needs no service

            return await inside.open_inside(home)

        return cls(begin, hello)

    async def __aenter__(self) -> Self:
        await self._conversation.open()
        try:
            if self._hello is not None:
                await self.initialize(self._hello)
        except BaseException:
            await self.close()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """End the conversation; requests under way raise ServerGone, streams of notifications just end."""
        await self._conversation.close()

    async def request(self, method: str, params: Payload | None = None) -> Payload:
        """The result of a method."""
        return await self._conversation.request(method, params or {})

    def notifications(self, *methods: str) -> Notifications:
        """What the server tells from now on: of these methods, or of all when none is named."""
        return self._conversation.notifications(frozenset(methods))

    async def initialize(self, hello: Hello) -> Payload:
        """Greet the server; what it says of itself."""
        self.server = await self.request("initialize", hello.params())
        await self._conversation.notify("initialized")
        return self.server

    def threads(
        self, *, most: int | None = None, is_archived: bool = False, **filters: Any
    ) -> AsyncIterator[Payload]:
        """Threads of all providers, the newest first: every page, or so many rows at most.

        `filters` are further parameters of `thread/list`: `sortKey`, `cwd`, `searchTerm`, ...
        """
        wanted = {"archived": is_archived, "modelProviders": []} | filters
        return walk(lambda place: self._page("thread/list", wanted | place), most)

    def turns(
        self, thread_id: str, *, view: str = "summary", most: int | None = None, is_ascending: bool = False
    ) -> AsyncIterator[Payload]:
        """Turns of a thread, the newest first unless told; `view` is notLoaded, summary or full."""
        direction = "asc" if is_ascending else "desc"
        wanted = {"threadId": thread_id, "itemsView": view, "sortDirection": direction}
        return walk(lambda place: self._page("thread/turns/list", wanted | place), most)

    async def read(self, thread_id: str, *, has_turns: bool = False) -> Payload:
        """A thread; with all its turns when they are asked for."""
        result = await self.request("thread/read", {"threadId": thread_id, "includeTurns": has_turns})
        thread: Payload = result["thread"]
        return thread

    async def _page(self, method: str, params: Payload) -> Page:
        return Page.of(await self.request(method, params))
