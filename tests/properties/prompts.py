"""Strategies for the texts of hook prompts: pieces of XML in any order."""

from hypothesis import strategies as st

from tests.properties.lines import weighted

OPENING = '<h hook_run_id="r">'
CLOSING = "</h>"
PIECES = (
    *(["t", " ", "&amp;", CLOSING, OPENING] * 2),
    *("u", "<b>", "</b>", "<b/>", "<b x>", "<!-- c -->", "<?p?>", "<![CDATA[x]]>", "<![CDATA[ ]]>"),
    *(
        "<h ",
        'hook_run_id="s" ',
        "hook_run_id='s'",
        'x="1" ',
        'x:y="1"',
        ">",
        "/>",
        "=",
        '"',
        "'",
        "<",
        "<!",
        "<?",
    ),
    *("&#32;", "&#x41;", "&x;", "&", "&#13;", "&#0;", "]]>", "-->", "<!DOCTYPE h>", "</h >"),
    *('<a:b hook_run_id="q">', "</a:b>", '<a x:hook_run_id="q">', "</a>"),
    *("\r\n", "\r", "\x85", "\u2028", "\xa0", "\ufeff", "\x1c", "é", "\0", "\x1b"),
)
RUBBLE = st.lists(st.sampled_from(PIECES), max_size=6).map("".join)

TEXTS = weighted(
    (2, RUBBLE.map(lambda inner: OPENING + inner + CLOSING)),
    (1, RUBBLE.map(lambda inner: '<h hook_run_id="r" ' + inner + CLOSING)),
    (1, RUBBLE.map(lambda inner: inner + OPENING + "t" + CLOSING)),
    (1, RUBBLE),
)
"""What may be a fragment."""
