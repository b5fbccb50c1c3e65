"""The head of a request, however its bytes come."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from api.doors.head import Fault, Head, HeadBuffer
from tests.properties.scale import examples

GOOD: dict[bytes, Head] = {
    b"GET / HTTP/1.1\r\n\r\n": Head("GET", "/", ()),
    b"GET /a?b=c HTTP/1.0\r\n\r\n": Head("GET", "/a?b=c", ()),
    b"M-SEARCH * HTTP/1.1\r\nA:\r\nb: c d \t\r\nA: \xff\r\n\r\n": Head(
        "M-SEARCH", "*", (("a", ""), ("b", "c d"), ("a", "ÿ"))
    ),
}
BAD: dict[bytes, Fault] = {
    b"GET /\r\n\r\n": Fault.NOT_HTTP,
    b"GET / HTTP/2.0\r\n\r\n": Fault.NOT_HTTP,
    b"GET  / HTTP/1.1\r\n\r\n": Fault.NOT_HTTP,
    b"-GET / HTTP/1.1\r\n\r\n": Fault.NOT_HTTP,
    b"GET /\xff HTTP/1.1\r\n\r\n": Fault.NOT_HTTP,
    b"\r\nGET / HTTP/1.1\r\n\r\n": Fault.NOT_HTTP,
    b"GET / HTTP/1.1\r\nA b: c\r\n\r\n": Fault.NOT_HTTP,
    b"GET / HTTP/1.1\r\nA : c\r\n\r\n": Fault.NOT_HTTP,
    b"GET / HTTP/1.1\r\nA: \0\r\n\r\n": Fault.NOT_HTTP,
    b"GET / HTTP/1.1\r\nA: b\nOrigin: c\r\n\r\n": Fault.NOT_HTTP,
    b"GET / HTTP/1.1\r\nA: b\r\n folded\r\n\r\n": Fault.NOT_HTTP,
    b"GET / HTTP/1.1\r\nA: " + b"x" * 78 + b"\r\n\r\n": Fault.TOO_LONG,
    b"x" * 101: Fault.TOO_LONG,
}


def read(data: bytes, step: int) -> tuple[Head | Fault | None, bytes]:
    """What a buffer makes of bytes that come in steps, and what it leaves."""
    buffer = HeadBuffer(100)
    for at in range(0, len(data), step):
        found = buffer.feed(data[at : at + step])
        if found is not None:
            return found, (buffer.rest() if isinstance(found, Head) else b"") + data[at + step :]
    return None, b""


@pytest.mark.parametrize("step", [1, 3, 1000])
@pytest.mark.parametrize("tail", [b"", b"\r\n\r\n", b"\x81\x80\0\0\0\0"])
@pytest.mark.parametrize(("data", "head"), GOOD.items(), ids=lambda value: None)
def test_a_head_is_read_and_what_follows_is_left(data: bytes, head: Head, tail: bytes, step: int) -> None:
    assert read(data + tail, step) == (head, tail)


@pytest.mark.parametrize("step", [1, 3, 1000])
@pytest.mark.parametrize(("data", "fault"), BAD.items(), ids=lambda value: None)
def test_what_is_no_head_is_told_from_one(data: bytes, fault: Fault, step: int) -> None:
    assert read(data, step)[0] is fault


@pytest.mark.parametrize("data", GOOD)
def test_a_head_may_be_as_long_as_its_bound(data: bytes) -> None:
    assert isinstance(HeadBuffer(len(data)).feed(data + b"more"), Head)
    assert HeadBuffer(len(data) - 1).feed(data) is Fault.TOO_LONG


def test_values_are_found_by_name_and_the_path_without_query() -> None:
    head = Head("GET", "/a?b?c", (("x", "1"), ("y", "2"), ("x", "3")))
    assert (head.path, head.values("x"), head.value("x"), head.value("z")) == ("/a", ["1", "3"], "1", "")


SCRAPS = [b"GET ", b"/ ", b"HTTP/1.1", b"\r\n", b"A: b", b"\n", b":", b"\0", b"x" * 30, b"\r\n\r\n", b"\xff"]


@examples(200)
@given(some.lists(some.sampled_from(SCRAPS), max_size=12).map(b"".join), some.integers(1, 50))
def test_it_does_not_matter_in_which_steps_bytes_come(data: bytes, step: int) -> None:
    whole, by_steps = read(data, len(data) or 1)[0], read(data, step)[0]
    assert whole == by_steps or (isinstance(whole, Fault) and isinstance(by_steps, Fault))
