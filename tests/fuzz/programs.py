"""Inputs made of good ones by small programs, which hypothesis draws as bytes and shortens when they fail.

Six bytes are a step: what is done, where (two), how much (two), and with which word.
"""

from collections.abc import Callable, Sequence

from hypothesis import strategies as st

STEP = 6
STEPS_MAX = 8

WORDS: tuple[bytes, ...] = (
    *(b"\n", b"\r\n", b"\r\n\r\n", b"\0", b'"', b"\\", b"{", b"}", b"[", b"]", b",", b":", b" ", b"\t"),
    *(b"null", b"true", b"-1", b"0", b"1e999", b"9" * 400, b"9223372036854775808", b"NaN", b"1.5", b'""'),
    *(
        b"\xef\xbb\xbf",
        b"\xff\xfe",
        b"\xc3",
        b"\xed\xa0\x80",
        b"\\ud800",
        b"\\u0000",
        b"\xe2\x80\xae",
        b"\x1b[",
    ),
    *(b'"type":"session_meta"', b'"type":"event_msg"', b'"ordinal":', b'"id":', b'"method":', b'"params":{'),
    *(b'"history_mode":"paginated"', b'"history_base":{', b'"thread_rolled_back"', b'"num_turns":4294967295'),
    *(b"[" * 200, b'{"a":' * 200, b"\x81\xfe\xff\xff", b"\x88\x80", b"\x89\x80", b"\x01\x80", b"\x00\x80"),
    *(b"Bearer ", b".", b"=", b"eyJhbGciOiJub25lIn0", b"Host: ", b"Upgrade: websocket\r\n", b"HTTP/1.1"),
    *(
        b'"""',
        b"'''",
        b"[[",
        b"=",
        b"[profiles.x]\n",
        b"#",
        b"inf",
        b"1979-05-27",
        b"2026-05-01T10:00:00.000Z",
        b"|",
    ),
)

Step = Callable[[bytes, int, int, bytes], bytes]
"""Changes an input at one place, up to another one, with a word."""


def flipped(data: bytes, at: int, end: int, word: bytes) -> bytes:
    """One bit is another."""
    return data[:at] + bytes(byte ^ 1 << end % 8 for byte in data[at : at + 1]) + data[at + 1 :]


INSERT: Step = lambda data, at, end, word: data[:at] + word + data[at:]  # noqa: E731 - one of a table
REPLACE: Step = lambda data, at, end, word: data[:at] + word + data[end:]  # noqa: E731

DOINGS: tuple[Step, ...] = (
    *(INSERT, INSERT, INSERT, INSERT, REPLACE, REPLACE, REPLACE, REPLACE, flipped, flipped, flipped, flipped),
    lambda data, at, end, word: data[:at] + data[end:],
    lambda data, at, end, word: data[:end] + data[at:],
    lambda data, at, end, word: data[:at] + bytes((end % 256,)) + data[at + 1 :],
    lambda data, at, end, word: data[:at] + bytes(end - at) + data[end:],
    lambda data, at, end, word: data[:at] + data[at:end][::-1] + data[end:],
    lambda data, at, end, word: data + data[at:end],
    lambda data, at, end, word: data[:at],
)


def run(program: bytes, data: bytes) -> bytes:
    """What the program makes of an input."""
    for begin in range(0, len(program) - STEP + 1, STEP):
        doing, *numbers, word = program[begin : begin + STEP]
        place, size = numbers[0] << 8 | numbers[1], numbers[2] << 8 | numbers[3]
        at = place % (len(data) + 1)
        end = min(len(data), at + size % (600 if word % 4 == 0 else 8))
        data = DOINGS[doing % len(DOINGS)](data, at, end, WORDS[word % len(WORDS)])
    return data


def inputs(seeds: Sequence[bytes]) -> st.SearchStrategy[bytes]:
    """Bytes of any kind, and good inputs with some steps done to them."""
    made = st.builds(run, st.binary(min_size=STEP, max_size=STEP * STEPS_MAX), st.sampled_from(seeds))
    return st.one_of(made, made, made, made, st.binary(max_size=300))
