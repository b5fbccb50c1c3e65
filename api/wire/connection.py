"""One client: its handshake, its requests in their order, and what it is told.

Knows nothing of transports: lines come in by `receive`, lines go out by the function it was given.
"""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from api.context import Context
from api.wire import jsonrpc
from api.wire.framing import Line, Overlong
from api.wire.jsonrpc import Pieces, Request, RequestId
from api.wire.trust import Trust
from api.wire.turns import Kind, Place, kind_of
from api.wire.validation import experimental_needs, validate
from domain.errors import (
    AlreadyInitialized,
    InternalError,
    MessageTooLong,
    NeedsExperimentalApi,
    NotInitialized,
    NotUtf8,
    ThreadstoreError,
)

LOG = logging.getLogger("threadstore")

Params = dict[str, Any]
Result = dict[str, Any]
Send = Callable[[bytes], None]
"""Takes a line, or a part of one, on its way out; parts of one line come one after the other."""


@dataclass(frozen=True, slots=True)
class InPieces:
    """A result that is too long to be copied about: `value` holds the fragment of its pieces."""

    value: Result
    inner: Pieces


@dataclass(frozen=True, slots=True)
class Followed:
    """A result, and what is told right behind it."""

    value: Result | InPieces
    after: Sequence[Callable[[], None]]


Answer = Result | InPieces | Followed

ID_IN_HEAD = re.compile(
    rb'\s*\{(?:\s*"(?:jsonrpc|method)"\s*:\s*"[^"\\]*"\s*,)*\s*"id"\s*:\s*(?:(-?[0-9]{1,18})|"([\x20\x21\x23-\x5b\x5d-\x7e]*)")\s*[,}]'
)
"""The id at the beginning of a message that is too long to be read; clients write it there."""


class Connection:
    """A client of the service."""

    def __init__(
        self, context: Context, begin: "Begin", send: Send, place: Place, trust: Trust = Trust.USER
    ) -> None:
        self.context = context
        self.trust = trust
        self._begin = begin
        self._place = place
        self.client: Params | None = None
        self._send = send
        self._opted_out: frozenset[str] = frozenset()
        self.has_experimental_api = False
        self._tasks: set[asyncio.Task[None]] = set()
        self.is_closed = False
        self.is_abandoned = False
        """Whether the client went without a goodbye: what it asked for and was not begun is left."""
        self.bad_in_row = 0
        """Messages in a row that were none; the transport ends who speaks something else."""
        self.closing: dict[str, Callable[[], None]] = {}
        """What ends with the connection, and how it is ended."""
        self.wait_for_room: Callable[[], Awaitable[None]] = _plenty
        """Returns when not too much waits on its way to the client; the transport gives it."""
        context.hub.join(self)

    async def receive(self, line: Line) -> None:
        """Take one line; its answer may come later. Waits while too many requests are at work.

        From time to time others get their turn, also when nothing has to be waited for.
        """
        if self._place.is_turn_over():
            await asyncio.sleep(0)
        message = None if isinstance(line, Overlong) else jsonrpc.read_message(line)
        if message is None:
            self.bad_in_row = 0 if self._refuse_unread(line) else self.bad_in_row + 1
            return
        self.bad_in_row = 0
        if isinstance(message, Request):
            await self._request(message)

    async def drain(self) -> None:
        """Wait until every request is answered."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    def close(self) -> None:
        """The client has gone: it is told nothing more."""
        self.context.hub.leave(self)
        self.is_closed = True
        for end in self.closing.values():
            end()

    def abandon(self) -> None:
        """The client has gone without a goodbye: no request of it begins any more."""
        self.is_abandoned = True

    @property
    def client_name(self) -> str:
        """What the client calls itself."""
        name: str = self.client["name"] if self.client else ""
        return name

    def tell(self, method: str, params: object) -> None:
        """Send a notification, unless the client does not want it."""
        if self.client is not None and method not in self._opted_out:
            self._send(jsonrpc.notification(method, params))

    def greet(self, params: Params) -> None:
        """Take over what `initialize` says of the client."""
        capabilities = params.get("capabilities", {})
        self.client = params["clientInfo"]
        self.has_experimental_api = capabilities.get("experimentalApi", False)
        self._opted_out = frozenset(capabilities.get("optOutNotificationMethods") or ())

    async def _request(self, request: Request) -> None:
        try:
            params = validate(request.method, request.params)
            self._check(request.method, params)
        except ThreadstoreError as refusal:
            self._refuse(request.id, refusal)
            return
        if request.method == "initialize":  # at once: the next line may depend on it
            await self._answer(request, self._begin(self, request.method, params))
            return
        kind = kind_of(request.method, params)
        await self._place.begin(kind)
        if kind is Kind.WHOLE:
            await self._wait_to_make_whole()
        work = self._begin(self, request.method, params)
        task = asyncio.create_task(self._answer(request, work))
        self._tasks.add(task)
        task.add_done_callback(partial(self._ended, kind))

    async def _wait_to_make_whole(self) -> None:
        """Wait until the client has taken enough of what was made for it before."""
        try:
            await self.wait_for_room()
        except BaseException:
            self._place.end(Kind.WHOLE)
            raise

    def _refuse_unread(self, line: Line) -> bool:
        """Refuse what is no message to us, if it tells an id; says whether it did, or was empty."""
        if isinstance(line, Overlong):
            found = ID_IN_HEAD.match(line.head)
            request_id = found and (int(found[1]) if found[1] else found[2].decode())
            refusal: ThreadstoreError = MessageTooLong()
        else:
            request_id, refusal = jsonrpc.undecodable_id(line), NotUtf8()
        if request_id is not None:
            self._refuse(request_id, refusal)
        return request_id is not None or not line

    def _refuse(self, request_id: RequestId, refusal: ThreadstoreError) -> None:
        """Tell why a request is not served; where the home is, only its user is told."""
        above = "" if self.trust is Trust.USER else f"{self.context.home.root}/"
        self._send(jsonrpc.error(request_id, refusal, above))

    def _check(self, method: str, params: Params) -> None:
        """The order of release 0.131.0: parameters were read; now the handshake, then the capability."""
        if method == "initialize":
            if self.client is not None:
                raise AlreadyInitialized
            return
        if self.client is None:
            raise NotInitialized
        needed = None if self.has_experimental_api else experimental_needs(method, params)
        if needed is not None:
            raise NeedsExperimentalApi(needed)

    async def _answer(self, request: Request, work: Awaitable[Answer]) -> None:
        try:
            answer = await work
            followed = answer if isinstance(answer, Followed) else Followed(answer, ())
            if followed is not answer or isinstance(followed.value, InPieces):
                await self.wait_for_room()  # not for a change: others are told of it behind its answer
            for line in _lines(request, followed.value):
                self._send(line)
        except ThreadstoreError as refusal:
            self._refuse(request.id, refusal)
        except Exception as fault:
            LOG.exception("request %s failed", request.method)
            self._refuse(request.id, InternalError(f"internal error: {type(fault).__name__}"))
        else:
            for tell in followed.after:
                tell()

    def _ended(self, kind: Kind, task: "asyncio.Task[None]") -> None:
        self._tasks.discard(task)
        self._place.end(kind)


def _lines(request: Request, value: Result | InPieces) -> Iterable[bytes]:
    """The line of a result, or its parts."""
    if isinstance(value, InPieces):
        return jsonrpc.result_in_pieces(request.id, value.value, value.inner)
    return [jsonrpc.result(request.id, value)]


async def _plenty() -> None:
    """No bound: the transport takes whatever is sent."""


Begin = Callable[[Connection, str, Params], Awaitable[Answer]]
"""Takes up a request of a connection; the service decides which handler serves it, and when."""
