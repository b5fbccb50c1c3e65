"""One client behind a door: bytes of its socket to messages for its connection, and back.

What comes in waits in an inbox, from which one task feeds the connection; while that waits, since too much is
at work or on its way out, nothing more is read and the client's own socket fills. What goes out is written
at once as far as the socket takes it. Nothing here waits for one client on behalf of another, and little is
done for one in a turn of the loop.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Protocol, cast

from websockets.frames import CloseCode

from api.doors.admission import FULL, Admission
from api.doors.bounds import Bounds
from api.doors.frames import NO_MORE, Frames
from api.doors.gulp import Gulp
from api.doors.handshake import Denied, Granted, Handshake
from api.doors.inbox import Inbox
from api.doors.sender import Sender
from api.wire.connection import Connection, Send

LOG = logging.getLogger("threadstore")

WRITE_SIZE = 64 * 1024
"""Bytes beyond a frame that the loop holds for the socket: enough to keep it busy."""


class House(Protocol):
    """What stands behind the door, as a session sees it."""

    bounds: Bounds
    admission: Admission

    def enter(self, session: "Session") -> bool:
        """Somebody has connected; False when there is no room to hear what it wants."""

    def seat(self, session: "Session", send: Send) -> Connection | None:
        """The connection of one who is let in; None when all are taken."""

    def leave(self, session: "Session") -> None:
        """The socket is closed."""

    def keep(self, work: "asyncio.Task[None]") -> None:
        """Hold a task until it is done."""


class Session(asyncio.BufferedProtocol):
    """A socket that came through the door, until it is closed."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._bounds = house.bounds
        self._loop = asyncio.get_running_loop()
        self._take: Callable[[bytes], None] = _ignore
        self._frames = Frames(self._bounds.message_size_max)
        self._sender = Sender(self._frames, self._bounds, self._write_out)
        self._inbox = Inbox()
        self._gulp = Gulp()
        self._timer: asyncio.TimerHandle | None = None
        self._silent_pings = 0
        self._is_finishing = False
        self._is_at_end = False
        self._connection: Connection | None = None
        self._serving: asyncio.Task[None] | None = None
        self.gone = asyncio.Event()
        """Set when the socket is closed."""

    # What the event loop calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Somebody has connected."""
        self._transport = cast("asyncio.Transport", transport)
        self._transport.set_write_buffer_limits(WRITE_SIZE)
        self._after(self._bounds.handshake_seconds, self.abort)
        if not self._house.enter(self) or not self._house.admission.knows(transport.get_extra_info("socket")):
            self.abort()
            return
        address = transport.get_extra_info("peername")
        peer = str(address[0]) if isinstance(address, tuple) else ""
        handshake = Handshake(self._house.admission, peer)
        self._take = lambda data: self._shake_hands(handshake, data)

    def get_buffer(self, sizehint: int) -> memoryview:
        """Where the next bytes go."""
        del sizehint
        return self._gulp.buffer()

    def buffer_updated(self, nbytes: int) -> None:
        """Something came; what it is depends on what was before."""
        self._silent_pings = 0
        frame_count = self._frames.come_count
        self._take(self._gulp.taken(nbytes))
        self._gulp.note(nbytes, self._frames.come_count - frame_count)

    def eof_received(self) -> bool:
        """The client sends no more: what it asked for is still answered, unless it said goodbye or nothing.

        The loop keeps the socket when this is true, else closes it behind what it still takes.
        """
        self._is_at_end = self._serving is not None and self._frames.is_open
        self._inbox.end()
        if not self._is_at_end:
            self._frames.end()
            self._after(self._bounds.close_seconds, self.abort)
        return self._is_at_end

    def connection_lost(self, error: Exception | None) -> None:
        """The socket is closed."""
        del error
        if self._timer is not None:
            self._timer.cancel()
        self._take = _ignore
        self._frames.end()
        self._sender.drop()
        self._inbox.end()
        self._house.leave(self)
        if self._connection is not None:
            if not self._frames.is_bidden_goodbye:
                self._connection.abandon()
            self._connection.close()
        self.gone.set()

    def pause_writing(self) -> None:
        """The socket takes no more for now."""
        self._sender.is_paused = True

    def resume_writing(self) -> None:
        """The socket takes more."""
        self._silent_pings = 0
        self._sender.is_paused = False
        self._sender.go_on()

    # What comes in

    def _shake_hands(self, handshake: Handshake, data: bytes) -> None:
        verdict = handshake.feed(data)
        if isinstance(verdict, Granted):
            self._welcome(verdict)
        elif isinstance(verdict, Denied):
            self._turn_away(verdict.reply)

    def _welcome(self, verdict: Granted) -> None:
        self._connection = self._house.seat(self, self.send)
        if self._connection is None:
            self._turn_away(FULL.serialise())
            return
        self._connection.wait_for_room = self._sender.wait_for_room
        self._transport.write(verdict.reply)
        self._after(self._bounds.ping_seconds, self._ping)
        self._serving = asyncio.create_task(self._serve(self._connection))
        self._house.keep(self._serving)
        self._take = self._take_frames
        if verdict.rest:
            self._take(verdict.rest)

    def _turn_away(self, reply: bytes) -> None:
        self._transport.write(reply)
        self._half_close()

    def _take_frames(self, data: bytes) -> None:
        self._inbox.put(self._frames.feed(data))
        self._write_out()
        if not self._frames.is_open:
            self._inbox.end()
            self._sender.drop()
        elif self._transport.get_write_buffer_size() > self._bounds.waiting_size_max:
            self.abort()  # it pings and never reads: a goodbye would only wait behind its pongs
        else:
            self._hold_back()

    def _hold_back(self) -> None:
        """Read on, or do not: a client whose messages wait is slowed down."""
        if self._is_finishing or self._inbox.size > self._bounds.inbox_size_max:
            self._transport.pause_reading()
        else:
            self._transport.resume_reading()

    async def _serve(self, connection: Connection) -> None:
        """Feed the connection until nothing more comes and all is answered."""
        try:
            while (message := await self._inbox.next()) is not None:
                await self._sender.wait_for_room()
                if self._is_cut_off:
                    break
                await connection.receive(message)
                if connection.bad_in_row >= self._bounds.bad_messages_max:
                    self.close(CloseCode.POLICY_VIOLATION, "too many messages that are none")
                self._hold_back()
            await connection.drain()
            await self._leave()
        except Exception:
            LOG.exception("a session failed")
            self.close(CloseCode.INTERNAL_ERROR, "internal error")

    async def _leave(self) -> None:
        """The last words to one who sends no more: it has all its answers."""
        if self._is_at_end:
            await self._sender.wait_until_sent()
            self.close(CloseCode.NORMAL_CLOSURE, "")
            self._transport.close()

    @property
    def _is_cut_off(self) -> bool:
        """Whether what was read ahead is of no use; what came before a client's goodbye still counts."""
        return not self._frames.is_open and not self._frames.is_bidden_goodbye

    # What goes out

    def send(self, part: bytes) -> None:
        """Send a message, or a part of one; a line feed ends it."""
        self._sender.send(part)
        if self._sender.is_overdue:
            self.close(CloseCode.TRY_AGAIN_LATER, "messages are not read")

    def _write_out(self) -> None:
        for data in self._frames.outgoing():
            if data == NO_MORE:
                self._half_close()
            elif not self._transport.is_closing():
                self._transport.write(data)

    def _ping(self) -> None:
        """Ask a quiet client whether it is there; one that we do not listen to is not quiet."""
        is_heard = self._transport.is_reading() or self._sender.is_paused
        self._silent_pings = self._silent_pings + 1 if is_heard else 0
        if self._silent_pings > self._bounds.silent_pings_max:
            self.close(CloseCode.INTERNAL_ERROR, "no answer to pings")
            return
        self._frames.ping()
        self._write_out()
        self._after(self._bounds.ping_seconds, self._ping)

    # The end

    async def finish(self) -> None:
        """Take nothing more from the socket; return when all that was taken is answered and sent."""
        self._is_finishing = True
        if self._serving is None:
            self.abort()
            return
        self._transport.pause_reading()
        self._inbox.end()
        await asyncio.wait({self._serving})
        await self._sender.wait_until_sent()

    def close(self, code: int, reason: str) -> None:
        """Say goodbye; what waits is forgotten, and who does not answer in time is cut off."""
        if self._connection is None or not self._frames.is_open:
            return
        self._frames.close(code, reason)
        self._sender.drop()
        self._inbox.end()
        self._write_out()
        self._after(self._bounds.close_seconds, self.abort)
        self._transport.resume_reading()

    def abort(self) -> None:
        """Close the socket at once."""
        self._transport.abort()

    def _half_close(self) -> None:
        """Send nothing more, and read until the client ends: closing at once could cost our last words."""
        self._take = _ignore
        if not self._transport.is_closing():
            self._transport.write_eof()
            self._transport.resume_reading()
        self._after(self._bounds.close_seconds, self.abort)

    def _after(self, seconds: float, do: Callable[[], None]) -> None:
        """Do something later instead of what was to be done before."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._loop.call_later(seconds, do)


def _ignore(data: bytes) -> None:
    """Nothing that comes now counts."""
