"""A door: a listening socket, and the sessions that came through it."""

import asyncio
from collections.abc import Callable, Coroutine
from socket import socket
from typing import Any

from websockets.frames import CloseCode

from api.doors.admission import Admission
from api.doors.bounds import Bounds
from api.doors.session import Session
from api.doors.stopping import Stop
from api.doors.systemd import notify
from api.service import Service
from api.wire.connection import Connection, Send
from domain.limits import ACCEPTED_A_TURN, CONNECTIONS_MAX

BACKLOG = CONNECTIONS_MAX
"""Connections that the kernel holds while the loop is busy: all that a door takes."""


class Door:
    """Lets clients of one listener in, and sees them out."""

    def __init__(self, service: Service, admission: Admission, bounds: Bounds) -> None:
        self.bounds = bounds
        self.admission = admission
        self._service = service
        self._sessions: set[Session] = set()
        self._seated: set[Session] = set()
        self._work: set[asyncio.Task[None]] = set()

    async def serve(
        self, listener: socket, stop: Stop, opened: Callable[[], None], closing: Callable[[], None]
    ) -> None:
        """Serve on this socket until it is asked to stop.

        `opened` is called once clients are taken, `closing` before the socket is closed.
        """
        loop = asyncio.get_running_loop()
        # asyncio accepts as many connections in a turn of the loop as it lets the kernel hold.
        server = await loop.create_server(lambda: Session(self), sock=listener, backlog=ACCEPTED_A_TURN)
        listener.listen(BACKLOG)
        try:
            opened()
            notify("READY=1")
            await stop.wait()
            notify("STOPPING=1")
        finally:
            closing()
            server.close()
            await self._see_out(stop)

    def enter(self, session: Session) -> bool:
        """Somebody has connected; False when too many others have not said yet what they want."""
        self._sessions.add(session)
        return len(self._sessions) - len(self._seated) <= self.bounds.handshakes_max

    def seat(self, session: Session, send: Send) -> Connection | None:
        """The connection of one who is let in; None when all are taken."""
        if len(self._seated) >= self.bounds.connections_max:
            return None
        self._seated.add(session)
        return self._service.connect(send, self.admission.trust)

    def leave(self, session: Session) -> None:
        """A socket is closed."""
        self._sessions.discard(session)
        self._seated.discard(session)

    def keep(self, work: "asyncio.Task[None]") -> None:
        """Hold a task until it is done: what a client asked for goes on when the client has gone."""
        self._work.add(work)
        work.add_done_callback(self._work.discard)

    async def _see_out(self, stop: Stop) -> None:
        """Answers first, then goodbyes, then closed sockets."""
        await stop.within(self.bounds.answers_seconds, [*self._each(Session.finish), self._wait_for_work()])
        for session in [*self._sessions]:
            session.close(CloseCode.GOING_AWAY, "the server stops")
        await stop.within(self.bounds.goodbye_seconds, self._each(_until_gone))
        gone = self._each(_until_gone)
        for session in [*self._sessions]:
            session.abort()
        await asyncio.gather(*gone)

    def _each(self, do: Callable[[Session], Coroutine[Any, Any, None]]) -> list[Coroutine[Any, Any, None]]:
        return [do(session) for session in self._sessions]

    async def _wait_for_work(self) -> None:
        if self._work:
            await asyncio.wait(self._work)


async def _until_gone(session: Session) -> None:
    await session.gone.wait()
