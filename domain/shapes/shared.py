"""Shapes that several kinds of line use."""

from domain.shapes.checks import anything, list_of, nullable, one_of, record, string, tagged

PHASE = one_of("commentary", "final_answer")

EFFORT = one_of("none", "minimal", "low", "medium", "high", "xhigh")

MODE = one_of("plan", "default", "code", "pair_programming", "execute", "custom")
"""Collaboration modes; all but the first two are older names of `default`."""

WEB_ACTION = tagged(
    "type",
    {
        "search": record({}, {"query": nullable(string), "queries": nullable(list_of(string))}),
        "open_page": record({}, {"url": nullable(string)}),
        "find_in_page": record({}, {"url": nullable(string), "pattern": nullable(string)}),
    },
    unknown=anything,  # read as `other`
)
