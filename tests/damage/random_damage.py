"""Logs of both dialects, and what disks, programs and people do to files, drawn at random."""

import json
from collections.abc import Callable
from random import Random
from typing import Any

from tests.damage.talk import Talk, thread_id
from tests.domain.paginated_log import paginated_meta
from tests.properties.dialects.lines import whole_turn

RECORDS_MAX = 500
CHANGES_MAX = 5
SPAN_MAX = 4000
NESTING_MAX = 127

Change = Callable[[Random, bytes], bytes]


def drawn_log(random: Random) -> bytes:
    """A log of 1 to 500 records, mostly short, as one of the releases writes it."""
    count = int(RECORDS_MAX ** random.random())
    lines = random.choice((legacy, paginated))(random, count)[:count]
    end = b"\n" if random.random() < 0.9 else b""
    return b"\n".join(lines) + end


def legacy(random: Random, count: int) -> list[bytes]:
    """Lines of release 0.131.0, without line feeds."""
    talk = Talk(turns=count // 5 + 1)
    return [
        json.dumps(record, ensure_ascii=random.random() < 0.2, separators=(",", ":")).encode()
        for record in talk.records
    ]


def paginated(random: Random, count: int) -> list[bytes]:
    """Lines of release 0.169.0, without line feeds."""
    told = [line for number in range(count // 6 + 1) for line in whole_turn(f"t{number}", drawn_text(random))]
    return [paginated_meta(0, thread_id()).rstrip(), *(line(at).rstrip() for at, line in enumerate(told, 1))]


def drawn_text(random: Random) -> str:
    """Words with what is hard in JSON: escapes, long characters, what looks like JSON itself."""
    return "".join(
        random.choices(("apple", " ", "é", "日本", "\U0001f600", '"', "\\", "}{", "\n", "[[", "x" * 300), k=9)
    )


def span(random: Random, data: bytes) -> tuple[int, int]:
    """A part of a file: anywhere, of any length up to some lines."""
    begin = random.randrange(len(data) + 1)
    return begin, min(len(data), begin + int(SPAN_MAX ** random.random()))


def cut(random: Random, data: bytes) -> bytes:
    """A part is missing, or the end."""
    begin, end = span(random, data)
    return data[:begin] + (data[end:] if random.random() < 0.7 else b"")


def insert(random: Random, data: bytes) -> bytes:
    """Something stands there that did not."""
    at, _ = span(random, data)
    noise = random.randbytes(random.randrange(1, 200))
    odd = (
        noise,
        b"\n",
        b"\r\n",
        b"\n\n\n",
        b"\xef\xbb\xbf",
        b"{",
        b"}",
        b'"',
        b"warning: disk full\n",
        b"\0",
        b"[" * 300,
    )
    return data[:at] + random.choice(odd) + data[at:]


def zero(random: Random, data: bytes) -> bytes:
    """A part is zeros."""
    begin, end = span(random, data)
    return data[:begin] + bytes(end - begin) + data[end:]


def flip(random: Random, data: bytes) -> bytes:
    """A bit is another."""
    if not data:
        return data
    at = random.randrange(len(data))
    return data[:at] + bytes((data[at] ^ 1 << random.randrange(8),)) + data[at + 1 :]


def swap(random: Random, data: bytes) -> bytes:
    """Two parts, or two lines, have changed places."""
    if random.random() < 0.5:
        lines = data.split(b"\n")
        one, other = (random.randrange(len(lines)) for _ in range(2))
        lines[one], lines[other] = lines[other], lines[one]
        return b"\n".join(lines)
    a, b, c, d = sorted((*span(random, data), *span(random, data)))
    return data[:a] + data[c:d] + data[b:c] + data[a:b] + data[d:]


def repeat(random: Random, data: bytes) -> bytes:
    """A part is there twice, at once or at the end."""
    begin, end = span(random, data)
    at = random.choice((end, len(data)))
    return data[:at] + data[begin:end] + data[at:]


def glue(random: Random, data: bytes) -> bytes:
    """A line feed is missing: two lines are one."""
    lines = data.split(b"\n")
    at = random.randrange(len(lines))
    return b"\n".join([*lines[:at], b"".join(lines[at : at + 2]), *lines[at + 2 :]])


def re_encode(random: Random, data: bytes) -> bytes:
    """A part, or the whole, went through a program that meant another encoding."""
    begin, end = span(random, data) if random.random() < 0.7 else (0, len(data))
    text = data[begin:end].decode(errors="replace")
    made = random.choice(
        (
            lambda: text.encode("utf-16"),
            lambda: text.encode("utf-16-le"),
            lambda: text.encode("latin-1", "replace"),
            lambda: data[begin:end].decode("latin-1").encode(),
            lambda: text.replace("\n", "\r\n").encode(),
            lambda: text.encode("utf-8-sig"),
            lambda: text.replace('"', "“").encode(),
        )
    )()
    return data[:begin] + made + data[end:]


CHANGES: tuple[Change, ...] = (cut, insert, zero, flip, swap, repeat, glue, re_encode)


def damaged(random: Random, data: bytes) -> tuple[bytes, list[str]]:
    """The file after one to five changes, and their names."""
    names = []
    for _ in range(random.randrange(1, CHANGES_MAX + 1)):
        change = random.choice(CHANGES)
        data = change(random, data)
        names.append(change.__name__)
    return data, names


def naive_strict_lines(data: bytes) -> list[bytes]:
    """The lines that are strict JSON objects, found with the standard library alone; without line feeds."""
    lines = data.removeprefix(b"\xef\xbb\xbf").split(b"\n")
    return [line for line in lines if is_strict(line)]


def is_strict(line: bytes) -> bool:
    """Whether a line is a JSON object of valid UTF-8, without numbers and characters that are none."""
    try:
        text = line.decode()
        value = json.loads(text, parse_constant=_refused, parse_float=_finite)
        json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return False
    return isinstance(value, dict) and depth(value) <= NESTING_MAX


def depth(value: Any) -> int:
    """How many containers lie in each other."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return 0 if inner is None else 1 + max(map(depth, inner), default=0)


def _refused(name: str) -> None:
    raise ValueError(name)


def _finite(digits: str) -> float:
    number = float(digits)
    if number in (float("inf"), float("-inf")):
        raise ValueError(digits)
    return number
