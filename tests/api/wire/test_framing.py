"""Lines are cut alike however they arrive, and none is held that is too long."""

import pytest

from api.wire.framing import HEAD_SIZE, LineBuffer, Overlong


@pytest.mark.parametrize("step", [1, 2, 3, 7, 100])
def test_lines_are_cut_alike_however_they_arrive(step: int) -> None:
    data = b"one\n\ntwo\r\nthree"
    buffer = LineBuffer()
    got = [line for at in range(0, len(data), step) for line in buffer.feed(data[at : at + step])]
    assert [*got, buffer.finish()] == [b"one", b"", b"two\r", b"three"]


def test_of_a_line_over_the_limit_the_beginning_is_kept() -> None:
    buffer = LineBuffer(4)
    assert buffer.feed(b"12345\n1234\n12") == [Overlong(b"12345"), b"1234"]
    assert buffer.feed(b"345") == []
    assert buffer.feed(b"6\nnext\n") == [Overlong(b"123456"), b"next"]


def test_a_line_over_the_limit_is_not_held() -> None:
    buffer = LineBuffer(HEAD_SIZE)
    for _ in range(1000):
        buffer.feed(bytes(HEAD_SIZE))
    held = buffer.finish()
    assert isinstance(held, Overlong)
    assert len(held.head) == HEAD_SIZE
