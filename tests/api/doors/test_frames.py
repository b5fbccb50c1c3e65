"""What a door makes of frames, the same for each kind of door."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some
from websockets.frames import Frame, Opcode

from api.doors.bounds import Bounds
from api.doors.frames import Frames
from tests.api.doors.opened import KINDS, QUICK, Caller, opened, request
from tests.properties.scale import examples

LIST = b'{"id":7,"method":"thread/loaded/list","params":{}}'
both = pytest.mark.parametrize("kind", KINDS)


def frame(opcode: Opcode, data: bytes = b"", *, is_last: bool = True) -> bytes:
    """The bytes of a frame as a client sends it."""
    return Frame(opcode, data, is_last).serialize(mask=True)


def pieces(data: bytes, *between: bytes) -> bytes:
    """A text in a frame a byte, with these frames in between."""
    first, *middle = (data[index : index + 1] for index in range(len(data)))
    frames = [frame(Opcode.TEXT, first, is_last=False), *between]
    frames += [frame(Opcode.CONT, each, is_last=False) for each in middle]
    return b"".join([*frames, frame(Opcode.CONT)])


IGNORED: dict[str, bytes] = {
    "binary": frame(Opcode.BINARY, LIST),
    "binary that is no UTF-8": frame(Opcode.BINARY, b"\xff"),
    "binary in fragments": frame(Opcode.BINARY, b"\xff", is_last=False) + frame(Opcode.CONT, LIST),
    "unasked pong": frame(Opcode.PONG, b"x"),
    "two objects": frame(Opcode.TEXT, LIST + LIST),
    "an array": frame(Opcode.TEXT, b"[" + LIST + b"]"),
    "no JSON": frame(Opcode.TEXT, b"{"),
    "nothing": frame(Opcode.TEXT),
    "nothing in fragments": frame(Opcode.TEXT, is_last=False) + frame(Opcode.CONT) * 1,
    "an escape that is no text": frame(Opcode.TEXT, b'{"id":7,"method":"\\ud800"}'),
}


@both
@pytest.mark.parametrize("sent", IGNORED.values(), ids=IGNORED.keys())
async def test_what_is_no_message_is_passed_over(tmp_path: Path, kind: str, sent: bytes) -> None:
    async with opened(kind, tmp_path) as door:
        caller = await door.greeted()
        caller.write(sent)
        assert (await caller.call("thread/loaded/list", 8))["id"] == 8


TAKEN: dict[str, bytes] = {
    "a frame": frame(Opcode.TEXT, LIST),
    "a frame with a line feed": frame(Opcode.TEXT, LIST + b"\n"),
    "a frame with line feeds inside": frame(Opcode.TEXT, LIST.replace(b",", b"\r\n,\n")),
    "a fragment a byte": pieces(LIST),
    "fragments of a letter": pieces(LIST.replace(b"{}", '{"a":"ü€𝄞"}'.encode())),
    "a thousand empty fragments": frame(Opcode.TEXT, is_last=False)
    + frame(Opcode.CONT, is_last=False) * 1000
    + frame(Opcode.CONT, LIST),
}


@both
@pytest.mark.parametrize("sent", TAKEN.values(), ids=TAKEN.keys())
async def test_a_text_is_a_message_and_its_answer_is_one_frame(
    tmp_path: Path, kind: str, sent: bytes
) -> None:
    async with opened(kind, tmp_path) as door:
        caller = await door.greeted()
        caller.write(sent)
        answer = await caller.receive()
    assert answer["id"] == 7
    assert [(opcode, is_last) for opcode, is_last, _ in caller.frames] == [(Opcode.TEXT, True)]


@pytest.mark.parametrize("sent", TAKEN.values(), ids=TAKEN.keys())
@pytest.mark.parametrize("step", [1, 7, 10_000])
@pytest.mark.parametrize(
    "tail",
    [b"", frame(Opcode.PING), frame(Opcode.TEXT, b"x" * 126)[:9]],
    ids=["nothing", "a ping", "part of a frame"],
)
def test_a_text_is_one_message_however_its_bytes_come(sent: bytes, step: int, tail: bytes) -> None:
    whole = Frames(1000).feed(sent)
    frames = Frames(1000)
    data = sent + tail
    found = [message for at in range(0, len(data), step) for message in frames.feed(data[at : at + step])]
    assert found == whole
    assert len(found) == 1
    assert frames.is_open


@both
async def test_a_ping_among_fragments_is_answered_at_once_and_once(tmp_path: Path, kind: str) -> None:
    async with opened(kind, tmp_path) as door:
        caller = await door.greeted()
        sent = pieces(LIST, frame(Opcode.PING, b"there?"))
        caller.write(sent[: len(sent) // 2])
        assert await caller.frame() == (Opcode.PONG, True, b"there?")
        caller.write(sent[len(sent) // 2 :])
        assert (await caller.receive())["id"] == 7
        assert caller.frames[0][0] == Opcode.TEXT


@both
async def test_frames_may_come_together_with_the_handshake(tmp_path: Path, kind: str) -> None:
    async with opened(kind, tmp_path) as door:
        caller = await door.connect()
        caller.write(request() + frame(Opcode.TEXT, LIST) + frame(Opcode.PING, b"x"))
        await caller._reader.readuntil(b"\r\n\r\n")
        got = [await caller.frame(), await caller.frame()]
    assert {opcode for opcode, _, _ in got} == {Opcode.TEXT, Opcode.PONG}
    assert b"Not initialized" in got[0][2] + got[1][2]


def raw(first: int, data: bytes = b"", *, mask: bytes = b"\0\0\0\0", size: int | None = None) -> bytes:
    """A frame that the library would not make."""
    length = len(data) if size is None else size
    head = length.to_bytes(1) if length < 126 else b"\x7e" + length.to_bytes(2)
    masked = bytes([head[0] | 0x80]) + head[1:] + mask if mask else head
    return bytes([first]) + masked + data


FAILED: dict[str, tuple[bytes, int]] = {
    "a long ping": (raw(0x89, b"x" * 126), 1002),
    "a ping in fragments": (raw(0x09, b"x"), 1002),
    "reserved bit": (raw(0xC1, b"x"), 1002),
    "unknown opcode": (raw(0x83, b"x"), 1002),
    "continuation of nothing": (frame(Opcode.CONT, LIST), 1002),
    "text among fragments": (frame(Opcode.TEXT, b"{", is_last=False) + frame(Opcode.TEXT, LIST), 1002),
    "not masked": (raw(0x81, LIST, mask=b""), 1002),
    "no UTF-8": (frame(Opcode.TEXT, b'{"id":1,"method":"\xff"}'), 1007),
    "half a letter": (frame(Opcode.TEXT, b'"\xc3'), 1007),
    "half a letter in fragments": (
        frame(Opcode.TEXT, b"\xc3", is_last=False) + frame(Opcode.CONT, b'"'),
        1007,
    ),
    "malformed close": (raw(0x88, b"x"), 1002),
    "a close code that there is not": (raw(0x88, b"\x00\x01"), 1002),
}


@both
@pytest.mark.parametrize(("sent", "code"), FAILED.values(), ids=FAILED.keys())
async def test_what_breaks_the_rules_of_frames_ends_the_connection(
    tmp_path: Path, kind: str, sent: bytes, code: int
) -> None:
    async with opened(kind, tmp_path) as door:
        caller, other = await door.greeted(), await door.greeted()
        caller.write(sent + frame(Opcode.TEXT, LIST))
        assert await caller.goodbye() == code
        assert await caller.rest() == b""
        assert "result" in await other.call("thread/loaded/list")


@both
async def test_a_goodbye_is_answered_after_which_the_socket_ends(tmp_path: Path, kind: str) -> None:
    async with opened(kind, tmp_path) as door:
        caller = await door.greeted()
        caller.send_frame(Opcode.CLOSE, b"\x03\xe8bye")
        assert await caller.frame() == (Opcode.CLOSE, True, b"\x03\xe8bye")
        assert await caller.rest() == b""


LONG: dict[str, Callable[[int], list[tuple[Opcode, int, bool]]]] = {
    "a frame": lambda size: [(Opcode.TEXT, size, True)],
    "fragments": lambda size: [(Opcode.TEXT, size - 1, False), (Opcode.CONT, 1, True)],
}


async def say(caller: Caller, method: str, shape: list[tuple[Opcode, int, bool]]) -> None:
    """Send a request of as many bytes as these frames hold."""
    size = sum(size for _, size, _ in shape)
    text = f'{{"id":7,"method":"{method}","params":{{"x":"'.encode()
    text += b"x" * (size - len(text) - 3) + b'"}}'
    for opcode, part, is_last in shape:
        caller.send_frame(opcode, text[:part], is_last=is_last)
        text = text[part:]


@both
@pytest.mark.parametrize("shape", LONG.values(), ids=LONG.keys())
async def test_a_message_may_have_its_greatest_size_and_not_a_byte_more(
    tmp_path: Path, kind: str, shape: Callable[[int], list[tuple[Opcode, int, bool]]]
) -> None:
    size = 20_000
    async with opened(kind, tmp_path, Bounds(message_size_max=size, close_seconds=0.2)) as door:
        caller, other = await door.greeted(), await door.greeted()
        await say(caller, "thread/loaded/list", shape(size))
        assert "result" in await caller.receive()
        await say(caller, "thread/loaded/list", shape(size + 1))
        assert await caller.goodbye() == 1009
        assert "result" in await other.call("thread/loaded/list")


@both
async def test_a_message_of_16_mib_is_taken(tmp_path: Path, kind: str) -> None:
    async with opened(kind, tmp_path, QUICK) as door:
        caller = await door.greeted()
        await say(caller, "thread/loaded/list", LONG["fragments"](16 * 1024 * 1024))
        assert "result" in await caller.receive()


SCRAPS = [
    frame(Opcode.TEXT, LIST),
    frame(Opcode.TEXT, b"{", is_last=False),
    frame(Opcode.CONT, b"}"),
    frame(Opcode.TEXT, b"\xff"),
    frame(Opcode.PING),
    frame(Opcode.CLOSE, b"\x03\xe8"),
    raw(0x81, b"", size=500),
    b"\x81",
    b"\xff" * 9,
]


@examples(300)
@given(some.lists(some.sampled_from(SCRAPS) | some.binary(max_size=8), max_size=12).map(b"".join))
def test_no_bytes_are_too_odd_and_none_of_them_is_text_that_is_no_text(data: bytes) -> None:
    whole, frames = Frames(1000), Frames(1000)
    found = [message for at in range(len(data)) for message in frames.feed(data[at : at + 1])]
    assert whole.feed(data) == found
    assert whole.is_open == frames.is_open
    assert [message.decode().encode() for message in found] == found
