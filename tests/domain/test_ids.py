"""Thread ids: the four forms, and how release 0.131.0 refuses everything else (case bad-thread-ids)."""

import re
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import InvalidThreadId
from domain.ids import parse_thread_id

PLAIN = "0196f000-0000-7000-8000-00000000abcd"
DIGITS = PLAIN.replace("-", "")

STRANGE = "invalid character: expected an optional prefix of `urn:uuid:` followed by [0-9a-fA-F-], found "
LENGTH = "invalid length: expected length 32 for simple format, found "
COUNT = "invalid group count: expected 5, found "
GROUP = "invalid group length in group "

REFUSED = {
    "": f"{LENGTH}0",
    "garbage": f"{STRANGE}`g` at 1",
    "0196f0aa": f"{LENGTH}8",
    f"{DIGITS}00": f"{LENGTH}34",
    "0" * 36: f"{LENGTH}36",
    f" {PLAIN}": f"{STRANGE}` ` at 1",
    f"{PLAIN}\n": f"{STRANGE}`\n` at 37",
    f"{PLAIN[:-1]}g": f"{STRANGE}`g` at 36",
    "`": f"{STRANGE}``` at 1",
    # Places count bytes of UTF-8, before the character as well as in what is left away.
    "0196é": f"{STRANGE}`é` at 5",
    "{000😀}": f"{STRANGE}`😀` at 5",
    "urn:uuid:g": f"{STRANGE}`g` at 10",
    # One brace alone is a strange character, and so is a prefix in another case.
    "{": f"{STRANGE}`{{` at 1",
    f"{{{PLAIN}": f"{STRANGE}`{{` at 1",
    f"{PLAIN}}}": f"{STRANGE}`}}` at 37",
    f"URN:UUID:{PLAIN}": f"{STRANGE}`U` at 1",
    f"{{{{{PLAIN}}}}}": f"{STRANGE}`{{` at 2",
    f"{{urn:uuid:{PLAIN}}}": f"{STRANGE}`u` at 2",
    # Without hyphens the 32 digits are one form only, not to be wrapped.
    f"{{{DIGITS}}}": f"{COUNT}1",
    f"urn:uuid:{DIGITS}": f"{COUNT}1",
    "{}": f"{COUNT}1",
    "0196f000-0000-7000-8000": f"{COUNT}4",
    f"{PLAIN}-": f"{COUNT}6",
    "-" * 32: f"{COUNT}33",
    "----": f"{GROUP}0: expected 8, found 0",
    "0196f0000-000-7000-8000-000000000001": f"{GROUP}0: expected 8, found 9",
    "0196f000--0000-7000-8000000000000001": f"{GROUP}1: expected 4, found 0",
    f"{PLAIN}0": f"{GROUP}4: expected 12, found 13",
    PLAIN[:-1]: f"{GROUP}4: expected 12, found 11",
    # The last group is measured in the whole text, so what wraps it counts as well.
    f"{{{PLAIN}0}}": f"{GROUP}4: expected 12, found 15",
    f"urn:uuid:{PLAIN}0": f"{GROUP}4: expected 12, found 22",
    # But a body of the right length is read by itself, and its places begin with it.
    f"{{{'0' * 36}}}": f"{LENGTH}36",
    f"urn:uuid:{'0' * 36}": f"{LENGTH}36",
    f"{{{PLAIN[:-1]}g}}": f"{STRANGE}`g` at 36",
    f"urn:uuid:{{{'g' * 34}}}": f"{STRANGE}`g` at 2",
}


def written_forms(thread_id: UUID) -> list[str]:
    """The four forms of an id, in small letters and in capitals."""
    plain, digits = str(thread_id), thread_id.hex
    capitals = plain.upper()
    return [
        *(plain, digits, f"{{{plain}}}", f"urn:uuid:{plain}"),
        *(capitals, digits.upper(), f"{{{capitals}}}", f"urn:uuid:{capitals}"),
    ]


@given(st.uuids())
def test_each_written_form_names_the_same_id(thread_id: UUID) -> None:
    assert {parse_thread_id(text) for text in written_forms(thread_id)} == {thread_id}


@pytest.mark.parametrize(("text", "reason"), REFUSED.items())
def test_another_text_is_refused_with_the_reason_of_the_reference(text: str, reason: str) -> None:
    with pytest.raises(InvalidThreadId) as refusal:
        parse_thread_id(text)
    assert str(refusal.value) == f"invalid thread id: {reason}"


@given(st.text("0aF-{}g:é", max_size=50) | st.from_regex(r"\A(urn:uuid:|\{)?[0-9a-fA-F-]{30,40}\}?\Z"))
def test_what_is_accepted_is_one_of_the_four_forms(text: str) -> None:
    try:
        thread_id = parse_thread_id(text)
    except InvalidThreadId:
        hyphenated = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
        lowered = text.removeprefix("urn:uuid:").lower()
        assert not re.fullmatch(f"[0-9a-f]{{32}}|{hyphenated}|{{{hyphenated}}}", text.lower())
        assert text == lowered or not re.fullmatch(hyphenated, lowered)
    else:
        assert text.lower() in written_forms(thread_id)


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        parse_thread_id(text)
    except InvalidThreadId as refusal:
        assert str(refusal).startswith("invalid thread id: invalid ")  # noqa: PT017 - acceptance is as good


def test_an_argument_that_is_no_utf8_is_refused() -> None:
    with pytest.raises(InvalidThreadId):
        parse_thread_id(b"0\xff".decode(errors="surrogateescape"))
