"""What the index shows otherwise than release 0.131.0, as the binary itself was seen to answer.

The model sides with the binary. Whatever makes a log differ bears the mark `odd`; the strategies for the
index leave such logs out, those for the binary do not. Each difference has a test that fails as soon as
the index agrees: then it has to go from here.
"""

from tests.home import event, item, meta

MARK = b"odd"

MINUS_NOTHING = event(
    "mcp_tool_call_end",
    call_id="odd",
    invocation={"server": "s", "tool": "t", "arguments": "minus nothing"},
    duration={"secs": 0, "nanos": 0},
    result={"Err": "e"},
).replace(b'"minus nothing"', b"-0")
"""The whole number -0, shown as -0.0."""

SECOND_TYPE = item("reasoning", summary=[])[:-3] + b',"type":"message","role":"assistant","content":"odd"}}\n'
"""A line that is passed over for its first bytes, and has its type a second time."""

SECOND_PAYLOAD = (
    event("token_count", info=None)[:-2] + b',"payload":{"type":"user_message","message":"odd"}}\n'
)
"""A line that is passed over for its first bytes, and has its payload a second time."""

LINES = (MINUS_NOTHING, SECOND_TYPE, SECOND_PAYLOAD)

KNOWN = {
    "whole number -0 loses its sign": meta() + MINUS_NOTHING,
    "second payload behind the first bytes of a passed-over line": meta() + SECOND_PAYLOAD,
}
"""A smallest log for each difference."""


def is_even(data: bytes) -> bool:
    """Whether no known difference is in a log."""
    return MARK not in data
