"""Kinds of damage to the contents of a file: what was done to it, and what must be said and had back."""

import json
from dataclasses import dataclass

from domain.damage.finding import DamageClass
from tests.damage.talk import ANSWER, ASK, DONE, OUTPUT, START, Talk, at, dump, joined

D = DamageClass


@dataclass(frozen=True)
class Kind:
    """A damaged file: its bytes, the classes that must be found, and the lines that must be there afterwards.

    `after` None: nothing may be changed.
    """

    data: bytes
    damages: frozenset[DamageClass]
    after: list[bytes] | None
    is_lossless: bool = True


def kind(
    data: bytes, *damages: DamageClass, after: list[bytes] | None = None, is_lossless: bool = True
) -> Kind:
    return Kind(data, frozenset(damages), after, is_lossless)


def lines() -> list[bytes]:
    return Talk().lines()


def without(number: int) -> list[bytes]:
    """All lines but one."""
    found = lines()
    return found[:number] + found[number + 1 :]


def instead(number: int, *others: bytes) -> bytes:
    """A file with others in a line's place."""
    found = lines()
    return joined([*found[:number], *others, *found[number + 1 :]])


def before(number: int, *others: bytes) -> bytes:
    """A file with others before a line."""
    found = lines()
    return joined([*found[:number], *others, *found[number:]])


A, B = at(2, ANSWER), at(2, OUTPUT)
LAST = at(3, DONE)
WHOLE = lines()
TORN = WHOLE[A][:90]
RAW = WHOLE[B].replace(b'"output":"', b'"output":"\x1b[31m\x01\t')
ESCAPED = WHOLE[B].replace(b'"output":"', b'"output":"\\u001b[31m\\u0001\\u0009')
META = WHOLE[0]


def meta_with(**fields: object) -> bytes:
    """The first line with other fields; None takes one away."""
    value = json.loads(META)
    value["payload"] |= fields
    value["payload"] = {name: told for name, told in value["payload"].items() if told is not None}
    return dump(value)


TAIL: dict[str, Kind] = {
    "torn": kind(
        joined(WHOLE[:-1]) + WHOLE[-1][:70], D.TORN_TAIL, D.TURN_OPEN, after=WHOLE[:-1], is_lossless=False
    ),
    "torn in a character": kind(
        joined(WHOLE[:-1]) + WHOLE[-1][: WHOLE[-1].index("ï".encode()) + 1],
        D.TORN_TAIL,
        D.TURN_OPEN,
        after=WHOLE[:-1],
        is_lossless=False,
    ),
    "no line feed": kind(joined(WHOLE)[:-1], D.NO_FINAL_NEWLINE, after=WHOLE),
    "zeros behind the end": kind(joined(WHOLE) + bytes(2048), D.NUL_TAIL, after=WHOLE),
    "zeros over the last": kind(
        joined(WHOLE[:-1]) + bytes(300), D.NUL_TAIL, D.TURN_OPEN, after=WHOLE[:-1], is_lossless=False
    ),
    "torn, then zeros": kind(
        joined(WHOLE[:-1]) + WHOLE[-1][:70] + bytes(99),
        D.TORN_RECORD,
        D.NUL_TAIL,
        D.TURN_OPEN,
        after=WHOLE[:-1],
        is_lossless=False,
    ),
    "ends between two lines": kind(joined(WHOLE[:-1]), D.TURN_OPEN),
}

MIDDLE: dict[str, Kind] = {
    "blank lines": kind(b"\n" + b"\n \t\n".join(WHOLE) + b"\n\n", D.BLANK_LINE, after=WHOLE),
    "a line of zeros": kind(instead(A, bytes(200)), D.NUL_LINE, after=without(A), is_lossless=False),
    "zeros, then a record": kind(
        instead(A, bytes(200) + WHOLE[A]), D.NUL_LINE, D.SURROUNDING_TEXT, after=WHOLE, is_lossless=False
    ),
    "a hole over a line's end": kind(
        joined([*WHOLE[:B], WHOLE[B][:-20] + bytes(50) + WHOLE[A][30:], *WHOLE[A + 1 :]]),
        D.TORN_RECORD,
        D.NUL_LINE,
        D.HEADLESS_RECORD,
        after=[*WHOLE[:B], *WHOLE[A + 1 :]],
        is_lossless=False,
    ),
    "two glued": kind(
        joined([*WHOLE[:B], WHOLE[B] + WHOLE[A], *WHOLE[A + 1 :]]), D.GLUED_RECORDS, after=WHOLE
    ),
    "all glued": kind(b"".join(WHOLE) + b"\n", D.GLUED_RECORDS, after=WHOLE),
    "lines that end with CR alone": kind(b"\r".join(WHOLE), D.GLUED_RECORDS, after=WHOLE),
    "torn and another": kind(
        joined([*WHOLE[:A], TORN + WHOLE[A + 1], *WHOLE[A + 2 :]]),
        D.TORN_RECORD,
        D.SURROUNDING_TEXT,
        after=without(A),
        is_lossless=False,
    ),
    "torn and written again": kind(
        instead(A, TORN + WHOLE[A]), D.GLUED_RETRY, D.SURROUNDING_TEXT, after=WHOLE
    ),
    "a record inside another": kind(
        joined([*WHOLE[:B], WHOLE[B][:100] + WHOLE[A], WHOLE[B][100:], *WHOLE[A + 1 :]]),
        D.TORN_RECORD,
        D.SURROUNDING_TEXT,
        D.HEADLESS_RECORD,
        after=[*WHOLE[:B], *WHOLE[A:]],
        is_lossless=False,
    ),
    "without its beginning": kind(
        instead(B, WHOLE[B][35:]), D.HEADLESS_RECORD, after=without(B), is_lossless=False
    ),
    "a flipped bit": kind(
        instead(B, WHOLE[B].replace(b'"payload":', b'"payload"z')),
        D.BROKEN_RECORD,
        after=without(B),
        is_lossless=False,
    ),
    "spread over lines": kind(
        instead(A, *json.dumps(json.loads(WHOLE[A]), indent=1, ensure_ascii=False).encode().split(b"\n")),
        D.SPREAD_RECORD,
        after=WHOLE,
    ),
    "a line feed in a key": kind(
        instead(A, WHOLE[A].replace(b'"times', b'"tim\nes')), D.SPREAD_RECORD, after=WHOLE, is_lossless=False
    ),
    "a line feed in a text": kind(
        instead(A, WHOLE[A].replace(b"answer", b"ans\nwer")),
        D.SPREAD_RECORD,
        after=[*WHOLE[:A], WHOLE[A].replace(b"answer", b"ans\\nwer"), *WHOLE[A + 1 :]],
        is_lossless=False,
    ),
    "text behind": kind(
        instead(A, WHOLE[A] + b" <<<<<<< HEAD"), D.SURROUNDING_TEXT, D.FOREIGN_TEXT, after=WHOLE
    ),
    "text before": kind(instead(A, b"data: " + WHOLE[A]), D.SURROUNDING_TEXT, D.FOREIGN_TEXT, after=WHOLE),
    "line numbers": kind(
        joined([b"%6d\t%b" % (number, line) for number, line in enumerate(WHOLE)]),
        D.SURROUNDING_TEXT,
        D.NON_OBJECT,
        after=WHOLE,
    ),
    "marks of a conflict": kind(
        before(A, b"<<<<<<< HEAD", WHOLE[A], b"======="),
        D.FOREIGN_TEXT,
        D.DUPLICATE_LINE,
        after=[*WHOLE[:A], WHOLE[A], *WHOLE[A:]],
    ),
    "a JSON array": kind(b"[" + b",\n".join(WHOLE) + b"]\n", D.SURROUNDING_TEXT, after=WHOLE),
    "a JSON array on one line": kind(b"[" + b",".join(WHOLE) + b"]\n", D.SURROUNDING_TEXT, after=WHOLE),
    "the same line twice": kind(before(A, WHOLE[A]), D.DUPLICATE_LINE),
    "a turn twice": kind(joined([*WHOLE[: at(2, START)], *WHOLE[at(1, START) :]]), D.DUPLICATE_TURN),
}

ENCODING: dict[str, Kind] = {
    "no UTF-8": kind(
        instead(A, WHOLE[A].replace(b"answer", b"ans\xffwer")),
        D.INVALID_UTF8,
        after=[*WHOLE[:A], WHOLE[A].replace(b"answer", "ans\ufffdwer".encode()), *WHOLE[A + 1 :]],
        is_lossless=False,
    ),
    "Latin-1": kind(
        instead(A, WHOLE[A].decode().encode("latin-1")),
        D.INVALID_UTF8,
        after=[*WHOLE[:A], WHOLE[A].replace("ï".encode(), "\ufffd".encode()), *WHOLE[A + 1 :]],
        is_lossless=False,
    ),
    "CESU-8": kind(
        instead(A, WHOLE[A].replace(b"answer", b"\xed\xa0\xbd\xed\xb9\x82")),
        D.CESU8,
        after=[*WHOLE[:A], WHOLE[A].replace(b"answer", "🙂".encode()), *WHOLE[A + 1 :]],
    ),
    "half a pair": kind(
        instead(A, WHOLE[A].replace(b"answer", b"\\\\ud83d \\ud83d \\ud83d\\ude42")),
        D.LONE_SURROGATE,
        after=[*WHOLE[:A], WHOLE[A].replace(b"answer", b"\\\\ud83d \\ufffd \\ud83d\\ude42"), *WHOLE[A + 1 :]],
        is_lossless=False,
    ),
    "a byte order mark": kind(b"\xef\xbb\xbf" + joined(WHOLE), D.BYTE_ORDER_MARK, after=WHOLE),
    "a byte order mark in the middle": kind(
        instead(A, b"\xef\xbb\xbf" + WHOLE[A]), D.BYTE_ORDER_MARK, after=WHOLE
    ),
    "CRLF": kind(b"".join(line + b"\r\n" for line in WHOLE), D.CRLF),
    "UTF-16": kind(joined(WHOLE).decode().encode("utf-16"), D.UTF16, after=WHOLE),
    "UTF-16 without a mark": kind(joined(WHOLE).decode().encode("utf-16-be"), D.UTF16, after=WHOLE),
    "UTF-32": kind(joined(WHOLE).decode().encode("utf-32"), D.UTF16, after=WHOLE),
    "raw control characters": kind(
        instead(B, RAW), D.RAW_CONTROL, after=[*WHOLE[:B], ESCAPED, *WHOLE[B + 1 :]]
    ),
    "false line ends": kind(instead(A, WHOLE[A].replace(b"answer", "a\u2028b\u0085c".encode()))),
}

TIME = b'"timestamp":"2025-05-21T08:00:30.000Z"'
ODD = b'{%b,"type":"event_msg","payload":{"type":"agent_message","message":"m","x":%%b}}' % TIME

RECORDS: dict[str, Kind] = {
    "no objects": kind(before(9, b"null", b"12", b'"a"', b"[]"), D.NON_OBJECT, after=WHOLE),
    "an empty object": kind(before(9, b"{}"), D.MISSING_FIELDS),
    "unknown types": kind(before(9, b'{%b,"type":"brand_new","payload":{}}' % TIME), D.UNKNOWN_TYPE),
    "NaN": kind(before(9, ODD % b"NaN"), D.REFUSED_VALUE, after=WHOLE, is_lossless=False),
    "beyond a double": kind(before(9, ODD % b"1e999"), D.REFUSED_VALUE, after=WHOLE, is_lossless=False),
    "many digits": kind(before(9, ODD % (b"9" * 4500)), D.REFUSED_VALUE, after=WHOLE, is_lossless=False),
    "a leading zero": kind(before(9, ODD % b"01"), D.BROKEN_RECORD, after=WHOLE, is_lossless=False),
    "too deep": kind(
        before(9, ODD % (b"[" * 127 + b"]" * 127)), D.DEEP_NESTING, after=WHOLE, is_lossless=False
    ),
    "very deep": kind(before(9, b"[" * 100_000), D.DEEP_NESTING, after=WHOLE),
    "a record far too deep": kind(
        before(9, ODD % (b"[" * 5000 + b"]" * 5000)), D.DEEP_NESTING, after=WHOLE, is_lossless=False
    ),
    "a field of the wrong kind": kind(
        before(9, b'{%b,"type":"event_msg","payload":{"type":"agent_message","message":5}}' % TIME),
        D.MISSING_FIELDS,
    ),
    "no timestamp": kind(before(9, b'{"type":"event_msg","payload":{}}'), D.MISSING_FIELDS),
    "a key twice": kind(instead(A, WHOLE[A].replace(b'"message":', b'"message":"x","message":'))),
    "odd timestamps": kind(instead(A, WHOLE[A].replace(b"2025-05-21T", b"yesterday ")), D.ODD_TIMESTAMP),
    "turns mixed": kind(
        joined([*WHOLE[: at(2, DONE)], *WHOLE[at(3, START) : at(3, DONE)], WHOLE[at(2, DONE)], WHOLE[LAST]]),
        D.TURNS_MIXED,
    ),
    "a record within a record": kind(
        instead(A, b'{%b,"type":"event_msg","payload":{"inner":%b},"x"z}' % (TIME, WHOLE[B])),
        D.BROKEN_RECORD,
        after=without(A),
        is_lossless=False,
    ),
    "a session_meta twice": kind(joined([META, *WHOLE])),
    "another thread's session_meta": kind(
        before(9, meta_with(id="0196f0aa-0000-7000-8000-00000000beef")), D.META_FOREIGN
    ),
    "a time that is none": kind(joined([meta_with(timestamp="yesterday"), *WHOLE[1:]]), D.META_BAD_TIME),
    "only a session_meta": kind(joined([META]), D.META_ONLY),
}

ASKED = WHOLE[at(1, ASK)]

CONTENTS = TAIL | MIDDLE | ENCODING | RECORDS
"""Kinds in which every record has its place, and no session_meta is made."""
