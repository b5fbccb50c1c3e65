"""How kept lines are counted for the ids of implicit turns, and what damaged lines cost."""

import pytest

from domain.lines import is_passed_over
from tests.domain.history_lines import AGENT, ANSWER, TOKENS, start, user
from tests.domain.memory_turns import FoldedLog, Handing, told_in_every_handing
from tests.home import event, item, line, meta

UNKEPT = {
    "blank": b"\n",
    "white space": b" \t\r\n",
    "no JSON": b"damage\n",
    "torn": AGENT[:60] + b"\n",
    "an object and more": AGENT[:-1] + b"{}\n",
    "no object": b"[1]\n",
    "no type": b'{"timestamp":"t","payload":{}}\n',
    "no timestamp": b'{"type":"compacted","payload":{"message":""}}\n',
    "a timestamp that is no string": AGENT.replace(b'"2026-05-01T10:00:00.000Z"', b"7"),
    "no payload": b'{"timestamp":"t","type":"event_msg"}\n',
    "an unknown type": line("world_state", {}),
    "an unknown event": event("mystery"),
    "an event of the other policy": event("error", message="m"),
    "an event of no policy": event("warning", message="w"),
    "an unknown response item": item("other"),
    "a ghost snapshot": item("ghost_snapshot"),
    "an event of the wrong shape": event("agent_message", message=7),
    "invalid UTF-8": AGENT.replace(b'"a"', b'"\xff"'),
    "a lone surrogate": AGENT.replace(b'"a"', b'"\\ud800"'),
    "a byte order mark": b"\xef\xbb\xbf" + AGENT,
    "passed over, but damaged": TOKENS[:80] + b"\n",
    "passed over, but of the wrong shape": event("token_count", info=7),
    "passed over, but no reasoning": item("reasoning", summary=7),
}
KEPT = {
    "meta": meta(),
    "meta of another thread": meta(cwd="/"),
    "answer": ANSWER,
    "reasoning": item("reasoning", summary=[]),
    "token count": TOKENS,
    "any timestamp": ANSWER.replace(b"2026-05-01T10:00:00.000Z", b"yesterday"),
    "an empty timestamp": TOKENS.replace(b"2026-05-01T10:00:00.000Z", b""),
    "spaces around": b"  " + TOKENS[:-1] + b" \r\n",
    "another key order": b'{"payload":{"type":"token_count"},"type":"event_msg","timestamp":"t"}\n',
    "a repeated key, of which the last counts": TOKENS.replace(
        b'{"type":"token_count"', b'{"type":"x","type":"token_count"'
    ),
}


@pytest.mark.parametrize("unkept", UNKEPT.values(), ids=UNKEPT)
def test_a_line_that_is_not_kept_does_not_count(unkept: bytes) -> None:
    assert told_in_every_handing(meta(), unkept, user()) == ["rollout-1 completed: item-1 user_message"]


@pytest.mark.parametrize("kept", KEPT.values(), ids=KEPT)
def test_a_kept_line_counts(kept: bytes) -> None:
    assert told_in_every_handing(meta(), kept, user()) == ["rollout-2 completed: item-1 user_message"]


@pytest.mark.parametrize("unkept", UNKEPT.values(), ids=UNKEPT)
def test_a_damaged_line_costs_nothing_but_itself(unkept: bytes) -> None:
    assert told_in_every_handing(start(), user(), unkept, AGENT) == [
        "t in_progress: item-1 user_message, item-2 agent_message"
    ]


@pytest.mark.parametrize("passed_over", [(), (b'","type":"response_item',)], ids=["nothing", "other lines"])
def test_what_is_passed_over_unread_makes_no_difference(passed_over: tuple[bytes, ...]) -> None:
    log = FoldedLog(Handing.WHOLE, passed_over)
    log.add(meta(), *UNKEPT.values(), *KEPT.values(), user())
    assert log.told() == [f"rollout-{1 + len(KEPT)} completed: item-1 user_message"]


def test_damaged_lines_are_told_and_blank_ones_are_none() -> None:
    for handing in Handing:
        log = FoldedLog(handing, passed_over=())
        damaged = ("no JSON", "torn", "no object", "invalid UTF-8", "a byte order mark")
        log.add(meta(), *(UNKEPT[name] for name in damaged), UNKEPT["blank"], UNKEPT["white space"], AGENT)
        assert log.head.damaged_count == len(damaged)


def test_the_lines_used_here_are_passed_over() -> None:
    passed_over = [is_passed_over(each) for each in (TOKENS, ANSWER, meta(), user(), AGENT)]
    assert passed_over == [True, True, False, False, False]


# -- counting only what was passed over, only when a number depends on it ----------------------


def test_lines_that_were_all_read_are_never_counted_again() -> None:
    log = FoldedLog()
    log.add(meta(), user(), b"damage\n", user())
    assert log.counted == []
    assert (log.head.kept, log.head.kept_to) == (3, len(log.data))


def test_passed_over_lines_are_not_counted_while_no_number_depends_on_them() -> None:
    log = FoldedLog()
    log.add(meta(), TOKENS, start(), AGENT, TOKENS, user(), ANSWER, start(), TOKENS)
    log.take()
    assert log.counted == []


def test_an_implicit_turn_has_the_lines_before_it_counted_from_the_first_passed_over_one() -> None:
    log = FoldedLog()
    _, gap, *_, asking = log.add(
        meta(), TOKENS, b"damage\n", start(), TOKENS, event("task_complete", turn_id="t"), user()
    )
    assert log.counted == [(gap, asking)]
    assert log.told()[-1] == "rollout-5 completed: item-1 user_message"


def test_lines_behind_a_count_are_not_counted_twice() -> None:
    for handing in Handing:
        log = FoldedLog(handing)
        at = log.add(meta(), TOKENS, user(), user(), AGENT, ANSWER, TOKENS, user(), TOKENS)
        assert log.counted == [(at[1], at[2]), (at[5], at[7])]


def test_each_passed_over_line_is_counted_at_most_once_across_folds() -> None:
    log = FoldedLog(Handing.RELOADED)
    log.add(*([meta()] + [TOKENS, ANSWER, user()] * 5 + [TOKENS]))
    ends = [end for span in log.counted for end in span]
    assert ends == sorted(ends)
    assert len(log.counted) == 5
    assert log.told()[-1].startswith("rollout-15 ")


def test_an_open_implicit_turn_asks_for_no_count() -> None:
    log = FoldedLog()
    log.add(user(), TOKENS, AGENT, start(), TOKENS, user())
    assert log.counted == []


def test_a_line_over_the_size_limit_is_passed_without_counting() -> None:
    log = FoldedLog()
    log.add(meta())
    log.add_unread(500)
    log.add(user())
    assert log.counted == []
    assert log.told() == ["rollout-1 completed: item-1 user_message"]
    assert (log.head.kept, log.head.kept_to) == (2, len(log.data))


def test_a_line_over_the_size_limit_behind_a_passed_over_one_is_left_to_the_count() -> None:
    log = FoldedLog()
    _, gap = log.add(meta(), TOKENS)
    log.add_unread(500)
    (asking,) = log.add(user())
    assert log.counted == [(gap, asking)]


def test_a_line_tells_whether_it_counts() -> None:
    fold = FoldedLog().fold
    assert [
        fold.line(0, each) for each in (AGENT, TOKENS, b"\n", b"damage\n", UNKEPT["an unknown event"])
    ] == [
        True,
        True,
        False,
        False,
        False,
    ]


def test_every_cut_of_a_line_is_damage_that_costs_that_line_alone() -> None:
    raw = user("é")
    for size in range(len(raw) - 1):
        log = FoldedLog()
        log.add(start(), raw[:size] + b"\n", AGENT)
        assert log.told() == ["t in_progress: item-1 agent_message"], size


def test_every_changed_byte_of_a_line_is_survived() -> None:
    raw = user("é")
    for place in range(len(raw) - 1):
        for damage in (b"\x00", b"\xff", b"{", b'"', b"\\"):
            log = FoldedLog()
            log.add(start(), raw[:place] + damage + raw[place + 1 :], AGENT)
            assert log.told()[0].endswith("agent_message"), (place, damage)
