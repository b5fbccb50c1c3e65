"""The scanner takes what the parser takes, however the bytes are cut, and nothing else."""

import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.damage.object_scanner import ObjectScanner
from domain.lines import parse
from tests.damage.kinds import CONTENTS
from tests.properties.scale import examples

WHOLE = [
    b"{}",
    b' \t{"a" : 1 , "b" : [ ] }',
    b'{"a":[{},[],[1,-0.5e+3,true,false,null,"x"]]}',
    '{"é":"größer 測試 🙂"}'.encode(),
    b'{"a":"\\" \\\\ \\/ \\b\\f\\n\\r\\t \\u00e9 \\ud83d\\ude42"}',
    b'{"a":1,"a":2}',
    b'{"a":1e308,"b":-0}',
    b'{"a":' + b"[" * 126 + b"]" * 126 + b"}",
]

BROKEN = [
    b"[]",
    b"1",
    b'{"a"}',
    b'{"a":1,}',
    b'{"a":[1,]}',
    b"{,}",
    b'{"a":1 "b":2}',
    b'{"a":01}',
    b'{"a":1.}',
    b'{"a":.5}',
    b'{"a":+1}',
    b'{"a":1e400}',
    b'{"a":NaN}',
    b'{"a":nul}',
    b'{"a":"\x01"}',
    b'{"a":"\\x"}',
    b'{"a":"\\ud83d"}',
    b'{"a":"\\ud83d "}',
    b'{"a":"\\ud83d\\n"}',
    b'{"a":"\\ude42"}',
    b'{"a":"\xff"}',
    b'{"a":"\xed\xa0\xbd"}',
    b'{"a":"\xc3"}',
    b'{"a":[}]',
    b'{"a":' + b"[" * 127 + b"]" * 127 + b"}",
]


def scanned(data: bytes, size: int) -> ObjectScanner:
    """A scanner that was fed in pieces of this size."""
    scanner = ObjectScanner()
    for at in range(0, len(data), size):
        if scanner.is_open:
            scanner.feed(data[at : at + size])
    return scanner


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
@pytest.mark.parametrize("data", WHOLE)
def test_a_strict_object_ends_where_it_ends_whatever_stands_behind_it(data: bytes, size: int) -> None:
    assert parse(data) is not None
    for behind in (b"", b" ", b"\n{", b"\xff"):
        assert scanned(data + behind, size).ended_at == len(data)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
@pytest.mark.parametrize("data", BROKEN)
def test_what_is_no_strict_object_is_broken(data: bytes, size: int) -> None:
    assert parse(data) is None
    assert scanned(data, size).is_broken


@pytest.mark.parametrize("data", WHOLE)
def test_every_beginning_of_an_object_is_open(data: bytes) -> None:
    for end in range(len(data)):
        assert scanned(data[:end], 1000).is_open


@pytest.mark.parametrize("size", [1, 5, 1000])
def test_short_members_are_remembered_with_their_kind(size: int) -> None:
    value = {"timestamp": "t", "type": "x", "payload": {"type": "inner"}, "n": 1, "l": [2], "long": "y" * 100}
    assert scanned(json.dumps(value).encode(), size).members == {
        "timestamp": "t",
        "type": "x",
        "payload": {},
        "n": None,
        "l": [],
        "long": "",
    }


@examples(200)
@given(
    st.sampled_from([line for kind in CONTENTS.values() for line in kind.data.split(b"\n") if line]),
    st.lists(st.integers(0, 400), max_size=4),
    st.binary(max_size=3),
    st.integers(0, 400),
)
def test_scanner_and_parser_agree_on_any_line(line: bytes, cuts: list[int], more: bytes, at: int) -> None:
    data = (line[:at] + more + line[at:]).strip(b" \t\r\n")
    scanner = ObjectScanner()
    for start, end in pairwise([0, *sorted(cuts), len(data)]):
        if scanner.is_open:
            scanner.feed(data[start:end])
    assert (scanner.ended_at == len(data)) == (parse(data) is not None)
