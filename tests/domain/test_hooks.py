"""Which texts are hook prompts, and what they say (thread-history.md, section 4)."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.hooks import Fragment, fragments_of, may_hold_prompt, parse_fragment
from tests.home import item

RUN = 'hook_run_id="r"'
PROMPT = f"<hook_prompt {RUN}>t</hook_prompt>"


def prompt(inner: str) -> str:
    """A hook prompt around this."""
    return f"<hook_prompt {RUN}>{inner}</hook_prompt>"


INNER = {
    # Inner white space stays; only what lies around the element is trimmed.
    "t": "t",
    " t ": " t ",
    "\n\tt\n": "\n\tt\n",
    "a\n\nb": "a\n\nb",
    "\u3000t": "\u3000t",
    # The five named entities and numeric ones are decoded, once.
    "&lt;&gt;&amp;&apos;&quot;": "<>&'\"",
    "&#65;&#x42;&#0067;&#x1F600;": "ABC😀",
    "a&amp;lt;b": "a&lt;b",
    "&#60;b&#62;": "<b>",
    "a &#38; b": "a & b",
    "&#13;a": "\ra",
    "&#32;a": " a",
    # CR LF becomes LF.
    "a\r\nb": "a\nb",
    "\r\na\r\n": "\na\n",
    "a\r\n\r\nb": "a\n\nb",
    # Comments vanish, and do not part the text.
    "a<!-- c -->b": "ab",
    "<!-- c -->t<!---->": "t",
    " <!-- c --> t ": "  t ",
    "a<!-- <b> & ' -->b": "ab",
    # CDATA is text.
    "<![CDATA[<b>&amp;]]>": "<b>&amp;",
    "a<![CDATA[b]]>c": "abc",
    " <![CDATA[ ]]>t": "  t",
    "<![CDATA[a]]><![CDATA[b]]>": "ab",
    "<![CDATA[]]>t": "t",
    "<![CDATA[a]]]]>": "a]]",
    "<![CDATA[a\r\nb]]>": "a\nb",
    # Inner elements count for nothing, if only one run of text is not blank.
    "t<b/>": "t",
    "<b/>t": "t",
    "<b>inner</b>t": "t",
    " <b/> t <c/> ": " t ",
    "<b/> x <c/>\n": " x ",
    "t<b><c/>inner</b>": "t",
    't<b hook_run_id="s"/>': "t",
    "t<b>&lt;</b>": "t",
    "<!-- c -->t<!-- d --><b/>": "t",
    # What looks like markup but is none.
    "a > b": "a > b",
    "\"q\" 's'": "\"q\" 's'",
    "a]]b": "a]]b",
    "😀é": "😀é",
    "a\x7fb": "a\x7fb",
    "\ufeff": "\ufeff",
    "\u200b": "\u200b",
}

NO_FRAGMENTS = {
    # No text.
    "empty": prompt(""),
    "empty tag": f"<x {RUN}/>",
    "white space": prompt(" \t\r\n"),
    "escaped white space": prompt("&#32;"),
    "white space as CDATA": prompt("<![CDATA[ ]]>"),
    "a comment alone": prompt("<!-- c -->"),
    "an inner element alone": prompt("<b/>"),
    "text of an inner element alone": prompt("<b>inner</b>"),
    # Two runs of text.
    "text on both sides of an element": prompt("a<b/>c"),
    "text between and behind elements": prompt("a<b/><c/>d"),
    # Entities.
    "an unknown entity": prompt("a&nbsp;b"),
    "an entity in capitals": prompt("&LT;"),
    "a bare ampersand": prompt("a & b"),
    "an entity without end": prompt("a &lt b"),
    "an entity without name": prompt("a &; b"),
    "a number without digits": prompt("&#;"),
    "a hex number without digits": prompt("&#x;"),
    "a hex number in capitals": prompt("&#XA;"),
    "a signed number": prompt("&#+65;"),
    "the zero character": prompt("&#0;"),
    "a surrogate": prompt("&#xD800;"),
    "a number beyond Unicode": prompt("&#x110000;"),
    "an ampersand in an inner element": prompt("t<b>&</b>"),
    # Tags.
    "no end": f"<x {RUN}>t",
    "a cut end": f"<x {RUN}>t</x",
    "a wrong end": f"<x {RUN}>t</y>",
    "an end in capitals": f"<x {RUN}>t</X>",
    "an end with a space before its name": f"<x {RUN}>t</ x>",
    "an inner element without end": prompt("t<b>"),
    "an inner end without beginning": prompt("t</b>"),
    "inner elements that cross": prompt("t<b><c></b></c>"),
    "a bare less-than": prompt("a < b"),
    "a cut beginning": f"<x {RUN}",
    "no name": f"<> {RUN}>t</>",
    "a space before the name": f"< x {RUN}>t</x>",
    "a comment without end": prompt("t<!-- c"),
    "CDATA without end": prompt("<![CDATA[t"),
    "CDATA in small letters": prompt("<![cdata[t]]>"),
    "a half comment": prompt("t<!- c -->"),
    # Text before the element.
    "a letter before": "x" + PROMPT,
    "an entity before": "&#65;" + PROMPT,
    "CDATA before": "<![CDATA[a]]>" + PROMPT,
    # No XML at all.
    "nothing": "",
    "a name": "hook_run_id",
    "an escaped element": PROMPT.replace("<", "&lt;"),
}

RUN_IDS = {
    'hook_run_id="r"': "r",
    "hook_run_id='r'": "r",
    'hook_run_id = "r"': "r",
    'hook_run_id\n=\n"r"': "r",
    'hook_run_id=" r "': " r ",
    "hook_run_id='a\"b'": 'a"b',
    'hook_run_id="a>b"': "a>b",
    'hook_run_id="é😀"': "é😀",
    'hook_run_id="a&amp;b&#65;"': "a&bA",
    'a="1" hook_run_id="r" z="2"': "r",
    'xmlns="u" hook_run_id="r" text="q"': "r",
}

NO_RUN_IDS = (
    "",
    'y="hook_run_id"',
    'HOOK_RUN_ID="r"',
    'Hook_run_id="r"',
    'hook_run_id2="r"',
    'hook_run_id=""',
    'hook_run_id=" "',
    'hook_run_id="\u3000"',
    'hook_run_id="&#32;"',
    "hook_run_id=r",
    "hook_run_id",
    'hook_run_id="r',
    "hook_run_id=\"r'",
    'hook_run_id="a&b"',
    'hook_run_id="a&nope;"',
    'hook_run_id="r" hook_run_id="r"',
    'hook_run_id="r" a="1" a="2"',
    'hook_run_id="r" a=1',
    'hook_run_id="r" a',
)


@pytest.mark.parametrize(("inner", "text"), INNER.items())
def test_a_fragment_says_its_text(inner: str, text: str) -> None:
    assert parse_fragment(prompt(inner)) == Fragment(text, "r")


@pytest.mark.parametrize("text", NO_FRAGMENTS.values(), ids=NO_FRAGMENTS)
def test_what_is_no_whole_element_with_text_is_no_fragment(text: str) -> None:
    assert parse_fragment(text) is None


@pytest.mark.parametrize(("attributes", "run_id"), RUN_IDS.items())
def test_a_fragment_names_its_run(attributes: str, run_id: str) -> None:
    assert parse_fragment(f"<hook_prompt {attributes}>t</hook_prompt>") == Fragment("t", run_id)


@pytest.mark.parametrize("attributes", NO_RUN_IDS)
def test_an_element_without_a_good_run_id_is_no_fragment(attributes: str) -> None:
    assert parse_fragment(f"<hook_prompt {attributes}>t</hook_prompt>") is None


@pytest.mark.parametrize("name", ["hook_prompt", "x", "X", "a:b", "é", "_1-2.3", "hook_run_id"])
def test_the_element_may_have_any_name(name: str) -> None:
    assert parse_fragment(f"<{name} {RUN}>t</{name}>") == Fragment("t", "r")


@pytest.mark.parametrize("around", [" ", "\r\n", "\t\x0b\x0c", "\x85\xa0", "\u3000\u2003\u2028"])
def test_white_space_around_the_element_does_not_matter(around: str) -> None:
    assert parse_fragment(f"{around}{PROMPT}{around}") == Fragment("t", "r")
    assert parse_fragment(f"<x {RUN}\n>t</x\n>") == Fragment("t", "r")


@pytest.mark.parametrize("before", ["\x1c", "\x1f", "\u200b", "\x00"])
def test_what_is_no_white_space_is_text_before_the_element(before: str) -> None:
    assert parse_fragment(before + PROMPT) is None


LAUGHS = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
BOMBS = {
    "a billion laughs": f'<!DOCTYPE x [<!ENTITY e0 "ha">{LAUGHS}]><x {RUN}>&e9;</x>',
    "an entity of its own": f'<!DOCTYPE x [<!ENTITY e "v">]><x {RUN}>&e;</x>',
    "a file": f'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x {RUN}>&e;</x>',
    "a doctype behind a comment": f'<!-- c --><!DOCTYPE x [<!ENTITY e "v">]><x {RUN}>&e;</x>',
    "an entity in an attribute": '<!DOCTYPE x [<!ENTITY e "v">]><x hook_run_id="&e;">t</x>',
    "a doctype inside": f'<x {RUN}><!DOCTYPE x [<!ENTITY e "v">]>&e;</x>',
}


@pytest.mark.parametrize("text", BOMBS.values(), ids=BOMBS)
def test_entities_of_a_doctype_are_never_expanded(text: str) -> None:
    assert parse_fragment(text) is None


def test_long_deep_and_wide_elements_are_read() -> None:
    assert parse_fragment(prompt("t" + "<b>" * 20_000 + "</b>" * 20_000)) == Fragment("t", "r")
    assert parse_fragment(prompt("a&amp;" * 50_000)) == Fragment("a&" * 50_000, "r")
    assert parse_fragment(prompt("<b/> " * 50_000 + "t")) == Fragment(" t", "r")
    attributes = " ".join(f'a{number}="1"' for number in range(5000))
    assert parse_fragment(f"<x {attributes} {RUN}>t</x>") == Fragment("t", "r")


@pytest.mark.parametrize("size", range(len(PROMPT)))
def test_every_cut_of_a_fragment_is_none(size: int) -> None:
    assert parse_fragment(PROMPT[:size]) is None


@given(st.text(alphabet="<>&;/!-[]'\"= \thook_run_idCDATA#x3é\x00\x1c", max_size=60))
def test_any_text_inside_is_read_or_refused(inner: str) -> None:
    for text in (inner, prompt(inner), f"<x {inner} {RUN}>t</x>", f"<x hook_run_id='{inner}'>t</x>"):
        fragment = parse_fragment(text)
        white_space = " \t\r\n"
        assert fragment is None or (
            fragment.text.strip(white_space) and fragment.hook_run_id.strip(white_space)
        )


# -- messages ---------------------------------------------------------------------------------


def message(*texts: str, role: str = "user") -> dict[str, Any]:
    """The payload of a message with these texts."""
    return {
        "type": "message",
        "role": role,
        "content": [{"type": "input_text", "text": text} for text in texts],
    }


def test_a_message_of_fragments_alone_is_a_hook_prompt() -> None:
    other = "<x hook_run_id='s'>u</x>"
    assert fragments_of(message(PROMPT, other)) == [Fragment("t", "r"), Fragment("u", "s")]


@pytest.mark.parametrize(
    "payload",
    [
        message(),
        message("hello"),
        message(PROMPT, "hello"),
        message("", PROMPT),
        message(PROMPT, role="assistant"),
        message(PROMPT, role="User"),
        message(PROMPT, role=""),
        {"role": "user", "content": [{"type": "output_text", "text": PROMPT}]},
        {"role": "user", "content": [{"type": "input_image", "image_url": PROMPT}]},
        {"role": "user", "content": [*message(PROMPT)["content"], {"type": "input_image", "image_url": "u"}]},
    ],
)
def test_any_other_message_is_no_hook_prompt(payload: dict[str, Any]) -> None:
    assert fragments_of(payload) is None


@pytest.mark.parametrize("written", ["hook_run_id", "hook\\u005frun_id", "\\u0068ook_run_id"])
def test_a_line_with_a_prompt_is_never_thought_to_hold_none(written: str) -> None:
    raw = item("message", role="user", content=message(PROMPT)["content"])
    assert may_hold_prompt(raw.replace(b"hook_run_id", written.encode()))


def test_a_line_without_the_attribute_needs_no_closer_look() -> None:
    assert not may_hold_prompt(item("message", role="user", content=message("hook_run-id \\ é")["content"]))
