"""Logs that the tests of the read models fold."""

from collections.abc import Iterator
from uuid import UUID

from tests.home import event, item, meta

SAMPLE: tuple[bytes, ...] = (
    meta(),
    event("task_started", turn_id="t1", started_at=1),
    event("user_message", message="one"),
    event("agent_reasoning", text="a thought"),
    event("agent_reasoning_raw_content", text="and another"),
    event("agent_message", message="é done"),
    event("task_complete", turn_id="t1", completed_at=2, duration_ms=3),
    b"{torn\n",
    b"\xff\n",
    item("function_call", name="f", arguments="{}", call_id="c"),
    event("user_message", message="implicit"),
    event("web_search_end", call_id="w", query="q", action={"type": "other"}),
    event(
        "patch_apply_end",
        call_id="p",
        turn_id="t1",
        stdout="",
        stderr="",
        success=True,
        status="completed",
        changes={},
    ),
    event("thread_rolled_back", num_turns=1),
    event("user_message", message="another implicit one"),
    event("task_started", turn_id="t2"),
    event("user_message", message="after"),
    event("turn_aborted", turn_id="t2", reason="interrupted"),
    b"\n",
    event("agent_message", message="last"),
)
"""A log in which every kind of state goes on: late items, parts, implicit ids, rollback, damage."""


def turns(count: int, first: int = 0) -> Iterator[bytes]:
    """Lines of this many turns, each with a question and an answer."""
    for number in range(first, first + count):
        yield event("task_started", turn_id=f"turn-{number}", started_at=number)
        yield event("user_message", message=f"question {number}")
        yield event("agent_message", message=f"answer {number}")
        yield event("task_complete", turn_id=f"turn-{number}", completed_at=number + 1, duration_ms=7)


def thread(number: int) -> UUID:
    """One of many threads."""
    return UUID(f"0196f0aa-0000-7000-8000-{number:012x}")
