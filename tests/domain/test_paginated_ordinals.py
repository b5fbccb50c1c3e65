"""A line counts when its ordinal is greater than all before; what is wrong hides nothing."""

import json

import pytest

from domain.history.ordinals import ordinal_of
from domain.limits import ORDINAL_MAX
from domain.lines import PASSED_OVER
from tests.domain.memory_turns import Handing
from tests.domain.paginated_log import (
    Json,
    PaginatedLog,
    abort,
    agent,
    end,
    item,
    numbered,
    paginated_meta,
    start,
    tokens,
    user,
)
from tests.home import line

FAR = 100
"""An ordinal that hides the lines behind it, if it counts."""


def shown(*lines: bytes) -> str:
    """The ids of the items of all turns, which are the same however the lines are handed in."""
    told = []
    for handing in Handing:
        for passed_over in (PASSED_OVER, ()):
            log = PaginatedLog(handing, passed_over)
            log.add(*lines)
            told.append(" ".join(one["id"] for turn in log.turns() for one in turn["items"]))
    assert [each for each in told if each != told[0]] == []
    return told[0]


def around(*between: bytes) -> tuple[bytes, ...]:
    """A turn with one item before these lines, and one behind them."""
    return (paginated_meta(0), start()(1), user("before")(2), *between, user("behind")(3))


def of_line(told: bytes, **changes: object) -> bytes:
    """The line with other members; one that is None is left out."""
    value: Json = {**json.loads(told), **changes}
    return json.dumps({name: one for name, one in value.items() if one != "left out"}).encode() + b"\n"


ORDINALS: list[tuple[object, bool]] = [
    (3, True),
    (4, True),
    (10**6, True),
    (ORDINAL_MAX, True),
    (ORDINAL_MAX + 1, False),
    (2**64 - 1, False),
    (10**30, False),
    (2, False),
    (1, False),
    (0, False),
    (-1, False),
    (None, False),
    ("3", False),
    (3.0, False),
    (3.5, False),
    (True, False),
    ([3], False),
    ("left out", False),
]


@pytest.mark.parametrize(("ordinal", "counts"), ORDINALS)
def test_a_line_counts_by_a_greater_whole_number(ordinal: object, counts: bool) -> None:  # noqa: FBT001
    last = of_line(user("x")(0), ordinal=ordinal)
    assert shown(paginated_meta(0), start()(1), user("u")(2), last) == ("u x" if counts else "u")


@pytest.mark.parametrize("ordinal", [None, "x", -1, 0, 5])
def test_the_head_needs_no_ordinal(ordinal: object) -> None:
    assert shown(paginated_meta(ordinal), start()(6), user()(7)) == "u"


def test_the_ordinal_of_the_head_counts() -> None:
    assert shown(paginated_meta(5), start()(5), start()(6), user("u")(5), user("v")(7)) == "v"


def test_of_the_same_ordinal_the_first_line_counts() -> None:
    assert shown(paginated_meta(), start()(1), user("a")(2), user("b")(2), user("c")(3)) == "a c"


HIDING = {
    "a token count": tokens(FAR),
    "a token count of another writer": of_line(tokens(FAR)),
    "a response item": line("response_item", {"type": "message"}, ordinal=FAR),
    "a response item of the future": line("response_item", {"type": "mystery"}, ordinal=FAR),
    "a turn's context": line("turn_context", {"cwd": "/"}, ordinal=FAR),
    "the world's state": line("world_state", {"full": True, "state": {}}, ordinal=FAR),
    "a compaction": line("compacted", {"message": ""}, ordinal=FAR),
    "a used token record": line("token_usage_record", {"x": 1}, ordinal=FAR),
    "retained context": line("retained_context", {"x": 1}, ordinal=FAR),
    "a legacy event": numbered("agent_message", message="x")(FAR),
    "a started item": numbered("item_started", turn_id="t")(FAR),
    "a goal": numbered("thread_goal_updated", goal={"objective": "o"})(FAR),
    "an item that is not shown": item("Sleep", "s")(FAR),
    "an item of no turn": user("x", "nowhere")(FAR),
    "an abort without a name": abort(None)(FAR),
    "a second end": end("t")(FAR),
    "a later head": paginated_meta(FAR),
}


@pytest.mark.parametrize("hiding", HIDING.values(), ids=HIDING)
def test_a_line_that_shows_nothing_counts_all_the_same(hiding: bytes) -> None:
    assert shown(*around(hiding)) == "before"


NOT_HIDING = {
    "no JSON": b'{"ordinal":100,\n',
    "a list": b"[100]\n",
    "blank": b"\n",
    "zeros": b"\0\0\0\n",
    "a cut line": tokens(FAR)[:-20] + b"\n",
    "an unknown type": line("mystery", {"type": "token_count"}, ordinal=FAR),
    "an unknown event": numbered("mystery")(FAR),
    "no timestamp": of_line(tokens(FAR), timestamp="left out"),
    "a timestamp of the wrong type": of_line(tokens(FAR), timestamp=5),
    "no payload": of_line(tokens(FAR), payload="left out"),
    "a payload of the wrong type": of_line(tokens(FAR), payload=[]),
    "an event without a type": line("event_msg", {}, ordinal=FAR),
    "an item of an unknown kind": item("Mystery", "x")(FAR),
    "an item without an id": item("Plan", None, text="x")(FAR),
    "an item without a turn": item("Plan", "x", None, text="x")(FAR),
    "an item without what it needs": item("Plan", "x")(FAR),
    "a start without a name": start(None)(FAR),
    "an end without a name": end(None)(FAR),
    "an abort for an unknown reason": abort(reason="x")(FAR),
    "a wrong head": line("session_meta", {"history_mode": "paginated"}, ordinal=FAR),
}


@pytest.mark.parametrize("wrong", NOT_HIDING.values(), ids=NOT_HIDING)
def test_a_wrong_line_costs_itself_alone(wrong: bytes) -> None:
    assert shown(*around(wrong)) == "before behind"


@pytest.mark.parametrize("told", [tokens(7), user()(7), of_line(tokens(7)), paginated_meta(7)])
def test_a_line_tells_its_ordinal(told: bytes) -> None:
    assert ordinal_of(0, told) == 7
    assert ordinal_of(-5, told.rstrip()) == 7


@pytest.mark.parametrize("wrong", NOT_HIDING.values(), ids=NOT_HIDING)
def test_a_wrong_line_has_no_ordinal(wrong: bytes) -> None:
    assert ordinal_of(0, wrong) is None


def test_line_ends_and_spaces_of_other_writers_count() -> None:
    crlf = user("a")(2)[:-1] + b"\r\n"
    assert shown(paginated_meta(), of_line(start()(1)), crlf, of_line(agent("b")(3))) == "a b"


def test_damage_is_counted() -> None:
    log = PaginatedLog()
    log.add(paginated_meta(), b"x\n", b"\n", tokens(1)[:-9] + b"\n", start()(2))
    assert log.head.damaged_count == 2
    assert log.told() == ["t interrupted:"]
