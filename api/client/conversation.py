"""A conversation with a server: requests and their answers, and what is told besides.

One task reads. It hands answers to those who wait for them and notifications to those who listen; when the
server goes, it tells all of them why.
"""

import asyncio
from contextlib import suppress

from api.client.calls import Answered, Asked, Calls, Event, Notification, Payload, Refused
from api.client.notifications import Notifications
from api.client.wires import Open, Wire, WireEnded
from domain.errors import ServerGone, ThreadstoreError
from domain.limits import SERVER_END_SECONDS


class Conversation:
    """Any number of requests under way at once, over one wire."""

    def __init__(self, begin: Open) -> None:
        """Talk over the wire that `begin` gives."""
        self._begin = begin
        self._calls = Calls()
        self._answers: dict[int, asyncio.Future[Payload]] = {}
        self._hearers: list[Notifications] = []
        self._ended: str | None = None
        self._wire: Wire | None = None
        self._reading: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Begin; ServerUnreachable when nobody is there."""
        self._wire = await self._begin()
        self._reading = asyncio.create_task(self._read(self._wire))

    async def close(self) -> None:
        """End it; requests under way raise ServerGone, streams of notifications just end."""
        for hearer in self._hearers:
            hearer.end()
        self._end("this client was closed")
        if self._reading is not None:
            self._reading.cancel()
            with suppress(asyncio.CancelledError):
                await self._reading
        if self._wire is not None:
            await self._wire.close()

    async def request(self, method: str, params: Payload) -> Payload:
        """The result of a method; RequestRefused for an error, ServerGone when no answer can come."""
        wire = self._open_wire(method)
        sent = self._calls.request(method, params)
        answer: asyncio.Future[Payload] = asyncio.get_running_loop().create_future()
        self._answers[sent.request_id] = answer
        try:
            await self._send(wire, sent.line)
            return await answer
        finally:
            self._calls.forget(sent.request_id)
            self._answers.pop(sent.request_id, None)

    async def notify(self, method: str) -> None:
        """Tell the server something without parameters."""
        await self._send(self._open_wire(method), self._calls.notification(method))

    def notifications(self, methods: frozenset[str]) -> Notifications:
        """What the server tells from now on: of these methods, or of all when there are none."""
        hearer = Notifications(methods)
        self._hearers = [one for one in self._hearers if not one.has_ended]
        self._hearers.append(hearer)
        if self._ended is not None:
            hearer.end(ServerGone("a notification", self._ended))
        return hearer

    def _open_wire(self, method: str) -> Wire:
        if self._wire is None or self._ended is not None:
            raise ServerGone(f"the answer to {method}", self._ended or "this client was not started")
        return self._wire

    async def _send(self, wire: Wire, line: bytes) -> None:
        """Send a line. That the server has gone is for the reader to say, who knows more of it."""
        try:
            await wire.send(line)
        except WireEnded as end:
            if self._reading is not None:
                await asyncio.wait([self._reading], timeout=SERVER_END_SECONDS)
            self._end(str(end))

    async def _read(self, wire: Wire) -> None:
        try:
            while True:
                event = self._calls.receive(await wire.receive())
                if isinstance(event, Asked):
                    await wire.send(event.line)
                elif event is not None:
                    self._take(event)
        except WireEnded as end:
            self._end(str(end))

    def _take(self, event: Event) -> None:
        if isinstance(event, Notification):
            for hearer in self._hearers:
                hearer.hear(event)
        elif isinstance(event, Answered):
            answer = self._answers[event.request_id]
            if not answer.done():  # nobody waits any more
                answer.set_result(event.result)
        elif isinstance(event, Refused):
            self._fail(event.request_id, event.failure)

    def _end(self, reason: str) -> None:
        """No answer comes any more: everybody who waits is told so, once."""
        if self._ended is not None:
            return
        self._ended = reason
        for request_id, method in self._calls.end().items():
            self._fail(request_id, ServerGone(f"the answer to {method}", reason))
        for hearer in self._hearers:
            hearer.end(ServerGone("a notification", reason))

    def _fail(self, request_id: int, failure: ThreadstoreError) -> None:
        answer = self._answers.get(request_id)
        if answer is not None and not answer.done():
            answer.set_exception(failure)
