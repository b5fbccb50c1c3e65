"""Messages on their way out: whatever the parts they come in, they leave whole and in order."""

from hypothesis import given
from hypothesis import strategies as some

from api.doors.outbox import Fragment, Outbox
from tests.properties.scale import examples


def taken(outbox: Outbox) -> list[Fragment]:
    """All that waits."""
    return list(iter(outbox.next, None))


parts = some.lists(some.binary(max_size=30).map(lambda part: part.replace(b"\n", b"")), max_size=6)


@examples(200)
@given(messages=some.lists(parts, max_size=5), size=some.integers(1, 40))
def test_messages_leave_whole_in_fragments_of_one_size(messages: list[list[bytes]], size: int) -> None:
    outbox = Outbox(size)
    for message in messages:
        assert [outbox.put(part) for part in message] == [False] * len(message)
        assert outbox.put(b"\n")
    texts = [b"".join(message) for message in messages]
    assert outbox.size == outbox.size_behind == sum(map(len, texts))
    found: list[bytes] = []
    for fragment in taken(outbox):
        assert fragment.is_first == (not found or found[-1].endswith(b"\n"))
        assert len(fragment.data) == size or fragment.is_last
        found = [*found, b""] if fragment.is_first else found
        found[-1] += fragment.data + (b"\n" if fragment.is_last else b"")
    assert found == [text + b"\n" for text in texts]
    assert outbox.size == outbox.size_behind == 0


def test_what_goes_out_is_not_behind() -> None:
    outbox = Outbox(10)
    for _ in range(3):
        outbox.put(b"x" * 25 + b"\n")
    assert (outbox.size, outbox.size_behind) == (75, 75)
    assert outbox.next() == Fragment(b"x" * 10, is_first=True, is_last=False)
    assert (outbox.size, outbox.size_behind) == (65, 50)
    outbox.clear()
    assert (outbox.size, outbox.size_behind, taken(outbox)) == (0, 0, [])
