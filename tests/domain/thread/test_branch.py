"""What the log of a fork by reference begins with."""

import json
from typing import Any
from uuid import UUID

import pytest

from domain.history.base import BaseNamed, base_named
from domain.thread.branch import BranchPoint, branch_head, interruption
from domain.thread.draft import Draft, head_payload
from domain.thread.thread import Thread
from tests.domain.paginated_log import paginated_meta
from tests.home import THREAD, TIME

Json = dict[str, Any]

FORK = UUID("019de137-7000-7cc2-8062-74c053be9d99")
POINT = BranchPoint(UUID("0196f000-0000-7000-8000-000000000009"), 40, 5000)
DRAFT = Draft(str(FORK), TIME, "/srv", "tests", "openai", forked_from_id=str(THREAD))


def source_head(**fields: object) -> Json:
    head: Json = json.loads(paginated_meta(0, THREAD, **fields))["payload"]
    return head


def test_a_fork_names_the_log_that_it_goes_on_from() -> None:
    head = branch_head(head_payload(DRAFT), source_head(), POINT)
    (line,) = Thread.start(FORK, head, TIME).collect_events()
    assert json.loads(line.raw)["ordinal"] == head["forked_from_ordinal_exclusive"] == 40
    assert base_named(line.raw) == BaseNamed(POINT.rollout_id, 40, 5000)
    assert list(head)[:5] == [
        "session_id",
        "id",
        "forked_from_id",
        "forked_from_ordinal_exclusive",
        "timestamp",
    ]
    assert head["session_id"] == head["id"] == str(FORK)


def test_a_fork_of_nothing_names_none() -> None:
    head = branch_head(head_payload(DRAFT), source_head(), None)
    assert head["history_mode"] == "paginated"
    assert not head.keys() & {"history_base", "forked_from_ordinal_exclusive"}


SPELT = {"text": "t", "provenance": {"type": "model"}}


@pytest.mark.parametrize(("told", "expected"), [("t", SPELT), ("other", {"text": "other"}), (None, None)])
def test_instructions_are_those_of_the_source_as_it_spelt_them_unless_others_are_given(
    told: str | None, expected: Json | None
) -> None:
    draft = Draft(str(FORK), TIME, "/srv", "tests", "openai", str(THREAD), base_instructions=told)
    assert (
        branch_head(head_payload(draft), source_head(base_instructions=SPELT), POINT)["base_instructions"]
        == expected
    )


def test_tools_are_those_of_the_source_as_it_spelt_them() -> None:
    tools = [{"type": "namespace", "name": "n", "tools": [{"type": "function"}]}]
    head = branch_head(head_payload(DRAFT), source_head(dynamic_tools=tools, multi_agent_version="v1"), POINT)
    assert (head["dynamic_tools"], head["multi_agent_version"]) == (tools, "v1")


@pytest.mark.parametrize(("started_at", "more"), [(7, {"started_at": 7}), (None, {})])
def test_an_interruption_names_its_turn(started_at: int | None, more: Json) -> None:
    (_, note), (kind, event) = interruption("t", started_at)
    assert note["content"][0]["text"].startswith("<turn_aborted>\n")
    assert (kind, event) == (
        "event_msg",
        {"type": "turn_aborted", "turn_id": "t", "reason": "interrupted"} | more,
    )


def test_groups_of_tools_in_a_legacy_head_stay_as_they_are() -> None:
    group: Json = {"type": "namespace", "name": "n", "tools": []}
    draft = Draft(str(FORK), TIME, "/srv", "tests", "openai", dynamic_tools=[group])
    assert head_payload(draft)["dynamic_tools"] == [group]
