"""Targets that read what clients say, from the first byte on."""

from contextlib import suppress
from itertools import pairwise

from api.access.gate import OpenGate
from api.doors.admission import TcpAdmission, UnixAdmission
from api.doors.frames import Frames
from api.doors.handshake import Denied, Granted, Handshake
from api.wire.framing import LineBuffer, Overlong
from api.wire.jsonrpc import Notification, Request, Response, read_message, undecodable_id
from api.wire.validation import validate
from domain.cursors import read_item_cursor, read_thread_cursor, read_turn_cursor
from domain.errors import InvalidCursor, ThreadstoreError
from domain.limits import REQUEST_HEAD_SIZE_MAX
from tests.api.doors.opened import request
from tests.fuzz.target import Target
from tests.hostile.frames import PING, TEXT, frame

CURSORS = (
    b"2026-05-01T10:00:00.000Z/0196f0aa-0000-7000-8000-000000000001/2026.5.1",
    b"2026-05-01T10:00:00Z@0196f0aa-0000-7000-8000-000000000001",
    b'{"turnId":"t1","includeAnchor":true}',
    b'["t1",false]',
    b'{"itemPosition":3,"includeAnchor":false}',
)
MESSAGES = (
    b'{"id":1,"method":"thread/list","params":{"cursor":null,"limit":3,"sortKey":"created_at"}}\n',
    b'{"id":"a","method":"thread/read","params":{"threadId":"x","includeTurns":true},"trace":{}}\n',
    b'{"method":"initialized"}\n{"id":2,"result":{}}\n',
    b'{"id":3,"method":"initialize","params":{"clientInfo":{"name":"n","version":"1"}}}\n',
)
UPGRADE = request()


def read_cursor(data: bytes) -> None:
    """A cursor reads, or is refused with its own words."""
    text = data.decode(errors="replace")
    for read in (read_turn_cursor, read_item_cursor, read_thread_cursor):
        with suppress(InvalidCursor):
            read(text)


def read_lines(data: bytes) -> None:
    """Lines are cut alike however they come; each is a message or none, its parameters fit or do not."""
    whole, by_parts = LineBuffer(200), LineBuffer(200)
    lines = [*whole.feed(data), whole.finish()]
    parts = [line for at in range(0, len(data), 7) for line in by_parts.feed(data[at : at + 7])]
    assert [*parts, by_parts.finish()] == lines
    for line in (*lines, *data.split(b"\n")):
        if isinstance(line, Overlong):
            continue
        message = read_message(line)
        undecodable_id(line)
        assert message is None or isinstance(message, Request | Notification | Response)
        if isinstance(message, Request):
            with suppress(ThreadstoreError):
                validate(message.method, message.params)


def read_frames(data: bytes) -> None:
    """Frames become texts that are UTF-8 and no longer than allowed, or the connection ends."""
    frames = Frames(message_size_max=500)
    for message in frames.feed(data):
        assert len(message) <= 500
        message.decode()
    frames.outgoing()
    frames.end()


def read_upgrade(data: bytes) -> None:
    """A request is let in, turned away, or waited for; the same however it comes."""
    for admission in (TcpAdmission(OpenGate(), is_loopback=True), UnixAdmission()):
        verdicts = []
        for size in (len(data) or 1, 11):
            handshake = Handshake(admission, "127.0.0.1")
            pieces = (data[at : at + size] for at in range(0, len(data), size))
            verdict = next((found for piece in pieces if (found := handshake.feed(piece))), None)
            verdicts.append(verdict)
            assert verdict is not None or len(data) <= REQUEST_HEAD_SIZE_MAX
        assert all(type(one) is type(other) for one, other in pairwise(verdicts))
        assert verdicts[0] is None or isinstance(verdicts[0], Granted | Denied)


FRAMES = (
    frame(TEXT, b"hello") * 3 + frame(PING, b"x"),
    frame(TEXT, "größer".encode(), is_last=False) + frame(0, b"\xf0\x9f\x99\x82"),
    frame(TEXT, bytes(300)),
)

TARGETS = {
    "cursors": Target(read_cursor, CURSORS, 1000),
    "requests": Target(read_lines, MESSAGES, 700),
    "frames": Target(read_frames, FRAMES, 700),
    "upgrade": Target(read_upgrade, (UPGRADE, UPGRADE + frame(TEXT, b"{}")), 600),
}
