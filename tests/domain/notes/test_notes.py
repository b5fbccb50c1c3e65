"""Notes are what their lines tell, whoever wrote them."""

import json
from typing import Any
from uuid import UUID

import pytest

from domain.errors import NoGoal
from domain.events import RolloutLine
from domain.notes.goal import Goal, GoalChange, GoalStatus
from domain.notes.notes import Noted, Notes
from domain.topics import topic_of_raw

THREAD = UUID("0196f000-0000-7000-8000-000000000001")
NOW_MS = 1_777_629_600_123
NOW_S = 1_777_629_600

GOAL = Goal("o", GoalStatus.ACTIVE, NOW_S, NOW_S)


def reread(lines: list[bytes]) -> Notes:
    """What a log of these lines tells."""
    found = Notes.project(
        None,
        [RolloutLine(THREAD, number, topic_of_raw(raw), raw) for number, raw in enumerate(lines, 1)],
    )
    return found or Notes(THREAD)


def lines_of(notes: Notes) -> list[bytes]:
    """The lines that commands added."""
    return [line.raw for line in notes.collect_events()]


def goal_line(**changes: object) -> bytes:
    """A line that sets a goal, some of its fields replaced."""
    goal: dict[str, Any] = {
        "objective": "o",
        "status": "active",
        "created_at_s": NOW_S,
        "updated_at_s": NOW_S,
        "token_budget": None,
        "tokens_used": 0,
        "time_used_s": 0,
    }
    return json.dumps({"type": "note:goal_set", "payload": {"goal": goal | changes}}).encode()


def test_nothing_is_known_at_first() -> None:
    notes = Notes(THREAD)
    assert (notes.version, notes.goal, notes.archived_at_s, notes.preview) == (0, None, None, None)
    assert not notes.has_pending


def test_a_goal_that_is_set_is_a_line_that_tells_it() -> None:
    notes = Notes(THREAD)
    goal = notes.set_goal(GoalChange(" o ", token_budget=9), NOW_MS)
    (line,) = notes.collect_events()
    assert (line.topic, line.originator_version) == ("note:goal_set", 1)
    assert topic_of_raw(line.raw) == line.topic
    assert line.value == {
        "timestamp": "2026-05-01T10:00:00.123Z",
        "type": "note:goal_set",
        "payload": {
            "goal": {
                "objective": "o",
                "status": "active",
                "created_at_s": NOW_S,
                "updated_at_s": NOW_S,
                "token_budget": 9,
                "tokens_used": 0,
                "time_used_s": 0,
            }
        },
    }
    assert reread([line.raw]).goal == goal == notes.goal


def test_what_commands_do_is_what_their_lines_tell() -> None:
    notes = Notes(THREAD)
    notes.set_goal(GoalChange("o"), NOW_MS, has_preview=False)
    notes.archive(NOW_MS + 1000)
    notes.set_goal(GoalChange(status=GoalStatus.PAUSED), NOW_MS + 2000)
    found = reread(lines_of(notes))
    assert (found.version, found.noted) == (notes.version, notes.noted)
    assert notes.noted == Noted(Goal("o", GoalStatus.PAUSED, NOW_S, NOW_S + 2), NOW_S + 1, "o")


def test_accounting_that_a_line_tells_is_kept_by_a_patch() -> None:
    notes = reread([goal_line(tokens_used=70, time_used_s=8, token_budget=100)])
    notes.set_goal(GoalChange("other", token_budget=60), NOW_MS + 1000)
    goal = reread([goal_line(), *lines_of(notes)]).goal
    assert goal == Goal("other", GoalStatus.BUDGET_LIMITED, NOW_S, NOW_S + 1, 60, 70, 8)


def test_a_goal_after_a_cleared_one_begins_at_nothing() -> None:
    notes = reread([goal_line(tokens_used=70, created_at_s=1)])
    assert notes.clear_goal(NOW_MS)
    assert notes.goal is None
    assert notes.set_goal(GoalChange("o"), NOW_MS) == GOAL


def test_clearing_no_goal_adds_no_line() -> None:
    notes = Notes(THREAD)
    assert not notes.clear_goal(NOW_MS)
    assert not notes.has_pending


def test_a_refused_change_adds_no_line() -> None:
    notes = Notes(THREAD)
    with pytest.raises(NoGoal):
        notes.set_goal(GoalChange(), NOW_MS)
    assert (notes.version, notes.has_pending) == (0, False)


def test_only_a_thread_without_preview_gets_an_objective_as_one_and_only_once() -> None:
    notes = Notes(THREAD)
    notes.set_goal(GoalChange("told"), NOW_MS, has_preview=True)
    assert notes.preview is None
    notes.set_goal(GoalChange("first"), NOW_MS, has_preview=False)
    notes.set_goal(GoalChange("second"), NOW_MS, has_preview=False)
    notes.clear_goal(NOW_MS)
    assert notes.preview == "first"
    assert reread(lines_of(notes)).preview == "first"


def test_a_restored_thread_is_not_archived_any_more() -> None:
    notes = Notes(THREAD)
    notes.archive(NOW_MS)
    assert notes.archived_at_s == NOW_S
    notes.unarchive(NOW_MS)
    assert notes.archived_at_s is None
    assert len(lines_of(notes)) == 2


def test_restoring_what_others_archived_adds_no_line() -> None:
    notes = Notes(THREAD)
    notes.unarchive(NOW_MS)
    assert not notes.has_pending


DAMAGED = [
    b"",
    b"{torn",
    b"\xff\xfe",
    b"[]",
    b'{"type":"note:goal_set"}',
    b'{"type":"note:goal_set","payload":[]}',
    b'{"type":"note:goal_set","payload":{"goal":null}}',
    goal_line(objective=None),
    goal_line(status="lost"),
    goal_line(token_budget=0),
    goal_line(tokens_used=True),
    goal_line(created_at_s=1.5),
    b'{"type":"note:archived","payload":{}}',
    b'{"type":"note:archived","payload":{"archived_at_s":"now"}}',
    b'{"type":"note:of_a_later_release","payload":{}}',
    b'{"type":"session_meta","payload":{"id":"x"}}',
]


@pytest.mark.parametrize("damaged", DAMAGED)
def test_a_line_that_is_none_of_ours_costs_itself_alone(damaged: bytes) -> None:
    archived = b'{"type":"note:archived","payload":{"archived_at_s":5}}'
    notes = reread([goal_line(), damaged, archived])
    assert (notes.version, notes.noted) == (3, Noted(GOAL, 5))
    assert reread([damaged]).noted == Noted()
