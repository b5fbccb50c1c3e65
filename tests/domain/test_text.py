"""White space as Unicode's White_Space property has it (thread-history.md, section 3, user_message)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.text import WHITE_SPACE, is_blank, trim

RANGES = (
    *((0x9, 0xD), (0x20, 0x20), (0x85, 0x85), (0xA0, 0xA0), (0x1680, 0x1680)),
    *((0x2000, 0x200A), (0x2028, 0x2029), (0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000)),
)
"""The property, from PropList.txt of Unicode."""

UNICODE = "".join(chr(code) for first, last in RANGES for code in range(first, last + 1))
NOT_WHITE = ("\ufeff", "\u200b", "\x1c", "\x1d", "\x1e", "\x1f", "\u180e", "\u2060", "\x00", "\x7f", "_")


def test_white_space_is_that_of_unicode() -> None:
    assert sorted(WHITE_SPACE) == sorted(UNICODE)
    assert len(UNICODE) == 25


@pytest.mark.parametrize("character", UNICODE)
def test_white_space_is_blank_and_trimmed(character: str) -> None:
    assert is_blank(character)
    assert trim(f"{character}a{character}b{character}") == f"a{character}b"


@pytest.mark.parametrize("character", NOT_WHITE)
def test_what_is_no_white_space_is_not_blank_and_stays(character: str) -> None:
    assert not is_blank(character)
    assert not is_blank(f" {character} ")
    assert trim(f" {character} ") == character


def test_nothing_is_blank() -> None:
    assert is_blank("")
    assert trim("") == trim(UNICODE) == ""


@given(st.text(st.characters() | st.sampled_from(UNICODE)))
def test_a_text_is_blank_when_trimming_leaves_nothing(text: str) -> None:
    assert is_blank(text) is (trim(text) == "") is all(character in UNICODE for character in text)
    assert trim(trim(text)) == trim(text)
    assert trim(text) in text
