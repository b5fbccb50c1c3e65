"""Which logs lack an end, and which turn it is (each was forked by release 0.131.0)."""

import json

import pytest

from domain.shapes.kept import kept_topic
from domain.thread.last_turn import NOTE, LastTurn
from tests.home import event, item, line, meta

HOOK = '<hook_prompt hook_run_id="x">t</hook_prompt>'


def said(text: str, role: str = "user") -> bytes:
    """A message that a model saw."""
    return item("message", role=role, content=[{"type": "input_text", "text": text}])


def start(turn_id: str) -> bytes:
    return event("task_started", turn_id=turn_id)


def end(turn_id: str) -> bytes:
    return event("task_complete", turn_id=turn_id)


def abort(turn_id: str) -> bytes:
    return event("turn_aborted", reason="interrupted", turn_id=turn_id)


def back(count: int) -> bytes:
    return event("thread_rolled_back", num_turns=count)


ASKED = event("user_message", message="a")
ANSWERED = event("agent_message", message="b")
DONE = (start("1"), said("a"), end("1"))
COMPACTED = line("compacted", {"message": "m"})

ENDED: dict[str, tuple[bytes, ...]] = {
    "nothing": (),
    "a turn without words of its own": (ASKED, ANSWERED),
    "a completed turn": DONE,
    "an aborted turn": (start("1"), said("a"), abort("1")),
    "an abort of a turn nobody knows": (start("1"), said("a"), abort("9")),
    "an end of a turn nobody knows": (start("1"), said("a"), end("9")),
    "a turn within a turn": (start("1"), said("a"), start("2"), said("b"), end("2")),
    "ends in the order of the starts, the inner first": (start("1"), start("2"), end("2"), end("1")),
    "an open turn that was rolled back": (start("1"), said("a"), back(1)),
    "a message that was rolled back": (*DONE, said("b"), back(1)),
    "all messages rolled back": (said("a"), said("b"), back(2)),
    "an aborted turn and a message": (start("1"), said("a"), abort("1"), said("b")),
    "a message and the end of another turn": (said("a"), end("9")),
    "surroundings behind the end": (*DONE, said("<environment_context>x</environment_context>")),
    "a developer behind the end": (*DONE, said("x", "developer")),
    "a hook behind the end": (*DONE, said(HOOK)),
}

OPEN: dict[str, tuple[str | None, tuple[bytes, ...]]] = {
    "an empty turn": ("1", (start("1"),)),
    "a turn without end": ("1", (start("1"), said("a"))),
    "a turn begun again": ("1", (*DONE, start("1"))),
    "an outer turn that ends first": ("2", (start("1"), said("a"), start("2"), said("b"), end("1"))),
    "an abort of an earlier turn": ("2", (*DONE, start("2"), abort("1"))),
    "a message without a turn": (None, (said("a"),)),
    "a message in a turn without words of its own": (None, (said("a"), ASKED, ANSWERED)),
    "a message behind the end": (None, (*DONE, said("b"))),
    "a message without content": (None, (*DONE, item("message", role="user", content=[]))),
    "a rollback of nothing in an open turn": (None, (start("1"), said("a"), back(0))),
    "one message left of two": (None, (said("a"), said("b"), back(1))),
}


def followed(*lines: bytes) -> LastTurn:
    """What follows these lines."""
    last_turn = LastTurn()
    for raw in (meta(), *lines):
        value = json.loads(raw)
        topic = kept_topic(value)
        assert topic is not None
        last_turn.take(topic, value["payload"])
    return last_turn


@pytest.mark.parametrize("lines", ENDED.values(), ids=ENDED)
def test_an_ended_log_lacks_nothing(lines: tuple[bytes, ...]) -> None:
    assert followed(*lines).missing_end() == ()


@pytest.mark.parametrize(("turn_id", "lines"), OPEN.values(), ids=OPEN)
def test_an_open_log_lacks_the_end_of_its_turn(turn_id: str | None, lines: tuple[bytes, ...]) -> None:
    note, aborted = followed(*lines).missing_end()
    content = [{"type": "input_text", "text": NOTE}]
    assert note == ("response_item", {"type": "message", "role": "user", "content": content})
    assert aborted == ("event_msg", {"type": "turn_aborted", "turn_id": turn_id, "reason": "interrupted"})


IMPLICIT = {
    "ask": ASKED,
    "answer": ANSWERED,
    "thought": event("agent_reasoning", text="t"),
    "compaction": COMPACTED,
    "mark": event("context_compacted"),
    "hook": said(HOOK),
    "patch": event("patch_apply_end", call_id="c", stdout="", stderr="", success=True, status="completed"),
}


@pytest.mark.parametrize("inside", IMPLICIT.values(), ids=IMPLICIT)
def test_what_opens_a_turn_counts_one_for_a_rollback(inside: bytes) -> None:
    assert followed(*DONE, inside, start("2"), back(2), start("3"), end("1")).missing_end()
    assert not followed(*DONE, inside, start("2"), back(3), start("3"), end("1")).missing_end()


@pytest.mark.parametrize("text", ["agent_message", "agent_reasoning"])
def test_an_empty_text_opens_no_turn(text: str) -> None:
    nothing = event(text, **{"message" if text == "agent_message" else "text": ""})
    assert not followed(*DONE, nothing, start("2"), back(2), start("3"), end("1")).missing_end()


def test_a_question_ends_a_turn_that_holds_something() -> None:
    opened = (start("1"), end("1"))
    assert followed(*opened, ASKED, ASKED, back(2), start("2"), end("1")).missing_end()
    assert not followed(*opened, COMPACTED, ASKED, back(2), start("2"), end("1")).missing_end()


def test_a_plan_or_patch_for_a_turn_stays_in_it() -> None:
    plan = {"type": "Plan", "id": "p", "text": "x"}
    planned = event(
        "item_completed", thread_id="0196f0aa-0000-7000-8000-000000000001", turn_id="rollout-3", item=plan
    )
    opened = (start("1"), end("1"), COMPACTED)
    assert followed(*opened, planned, ASKED, back(2), start("2"), end("1")).missing_end()
    patch = event(
        "patch_apply_end",
        call_id="c",
        turn_id="rollout-3",
        stdout="",
        stderr="",
        success=True,
        status="completed",
    )
    assert followed(*opened, patch, ASKED, back(2), start("2"), end("1")).missing_end()
