"""WebSocket frames without I/O: bytes in, messages out; messages in, bytes out.

The library's protocol does the framing, the pings and the closing handshake. Its asyncio server is not used:
it gives a request that is no upgrade another answer than the release does, reads heads of a megabyte, and
knows only after the fact how much waits for a client.
"""

import logging
from codecs import getincrementaldecoder

from websockets.frames import CloseCode, Frame, Opcode
from websockets.protocol import State
from websockets.server import ServerProtocol

LOG = logging.getLogger("threadstore.frames")
LOG.setLevel(logging.WARNING)  # the library would log what is in frames: nobody's texts go to a log

SLICE = 64 * 1024
"""Bytes looked at together for their encoding: a message is never held twice for it."""

UTF_8 = getincrementaldecoder("utf-8")
NO_MORE = b""
"""Among what goes out: nothing follows."""


class Frames:
    """The frames of one connection, from the handshake on."""

    def __init__(self, message_size_max: int) -> None:
        self._protocol = ServerProtocol(state=State.OPEN, max_size=message_size_max, logger=LOG)
        self._begun: bytearray | None = None
        self._is_text = False
        self._decoder = UTF_8()
        self.come_count = 0
        """How many frames have come."""

    @property
    def is_open(self) -> bool:
        """Whether messages may go out."""
        return self._protocol.state is State.OPEN

    @property
    def is_bidden_goodbye(self) -> bool:
        """Whether the client has said that it ends."""
        return self._protocol.close_rcvd is not None

    def feed(self, data: bytes) -> list[bytes]:
        """The text messages that are whole now; nothing after what fails or ends the connection."""
        was_open = self.is_open
        self._protocol.receive_data(data)
        frames = [frame for frame in self._protocol.events_received() if isinstance(frame, Frame)]
        self.come_count += len(frames)
        messages: list[bytes] = []
        try:
            for frame in frames if was_open else ():
                message = self._take(frame)
                messages += [] if message is None else [message]
        except UnicodeDecodeError:
            self._protocol.fail(CloseCode.INVALID_DATA, "not UTF-8")
        return messages

    def end(self) -> None:
        """Nothing more comes."""
        self._protocol.receive_eof()

    def send(self, data: bytes, *, is_first: bool, is_last: bool) -> None:
        """A text message, or a part of one."""
        if is_first:
            self._protocol.send_text(data, fin=is_last)
        else:
            self._protocol.send_continuation(data, fin=is_last)

    def ping(self) -> None:
        """Ask whether the client is there."""
        self._protocol.send_ping(b"")

    def close(self, code: int, reason: str) -> None:
        """Say goodbye."""
        self._protocol.send_close(code, reason)

    def outgoing(self) -> list[bytes]:
        """What goes out now; `NO_MORE` among it ends the connection in that direction."""
        return self._protocol.data_to_send()

    def _take(self, frame: Frame) -> bytes | None:
        if frame.opcode in {Opcode.TEXT, Opcode.BINARY}:
            self._is_text = frame.opcode is Opcode.TEXT
            self._decoder.reset()
            if frame.fin:
                return self._checked(frame) if self._is_text else None
            self._begun = bytearray()
        elif frame.opcode is not Opcode.CONT:
            return None
        return self._go_on(frame) if self._is_text else None

    def _go_on(self, frame: Frame) -> bytes | None:
        """One more fragment; what is held is one text, however many fragments it comes in."""
        assert self._begun is not None
        self._begun += self._checked(frame)
        if not frame.fin:
            return None
        message, self._begun = bytes(self._begun), None
        return message

    def _checked(self, frame: Frame) -> bytes:
        """The bytes of a frame of text; UnicodeDecodeError when they are none."""
        data = bytes(frame.data)
        is_plain = data.isascii() and not self._decoder.getstate()[0]
        if not is_plain:
            for begin in range(0, len(data), SLICE):
                self._decoder.decode(data[begin : begin + SLICE])
        if frame.fin:
            self._decoder.decode(b"", final=True)
        return data
